/** Stores that are wrong about repeated requests, values and work: REPO-23 to 25, 30, SCHED-19. */
import { Aggregate, Job } from "@portolan/domain"
import { Effect, Schema } from "effect"
import { commit, idempotency, schedule } from "../../reference/repository/commit.ts"
import { mutant, replacing } from "./mutant.ts"

/** Writes the key when all is done. */
export const dedupeAfter = mutant(
  "repo-dedupe-after",
  "REPO-23",
  "Records the key after the effect, in a transaction of its own.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const { idempotency: record, ...rest } = change
            if (record === undefined) return yield* unitOfWork.commit(change)
            const before = yield* Effect.result(
              unitOfWork.idempotentResource(change.organizationId, record.key, record.fingerprint)
            )
            if (before._tag === "Failure" || before.success !== undefined) return yield* unitOfWork.commit(change)
            yield* Effect.yieldNow
            const committed = yield* unitOfWork.commit(rest)
            yield* backend.access(() => idempotency(backend, change))
            return committed
          })
      }
    }))
  }
)

/** Does not look at what was asked. */
export const ignoresFingerprint = mutant(
  "repo-ignores-fingerprint",
  "REPO-23",
  "Answers another request under a used key with the outcome of the first.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.suspend(() => {
            const { organizationId, idempotency: record } = change
            const before =
              record === undefined ? undefined : backend.keys.get(JSON.stringify([organizationId, record.key]))
            return unitOfWork.commit(
              record === undefined || before === undefined
                ? change
                : { ...change, idempotency: { ...record, fingerprint: before.fingerprint } }
            )
          })
      }
    }))
  }
)

/** Tries again with what it finds. */
export const retryBlind = mutant(
  "repo-retry-blind",
  "REPO-24",
  "Repeats a change on top of what it finds, without a look at its key or its work.",
  {
    wrap: replacing(({ unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const { completes: _completes, idempotency: _remember, ...rest } = change
            const first = yield* Effect.result(unitOfWork.commit(change))
            if (first._tag === "Success") return first.success
            const writes = change.writes.map((write) => ({
              ...write,
              expected: backend.rows.get(faultPoints.place(change.organizationId, write.kind, write.id))?.version ?? 0
            }))
            const again = yield* backend.access(() => commit(backend, faultPoints, { ...rest, writes }))
            return "versions" in again ? again : yield* Effect.fail(first.failure)
          })
      }
    }))
  }
)

/** Stores by JSON text that somebody changes on the way. */
const through = (alter: (text: string) => string) => {
  const codecs = [...Object.values(Aggregate.machines).flatMap(({ Event, State }) => [State, Event]), Job.Job].map(
    (schema) => {
      const codec = Schema.toCodecJson<Schema.Codec<unknown, unknown>>(schema)
      return { is: Schema.is(schema), encode: Schema.encodeSync(codec), decode: Schema.decodeUnknownSync(codec) }
    }
  )
  return <A>(value: A): A => {
    const codec = codecs.find(({ is }) => is(value))
    // What a codec gives back is what it was given, but for what was altered.
    return codec === undefined ? value : (codec.decode(JSON.parse(alter(JSON.stringify(codec.encode(value))))) as A)
  }
}

/** Leaves the zone out. */
export const dateLocal = mutant("repo-date-local", "REPO-25", "Stores instants in local time, without the zone.", {
  faultPoints: {
    keep: through((text) =>
      text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, (instant) =>
        new Date(Date.parse(instant) - 7_200_000).toISOString()
      )
    )
  }
})

/** Cannot hold every character. */
export const stripsText = mutant("repo-strips-text", "REPO-25", "Drops characters that its text columns cannot hold.", {
  faultPoints: { keep: through((text) => text.replace(/\\u0000|\\ud[89a-f][0-9a-f]{2}|[\u{10000}-\u{10ffff}]/gu, "")) }
})

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
