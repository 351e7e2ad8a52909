/** A worker: fetches due jobs, runs them side by side, and writes down the outcome of each. */
import { Backoff } from "@portolan/domain"
import type { Scheduler, StoreUnavailable } from "@portolan/ports"
import {
  Cause,
  DateTime,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  FiberSet,
  PubSub,
  Random,
  Schedule,
  Semaphore
} from "effect"
import { sql } from "kysely"
import { transact } from "../Store.ts"
import { claim, type Claimed, release, type SchedulerContext, settle, type Taken } from "./claims.ts"

/** Runs one job. */
export type Handle = (due: Scheduler.Due) => Effect.Effect<Scheduler.Outcome>

/** How often the queue is polled when nothing signals a job. */
export const pollEvery = Duration.millis(250)

const scopeOf = ({ due }: Claimed) => ({ organizationId: due.job.organizationId })

/** Survives a short outage. What still cannot be written is found again when the claim ends. */
const persist = <A>(what: Effect.Effect<A, StoreUnavailable.StoreUnavailable>) =>
  what.pipe(
    Effect.retry(Schedule.exponential("200 millis").pipe(Schedule.upTo({ times: 5 }))),
    Effect.catchTag("StoreUnavailable", (error) => Effect.logWarning("work will be handed out again", error.message))
  )

/** Prolongs a claim three times in its life, for as long as the fiber runs. */
const prolong = ({ lifeSeconds, store }: SchedulerContext, claimed: Claimed) =>
  Effect.sleep(Duration.seconds(lifeSeconds / 3)).pipe(
    Effect.andThen(
      transact(store, { doing: "prolonging a claim", scope: scopeOf(claimed) }, (trx) =>
        sql`
      update portolan.jobs set claimed_until = now() + make_interval(secs => ${lifeSeconds})
      where organization_id = ${claimed.due.job.organizationId} and id = ${claimed.due.job.id}
        and status = 'waiting' and claim = ${claimed.claim} and claimed_until > now()`.execute(trx)
      )
    ),
    Effect.ignore,
    Effect.forever
  )

/** The outcome of a job; nothing when its handler was interrupted, so that the job is released. */
const outcomeOf = Effect.fnUntraced(function* ({ due }: Claimed, exit: Exit.Exit<Scheduler.Outcome>) {
  if (Exit.isSuccess(exit)) return exit.value
  if (Cause.hasInterruptsOnly(exit.cause)) return undefined
  yield* Effect.logError("A handler died", exit.cause)
  const at = DateTime.addDuration(yield* DateTime.now, Backoff.delay(due.failures + 1, yield* Random.next))
  return { _tag: "Failed", at, reason: "The handler died." } satisfies Scheduler.Outcome
})

const runClaimed = (context: SchedulerContext, handle: Handle, claimed: Claimed) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.gen(function* () {
      const heartbeat = yield* Effect.forkDetach(Effect.interruptible(prolong(context, claimed)))
      const exit = yield* Effect.exit(restore(handle(claimed.due)))
      yield* Fiber.interrupt(heartbeat)
      const outcome = yield* outcomeOf(claimed, exit)
      const purpose = { doing: "writing the outcome of work", scope: scopeOf(claimed) }
      yield* persist(
        transact(context.store, purpose, (trx) =>
          outcome === undefined
            ? release(trx, context.wakeUps, claimed)
            : settle(trx, context.wakeUps, claimed, outcome)
        )
      )
    })
  )

/** Organizations that are being served, with the number of their running jobs. */
const makeBusy = () => {
  const counts = new Map<string, number>()
  return {
    organizations: () => counts.keys(),
    add: (organizationId: string, step: 1 | -1) => {
      const count = (counts.get(organizationId) ?? 0) + step
      if (count > 0) counts.set(organizationId, count)
      else counts.delete(organizationId)
    }
  }
}

/** Claims the next job. Organizations that are not being served come first. */
const next = (context: SchedulerContext, passOver: ReadonlyArray<string>): Effect.Effect<Taken> => {
  const look = (others: ReadonlyArray<string>) =>
    transact(context.store, { doing: "looking for work", scope: "session" }, (trx, note) =>
      claim(context, trx, others, note)
    )
  return look(passOver).pipe(
    Effect.flatMap((taken) => (taken._tag !== "Empty" || passOver.length === 0 ? Effect.succeed(taken) : look([]))),
    Effect.catchTag("StoreUnavailable", (error) =>
      Effect.as(Effect.logWarning("no work can be fetched", error.message), { _tag: "Empty" } as const)
    )
  )
}

/** How a worker is run. */
export interface WorkerOptions {
  /** Jobs that run side by side. */
  readonly concurrency: number
  /** Done when the worker should fetch no more jobs; it then waits for those under way. */
  readonly stopping: Deferred.Deferred<void>
}

/** Fetches and runs jobs until it is stopped. */
export const worker = Effect.fnUntraced(function* (
  context: SchedulerContext,
  handle: Handle,
  { concurrency, stopping }: WorkerOptions
) {
  const slots = yield* Semaphore.make(concurrency)
  const running = yield* FiberSet.make<void>()
  const busy = makeBusy()
  const signals = yield* PubSub.subscribe(context.store.database.changed)
  const waitForMore = Effect.raceFirst(
    Effect.raceFirst(PubSub.take(signals), Deferred.await(stopping)),
    Effect.sleep(pollEvery)
  )
  const leave = (organizationId: string) =>
    Effect.suspend(() => {
      busy.add(organizationId, -1)
      return slots.release(1)
    })
  let last: ReadonlyArray<string> = []
  while (!(yield* Deferred.isDone(stopping))) {
    yield* slots.take(1)
    const taken: Taken = (yield* Deferred.isDone(stopping))
      ? { _tag: "Empty" }
      : yield* next(context, [...new Set([...busy.organizations(), ...last])])
    if (taken._tag !== "Work") {
      yield* slots.release(1)
      if (taken._tag === "Empty") yield* waitForMore
      continue
    }
    const { organizationId } = taken.due.job
    last = [organizationId]
    busy.add(organizationId, 1)
    yield* FiberSet.run(running, Effect.ensuring(runClaimed(context, handle, taken), leave(organizationId)))
  }
  yield* FiberSet.awaitEmpty(running)
}, Effect.scoped)
