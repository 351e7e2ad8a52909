/** What the laws of schedulers share: jobs, workers that are watched, and waiting without a wall clock. */
import type { Id, Job } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import { DateTime, Deferred, Effect } from "effect"
import type { Case } from "../../Case.ts"
import { forAll, type Description } from "../../forAll.ts"
import { broken } from "../../Violation.ts"
import { idOf } from "../repository/fixtures/ids.ts"
import type { SchedulerInstance, SchedulerService } from "./SchedulerInstance.ts"

/** Makes a part of a law of schedulers. */
export const check = <Input>(description: Description<SchedulerInstance, Input>) => forAll(description)

/** One of the three organizations of a case. */
export type Place = 0 | 1 | 2

/** What time it is by the clock of the queue. */
export const nowOf = ({ probes }: SchedulerInstance, testCase: Case) => probes.now?.() ?? Effect.sync(testCase.now)

/** The `n`-th job of an organization, due at an instant. */
export const jobOf = (
  { organizations }: SchedulerInstance,
  place: Place,
  n: number | string,
  dueAt: number
): Job.Job => {
  const organizationId = organizations[place]
  return {
    id: idOf("job", organizationId, n),
    organizationId,
    dueAt: DateTime.makeUnsafe(Math.round(dueAt)),
    task: { _tag: "CancelBackfill", connectionId: idOf("connection", organizationId, n) }
  }
}

/** A job that was handed out, and when. */
export interface HandOut extends Scheduler.Due {
  readonly at: number
}

/** A worker that is watched. */
export interface Watched {
  readonly handed: ReadonlyArray<HandOut>
  /** Waits until so many jobs were handed out; fails the case when they are not within eight seconds. */
  readonly until: (count: number) => Effect.Effect<void, unknown>
}

/** What a worker makes of a job. `nth` counts the hand-outs of this worker from 0. */
export type Handle = (due: Scheduler.Due, nth: number) => Effect.Effect<Scheduler.Outcome>

/** Carried out. */
export const done: Scheduler.Outcome = { _tag: "Done" }

/** Starts a worker until the scope closes, and watches what it is handed. */
export const watch = Effect.fnUntraced(function* (
  instance: SchedulerInstance,
  testCase: Case,
  handle: Handle = () => Effect.succeed(done),
  {
    concurrency = 1,
    scheduler = instance.scheduler
  }: { readonly concurrency?: number; readonly scheduler?: SchedulerService } = {}
) {
  const handed: Array<HandOut> = []
  const waiting: Array<{ readonly count: number; readonly reached: Deferred.Deferred<void> }> = []
  yield* scheduler.consume(
    (due) =>
      Effect.gen(function* () {
        const at = yield* Effect.orDie(nowOf(instance, testCase))
        const nth = handed.push({ ...due, at }) - 1
        for (const { count, reached } of waiting)
          if (handed.length >= count) yield* Deferred.succeed(reached, undefined)
        return yield* handle(due, nth)
      }),
    { concurrency }
  )
  const watched: Watched = {
    handed,
    until: (count) =>
      Effect.gen(function* () {
        if (handed.length >= count) return
        const reached = yield* Deferred.make<void>()
        waiting.push({ count, reached })
        // It may have come to pass since the look above.
        if (handed.length >= count) return
        yield* Deferred.await(reached).pipe(
          Effect.timeoutOrElse({
            duration: "8 seconds",
            orElse: () =>
              broken("due work was not handed out within eight seconds", {
                expected: `${count} hand-outs`,
                actual: handed.map(({ job }) => job.id)
              })
          })
        )
      })
  }
  return watched
})

/** Waits for what must not come: an hour where time is free, else as long as a worker takes to look again. */
export const quiet = (testCase: Case) => Effect.sleep(testCase.simulated ? "1 hour" : "120 millis")

/** Names jobs by what the case calls them. */
export const namesOf = (
  jobs: ReadonlyArray<Job.Job>,
  handed: ReadonlyArray<{ readonly job: { readonly id: Id.JobId } }>
) =>
  handed.map(({ job }) => {
    const index = jobs.findIndex(({ id }) => id === job.id)
    return index < 0 ? `unknown ${job.id}` : `job ${index}`
  })
