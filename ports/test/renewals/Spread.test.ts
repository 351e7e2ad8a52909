/** One renewal answers for every connection of the same login, and for the requests that asked for one. */
import { describe, expect, it } from "@effect/vitest"
import { Connection, type Id, type Job } from "@portolan/domain"
import { Connections, JobHandlers, Notifier, Requests, type Scheduler } from "@portolan/ports"
import { Context, DateTime, Effect, Layer } from "effect"
import { ada, consented, five, mailed, passUntil } from "../support/endings.ts"
import { marketplaces, world } from "../support/world.ts"

const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(Effect.scoped(effect), world)

const linkOf = (id: Id.ConnectionId) =>
  Effect.flatMap(Connections.Connections, (connections) =>
    Effect.map(connections.view(ada, id), ({ connection }) =>
      Connection.isLinked(connection) ? connection.link : undefined
    )
  )

/** A worker that hands notices over to a test. */
const workerTelling = (notify: Notifier.Notifier["Service"]["notify"]) =>
  Effect.map(
    Layer.build(
      Layer.fresh(JobHandlers.JobHandlers.layer).pipe(Layer.provide(Layer.succeed(Notifier.Notifier, { notify })))
    ),
    (context) => Context.get(context, JobHandlers.JobHandlers)
  )

describe("a renewal", () => {
  it.effect("moves every connection of its login, ends their reminders, and answers their open requests", () =>
    here(
      Effect.gen(function* () {
        const { connections, end } = yield* five
        const [first, second] = connections
        const requests = yield* Requests.Requests
        const owner = { name: "Olive Owner", email: "olive@harbour.example" }
        const { link } = yield* requests.send(ada, { connectionId: second!, owner, marketplaceId: marketplaces.US })
        const before = yield* Effect.forEach(connections, linkOf)
        yield* passUntil(DateTime.add(yield* DateTime.now, { hours: 1 }))
        const renewedUntil = DateTime.add(end, { days: 365 })
        yield* consented(first!, "1", renewedUntil)
        yield* passUntil(DateTime.add(yield* DateTime.now, { minutes: 1 }))
        const after = yield* Effect.forEach(connections, linkOf)
        expect(new Set(after.map((one) => one?.grantId)).size).toBe(1)
        for (const one of after) expect(one?.expiresAt).toEqual(renewedUntil)
        // Accounts and profiles are what they were.
        expect(after.map((one) => one?.profile.key)).toEqual(before.map((one) => one?.profile.key))
        expect((yield* requests.view(ada, link.id)).link._tag).toBe("Used")
        yield* passUntil(end)
        expect((yield* mailed).filter(({ emailMessage }) => emailMessage.subject.includes("consent ends"))).toEqual([])
      })
    )
  )

  it.effect("by another login answers for its own connection alone", () =>
    here(
      Effect.gen(function* () {
        const { connections, end } = yield* five
        const before = yield* Effect.forEach(connections, linkOf)
        yield* passUntil(DateTime.add(yield* DateTime.now, { hours: 1 }))
        yield* consented(connections[0]!, "1", DateTime.add(end, { days: 365 }), "another")
        yield* passUntil(DateTime.add(yield* DateTime.now, { minutes: 1 }))
        const after = yield* Effect.forEach(connections, linkOf)
        expect(after[0]?.grantId).not.toBe(before[0]?.grantId)
        expect(after.slice(1)).toEqual(before.slice(1))
      })
    )
  )

  it.effect("that takes over by itself is told as another login only when it is one", () =>
    here(
      Effect.gen(function* () {
        const { connections, end } = yield* five
        const [first, second] = yield* Effect.forEach(connections, linkOf)
        yield* consented(connections[2]!, "3", DateTime.add(end, { days: 365 }), "another")
        const other = yield* linkOf(connections[2]!)
        const told: Array<Notifier.Notice> = []
        const { handle } = yield* workerTelling((notice) => Effect.sync(() => void told.push(notice)))
        const notice = (n: number, connectionId: Id.ConnectionId, replacedGrantId: Id.GrantId | undefined) => {
          const task = { _tag: "Notify", topic: "fell-back", connectionId, detail: "" } as const
          const job = {
            id: `int_${String(n).padStart(26, "0")}` as Id.JobId,
            organizationId: ada.organizationId,
            dueAt: end,
            task: replacedGrantId === undefined ? task : { ...task, replacedGrantId }
          } satisfies Job.Job
          return handle({ job, failures: 0 } satisfies Scheduler.Due)
        }
        yield* notice(1, connections[0]!, second?.grantId)
        yield* notice(2, connections[2]!, first?.grantId)
        // Jobs from before say nothing of the consent that was replaced.
        yield* notice(3, connections[0]!, undefined)
        expect(other?.grantId).not.toBe(first?.grantId)
        expect(told.map(({ subject }) => /another (login|consent)/.exec(subject)?.[1])).toEqual([
          "consent",
          "login",
          "login"
        ])
      })
    )
  )
})
