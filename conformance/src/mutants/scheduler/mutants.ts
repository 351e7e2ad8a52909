/** Schedulers that are wrong on purpose: SCHED-01 to 31. */
import { StoreUnavailable } from "@portolan/ports"
import { DateTime, Duration, Effect } from "effect"
import type { SchedulerInstance } from "../../laws/scheduler/SchedulerInstance.ts"
import { byLaw, type Mutant } from "../../Mutant.ts"
import type { Degenerate } from "../../Port.ts"
import { modelSubject } from "../../reference/scheduler/modelSubject.ts"
import type { Decisions, Task } from "../../reference/scheduler/queue.ts"
import { mutantsOf } from "../mutantsOf.ts"
import { deadLetters } from "./deadLetters.ts"
import { numbers } from "./numbers.ts"

const dueMillis = ({ job }: Task) => job.dueAt.epochMilliseconds

/** All mutants of the scheduler. */
export const mutants: ReadonlyArray<Mutant<SchedulerInstance>> = mutantsOf<SchedulerInstance, Decisions, undefined>(
  modelSubject
)([
  ...deadLetters,
  ...numbers,
  {
    id: "sched-poll-forgets-past",
    law: "SCHED-01",
    defect: "Looks for jobs that became due within the last day only.",
    change: () => ({ isDue: (task, now) => dueMillis(task) <= now && dueMillis(task) > now - 86_400_000 })
  },
  {
    id: "sched-strictly-before",
    law: "SCHED-01",
    defect: "Hands out what was due before now, and never what is due exactly now.",
    change: () => ({ isDue: (task, now) => dueMillis(task) < now && dueMillis(task) !== now - 1 })
  },
  {
    id: "sched-drops-content",
    law: "SCHED-01",
    defect: "Hands out a job with the due time of now instead of its own.",
    change: ({ handedOut }) => ({
      handedOut: (task) => {
        const due = handedOut(task)
        return { ...due, job: { ...due.job, dueAt: DateTime.makeUnsafe(0) } }
      }
    })
  },
  {
    id: "sched-worker-clock",
    law: "SCHED-02",
    defect: "Compares with the clock of a worker that is ahead by a second.",
    change: () => ({ isDue: (task, now) => dueMillis(task) <= now + 1_000 })
  },
  {
    id: "sched-timer-overflow",
    law: "SCHED-02",
    defect: "Counts waits in 32 bits: what is due in a month is due now.",
    change: () => ({ isDue: (task, now) => dueMillis(task) <= now || dueMillis(task) - now > 2 ** 31 })
  },
  {
    id: "sched-ack-lost",
    law: "SCHED-08",
    defect: "Keeps what is done waiting, and hands it out again an hour later.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) =>
        outcome._tag === "Done"
          ? { ...task, job: { ...task.job, dueAt: DateTime.makeUnsafe(now + 1_800_000) } }
          : afterOutcome(task, outcome, now)
    })
  },
  {
    id: "sched-retry-counts",
    law: "SCHED-12",
    defect: "Counts RetryAt as a failure.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) =>
        outcome._tag === "RetryAt"
          ? afterOutcome(task, { _tag: "Failed", at: outcome.at, reason: "not yet" }, now)
          : afterOutcome(task, outcome, now)
    })
  },
  {
    id: "sched-retry-at-once",
    law: "SCHED-12",
    defect: "Hands out what failed at once.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) =>
        outcome._tag === "Failed"
          ? afterOutcome(task, { ...outcome, at: DateTime.makeUnsafe(now) }, now)
          : afterOutcome(task, outcome, now)
    })
  },
  {
    id: "sched-never-counts",
    law: "SCHED-12",
    defect: "Never counts a failure.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) => ({ ...afterOutcome(task, outcome, now), failures: 0 })
    })
  },
  {
    id: "sched-select-update",
    law: "SCHED-15",
    defect: "Finds a job, and claims it in a second step.",
    change: () => ({ pausesBeforeClaim: true })
  },
  {
    id: "sched-claims-nothing",
    law: "SCHED-15",
    defect: "Leaves a job that is under way in the queue.",
    change: () => ({ claimed: (task) => task })
  },
  {
    id: "sched-global-fifo",
    law: "SCHED-17",
    defect: "Goes by due time alone.",
    longest: 1,
    change: () => ({ order: (_queue, one, other) => dueMillis(one) - dueMillis(other) })
  },
  {
    id: "sched-stop-cuts-off",
    law: "SCHED-23",
    defect: "Interrupts what is under way when it stops.",
    change: () => ({ waitsAtEnd: false })
  },
  {
    id: "sched-one-more-slot",
    law: "SCHED-24",
    defect: "Runs one job more than it was told.",
    change: () => ({ slots: (concurrency) => concurrency + 1 })
  },
  {
    id: "sched-one-at-a-time",
    law: "SCHED-24",
    defect: "Runs one job at a time, whatever it was told.",
    change: () => ({ slots: () => 1 })
  },
  {
    id: "sched-poison-crash",
    law: "SCHED-29",
    defect: "Ends the worker with the handler that died.",
    change: () => ({ died: undefined })
  },
  {
    id: "sched-death-is-done",
    law: "SCHED-29",
    defect: "Takes a job whose handler died for done.",
    change: () => ({ died: (task) => ({ ...task, status: "done" }) })
  },
  {
    id: "sched-death-is-free",
    law: "SCHED-29",
    defect: "Counts no failure when a handler dies.",
    change: () => ({
      died: (task, now) => ({
        ...task,
        job: { ...task.job, dueAt: DateTime.makeUnsafe(now + Duration.toMillis(Duration.seconds(30))) }
      })
    })
  },
  {
    id: "sched-outcome-revives",
    law: "SCHED-31",
    defect: "Writes the outcome over what the change has done.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) => afterOutcome({ ...task, status: "waiting" }, outcome, now)
    })
  }
]).toSorted(byLaw)

const away = () => Effect.fail(new StoreUnavailable.StoreUnavailable({ doing: "anything", cause: "always" }))

/** Schedulers that no one could call correct. */
export const degenerates: ReadonlyArray<Degenerate<SchedulerInstance>> = [
  {
    subject: modelSubject("idle scheduler", undefined, () => ({
      consume: () => Effect.void,
      oldestDueAge: Effect.succeed(Duration.zero),
      deadLetters: () => Effect.succeed([]),
      redeliver: () => Effect.succeed(false)
    })),
    passes: {}
  },
  {
    subject: modelSubject("failing scheduler", undefined, () => ({
      consume: away,
      oldestDueAge: away(),
      deadLetters: away,
      redeliver: away
    })),
    passes: {}
  }
]
