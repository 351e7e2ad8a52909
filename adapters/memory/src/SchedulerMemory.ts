/**
 * Hands out the work kept in memory. Each of `concurrency` workers takes one piece at a time; the organization that
 * waited longest comes first, so a large backlog of one does not hold up the others.
 */
import { Backoff, type Id } from "@portolan/domain"
import { Scheduler } from "@portolan/ports"
import {
  Cause,
  DateTime,
  Deferred,
  Duration,
  Effect,
  Exit,
  Fiber,
  HashMap,
  HashSet,
  Layer,
  Option,
  PubSub,
  Random,
  Ref
} from "effect"
import { type Contents, Memory, read, type Task, write } from "./Memory.ts"

/** How long work that is under way may take to end when the scope closes. */
export const grace = Duration.seconds(10)

const waiting = (contents: Contents): ReadonlyArray<Task> =>
  [...contents.waiting].flatMap((id) => Option.toArray(HashMap.get(contents.tasks, id))).filter((task) => !task.running)

const before =
  (contents: Contents) =>
  (one: Task, other: Task): number => {
    const turn = (task: Task) => Option.getOrElse(HashMap.get(contents.served, task.job.organizationId), () => 0)
    return (
      turn(one) - turn(other) ||
      DateTime.toEpochMillis(one.job.dueAt) - DateTime.toEpochMillis(other.job.dueAt) ||
      (one.job.id < other.job.id ? -1 : 1)
    )
  }

/** What a look at the waiting work found: a piece that is due, or else when the next one is, in epoch milliseconds. */
interface Look {
  readonly task?: Task
  readonly nextAt: number
}

/** Takes the next due piece, by one look at each that waits. */
const take =
  (now: DateTime.Utc) =>
  (contents: Contents): readonly [Look, Contents] => {
    const millis = DateTime.toEpochMillis(now)
    const order = before(contents)
    let next: Task | undefined
    let nextAt = Infinity
    for (const id of contents.waiting) {
      const task = Option.getOrUndefined(HashMap.get(contents.tasks, id))
      if (task === undefined || task.running) continue
      const dueAt = DateTime.toEpochMillis(task.job.dueAt)
      nextAt = Math.min(nextAt, dueAt)
      if (dueAt <= millis && (next === undefined || order(task, next) < 0)) next = task
    }
    if (next === undefined) return [{ nextAt }, contents]
    const turn = contents.turn + 1
    return [
      { task: next, nextAt },
      {
        ...contents,
        turn,
        served: HashMap.set(contents.served, next.job.organizationId, turn),
        tasks: HashMap.set(contents.tasks, next.job.id, { ...next, running: true })
      }
    ]
  }

const park = (task: Task, reason: string, now: DateTime.Utc): Task => ({
  ...task,
  status: "parked",
  reason,
  deadLetteredAt: now
})

const afterOutcome = (task: Task, outcome: Scheduler.Outcome, now: DateTime.Utc): Task => {
  switch (outcome._tag) {
    case "Done":
      return { ...task, status: "done" }
    case "RetryAt":
      return { ...task, job: { ...task.job, dueAt: outcome.at } }
    case "Failed": {
      const failures = task.failures + 1
      const failed = { ...task, failures, reason: outcome.reason, job: { ...task.job, dueAt: outcome.at } }
      return failures >= Backoff.attemptLimit ? park(failed, outcome.reason, now) : failed
    }
    case "DeadLettered":
      return park({ ...task, failures: task.failures + 1 }, outcome.reason, now)
  }
}

/** Writes down what became of a piece, unless its own change completed it meanwhile. */
const settle =
  (id: Id.JobId, outcome: Scheduler.Outcome | undefined, now: DateTime.Utc) =>
  (contents: Contents): readonly [void, Contents] => {
    const task = Option.getOrUndefined(HashMap.get(contents.tasks, id))
    if (task === undefined) return [undefined, contents]
    const free = { ...task, running: false }
    const next = task.status === "waiting" && outcome !== undefined ? afterOutcome(free, outcome, now) : free
    return [
      undefined,
      {
        ...contents,
        tasks: HashMap.set(contents.tasks, id, next),
        waiting: next.status === "waiting" ? contents.waiting : HashSet.remove(contents.waiting, id)
      }
    ]
  }

type Handle = (due: Scheduler.Due) => Effect.Effect<Scheduler.Outcome>

const runTask = Effect.fnUntraced(function* (memory: Memory["Service"], handle: Handle, task: Task) {
  const exit = yield* Effect.exit(handle({ job: task.job, failures: task.failures }))
  const now = yield* DateTime.now
  if (Exit.isSuccess(exit)) return yield* write(memory, settle(task.job.id, exit.value, now))
  // Interrupted from outside: nothing is known, so it is handed out again.
  if (Cause.hasInterruptsOnly(exit.cause)) return yield* write(memory, settle(task.job.id, undefined, now))
  yield* Effect.logError("A handler died", exit.cause)
  const at = DateTime.addDuration(now, Backoff.delay(task.failures + 1, yield* Random.next))
  yield* write(memory, settle(task.job.id, { _tag: "Failed", at, reason: "The handler died." }, now))
})

const work = Effect.fnUntraced(function* (
  memory: Memory["Service"],
  handle: Handle,
  stopping: Deferred.Deferred<void>
) {
  const signals = yield* PubSub.subscribe(memory.changed)
  while (!(yield* Deferred.isDone(stopping))) {
    const now = yield* DateTime.now
    const { nextAt, task: taken } = yield* Effect.uninterruptibleMask((restore) =>
      Effect.tap(Ref.modify(memory.contents, take(now)), ({ task }) =>
        task === undefined ? Effect.void : runTask(memory, (due) => restore(handle(due)), task)
      )
    )
    if (taken !== undefined) continue
    const wake = Effect.raceFirst(PubSub.take(signals), Deferred.await(stopping))
    // Longer sleeps than a timer can hold are cut; the loop simply looks again.
    // Work may be due in the middle of a millisecond; a clock that counts whole ones would never get there.
    const sleep = Math.min(86_400_000, Math.ceil(nextAt - DateTime.toEpochMillis(now)))
    yield* nextAt === Infinity ? wake : Effect.raceFirst(wake, Effect.sleep(Duration.millis(Math.max(0, sleep))))
  }
}, Effect.scoped)

/** Seconds for which the oldest due job has been waiting while none is under way. */
const oldestDueAge = (memory: Memory["Service"]) =>
  Effect.flatMap(DateTime.now, (now) =>
    read(memory, (contents) => {
      const millis = DateTime.toEpochMillis(now)
      const isUnderWay = [...contents.waiting].some((id) =>
        Option.exists(HashMap.get(contents.tasks, id), (task) => task.running)
      )
      const waits = waiting(contents).map(({ job }) => millis - DateTime.toEpochMillis(job.dueAt))
      return Duration.millis(isUnderWay ? 0 : Math.max(0, ...waits))
    })
  )

const deadLetterOf = (task: Task): ReadonlyArray<Scheduler.DeadLettered> =>
  task.status === "parked" && task.deadLetteredAt !== undefined
    ? [
        {
          jobId: task.job.id,
          organizationId: task.job.organizationId,
          task: task.job.task._tag,
          reason: task.reason ?? "",
          failures: task.failures,
          deadLetteredAt: task.deadLetteredAt
        }
      ]
    : []

const latestFirst = (one: Scheduler.DeadLettered, other: Scheduler.DeadLettered) =>
  DateTime.toEpochMillis(other.deadLetteredAt) - DateTime.toEpochMillis(one.deadLetteredAt) ||
  (one.jobId < other.jobId ? 1 : -1)

const deadLetters = (memory: Memory["Service"], organizationId: Id.OrganizationId) =>
  read(memory, (contents) =>
    HashMap.toValues(contents.tasks)
      .flatMap(deadLetterOf)
      .filter((one) => one.organizationId === organizationId)
      .toSorted(latestFirst)
      .slice(0, 100)
  )

const redeliver = Effect.fn("Scheduler.redeliver")(function* (
  memory: Memory["Service"],
  organizationId: Id.OrganizationId,
  jobId: Id.JobId
) {
  const now = yield* DateTime.now
  return yield* write(memory, (contents) => {
    const task = Option.getOrUndefined(HashMap.get(contents.tasks, jobId))
    if (task?.status !== "parked" || task.job.organizationId !== organizationId) return [false, contents]
    const job = { ...task.job, dueAt: now }
    return [
      true,
      {
        ...contents,
        tasks: HashMap.set(contents.tasks, jobId, { job, status: "waiting", failures: 0, running: false }),
        waiting: HashSet.add(contents.waiting, jobId)
      }
    ]
  })
})

const consume = (memory: Memory["Service"]): Scheduler.Scheduler["Service"]["consume"] =>
  Effect.fnUntraced(function* (handle, { concurrency }) {
    const stopping = yield* Deferred.make<void>()
    const fibers = yield* Effect.forEach(Array.from({ length: Math.max(1, Math.trunc(concurrency)) }), () =>
      Effect.forkDetach(work(memory, handle, stopping))
    )
    yield* Effect.addFinalizer(() =>
      Deferred.succeed(stopping, undefined).pipe(
        Effect.andThen(Effect.timeoutOption(Fiber.awaitAll(fibers), grace)),
        Effect.andThen(Fiber.interruptAll(fibers))
      )
    )
  })

/** Hands out the work of `Memory`. */
export const layer: Layer.Layer<Scheduler.Scheduler, never, Memory> = Layer.effect(
  Scheduler.Scheduler,
  Effect.gen(function* () {
    const memory = yield* Memory
    return Scheduler.Scheduler.of({
      consume: consume(memory),
      oldestDueAge: oldestDueAge(memory),
      deadLetters: (organizationId) => deadLetters(memory, organizationId),
      redeliver: (organizationId, jobId) => redeliver(memory, organizationId, jobId)
    })
  })
)
