/** What has to hold at the end of a simulated life. Each law gives sentences about what broke it. */
import { Connection } from "@portolan/domain"
import { Memory } from "@portolan/memory"
import { Connections, EventLog, Repository, Scheduler } from "@portolan/ports"
import { DateTime, Effect, HashMap, Ref } from "effect"
import type { Ledger } from "./provider.ts"
import type { live, Lived } from "./world.ts"

type End = Effect.Success<ReturnType<typeof live>>

/** Whether an account's consent is alive at the end: it was not withdrawn, or was given again, and has not run out. */
const isAlive = ({ connectsAt, renewedAt, withdrawnAt }: Lived["fate"], days: number): boolean => {
  const consentedAt = renewedAt ?? (withdrawnAt === undefined ? connectsAt : undefined)
  return consentedAt !== undefined && consentedAt + 365 * 1_440 > days * 1_440
}

const consents = Effect.fnUntraced(function* ({ accounts, by }: End, days: number) {
  const { view } = yield* Connections.Connections
  const found = yield* Effect.forEach(accounts, (lived) =>
    Effect.map(view(by, lived.connectionId), ({ connection }) => {
      const works = connection._tag === "Connected"
      return works === isAlive(lived.fate, days)
        ? []
        : [`connection ${lived.connectionId} is ${connection._tag}; its life: ${JSON.stringify(lived.fate)}`]
    })
  )
  return found.flat()
})

/** Loads that were planned are complete, and no window was given out twice to one consent. */
const loads = Effect.fnUntraced(function* ({ accounts, by }: End, { windows }: Ledger) {
  const repository = yield* Repository.Repository
  const found = yield* Effect.forEach(accounts, ({ connectionId, fate, key }) =>
    Effect.map(repository.backfillOf(by.organizationId, connectionId), ({ state }) => {
      const twice = [...windows].filter(([window, count]) => window.startsWith(`${key.externalId} `) && count > 1)
      return [
        ...(state._tag === "Complete" || fate.withdrawnAt !== undefined
          ? []
          : [`the load of ${connectionId} is ${state._tag}`]),
        ...twice.map(([window, count]) => `window ${window} was loaded ${count} times`)
      ]
    })
  )
  return found.flat()
})

/** Nothing is a dead letter, and nothing is late. */
const work = Effect.fnUntraced(function* ({ by }: End) {
  const dead = yield* (yield* Scheduler.Scheduler).deadLetters(by.organizationId)
  const now = yield* DateTime.now
  const { tasks } = yield* Ref.get((yield* Memory.Memory).contents)
  const late = HashMap.toValues(tasks).filter(
    ({ job, status }) => status === "waiting" && DateTime.isLessThan(job.dueAt, DateTime.subtract(now, { minutes: 15 }))
  )
  return [
    ...dead.map(({ reason, task }) => `dead letter ${task}: ${reason}`),
    ...late.map(({ job }) => `${job.task._tag} is late since ${DateTime.formatIso(job.dueAt)}`)
  ]
})

/** The history has no gap, and leads to the states that are kept. */
const history = Effect.fnUntraced(function* ({ accounts, by }: End) {
  const { aggregates, events } = HashMap.getUnsafe(
    (yield* Ref.get((yield* Memory.Memory).contents)).tenants,
    by.organizationId
  )
  const gaps = events.flatMap(({ position }, n) =>
    position === n + 1 ? [] : [`event ${n + 1} has position ${position}`]
  )
  const differ = accounts.flatMap(({ connectionId }) => {
    const told = events.flatMap(({ aggregate, event }) =>
      aggregate.kind === "connection" && aggregate.id === connectionId ? [event as Connection.Event] : []
    )
    const kept = HashMap.getUnsafe(aggregates, `connection/${connectionId}`).state
    const replayed = Connection.replay(Connection.initial, told)
    return JSON.stringify(replayed) === JSON.stringify(kept) ? [] : [`the history of ${connectionId} leads elsewhere`]
  })
  return { broken: [...gaps, ...differ], events }
})

/** Judges a life; gives what broke a law, and the history. */
export const judge = Effect.fnUntraced(function* (end: End, seen: Ledger, days: number) {
  const told = yield* history(end)
  const feed = yield* (yield* EventLog.EventLog).after(end.by.organizationId, 0, 1)
  return {
    events: told.events,
    broken: [
      ...(yield* consents(end, days)),
      ...(yield* loads(end, seen)),
      ...(yield* work(end)),
      ...told.broken,
      ...(feed.length === 1 ? [] : ["the history cannot be read"]),
      ...(seen.doubled === 0 ? [] : [`${seen.doubled} refresh tokens were spent twice`])
    ]
  }
})
