/** The databases that every test runs on: PGlite in memory, and a real PostgreSQL server. */
import { randomBytes } from "node:crypto"
import { PGlite } from "@electric-sql/pglite"
import { Kysely, PGliteDialect } from "kysely"
import { PostgresJSDialect } from "kysely-postgres-js"
import postgres from "postgres"
import { inject } from "vitest"

/** An empty database. */
export interface Opened {
  /** Another program's view of it: a pool, or an instance, of its own. */
  readonly connect: () => Kysely<unknown>
  readonly close: () => Promise<void>
}

const openPGlite = async (): Promise<Opened> => {
  const pglite = new PGlite()
  await pglite.waitReady
  return { connect: () => new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) }), close: () => pglite.close() }
}

/** A database of the caller's own on the server that the test run started. */
const openPostgres = async (): Promise<Opened> => {
  const server = inject("postgresUrl")
  const name = `identity_${randomBytes(8).toString("hex")}`
  const admin = postgres(server, { max: 1, onnotice: () => undefined })
  await admin.unsafe(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const pools: Array<ReturnType<typeof postgres>> = []
  return {
    connect: () => {
      const pool = postgres(url.href, { max: 4, backoff: () => 0.05, onnotice: () => undefined })
      pools.push(pool)
      return new Kysely<unknown>({ dialect: new PostgresJSDialect({ postgres: pool }) })
    },
    close: async () => {
      await Promise.all(pools.map((pool) => pool.end({ timeout: 1 })))
      await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end({ timeout: 1 })
    }
  }
}

/** Name and opener of each database. */
export const databases = [
  ["PGlite", openPGlite],
  ["PostgreSQL", openPostgres]
] as const
