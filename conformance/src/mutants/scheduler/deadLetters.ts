/** Schedulers that are wrong about jobs that stopped: SCHED-13 and 14. */
import { Backoff } from "@portolan/domain"
import type { Decisions } from "../../reference/scheduler/queue.ts"
import type { Deviation } from "../mutantsOf.ts"

/** The mutants. */
export const deadLetters: ReadonlyArray<Deviation<Decisions, undefined>> = [
  {
    id: "sched-drop-after-max",
    law: "SCHED-13",
    defect: "Drops a job after the last attempt.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) => {
        const next = afterOutcome(task, outcome, now)
        return next.status === "dead" ? { ...next, status: "done" } : next
      }
    })
  },
  {
    id: "sched-one-attempt-more",
    law: "SCHED-13",
    defect: "Stops one failure after the limit.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) => {
        if (outcome._tag !== "Failed" || task.failures + 1 !== Backoff.attemptLimit)
          return afterOutcome(task, outcome, now)
        return { ...task, failures: task.failures + 1, job: { ...task.job, dueAt: outcome.at } }
      }
    })
  },
  {
    id: "sched-first-reason",
    law: "SCHED-13",
    defect: "Says why a job failed first instead of last.",
    change: ({ afterOutcome }) => ({
      afterOutcome: (task, outcome, now) => {
        const next = afterOutcome(task, outcome, now)
        const first = outcome._tag === "Failed" && task.reason === "" ? outcome.reason : task.reason
        return { ...next, reason: first === "" ? next.reason : first }
      }
    })
  },
  {
    id: "sched-lists-oldest-first",
    law: "SCHED-13",
    defect: "Lists the hundred oldest dead letters.",
    change: () => ({ listedOrder: (one, other) => one.deadAt - other.deadAt })
  },
  {
    id: "sched-lists-everybodys",
    law: "SCHED-13",
    defect: "Lists the dead letters of every organization.",
    change: () => ({ isListed: ({ status }) => status === "dead" })
  },
  {
    id: "sched-redeliver-by-id",
    law: "SCHED-14",
    defect: "Redelivers by the id alone, for whichever organization calls.",
    change: () => ({ mayRedeliver: ({ status }) => status === "dead" })
  },
  {
    id: "sched-redeliver-keeps-count",
    law: "SCHED-14",
    defect: "Redelivers with the failures from before.",
    change: ({ redelivered }) => ({
      redelivered: (task, now) => ({ ...redelivered(task, now), failures: task.failures })
    })
  },
  {
    id: "sched-redeliver-done",
    law: "SCHED-14",
    defect: "Redelivers what is done as well.",
    change: () => ({ mayRedeliver: ({ job }, organizationId) => job.organizationId === organizationId })
  }
]
