/**
 * Hands out due jobs. The queue (pg-boss) wakes a worker up; the job's row decides.
 *
 * At any instant a waiting job has a wake-up that is due when the job is: before it was claimed, and, if its worker
 * dies, when its claim ends. `scheduler/claims.ts` has the claims, `scheduler/worker.ts` the worker.
 */
import { Scheduler, type StoreUnavailable } from "@portolan/ports"
import { Deferred, Duration, Effect, Fiber, Layer, type Scope } from "effect"
import { freeAll, oldestDueAge, type SchedulerContext, sweep } from "./scheduler/claims.ts"
import { deadLetters, redeliver } from "./scheduler/deadLetters.ts"
import { type Handle, worker } from "./scheduler/worker.ts"
import { Store, transact } from "./Store.ts"
import { WakeUps } from "./WakeUps.ts"

export { pollEvery } from "./scheduler/worker.ts"

/** How long a claim lasts unless it is prolonged: the longest that a job of a dead worker waits. */
export const claimLife = Duration.seconds(10)

/** Options of a scheduler. */
export interface Options {
  /** At least a second. A claim is prolonged three times in its life; a worker that is held up for longer loses it. */
  readonly claimLife?: Duration.Duration
}

/** How often jobs are looked for whose wake-up was lost. */
const sweepEvery = Duration.seconds(30)

/** How long jobs that are under way may take to end when the scope closes. */
export const grace = Duration.seconds(10)

const sweeping = ({ store, wakeUps }: SchedulerContext) =>
  transact(store, { doing: "looking for lost work", scope: "session" }, (trx) => sweep(trx, wakeUps)).pipe(
    Effect.tap((found) => (found > 0 ? Effect.logWarning(`${found} pieces of late work had no wake-up`) : Effect.void)),
    Effect.catchTag("StoreUnavailable", (error) =>
      Effect.logWarning("lost work could not be looked for", error.message)
    ),
    Effect.andThen(Effect.sleep(sweepEvery)),
    Effect.forever
  )

/** Runs a worker until the scope closes, then waits for jobs that are under way. */
const consume = (
  context: SchedulerContext,
  handle: Handle,
  { concurrency }: { readonly concurrency: number }
): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const stopping = yield* Deferred.make<void>()
    const sweeper = yield* Effect.forkDetach(sweeping(context))
    const options = { concurrency: Math.max(1, Math.trunc(concurrency)), stopping }
    const fiber = yield* Effect.forkDetach(worker(context, handle, options))
    yield* Effect.addFinalizer(() =>
      Deferred.succeed(stopping, undefined).pipe(
        Effect.andThen(Effect.timeoutOption(Fiber.await(fiber), grace)),
        Effect.andThen(Fiber.interruptAll([fiber, sweeper]))
      )
    )
  })

/** Hands out the jobs of `Store`. */
export const layer = (
  options: Options = {}
): Layer.Layer<Scheduler.Scheduler, StoreUnavailable.StoreUnavailable, Store | WakeUps> =>
  Layer.effect(
    Scheduler.Scheduler,
    Effect.gen(function* () {
      const store = yield* Store
      const wakeUps = yield* WakeUps
      const lifeSeconds = Math.max(1, Duration.toSeconds(options.claimLife ?? claimLife))
      const context: SchedulerContext = { store, wakeUps, lifeSeconds }
      if (store.database.kind === "pglite") {
        yield* transact(store, { doing: "freeing the work of the last run", scope: "session" }, (trx) =>
          freeAll(trx, wakeUps)
        )
      }
      return Scheduler.Scheduler.of({
        consume: (handle, options) => consume(context, handle, options),
        oldestDueAge: transact(store, { doing: "looking at waiting work", scope: "session" }, oldestDueAge),
        deadLetters: (organizationId) => deadLetters(context, organizationId),
        redeliver: (organizationId, jobId) => redeliver(context, organizationId, jobId)
      })
    })
  )
