/** A worker: claims due jobs in batches, runs them side by side, and writes down the outcome of each. */
import { Backoff } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import { Cause, Deferred, Duration, Effect, Exit, FiberSet, Latch, Random } from "effect"
import type { Claimed } from "./Claimed.ts"
import { claim, type Look, prolong, type SchedulerContext } from "./claims.ts"
import { type Ended, makeSettle, type Settle, settlementOf } from "./settlement.ts"

/** Runs one job. */
export type Handle = (due: Scheduler.Due) => Effect.Effect<Scheduler.Outcome>

/**
 * How often a worker looks when it is not notified and no job falls due before: three statements a minute. Less than
 * `portolan.soon()` of the database, so that a job that no notification named is known before it is due.
 */
export const pollEvery = Duration.seconds(20)

/** The same while this process does not hear what others commit. */
export const pollUnheardEvery = Duration.seconds(1)

/** The pause after a look that failed. */
const afterFailure = Duration.millis(500)

/** The pause after a look that left due jobs behind, because another worker was about to claim them. */
const afterContention = Duration.millis(25)

/**
 * Says how an outcome is reached; nothing when the handler was interrupted, so that the job is given back. The wait
 * after a death counts by the clock of the store: that of this process may be another.
 */
const outcomeOf = Effect.fnUntraced(function* ({ due }: Claimed, exit: Exit.Exit<Scheduler.Outcome>) {
  if (Exit.isSuccess(exit)) return exit.value
  if (Cause.hasInterruptsOnly(exit.cause)) return undefined
  yield* Effect.logError("A handler died", exit.cause)
  const wait = Backoff.delay(due.failures + 1, yield* Random.next)
  return { _tag: "Died", wait, reason: "The handler died." } satisfies Ended
})

/** Runs a job, tells `onEnd` that a slot is free, and writes down the outcome. */
const runClaimed = (settle: Settle, handle: Handle, claimed: Claimed, onEnd: () => void) =>
  Effect.uninterruptibleMask((restore) =>
    Effect.exit(restore(handle(claimed.due))).pipe(
      Effect.tap(() => Effect.sync(onEnd)),
      Effect.flatMap((exit) => outcomeOf(claimed, exit)),
      Effect.flatMap((outcome) => settle(settlementOf(claimed, outcome)))
    )
  )

/** Prolongs all claims of a worker three times in their life, for as long as jobs run. */
const prolonging = (context: SchedulerContext, held: ReadonlySet<Claimed>) =>
  Effect.sleep(Duration.seconds(context.lifeSeconds / 3)).pipe(
    Effect.andThen(Effect.suspend(() => (held.size === 0 ? Effect.void : prolong(context, [...held])))),
    Effect.ignore,
    Effect.forever
  )

/** How a worker is run. */
export interface WorkerOptions {
  /** Jobs that run side by side. */
  readonly concurrency: number
  /** Done when the worker should fetch no more jobs; it then waits for those under way. */
  readonly stopping: Deferred.Deferred<void>
}

/** What a worker knows between two looks. */
interface Working {
  readonly context: SchedulerContext
  /** The jobs that run, and those whose outcome is on its way to the store. */
  readonly held: Set<Claimed>
  /** How many of them run. */
  running: number
  /** Opens when a job may be due. */
  readonly news: Latch.Latch
  /** Opens when a job has ended. */
  readonly freed: Latch.Latch
  /** Organizations that the look before found jobs of. */
  last: ReadonlyArray<string>
  turn: string | undefined
}

/** Claims jobs for free slots; nothing when the store is away. */
const look = Effect.fnUntraced(function* (working: Working, slots: number) {
  const { context, held, last, turn } = working
  const busy = [...Array.from(held, ({ due }) => due.job.organizationId), ...last]
  const found = yield* claim(context, { count: slots, busy, turn }).pipe(
    Effect.catchTag("StoreUnavailable", (error) =>
      Effect.as(Effect.logWarning("no work can be fetched", error.message), undefined)
    )
  )
  working.turn = found?.turn
  working.last = [...new Set(found?.claimed.map(({ due }) => due.job.organizationId))]
  return found
})

/** How long to wait for news before the next look; nothing when there is more to claim at once. */
const pauseAfter = ({ context }: Working, found: Look | undefined, slots: number): Duration.Duration | undefined => {
  if (found === undefined) return afterFailure
  const { claimed, next, turn, unreadable } = found
  if (claimed.length + unreadable.length >= slots || turn !== undefined) return undefined
  const poll = context.store.database.signals.hearsAll ? pollEvery : pollUnheardEvery
  return next === undefined ? poll : Duration.min(poll, Duration.max(next, afterContention))
}

/** How many jobs may be claimed: as many as there are free slots, unless as many outcomes wait to be written. */
const freeSlots = ({ held, running }: Working, concurrency: number): number =>
  Math.min(concurrency - running, 2 * concurrency - held.size)

/** Runs a job beside the others. Its slot is free for the next one while its outcome is written. */
const start = (working: Working, work: (onEnd: () => void) => Effect.Effect<void>, claimed: Claimed) => {
  const { freed, held } = working
  held.add(claimed)
  working.running += 1
  const onEnd = () => {
    working.running -= 1
    freed.openUnsafe()
  }
  const afterSettling = Effect.suspend(() => {
    held.delete(claimed)
    return freed.open
  })
  return Effect.ensuring(work(onEnd), afterSettling)
}

/** Claims and runs jobs until it is stopped. */
export const worker = Effect.fnUntraced(function* (
  context: SchedulerContext,
  handle: Handle,
  { concurrency, stopping }: WorkerOptions
) {
  const [news, freed] = [Latch.makeUnsafe(), Latch.makeUnsafe()]
  const working: Working = { context, held: new Set(), running: 0, news, freed, last: [], turn: undefined }
  const settle = yield* makeSettle(context.store)
  yield* Effect.acquireRelease(
    Effect.sync(() => context.store.database.signals.onJobs(() => void news.openUnsafe())),
    (leave) => Effect.sync(leave)
  )
  yield* Effect.forkScoped(Effect.andThen(Deferred.await(stopping), Effect.andThen(news.open, freed.open)))
  yield* Effect.forkScoped(prolonging(context, working.held))
  const running = yield* FiberSet.make<void>()
  for (;;) {
    // Closed before the look, so that nothing falls between looking and waiting.
    news.closeUnsafe()
    freed.closeUnsafe()
    if (yield* Deferred.isDone(stopping)) break
    const slots = freeSlots(working, concurrency)
    if (slots <= 0) {
      yield* freed.await
      continue
    }
    const found = yield* look(working, slots)
    for (const claimed of found?.claimed ?? []) {
      const work = (onEnd: () => void) => runClaimed(settle, handle, claimed, onEnd)
      yield* FiberSet.run(running, start(working, work, claimed))
    }
    yield* Effect.forEach(found?.unreadable ?? [], settle, { discard: true, concurrency: "unbounded" })
    const pause = pauseAfter(working, found, slots)
    if (pause !== undefined) yield* Effect.raceFirst(news.await, Effect.sleep(pause))
  }
  yield* FiberSet.awaitEmpty(running)
}, Effect.scoped)
