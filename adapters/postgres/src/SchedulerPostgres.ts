/**
 * Hands out due jobs. The table of jobs is the queue: an index has what waits in the order in which it is due. So
 * waiting work is found at any instant: before it was claimed, and, if its worker dies, when its claim ends.
 *
 * `scheduler/claims.ts` has the claims, `scheduler/settlement.ts` what becomes of jobs, `scheduler/worker.ts` the
 * worker.
 */
import { Scheduler, type StoreUnavailable } from "@portolan/ports"
import { Deferred, Duration, Effect, Fiber, Layer, type Scope } from "effect"
import { sql } from "kysely"
import type { SchedulerContext } from "./scheduler/claims.ts"
import { deadLetters, redeliver } from "./scheduler/deadLetters.ts"
import { workStatus } from "./scheduler/workStatus.ts"
import { type Handle, worker } from "./scheduler/worker.ts"
import { Store } from "./Store.ts"
import { statement } from "./store/statement.ts"

export { pollEvery, pollUnheardEvery } from "./scheduler/worker.ts"

/** How long a claim lasts unless it is prolonged: the longest that a job of a dead worker waits. */
export const claimLife = Duration.seconds(10)

/** Options of a scheduler. */
export interface Options {
  /** At least a second. A claim is prolonged three times in its life; a worker that is held up for longer loses it. */
  readonly claimLife?: Duration.Duration
}

/** How long jobs that are under way may take to end when the scope closes. */
export const grace = Duration.seconds(10)

/** Runs a worker until the scope closes, then waits for jobs that are under way. */
const consume = (
  context: SchedulerContext,
  handle: Handle,
  { concurrency }: { readonly concurrency: number }
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const stopping = yield* Deferred.make<void>()
    const options = { concurrency: Math.max(1, Math.trunc(concurrency)), stopping }
    const fiber = yield* Effect.forkDetach(worker(context, handle, options))
    yield* Effect.addFinalizer(() =>
      Deferred.succeed(stopping, undefined).pipe(
        Effect.andThen(Effect.timeoutOption(Fiber.await(fiber), grace)),
        Effect.andThen(Fiber.interrupt(fiber))
      )
    )
  })

/** For how long the oldest due job has been waiting; zero while any job is under way. */
const oldestDueAge = (store: Store["Service"]) =>
  Effect.map(workStatus(store, "looking at waiting work"), ({ at, oldestDueAt, underWay }) =>
    oldestDueAt === undefined || underWay > 0
      ? Duration.zero
      : Duration.millis(Math.max(0, at.getTime() - oldestDueAt.getTime()))
  )

/**
 * Frees what a dead process had claimed. For the embedded database only: this process has it for itself, so a claim
 * that is there at the start is nobody's.
 */
const freeAll = (store: Store["Service"]) =>
  statement(
    store,
    "freeing the work of the last run",
    sql`update portolan.jobs set claimed_until = null where claimed_until is not null and status = 'waiting'`
  )

/** Hands out the jobs of `Store`. */
export const layer = (
  options: Options = {}
): Layer.Layer<Scheduler.Scheduler, StoreUnavailable.StoreUnavailable, Store> =>
  Layer.effect(
    Scheduler.Scheduler,
    Effect.gen(function* () {
      const store = yield* Store
      const lifeSeconds = Math.max(1, Duration.toSeconds(options.claimLife ?? claimLife))
      const context: SchedulerContext = { store, lifeSeconds }
      if (store.database.kind === "pglite") yield* freeAll(store)
      return Scheduler.Scheduler.of({
        consume: (handle, options) => consume(context, handle, options),
        oldestDueAge: oldestDueAge(store),
        deadLetters: (organizationId) => deadLetters(context, organizationId),
        redeliver: (organizationId, jobId) => redeliver(context, organizationId, jobId)
      })
    })
  )
