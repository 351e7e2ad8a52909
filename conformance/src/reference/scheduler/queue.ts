/** The queue of the model scheduler, and each decision about it as a function that a mutant can replace. */
import { Backoff, type Id, type Job } from "@portolan/domain"
import { type Scheduler, Workers } from "@portolan/ports"
import { DateTime, Duration } from "effect"

/** A job and what became of it. */
export interface Task {
  readonly job: Job.Job
  readonly status: "waiting" | "done" | "dead"
  readonly failures: number
  readonly isRunning: boolean
  readonly reason: string
  readonly deadAt: number
}

/** What all clients of one queue share. */
export interface Queue {
  readonly tasks: Map<string, Task>
  /** When each organization had its turn last, by a running number. */
  readonly served: Map<string, number>
  turn: number
  /** How often there was news; whoever looked before it looks again. */
  news: number
  /** What to call when work comes in. */
  readonly listeners: Set<() => void>
}

/** How the model decides. */
export interface Decisions {
  readonly isDue: (task: Task, now: number) => boolean
  /** Which of two due jobs comes first, as a sort does. */
  readonly order: (queue: Queue, one: Task, other: Task) => number
  /** The job as it is when a worker has it. */
  readonly claimed: (task: Task) => Task
  /** Whether the worker is stopped between finding a job and claiming it. */
  readonly pausesBeforeClaim: boolean
  readonly handedOut: (task: Task) => Scheduler.Due
  readonly afterOutcome: (task: Task, outcome: Scheduler.Outcome, now: number) => Task
  /** What becomes of a job whose handler died; nothing when the worker dies with it. */
  readonly died: ((task: Task, now: number) => Task) | undefined
  readonly slots: (concurrency: number) => number
  readonly waitsAtEnd: boolean
  readonly isListed: (task: Task, organizationId: Id.OrganizationId) => boolean
  readonly listedOrder: (one: Task, other: Task) => number
  readonly mayRedeliver: (task: Task, organizationId: Id.OrganizationId) => boolean
  readonly redelivered: (task: Task, now: number) => Task
  /** The numbers about work. */
  readonly backlog: (tasks: ReadonlyArray<Task>, now: number) => Workers.Backlog
  readonly age: (tasks: ReadonlyArray<Task>, now: number) => number
}

const dueMillis = ({ job }: Task) => job.dueAt.epochMilliseconds

const dead = (task: Task, reason: string, now: number): Task => ({ ...task, status: "dead", reason, deadAt: now })

/** Right in every way. */
export const correct: Decisions = {
  isDue: (task, now) => dueMillis(task) <= now,
  order: ({ served }, one, other) =>
    (served.get(one.job.organizationId) ?? 0) - (served.get(other.job.organizationId) ?? 0) ||
    dueMillis(one) - dueMillis(other),
  claimed: (task) => ({ ...task, isRunning: true }),
  pausesBeforeClaim: false,
  handedOut: ({ failures, job }) => ({ job, failures }),
  afterOutcome: (task, outcome, now) => {
    if (task.status !== "waiting") return task
    switch (outcome._tag) {
      case "Done":
        return { ...task, status: "done" }
      case "RetryAt":
        return { ...task, job: { ...task.job, dueAt: outcome.at } }
      case "Failed": {
        const failed = { ...task, failures: task.failures + 1, job: { ...task.job, dueAt: outcome.at } }
        return failed.failures >= Backoff.attemptLimit ? dead(failed, outcome.reason, now) : failed
      }
      case "DeadLettered":
        return dead({ ...task, failures: task.failures + 1 }, outcome.reason, now)
    }
  },
  died: (task, now) => ({
    ...task,
    failures: task.failures + 1,
    job: { ...task.job, dueAt: DateTime.makeUnsafe(now + Duration.toMillis(Backoff.delay(task.failures + 1, 0.5))) }
  }),
  slots: (concurrency) => concurrency,
  waitsAtEnd: true,
  isListed: (task, organizationId) => task.status === "dead" && task.job.organizationId === organizationId,
  listedOrder: (one, other) => other.deadAt - one.deadAt,
  mayRedeliver: (task, organizationId) => task.status === "dead" && task.job.organizationId === organizationId,
  redelivered: (task, now) => ({
    ...task,
    status: "waiting",
    failures: 0,
    job: { ...task.job, dueAt: DateTime.makeUnsafe(now) }
  }),
  backlog: (tasks, now) => {
    const free = tasks.filter(({ isRunning, status }) => status === "waiting" && !isRunning)
    const waits = free.map((task) => now - dueMillis(task)).filter((wait) => wait >= 0)
    return {
      due: waits.length,
      overdue: waits.filter((wait) => wait > Workers.overdueSeconds * 1_000).length,
      underWay: tasks.filter(({ isRunning, status }) => status === "waiting" && isRunning).length,
      later: free.length - waits.length,
      deadLetters: tasks.filter(({ status }) => status === "dead").length,
      oldestDueSeconds: Math.max(0, ...waits) / 1_000,
      living: 0
    }
  },
  age: (tasks, now) => {
    const open = tasks.filter(({ status }) => status === "waiting")
    return open.some(({ isRunning }) => isRunning) ? 0 : Math.max(0, ...open.map((task) => now - dueMillis(task)))
  }
}

/** Finds the next job, or when the next one is due. */
export const look = (
  queue: Queue,
  { isDue, order }: Decisions,
  now: number
): { readonly task: Task | undefined; readonly nextAt: number } => {
  const open = [...queue.tasks.values()].filter(({ isRunning, status }) => status === "waiting" && !isRunning)
  const [task] = open.filter((each) => isDue(each, now)).toSorted((one, other) => order(queue, one, other))
  return { task, nextAt: Math.min(Infinity, ...open.map(dueMillis)) }
}
