/** What happens when a connection is lost: to the process, to a transaction, and to a commit whose answer is lost. */
import { createServer, type Socket } from "node:net"
import { setTimeout } from "node:timers/promises"
import { describe, expect, it } from "@effect/vitest"
import { EventLog, Secrets, UnitOfWork } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { sql } from "kysely"
import { Database, PostgresAdapters } from "../src/index.ts"
import { change, company } from "./support/change.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import * as Faults from "./support/Faults.ts"
import { encodedChange } from "../src/unitOfWork/encoded.ts"
import { client, options, secrets } from "./support/subjects.ts"

const terminateAll = (url: Redacted.Redacted<string>) =>
  asSuperuser(Redacted.value(url), (admin) =>
    admin.unsafe(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`)
  )

const opened = (url: Redacted.Redacted<string>) =>
  Effect.map(Layer.build(Database.layerPostgres({ url, poolSize: 3 })), (context) =>
    Effect.runSync(Effect.provide(Database.Database, context))
  )

describe("a lost connection", () => {
  it.live("between two statements of a transaction fails the transaction, and nothing runs outside of it", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const { kysely } = yield* opened(url)
      yield* Effect.promise(() => sql`create table marks (mark text)`.execute(kysely))
      const failure = yield* Effect.promise(() =>
        kysely
          .transaction()
          .execute(async (trx) => {
            await sql`insert into marks values ('inside')`.execute(trx)
            await Effect.runPromise(terminateAll(url))
            await setTimeout(200)
            await sql`insert into marks values ('after the cut')`.execute(trx)
          })
          .then(
            () => undefined,
            (cause: unknown) => cause
          )
      )
      expect(failure).toBeInstanceOf(Error)
      const { rows } = yield* Effect.promise(() => sql`select mark from marks`.execute(kysely))
      expect(rows).toEqual([])
    })
  )

  it.live("while it is idle is noticed by nobody", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const { kysely } = yield* opened(url)
      for (let round = 0; round < 5; round++) {
        yield* Effect.promise(() => Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.05)`.execute(kysely))))
        yield* terminateAll(url)
        yield* Effect.promise(() => kysely.transaction().execute((trx) => sql`select 1`.execute(trx)))
        expect((yield* Effect.promise(() => sql`select 1 as one`.execute(kysely))).rows).toEqual([{ one: 1 }])
      }
    })
  )
})

/** A server that swallows what comes, after it has let some connections through. */
const swallowing = (target: URL) =>
  Effect.acquireRelease(
    Effect.promise(async () => {
      const sockets = new Set<Socket>()
      const silent = new Set<Socket>()
      const { connect } = await import("node:net")
      const server = createServer((near) => {
        const far = connect(Number(target.port), target.hostname)
        for (const [from, to] of [
          [near, far],
          [far, near]
        ] as const) {
          sockets.add(from)
          from.on("error", () => undefined)
          from.on("data", (chunk) => void (silent.has(from) || to.write(chunk)))
        }
      })
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      const address = server.address()
      const url = new URL(target)
      url.port = String(typeof address === "object" && address !== null ? address.port : 0)
      const swallow = () => {
        for (const socket of sockets) silent.add(socket)
      }
      const close = () => {
        for (const socket of sockets) socket.destroy()
        server.close()
      }
      return { url: Redacted.make(url.href), swallow, close }
    }),
    ({ close }) => Effect.sync(close)
  )

describe("a server that says nothing any more", () => {
  it.live("keeps nobody waiting for longer than a few seconds, and new connections are used", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const { swallow, url: behind } = yield* swallowing(new URL(Redacted.value(url)))
      const { kysely } = yield* opened(behind)
      yield* Effect.promise(() => sql`select 1`.execute(kysely))
      swallow()
      const began = performance.now()
      // Nothing says that the statement was not carried out, so it is not sent again.
      const alone = yield* Effect.promise(() => sql`select 1`.execute(kysely).catch((cause: unknown) => cause))
      expect(alone).toMatchObject({ code: "STATEMENT_TIMEOUT" })
      expect(performance.now() - began).toBeLessThan(8_000)
      yield* Effect.promise(() => sql`select 1`.execute(kysely))
      swallow()
      // A transaction that has not begun is begun elsewhere.
      yield* Effect.promise(() => kysely.transaction().execute((trx) => sql`select 1`.execute(trx)))
    })
  )

  it.live("is waited for while it is at work", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const { kysely } = yield* opened(url)
      yield* Effect.promise(() => sql`select pg_sleep(5)`.execute(kysely))
    })
  )
})

describe("a commit whose answer is lost", () => {
  it.live("is told as what the server made of it, wherever in the transaction the connection breaks", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const faults = Faults.make()
      const database = Database.layerPostgres({ url, poolSize: 3, wrap: faults.wrap })
      const world = Layer.merge(secrets, Layer.provideMerge(PostgresAdapters.layer(options), database))
      const seen = yield* Effect.provide(
        Effect.gen(function* () {
          const unit = yield* UnitOfWork.UnitOfWork
          const log = yield* EventLog.EventLog
          const outcomes: Array<string> = []
          for (const side of ["before", "after"] as const) {
            for (let call = 1, struck = true; struck && call < 30; call++) {
              const organizationId = yield* (yield* Secrets.Secrets).id("organization")
              const { write } = yield* company(organizationId, "Lanterns")
              faults.arm(call, side)
              const result = yield* Effect.result(unit.commit(change(organizationId, { writes: [write] })))
              struck = faults.disarm()
              const isThere = (yield* log.after(organizationId, 0, 10)).length > 0
              expect(result._tag === "Success").toBe(isThere)
              if (result._tag === "Failure") expect(result.failure).not.toHaveProperty("outcome")
              outcomes.push(`${side} ${struck} ${result._tag}`)
            }
          }
          return outcomes
        }),
        world,
        { local: true }
      )
      // The answer to the commit itself was lost, and the change is told as saved.
      expect(seen).toContain("after true Success")
      expect(seen).toContain("before true Failure")
    })
  )

  it.live("cannot happen once its sender was told that it did not, and one under way is waited for", () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const here = yield* client(url)
      const organizationId = yield* (yield* here(Secrets.Secrets)).id("organization")
      const changes = yield* Effect.forEach(["Lanterns", "Lamps"], (name) =>
        Effect.map(here(company(organizationId, name)), ({ write }) => ({
          text: encodedChange(change(organizationId, { writes: [write] })),
          company: write.id,
          event: write.events[0]?.id ?? ""
        }))
      )
      const [late, slow] = changes
      if (late === undefined || slow === undefined) return yield* Effect.die("two changes")
      yield* asSuperuser(Redacted.value(url), async (sql) => {
        const commit = (on: typeof sql, id: string, text: string) =>
          on`select place from portolan.commit_change(${organizationId}, ${id}, ${text}::text::json)`
        const abandon = (id: string, { company, event }: typeof late) =>
          Effect.runPromise(
            asSuperuser(
              Redacted.value(url),
              (other) => other`select portolan.abandon_change(${organizationId}, ${id}, ${company}, ${event}) as place`
            )
          )
        expect(await abandon("late", late)).toMatchObject([{ place: null }])
        await expect(commit(sql, "late", late.text)).rejects.toMatchObject({ code: "P0R02" })
        expect(await sql`select from portolan.companies`).toHaveLength(0)
        const bytes = Buffer.from("bytes")
        expect(
          await sql`select portolan.abandon_secret(${organizationId}, 'late', 'r', 1, ${bytes}) as outcome`
        ).toMatchObject([{ outcome: "absent" }])
        const writing = sql`select portolan.write_secret(
          ${organizationId}, 'late', 'r', 'put', 1, null, ${bytes}, ${bytes}, ${bytes}, 'k')`
        await expect(writing).rejects.toMatchObject({ code: "P0R02" })
        await sql`select portolan.abandon_landing(${organizationId}, 'late')`
        const landing = sql`select portolan.land_rows(${organizationId}, 'late', 'c', 'a', 'p', 'sales', '[]')`
        await expect(landing).rejects.toMatchObject({ code: "P0R02" })
        // It is sent again under another id.
        expect(await commit(sql, "again", late.text)).toMatchObject([{ place: "1" }])
        const asked = await sql.begin(async (begun) => {
          await commit(begun as unknown as typeof sql, "slow", slow.text)
          const asking = abandon("slow", slow)
          await setTimeout(300)
          return { asking }
        })
        expect(await asked.asking).toMatchObject([{ place: "2" }])
      })
    })
  )
})
