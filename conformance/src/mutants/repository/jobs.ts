/** Repositories that are wrong about jobs: REPO-30 and SCHED-19. */
import { Effect } from "effect"
import { schedule } from "../../reference/repository/commit.ts"
import { mutant, replacing } from "./mutant.ts"

/** Schedules by another connection. */
export const scheduleOutside = mutant(
  "sched-outside-tx",
  "SCHED-19",
  "Schedules work through a connection of its own, whatever becomes of the change.",
  {
    wrap: replacing(({ unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.tapError(unitOfWork.commit(change), () => Effect.sync(() => schedule(backend, faultPoints, change)))
      }
    }))
  }
)

/** Schedules the first. */
export const schedulesOne = mutant("sched-first-only", "SCHED-19", "Schedules one piece of work a change.", {
  wrap: replacing(({ unitOfWork }) => ({
    unitOfWork: { commit: (change) => unitOfWork.commit({ ...change, jobs: change.jobs.slice(0, 1) }) }
  }))
})

/** Lets work be completed again. */
export const completesTwice = mutant(
  "repo-completes-twice",
  "REPO-30",
  "Asks whether the work exists, not whether it waits.",
  { faultPoints: { isWaiting: (waits) => waits !== undefined } }
)

/** Ends the work when all is done. */
export const completesAfter = mutant(
  "repo-completes-after",
  "REPO-30",
  "Looks whether the work waits, and ends it after the effect, in a transaction of its own.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const { completes, ...rest } = change
            const task = completes === undefined ? undefined : backend.tasks.get(completes)
            if (task?.waits !== true || task.job.organizationId !== change.organizationId) {
              return yield* unitOfWork.commit(change)
            }
            yield* Effect.yieldNow
            const committed = yield* unitOfWork.commit(rest)
            backend.tasks.set(task.job.id, { ...task, waits: false })
            return committed
          })
      }
    }))
  }
)
