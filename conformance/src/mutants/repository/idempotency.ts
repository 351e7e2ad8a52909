/** Repositories that are wrong about repeated requests: REPO-23 and 24. */
import { Effect } from "effect"
import { commit, idempotency } from "../../reference/repository/commit.ts"
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
