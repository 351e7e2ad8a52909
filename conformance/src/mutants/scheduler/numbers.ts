/** Schedulers that count wrongly: SCHED-28 and 33. */
import type { Decisions, Task } from "../../reference/scheduler/queue.ts"
import type { Deviation } from "../mutantsOf.ts"

const dueMillis = ({ job }: Task) => job.dueAt.epochMilliseconds

/** The mutants. */
export const numbers: ReadonlyArray<Deviation<Decisions, undefined>> = [
  {
    id: "sched-age-of-later",
    law: "SCHED-28",
    defect: "Counts from the youngest due job.",
    change: () => ({
      age: (tasks, now) => {
        const waits = tasks.filter(({ status }) => status === "waiting").map((task) => now - dueMillis(task))
        const due = waits.filter((wait) => wait > 0)
        return due.length === 0 ? 0 : Math.min(...due)
      }
    })
  },
  {
    id: "sched-age-under-way",
    law: "SCHED-28",
    defect: "Counts a job that is under way as waiting.",
    change: () => ({
      age: (tasks, now) =>
        Math.max(0, ...tasks.filter(({ status }) => status === "waiting").map((task) => now - dueMillis(task)))
    })
  },
  {
    id: "sched-age-of-done",
    law: "SCHED-28",
    defect: "Counts what is done as waiting.",
    change: () => ({
      age: (tasks, now) =>
        tasks.some(({ isRunning }) => isRunning) ? 0 : Math.max(0, ...tasks.map((task) => now - dueMillis(task)))
    })
  },
  {
    id: "sched-counts-dead-as-later",
    law: "SCHED-33",
    defect: "Counts dead letters among what waits for its time.",
    longest: 12,
    change: ({ backlog }) => ({
      backlog: (tasks, now) => {
        const counts = backlog(tasks, now)
        return { ...counts, later: counts.later + counts.deadLetters }
      }
    })
  },
  {
    id: "sched-overdue-at-once",
    law: "SCHED-33",
    defect: "Counts everything that is due as overdue.",
    longest: 12,
    change: ({ backlog }) => ({
      backlog: (tasks, now) => {
        const counts = backlog(tasks, now)
        return { ...counts, overdue: counts.due }
      }
    })
  },
  {
    id: "sched-under-way-is-due",
    law: "SCHED-33",
    defect: "Counts what is under way as due as well.",
    longest: 12,
    change: ({ backlog }) => ({
      backlog: (tasks, now) => {
        const counts = backlog(tasks, now)
        return { ...counts, due: counts.due + counts.underWay }
      }
    })
  }
]
