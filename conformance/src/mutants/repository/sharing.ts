/** Repositories that mix what overlaps, or forget: REPO-06, 23, 47, 48, SCHED-19. */
import { Profile } from "@portolan/domain"
import { Effect } from "effect"
import { commit, idempotency } from "../../reference/repository/commit.ts"
import type { Task } from "../../reference/repository/MemoryBackend.ts"
import { answered, mutant, replacing } from "./mutant.ts"

/** Looks at the account instead of the connection. */
export const claimByAccount = mutant(
  "repo-claim-by-account",
  "REPO-06",
  "Lets a connection take over a profile that another connection of the same account holds.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.suspend(() => {
            for (const claim of change.claims) {
              if (claim._tag === "Release") continue
              const place = Profile.keyText(claim.key)
              const held = backend.claims.get(place)
              const isSame = held?.organizationId === change.organizationId && held.accountId === claim.accountId
              if (isSame) backend.claims.set(place, { ...held, connectionId: claim.connectionId })
            }
            return unitOfWork.commit(change)
          })
      }
    }))
  }
)

/** Frees whatever the account holds. */
export const freesByAccount = mutant(
  "repo-frees-by-place",
  "REPO-06",
  "Frees a profile for a connection of the organization that does not hold it, where it holds none itself.",
  { faultPoints: { frees: (change, _claim, holder) => holder.organizationId === change.organizationId } }
)

/** Remembers so many keys of an organization. */
const forgetful = (id: string, most: number) =>
  mutant(id, "REPO-23", `Keeps the last ${most} keys of requests and forgets those before.`, {
    longest: 1,
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.tap(unitOfWork.commit(change), () =>
            Effect.sync(() => {
              const own = [...backend.keys.keys()].filter((key) => key.includes(change.organizationId))
              for (const key of own.slice(0, Math.max(0, own.length - most))) backend.keys.delete(key)
            })
          )
      }
    }))
  })

/** Keeps few. */
export const forgetsKeysSoon = forgetful("repo-forgets-keys-soon", 4)

/** Keeps a page of them. */
export const forgetsKeysLater = forgetful("repo-forgets-keys-later", 100)

/** Writes the list of jobs back as a whole. */
export const losesWork = mutant(
  "repo-writes-all-work-back",
  "REPO-47",
  "Reads all work, adds that of the change, and writes all back: what others added meanwhile is gone.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            if (change.jobs.length === 0) return yield* unitOfWork.commit(change)
            const before = new Map<string, Task>(backend.tasks)
            yield* Effect.yieldNow
            const committed = yield* unitOfWork.commit(change)
            for (const [id, task] of backend.tasks) {
              const isOwn = task.job.organizationId === change.organizationId
              if (isOwn) before.set(id, task)
            }
            backend.tasks.clear()
            for (const [id, task] of before) backend.tasks.set(id, task)
            return committed
          })
      }
    }))
  }
)

/** Loses the work of others, in one organization as well. */
export const lastWorkWins = mutant(
  "sched-last-work-wins",
  "SCHED-19",
  "Keeps the work of the change that was committed last, of two that overlap.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            if (change.jobs.length === 0) return yield* unitOfWork.commit(change)
            const before = new Map<string, Task>(backend.tasks)
            yield* Effect.yieldNow
            const committed = yield* unitOfWork.commit(change)
            for (const { id } of change.jobs) {
              const task = backend.tasks.get(id)
              if (task !== undefined) before.set(id, task)
            }
            backend.tasks.clear()
            for (const [id, task] of before) backend.tasks.set(id, task)
            return committed
          })
      }
    }))
  }
)

/** Appends to the history apart from the rest. */
export const splitCommit = mutant(
  "repo-key-in-second-step",
  "REPO-48",
  "Writes the key in a second step: another change under it may come in between.",
  {
    wrap: replacing(({ unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const { idempotency: record, ...rest } = change
            if (record === undefined) return yield* unitOfWork.commit(change)
            const before = yield* Effect.result(
              unitOfWork.idempotentResource(change.organizationId, record.key, record.fingerprint)
            )
            if (before._tag === "Failure" || before.success !== undefined) return yield* unitOfWork.commit(change)
            const committed = yield* answered(commit(backend, faultPoints, rest))
            yield* Effect.yieldNow
            idempotency(backend, change)
            return committed
          })
      }
    }))
  }
)

/** Keeps a profile of a change that came first and was refused. */
export const claimsFirst = mutant(
  "repo-binds-before-it-looks",
  "REPO-48",
  "Binds profiles in a step before it compares versions, and frees them when the change is refused.",
  {
    wrap: replacing(({ unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            if (change.claims.length === 0) return yield* unitOfWork.commit(change)
            const { claims, organizationId, actor, at } = change
            const claim = { organizationId, actor, at, claims, writes: [], jobs: [] }
            const before = new Map(backend.claims)
            const bound = yield* Effect.result(answered(commit(backend, faultPoints, claim)))
            if (bound._tag === "Failure") return yield* unitOfWork.commit(change)
            yield* Effect.yieldNow
            return yield* Effect.tapError(unitOfWork.commit(change), () =>
              Effect.sync(() => {
                backend.claims.clear()
                for (const [place, held] of before) backend.claims.set(place, held)
              })
            )
          })
      }
    }))
  }
)
