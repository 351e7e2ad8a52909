/** Stores of workers that are wrong on purpose: WORKERS-01 to 03. */
import { StoreUnavailable, type Workers } from "@portolan/ports"
import { DateTime, Duration, Effect } from "effect"
import type { WorkersInstance, WorkersService } from "../../laws/workers/WorkersInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import type { Degenerate } from "../../Port.ts"
import { type Model, modelSubject } from "../../reference/workers/modelSubject.ts"
import { startsAt } from "../../Simulation.ts"

type Change = (workers: WorkersService, model: Model) => Partial<WorkersService>

const mutant = (id: string, law: string, defect: string, change: Change): Mutant<WorkersInstance> => ({
  id,
  law,
  defect,
  longest: 8,
  subject: modelSubject(id, (workers, model) => ({ ...workers, ...change(workers, model) }))
})

/** All mutants of the store of workers. */
export const mutants: ReadonlyArray<Mutant<WorkersInstance>> = [
  mutant(
    "workers-count-rows",
    "WORKERS-01",
    "Counts every worker that ever gave a sign of life.",
    (workers, model) => ({
      status: Effect.map(workers.status, (status) => ({ ...status, living: model.workers.size }))
    })
  ),
  mutant(
    "workers-first-life",
    "WORKERS-01",
    "Keeps the end of the first life when a later sign comes.",
    (workers, model) => ({
      beat: (workerId, life) =>
        Effect.suspend(() => {
          const first = model.workers.get(workerId)
          return Effect.tap(workers.beat(workerId, life), () =>
            Effect.sync(() => {
              const now = model.workers.get(workerId)
              if (first !== undefined && now !== undefined)
                model.workers.set(workerId, { ...now, livingUntil: first.livingUntil })
            })
          )
        })
    })
  ),
  mutant("workers-forget-dead", "WORKERS-02", "Forgets a worker that left or died.", (workers, model) => ({
    status: Effect.flatMap(model.now, (now) => {
      for (const [id, { livingUntil }] of model.workers) if (livingUntil <= now) model.workers.delete(id)
      return workers.status
    })
  })),
  mutant("workers-leaving-seen", "WORKERS-02", "Takes leaving for a sign of life.", (workers) => ({
    leave: (workerId) => workers.beat(workerId, Duration.zero)
  })),
  mutant(
    "workers-notice-for-all",
    "WORKERS-03",
    "Gives the task to everybody who asks before it is confirmed.",
    (_, model) => ({ claimNotice: (turn) => Effect.sync(() => model.confirmed !== turn) })
  ),
  mutant("workers-notice-for-ever", "WORKERS-03", "Leaves the task with whoever took it first.", (workers) => ({
    claimNotice: (turn) => workers.claimNotice(turn, Duration.days(365))
  })),
  mutant(
    "workers-notice-look-then-take",
    "WORKERS-03",
    "Looks whether the task is free, and takes it later.",
    (_, model) => ({
      claimNotice: (turn, life) =>
        Effect.gen(function* () {
          const now = yield* model.now
          if (model.confirmed === turn || model.claimedUntil > now) return false
          yield* Effect.yieldNow
          model.claimedUntil = now + Duration.toMillis(life)
          return true
        })
    })
  )
]

const someTime = DateTime.makeUnsafe(startsAt)

const idle: WorkersService = {
  beat: () => Effect.void,
  leave: () => Effect.void,
  status: Effect.succeed<Workers.Status>({ at: someTime, living: 0, underWay: 0 }),
  backlog: Effect.succeed<Workers.Backlog>({
    due: 0,
    overdue: 0,
    underWay: 0,
    later: 0,
    deadLetters: 0,
    oldestDueSeconds: 0,
    living: 0
  }),
  claimNotice: () => Effect.succeed(false),
  confirmNotice: () => Effect.void
}

const gone = (doing: string) => Effect.fail(new StoreUnavailable.StoreUnavailable({ doing, cause: "always" }))

const failing: WorkersService = {
  beat: () => gone("beat"),
  leave: () => gone("leave"),
  status: gone("status"),
  backlog: gone("backlog"),
  claimNotice: () => gone("claimNotice"),
  confirmNotice: () => gone("confirmNotice")
}

/** Stores of workers that no one could call correct. */
export const degenerates: ReadonlyArray<Degenerate<WorkersInstance>> = [
  { subject: modelSubject("idle workers", () => idle), passes: {} },
  { subject: modelSubject("failing workers", () => failing), passes: {} }
]
