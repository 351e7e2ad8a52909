/** Signs of life of workers in memory. They go by Effect's clock. */
import { Workers } from "@portolan/ports"
import { DateTime, Effect, HashMap, Layer } from "effect"
import { type Contents, Memory, read, type Task, write } from "./Memory.ts"

type Port = Workers.Workers["Service"]

const latest = (instants: ReadonlyArray<DateTime.Utc>): DateTime.Utc | undefined =>
  instants.toSorted((one, other) => DateTime.toEpochMillis(other) - DateTime.toEpochMillis(one))[0]

const statusOf = (contents: Contents, at: DateTime.Utc): Workers.Status => {
  const workers = HashMap.toValues(contents.workers)
  const tasks = HashMap.toValues(contents.tasks).filter(({ status }: Task) => status === "waiting")
  const due = tasks.filter((task) => !task.running && DateTime.isLessThanOrEqualTo(task.job.dueAt, at))
  const lastSeenAt = latest(workers.map(({ seenAt }) => seenAt))
  const [oldestDueAt] = due
    .map(({ job }) => job.dueAt)
    .toSorted((one, other) => DateTime.toEpochMillis(one) - DateTime.toEpochMillis(other))
  return {
    at,
    living: workers.filter(({ livingUntil }) => DateTime.isGreaterThan(livingUntil, at)).length,
    underWay: tasks.filter(({ running }) => running).length,
    ...(lastSeenAt === undefined ? {} : { lastSeenAt }),
    ...(oldestDueAt === undefined ? {} : { oldestDueAt })
  }
}

const backlogOf = (contents: Contents, at: DateTime.Utc): Workers.Backlog => {
  const tasks = HashMap.toValues(contents.tasks)
  const waiting = tasks.filter(({ running, status }) => status === "waiting" && !running)
  const ages = waiting.map(({ job }) => (DateTime.toEpochMillis(at) - DateTime.toEpochMillis(job.dueAt)) / 1000)
  const due = ages.filter((age) => age >= 0)
  return {
    due: due.length,
    overdue: due.filter((age) => age > Workers.overdueSeconds).length,
    underWay: tasks.filter(({ running, status }) => status === "waiting" && running).length,
    later: ages.length - due.length,
    deadLetters: tasks.filter(({ status }) => status === "parked").length,
    oldestDueSeconds: Math.max(0, ...due),
    living: statusOf(contents, at).living
  }
}

const beat = (memory: Memory["Service"]): Port["beat"] =>
  Effect.fn("Workers.beat")(function* (workerId, life) {
    const seenAt = yield* DateTime.now
    const seen = { seenAt, livingUntil: DateTime.addDuration(seenAt, life) }
    yield* write(memory, (contents) => [
      undefined,
      { ...contents, workers: HashMap.set(contents.workers, workerId, seen) }
    ])
  })

const leave = (memory: Memory["Service"]): Port["leave"] =>
  Effect.fn("Workers.leave")(function* (workerId) {
    const now = yield* DateTime.now
    yield* write(memory, (contents) => [
      undefined,
      {
        ...contents,
        workers: HashMap.modify(contents.workers, workerId, ({ livingUntil, seenAt }) => ({
          seenAt,
          livingUntil: DateTime.min(livingUntil, now)
        }))
      }
    ])
  })

const claimNotice = (memory: Memory["Service"]): Port["claimNotice"] =>
  Effect.fn("Workers.claimNotice")(function* (turn, life) {
    const now = yield* DateTime.now
    return yield* write<boolean>(memory, (contents) => {
      const { claimedUntil, confirmed } = contents.workerNotices
      const isTaken = claimedUntil !== undefined && DateTime.isGreaterThan(claimedUntil, now)
      if (confirmed === turn || isTaken) return [false, contents]
      return [true, { ...contents, workerNotices: { confirmed, claimedUntil: DateTime.addDuration(now, life) } }]
    })
  })

/** Keeps signs of life in `Memory`. */
export const layer: Layer.Layer<Workers.Workers, never, Memory> = Layer.effect(
  Workers.Workers,
  Effect.gen(function* () {
    const memory = yield* Memory
    return Workers.Workers.of({
      beat: beat(memory),
      leave: leave(memory),
      status: Effect.flatMap(DateTime.now, (now) => read(memory, (contents) => statusOf(contents, now))),
      backlog: Effect.flatMap(DateTime.now, (now) => read(memory, (contents) => backlogOf(contents, now))),
      claimNotice: claimNotice(memory),
      confirmNotice: (confirmed) =>
        write(memory, (contents) => [undefined, { ...contents, workerNotices: { confirmed } }])
    })
  })
)
