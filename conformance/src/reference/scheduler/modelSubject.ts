/** A small correct scheduler: every law passes on it, and the mutants are made from it. */
import { Id, type Job } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import { Clock, DateTime, Deferred, Duration, Effect, Exit, Fiber } from "effect"
import type { SchedulerInstance, SchedulerService } from "../../laws/scheduler/SchedulerInstance.ts"
import type { WorkersService } from "../../laws/workers/WorkersInstance.ts"
import type { Subject } from "../../Subject.ts"
import { correct, type Decisions, look, type Queue } from "./queue.ts"

const announce = (queue: Queue) => {
  queue.news += 1
  for (const listener of queue.listeners) listener()
}

/** Waits until work comes in that was not there at a look. */
const news = (queue: Queue, seen: number) =>
  Effect.callback<void>((resume) => {
    if (queue.news !== seen) {
      resume(Effect.void)
      return
    }
    const listener = () => resume(Effect.void)
    queue.listeners.add(listener)
    return Effect.sync(() => void queue.listeners.delete(listener))
  })

type Handle = (due: Scheduler.Due) => Effect.Effect<Scheduler.Outcome>

const runTask = Effect.fnUntraced(function* (queue: Queue, decisions: Decisions, handle: Handle, id: string) {
  const task = queue.tasks.get(id)
  if (task === undefined) return
  const exit = yield* Effect.exit(handle(decisions.handedOut(task)))
  const now = yield* Clock.currentTimeMillis
  const latest = { ...(queue.tasks.get(id) ?? task), isRunning: false }
  if (Exit.isSuccess(exit)) queue.tasks.set(id, decisions.afterOutcome(latest, exit.value, now))
  else if (decisions.died === undefined) return yield* Effect.failCause(exit.cause)
  else queue.tasks.set(id, latest.status === "waiting" ? decisions.died(latest, now) : latest)
  announce(queue)
})

/** One slot of a worker: takes a job, carries it out, and looks again. */
const slot = Effect.fnUntraced(function* (
  queue: Queue,
  decisions: Decisions,
  handle: Handle,
  stopping: Deferred.Deferred<void>
) {
  while (!(yield* Deferred.isDone(stopping))) {
    const now = yield* Clock.currentTimeMillis
    const seen = queue.news
    const { nextAt, task } = look(queue, decisions, now)
    if (task === undefined) {
      const wake = Effect.raceFirst(news(queue, seen), Deferred.await(stopping))
      yield* nextAt === Infinity || nextAt <= now
        ? wake
        : Effect.raceFirst(wake, Effect.sleep(Duration.millis(Math.min(nextAt - now, 86_400_000))))
      continue
    }
    if (decisions.pausesBeforeClaim) yield* Effect.yieldNow
    queue.turn += 1
    queue.served.set(task.job.organizationId, queue.turn)
    queue.tasks.set(task.job.id, decisions.claimed(task))
    yield* runTask(queue, decisions, handle, task.job.id)
  }
})

const deadLettered = ({ deadAt, failures, job, reason }: ReturnType<Decisions["claimed"]>): Scheduler.DeadLettered => ({
  jobId: job.id,
  organizationId: job.organizationId,
  task: job.task._tag,
  reason,
  failures,
  deadLetteredAt: DateTime.makeUnsafe(deadAt)
})

const make = (queue: Queue, decisions: Decisions): SchedulerService => ({
  consume: (handle, { concurrency }) =>
    Effect.gen(function* () {
      const stopping = yield* Deferred.make<void>()
      const fibers = yield* Effect.forEach(Array.from({ length: decisions.slots(concurrency) }), () =>
        Effect.forkDetach(slot(queue, decisions, handle, stopping))
      )
      const wait = decisions.waitsAtEnd ? Effect.timeoutOption(Fiber.awaitAll(fibers), "10 seconds") : Effect.void
      yield* Effect.addFinalizer(() =>
        Deferred.succeed(stopping, undefined).pipe(Effect.andThen(wait), Effect.andThen(Fiber.interruptAll(fibers)))
      )
    }),
  oldestDueAge: Effect.map(Clock.currentTimeMillis, (now) =>
    Duration.millis(decisions.age([...queue.tasks.values()], now))
  ),
  deadLetters: (organizationId) =>
    Effect.sync(() =>
      [...queue.tasks.values()]
        .filter((task) => decisions.isListed(task, organizationId))
        .toSorted(decisions.listedOrder)
        .slice(0, 100)
        .map(deadLettered)
    ),
  redeliver: (organizationId, jobId) =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const task = queue.tasks.get(jobId)
      if (task === undefined || !decisions.mayRedeliver(task, organizationId)) return false
      queue.tasks.set(jobId, decisions.redelivered(task, now))
      announce(queue)
      return true
    })
})

/** The numbers about the queue; of workers it knows nothing. */
const workersOn = (queue: Queue, { backlog }: Decisions): WorkersService => {
  const numbers = Effect.map(Clock.currentTimeMillis, (now) => ({ now, ...backlog([...queue.tasks.values()], now) }))
  return {
    beat: () => Effect.void,
    leave: () => Effect.void,
    status: Effect.map(numbers, ({ due, now, oldestDueSeconds, underWay }) => ({
      at: DateTime.makeUnsafe(now),
      living: 0,
      underWay,
      ...(due === 0 ? {} : { oldestDueAt: DateTime.makeUnsafe(now - oldestDueSeconds * 1_000) })
    })),
    backlog: Effect.map(numbers, ({ now: _now, ...counts }) => counts),
    claimNotice: () => Effect.succeed(false),
    confirmNotice: () => Effect.void
  }
}

const organization = (n: number) => Id.make("organization", n, new Uint8Array(Id.entropyBytes).fill(n))

/** Gives a service that takes the place of the model's, for adapters that are no scheduler at all. */
export type Replaces = (scheduler: SchedulerService) => SchedulerService

const instanceOf = (decisions: Decisions, replaces: Replaces): SchedulerInstance => {
  const queue: Queue = { tasks: new Map(), served: new Map(), turn: 0, news: 0, listeners: new Set() }
  const open = () => replaces(make(queue, decisions))
  const waiting = (job: Job.Job) =>
    ({ job, status: "waiting", failures: 0, isRunning: false, reason: "", deadAt: 0 }) as const
  return {
    scheduler: open(),
    organizations: [organization(1), organization(2), organization(3)],
    schedule: (jobs) =>
      Effect.sync(() => {
        for (const job of jobs) queue.tasks.set(job.id, waiting(job))
        announce(queue)
      }),
    complete: (_organizationId, jobId) =>
      Effect.sync(() => {
        const task = queue.tasks.get(jobId)
        if (task?.status !== "waiting") return false
        queue.tasks.set(jobId, { ...task, status: "done" })
        return true
      }),
    probes: {
      workers: workersOn(queue, decisions),
      clients: (count) => Effect.sync(() => Array.from({ length: count }, open))
    }
  }
}

/** Makes the model, or one that decides otherwise, a subject. */
export const modelSubject = (
  name: string,
  wrap: (decisions: Decisions, model: undefined) => Decisions = (decisions) => decisions,
  replaces: Replaces = (scheduler) => scheduler
): Subject<SchedulerInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(Effect.sync(() => instanceOf(wrap(correct, undefined), replaces)))
})
