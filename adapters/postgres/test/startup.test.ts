/** Opening a database: what an operator reads when it fails, and that two processes may start at once. */
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { createServer, type Server } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { Repository, Secrets, TokenVault, UnitOfWork } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { inject } from "vitest"
import { Database, DatabaseError, KeyRingLocal, Migrations, PostgresAdapters, Store } from "../src/index.ts"
import { change, company } from "./support/change.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { options, pglite, server } from "./support/subjects.ts"

const opening = (url: string, connectSeconds = 10) =>
  Effect.scoped(Effect.flip(Layer.build(Database.layerPostgres({ url: Redacted.make(url), connectSeconds }))))

const listening = Effect.acquireRelease(
  Effect.callback<Server>((resume) => {
    const refusing = createServer((socket) => socket.destroy())
    refusing.listen(0, "127.0.0.1", () => resume(Effect.succeed(refusing)))
  }),
  (server) => Effect.callback<void>((resume) => void server.close(() => resume(Effect.void)))
)

const portOf = (server: Server) => {
  const address = server.address()
  return typeof address === "object" && address !== null ? address.port : 0
}

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-data-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

describe("a database that cannot be used", () => {
  it.live("is told apart in one sentence without the password", () =>
    Effect.gen(function* () {
      const good = new URL(inject("postgresUrl"))
      const at = (change: (url: URL) => void) => {
        const url = new URL(good)
        change(url)
        return opening(url.href)
      }
      const closed = yield* Effect.scoped(Effect.map(listening, portOf))
      const errors = [
        yield* at((url) => void (url.port = String(closed))),
        yield* at((url) => void (url.hostname = "nowhere.invalid")),
        yield* at((url) => void (url.password = "wrong-password")),
        yield* at((url) => void (url.pathname = "/absent")),
        yield* opening("mysql://localhost/x"),
        yield* opening("not an address")
      ]
      expect(errors.map((error) => error._tag)).toEqual([
        "ServerUnreachable",
        "ServerUnreachable",
        "LoginRefused",
        "DatabaseMissing",
        "AddressMalformed",
        "AddressMalformed"
      ])
      expect(errors[0]?.message).toBe(`No PostgreSQL server answers at 127.0.0.1:${closed} (connection refused).`)
      for (const error of errors) expect(JSON.stringify(error) + error.message).not.toMatch(/wrong-password|:portolan@/)
    })
  )

  it.live("is a server that cuts every connection", () =>
    Effect.gen(function* () {
      const server = yield* listening
      const error = yield* opening(`postgres://someone:hidden@127.0.0.1:${portOf(server)}/x`, 1)
      expect(error).toMatchObject({ _tag: "ServerUnreachable", port: portOf(server) })
    })
  )

  it("says which version was found and which is needed", () => {
    expect(new DatabaseError.ServerTooOld({ found: "13.9", required: DatabaseError.oldestVersion }).message).toBe(
      "PostgreSQL 15 or newer is required; the server is version 13.9."
    )
  })

  it.live("refuses versions before 15 and takes those from 15 on", () =>
    Effect.gen(function* () {
      for (const version of ["9.6.24", "14.17 (Debian 14.17-1)", ""]) {
        expect(yield* Effect.flip(Database.checkVersion(version))).toMatchObject({
          _tag: "ServerTooOld",
          found: version
        })
      }
      for (const version of ["15.0", "18.1 (Debian)"]) yield* Database.checkVersion(version)
    })
  )

  it.live("is one whose user may not build a schema", () =>
    Effect.gen(function* () {
      const { name, url } = yield* freshDatabase
      yield* asSuperuser(Redacted.value(url), (sql) => sql.unsafe(`create role poor_${name} login password 'plain'`))
      const poor = new URL(Redacted.value(url))
      poor.username = `poor_${name}`
      poor.password = "plain"
      const error = yield* Effect.scoped(
        Effect.flip(Layer.build(Layer.provide(Store.layer, Database.layerPostgres({ url: Redacted.make(poor.href) }))))
      )
      expect(error._tag).toBe("RightsMissing")
      yield* asSuperuser(Redacted.value(url), (sql) => sql.unsafe(`drop owned by poor_${name}; drop role poor_${name}`))
    })
  )

  it.live("is one whose user looks past row level security and may make no role that does not", () =>
    Effect.gen(function* () {
      const { name, url } = yield* freshDatabase
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql.unsafe(`create role past_${name} login password 'plain' bypassrls nosuperuser nocreaterole`)
        await sql.unsafe(`grant create on database ${name} to past_${name}`)
      })
      const past = new URL(Redacted.value(url))
      past.username = `past_${name}`
      past.password = "plain"
      const error = yield* Effect.scoped(
        Effect.flip(Layer.build(Layer.provide(Store.layer, Database.layerPostgres({ url: Redacted.make(past.href) }))))
      )
      expect(error._tag).toBe("RightsMissing")
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        await sql.unsafe(`drop owned by past_${name} cascade`)
        await sql.unsafe(`drop role past_${name}`)
      })
    })
  )

  it.live("is a folder that another process works on, or that is no folder", () =>
    Effect.gen(function* () {
      const path = yield* folder
      const file = join(path, "file")
      yield* Effect.promise(() => writeFile(file, ""))
      const blocked = yield* Effect.flip(
        Effect.scoped(Layer.build(Database.layerPGlite({ dataDir: join(file, "data") })))
      )
      expect(blocked._tag).toBe("DataFolderUnusable")
      const dataDir = join(path, "data")
      // A living process that renews its sign: this one's parent.
      yield* Effect.promise(() => writeFile(`${dataDir}.lock`, String(process.ppid)))
      const busy = yield* Effect.flip(Effect.scoped(Layer.build(Database.layerPGlite({ dataDir }))))
      expect(busy).toMatchObject({ _tag: "DataFolderInUse", processId: process.ppid })
      // A number that no process has any more, and our own from an earlier life.
      for (const dead of [2 ** 22 + 12345, process.pid]) {
        yield* Effect.promise(() => writeFile(`${dataDir}.lock`, String(dead)))
        yield* Effect.scoped(Layer.build(Database.layerPGlite({ dataDir })))
      }
    })
  )

  it.live("is one whose master key is no key", () =>
    Effect.gen(function* () {
      const keyRing = KeyRingLocal.layer({ active: { id: "m1", key: Redacted.make("c2hvcnQ=") } })
      const error = yield* Effect.scoped(
        Effect.flip(Layer.build(Layer.provide(PostgresAdapters.layer({ ...options, keyRing }), Database.layerPGlite())))
      )
      expect(error.message).toBe(`The master key "m1" cannot be used: it has 5 bytes instead of 32.`)
    })
  )
})

describe("migrations", () => {
  it.live("two processes that start at once both find a complete schema", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const starts = Array.from({ length: 4 }, () => Effect.scoped(Layer.build(server(url, 2))))
      yield* Effect.all(starts, { concurrency: "unbounded" })
      yield* Effect.scoped(
        Effect.gen(function* () {
          const status = yield* Effect.flatMap(Database.Database, Migrations.status).pipe(
            Effect.provide(Database.layerPostgres({ url }))
          )
          expect(status).toEqual({ applied: Object.keys(Migrations.versions), pending: [] })
        })
      )
    })
  )

  it.live("another part of the program making and dropping tables of its own meanwhile does no harm", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const churn = asSuperuser(Redacted.value(url), async (sql) => {
        const tables = Array.from(
          { length: 60 },
          (_, n) => `create table other.t${n} (a int, b int, c int, d int)`
        ).join(";")
        for (let round = 0; round < 12; round++) {
          await sql.unsafe(`create schema other; ${tables}`)
          await sql.unsafe("drop schema other cascade")
        }
      })
      const migrating = Effect.scoped(
        Effect.flatMap(Database.Database, Migrations.migrate).pipe(
          Effect.provide(Database.layerPostgres({ url, poolSize: 2 })),
          Effect.repeat({ times: 9 })
        )
      )
      yield* Effect.all([churn, migrating], { concurrency: "unbounded" })
    })
  )

  it.live("an empty database has everything pending", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const status = yield* Effect.flatMap(Database.Database, Migrations.status).pipe(
        Effect.provide(Database.layerPostgres({ url }))
      )
      expect(status).toEqual({ applied: [], pending: Object.keys(Migrations.versions) })
    })
  )
})

describe("the embedded database", () => {
  it.live("keeps everything over a restart", () =>
    Effect.gen(function* () {
      const dataDir = join(yield* folder, "data")
      const [organizationId, companyId] = yield* Effect.provide(
        Effect.gen(function* () {
          const organizationId = yield* (yield* Secrets.Secrets).id("organization")
          const { state, write } = yield* company(organizationId, "Kept")
          yield* (yield* UnitOfWork.UnitOfWork).commit(change(organizationId, { writes: [write] }))
          yield* (yield* TokenVault.TokenVault).put(organizationId, "r", Redacted.make("kept"))
          return [organizationId, state.id] as const
        }),
        pglite(dataDir),
        { local: true }
      )
      yield* Effect.provide(
        Effect.gen(function* () {
          const found = yield* (yield* Repository.Repository).find("company", organizationId, companyId)
          expect(found).toMatchObject({ version: 1, state: { name: "Kept" } })
          expect(Redacted.value((yield* (yield* TokenVault.TokenVault).get(organizationId, "r")).secret)).toBe("kept")
        }),
        pglite(dataDir),
        { local: true }
      )
    })
  )
})
