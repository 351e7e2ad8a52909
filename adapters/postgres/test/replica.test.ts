/** Lists are read from a streaming replica, and nobody sees less than they have written. */
import { afterAll, beforeAll, describe, expect, it } from "@effect/vitest"
import type { Id } from "@portolan/domain"
import { Repository, Secrets, UnitOfWork } from "@portolan/ports"
import { Context, Effect, Layer, Redacted, Schedule } from "effect"
import postgres from "postgres"
import { Database, PostgresAdapters } from "../src/index.ts"
import { change, company } from "./support/change.ts"
import { start, type TestServer } from "./support/embedded.ts"
import { startReplica } from "./support/replica.ts"
import { options, secrets } from "./support/subjects.ts"

const servers: { primary?: TestServer; replica?: TestServer } = {}

beforeAll(async () => {
  servers.primary = await start()
  servers.replica = await startReplica(servers.primary)
}, 120_000)

afterAll(async () => {
  await servers.replica?.stop()
  await servers.primary?.stop()
})

const both = (): { readonly primary: TestServer; readonly replica: TestServer } => {
  const { primary, replica } = servers
  if (primary === undefined || replica === undefined) throw new Error("the servers did not start")
  return { primary, replica }
}

/** A client of its own: own pools, own memory of what it wrote. */
const client = Effect.fnUntraced(function* (lagSeconds: number, replicaUrl = both().replica.url) {
  const database = Database.layerPostgres({
    url: Redacted.make(both().primary.url),
    replica: { url: Redacted.make(replicaUrl), lagSeconds }
  })
  const layer = PostgresAdapters.layer(options).pipe(Layer.provideMerge(secrets), Layer.provideMerge(database))
  const context = yield* Layer.build(layer)
  const { replica } = Context.get(context, Database.Database)
  if (replica === undefined) return yield* Effect.die("a client without a replica")
  const names = (organizationId: Id.OrganizationId) =>
    Context.get(context, Repository.Repository)
      .companies(organizationId, {}, { limit: 100 })
      .pipe(Effect.map(({ items }) => items.map(({ name }) => name)))
  const add = (organizationId: Id.OrganizationId, name: string) =>
    Effect.gen(function* () {
      const { write } = yield* company(organizationId, name)
      yield* (yield* UnitOfWork.UnitOfWork).commit(change(organizationId, { writes: [write] }))
    }).pipe(Effect.provide(context))
  const organization = Effect.provide(
    Effect.flatMap(Secrets.Secrets, ({ id }) => id("organization")),
    context
  )
  /** Waits until lists of an organization are read from the replica. */
  const serving = (organizationId: Id.OrganizationId) =>
    Effect.suspend(() => (replica.mayServe(organizationId) ? Effect.void : Effect.fail("not yet"))).pipe(
      Effect.retry(Schedule.spaced("20 millis").pipe(Schedule.upTo({ duration: "20 seconds" })))
    )
  return { add, names, organization, replica, serving }
})

/** Something that only an administrator of a server does. */
const administer = (server: TestServer, statement: string) =>
  Effect.promise(async () => {
    const sql = postgres(server.url, { max: 1, onnotice: () => undefined })
    await sql.unsafe(statement)
    await sql.end({ timeout: 1 })
  })

const paused = Effect.acquireRelease(
  Effect.suspend(() => administer(both().replica, "select pg_wal_replay_pause()")),
  () => administer(both().replica, "select pg_wal_replay_resume()")
)

describe("lists on a streaming replica", () => {
  it.live(
    "show what their own process wrote, at once, and what others wrote once the replica has it or is left out",
    () =>
      Effect.gen(function* () {
        const [writer, reader] = [yield* client(3), yield* client(3)]
        const id = yield* writer.organization
        const added: Array<string> = []
        for (let at = 10; at < 30; at++) {
          yield* writer.add(id, `Company ${at}`)
          added.push(`Company ${at}`)
          expect((yield* writer.names(id)).toSorted()).toEqual(added)
        }
        yield* reader.serving(id)
        expect((yield* reader.names(id)).toSorted()).toEqual(added)
        yield* Effect.gen(function* () {
          yield* paused
          yield* reader.serving(id)
          yield* writer.add(id, "Late")
          expect(yield* writer.names(id)).toContain("Late")
          // The reader's list is the replica's, which stands still; so it is behind, as long as it may be.
          expect(yield* reader.names(id)).not.toContain("Late")
          yield* Effect.sleep("3200 millis")
          expect(reader.replica.mayServe(id)).toBe(false)
          expect(yield* reader.names(id)).toContain("Late")
        }).pipe(Effect.scoped)
        yield* reader.serving(id)
        expect(yield* reader.names(id)).toContain("Late")
      }).pipe(Effect.scoped),
    { timeout: 60_000 }
  )

  it.live(
    "are read from the primary while the replica is gone, and from the replica while the primary is",
    () =>
      Effect.gen(function* () {
        const own = yield* client(30)
        const id = yield* own.organization
        yield* own.add(id, "Here")
        yield* own.serving(id)
        yield* Effect.promise(() => both().replica.halt())
        expect(yield* own.names(id)).toEqual(["Here"])
        yield* Effect.promise(() => both().replica.resume())
        yield* own.serving(id)
        yield* Effect.promise(() => both().primary.halt())
        expect(yield* own.names(id)).toEqual(["Here"])
        yield* Effect.promise(() => both().primary.resume())
        yield* own.add(id, "There")
        expect((yield* own.names(id)).toSorted()).toEqual(["Here", "There"])
      }).pipe(Effect.scoped),
    { timeout: 60_000 }
  )

  it.live("are the primary's for everybody when more organizations were written for than are remembered", () =>
    Effect.gen(function* () {
      const own = yield* client(30)
      const id = yield* own.organization
      yield* own.serving(id)
      for (let at = 0; at < 10_001; at++) own.replica.wrote(`org_${at}`)
      expect(["org_0", "org_10000", id].map((one) => own.replica.mayServe(one))).toEqual([false, false, false])
      yield* own.serving(id)
      expect(own.replica.mayServe("org_0")).toBe(true)
    }).pipe(Effect.scoped)
  )

  it.live("are never read from a server that follows nobody", () =>
    Effect.gen(function* () {
      const own = yield* client(1, both().primary.url)
      const id = yield* own.organization
      yield* own.add(id, "Here")
      expect(own.replica.mayServe(id)).toBe(false)
      yield* Effect.sleep("1500 millis")
      expect(own.replica.mayServe(id)).toBe(false)
      expect(yield* own.names(id)).toEqual(["Here"])
    }).pipe(Effect.scoped)
  )
})
