/** What happens when a connection is lost: to the process, to a transaction, and to a commit whose answer is lost. */
import { createServer, type Socket } from "node:net"
import { describe, expect, it } from "@effect/vitest"
import { EventLog, Secrets, UnitOfWork } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { sql } from "kysely"
import { Database, PostgresAdapters } from "../src/index.ts"
import { change, company } from "./support/change.ts"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import * as Faults from "./support/Faults.ts"
import { options, secrets } from "./support/subjects.ts"

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
            await new Promise((resolve) => setTimeout(resolve, 200))
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
      const { kysely, queue } = yield* opened(url)
      for (let round = 0; round < 5; round++) {
        yield* Effect.promise(() => Promise.all([1, 2, 3].map(() => sql`select pg_sleep(0.05)`.execute(kysely))))
        yield* terminateAll(url)
        yield* Effect.promise(() => kysely.transaction().execute((trx) => sql`select 1`.execute(trx)))
        expect((yield* Effect.promise(() => queue.executeSql("select 1 as one"))).rows).toEqual([{ one: 1 }])
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
})
