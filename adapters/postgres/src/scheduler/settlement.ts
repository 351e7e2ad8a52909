/**
 * Writes down what became of jobs, many in one statement: while one is on its way, what ends meanwhile gathers for the
 * next.
 */
import { Backoff } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import { DateTime, Duration, Effect, Schedule } from "effect"
import { sql } from "kysely"
import type { Store } from "../Store.ts"
import { statement } from "../store/statement.ts"
import type { Claimed, Settlement } from "./Claimed.ts"

/** Jobs in one statement, at most. */
const batch = 500

/** A text that the database can hold: it refuses U+0000. */
const storable = (text: string): string => text.replaceAll("\0", "\uFFFD")

/** How a handler ended: as it says, or by dying. */
export type Ended =
  | Scheduler.Outcome
  | { readonly _tag: "Died"; readonly wait: Duration.Duration; readonly reason: string }

/** What an outcome makes of a job; nothing for a handler that was interrupted, whose job is given back. */
export const settlementOf = ({ claim, due }: Claimed, outcome: Ended | undefined): Settlement => {
  const { id, organizationId } = due.job
  const name = { organizationId, id, claim }
  switch (outcome?._tag) {
    case undefined:
      return { ...name, status: "waiting" }
    case "Done":
      return { ...name, status: "done" }
    case "RetryAt":
      return { ...name, status: "waiting", dueAt: outcome.at }
    case "DeadLettered":
      return { ...name, status: "parked", failed: true, reason: storable(outcome.reason) }
    case "Died":
    case "Failed": {
      const failed = { ...name, failed: true, reason: storable(outcome.reason) } as const
      return due.failures + 1 >= Backoff.attemptLimit
        ? { ...failed, status: "parked" }
        : {
            ...failed,
            status: "waiting",
            ...(outcome._tag === "Died" ? { wait: outcome.wait } : { dueAt: outcome.at })
          }
    }
  }
}

/** All changes of several jobs touch them in one order, so that two of them never wait for each other. */
const inOrder = (all: ReadonlyArray<Settlement>) =>
  all.toSorted((one, other) => (`${one.organizationId} ${one.id}` < `${other.organizationId} ${other.id}` ? -1 : 1))

/** Writes outcomes, if their claims still stand. */
const write = (store: Store["Service"], settlements: ReadonlyArray<Settlement>) => {
  const all = inOrder(settlements)
  const column = <A>(of: (one: Settlement) => A) => sql.val(all.map(of))
  return statement(
    store,
    "writing the outcome of work",
    sql`select portolan.settle_jobs(${column(({ organizationId }) => organizationId)}::text[],
      ${column(({ id }) => id)}::text[], ${column(({ claim }) => claim)}::integer[],
      ${column(({ status }) => status)}::text[],
      array(select coalesce(at, clock_timestamp() + make_interval(secs => wait)) from unnest(
        ${column(({ dueAt }) => (dueAt === undefined ? null : DateTime.formatIso(dueAt)))}::timestamptz[],
        ${column(({ wait }) => (wait === undefined ? null : Duration.toSeconds(wait)))}::double precision[]
      ) with ordinality as due (at, wait, place) order by place),
      ${column(({ failed }) => failed === true)}::boolean[], ${column(({ reason }) => reason ?? null)}::text[])`
  ).pipe(
    Effect.tap(() =>
      Effect.sync(() => {
        if (all.some(({ status }) => status === "waiting")) store.database.signals.putOff()
      })
    )
  )
}

/** Survives a short outage. What still cannot be written is found again when the claim ends. */
const persist = (store: Store["Service"], settlements: ReadonlyArray<Settlement>) =>
  // One that cannot be written, e.g. because its row is locked, must not keep the others from it.
  Effect.catch(write(store, settlements), () =>
    Effect.forEach(
      settlements,
      (one) =>
        write(store, [one]).pipe(
          Effect.retry(Schedule.exponential("200 millis").pipe(Schedule.upTo({ times: 5 }))),
          Effect.catch((error) => Effect.logWarning("work will be handed out again", error.message))
        ),
      { concurrency: 8, discard: true }
    )
  )

/** Writes down what became of jobs. It returns when that is written, or given up. */
export type Settle = (settlement: Settlement) => Effect.Effect<void>

/** What became of a job, and who hears that it is written. */
interface Waiting {
  readonly settlement: Settlement
  readonly written: () => void
}

/** What ends in the same turn of the event loop goes along. */
const endOfTurn = Effect.callback<void>((resume) => void setImmediate(() => resume(Effect.void)))

/** Makes what gathers settlements and writes them. */
export const makeSettle = (store: Store["Service"]): Effect.Effect<Settle> =>
  Effect.map(Effect.context<never>(), (context) => {
    const waiting: Array<Waiting> = []
    let isWriting = false
    const drain = Effect.gen(function* () {
      yield* endOfTurn
      while (waiting.length > 0) {
        const some = waiting.splice(0, batch)
        yield* persist(
          store,
          some.map(({ settlement }) => settlement)
        )
        for (const { written } of some) written()
      }
    }).pipe(Effect.ensuring(Effect.sync(() => void (isWriting = false))), Effect.uninterruptible)
    const fork = Effect.runForkWith(context)
    return (settlement) =>
      Effect.callback<void>((resume) => {
        waiting.push({ settlement, written: () => resume(Effect.void) })
        if (isWriting) return
        isWriting = true
        fork(drain)
      })
  })
