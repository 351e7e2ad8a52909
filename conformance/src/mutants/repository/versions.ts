/** Repositories that are wrong about versions and overlapping changes: REPO-03 to 05, 21. */
import { Effect } from "effect"
import { commit } from "../../reference/repository/commit.ts"
import { answered, mutant, replacing } from "./mutant.ts"

/** Does not look at versions. */
export const lastWriteWins = mutant("repo-last-write-wins", "REPO-03", "Ignores the version that a write expects.", {
  faultPoints: { isStale: () => false }
})

/** Accepts what is newer than the stored version. */
export const staleOnlyWhenOlder = mutant(
  "repo-only-older-is-stale",
  "REPO-03",
  "Refuses versions below the stored one only.",
  { faultPoints: { isStale: (write, found) => write.expected < found } }
)

/** Looks, and then writes. */
export const checkThenWrite = mutant(
  "repo-check-then-write",
  "REPO-03",
  "Compares the version in one statement and writes in the next, without a condition.",
  {
    wrap: replacing(({ repository, unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            for (const write of change.writes) {
              const found = yield* Effect.match(repository.find(write.kind, change.organizationId, write.id), {
                onFailure: () => 0,
                onSuccess: ({ version }) => version
              })
              if (faultPoints.isStale(write, found)) return yield* unitOfWork.commit(change)
            }
            yield* Effect.yieldNow
            return yield* Effect.flatMap(
              backend.access(() => commit(backend, { ...faultPoints, isStale: () => false }, change)),
              answered
            )
          })
      }
    }))
  }
)

/** Counts events instead of changes. */
export const versionPerEvent = mutant(
  "repo-version-per-event",
  "REPO-04",
  "Raises the version by the number of events.",
  { faultPoints: { version: (write) => write.expected + write.events.length } }
)

/** Starts at zero. */
export const versionFromZero = mutant("repo-version-from-zero", "REPO-04", "Gives the first version as 0.", {
  wrap: replacing(({ repository, unitOfWork }) => ({
    repository: {
      find: (kind, organizationId, id) =>
        Effect.map(repository.find(kind, organizationId, id), ({ state, version }) => ({ state, version: version - 1 }))
    },
    unitOfWork: {
      commit: (change) =>
        Effect.map(unitOfWork.commit(change), ({ position, versions }) => ({
          position,
          versions: new Map([...versions].map(([id, version]) => [id, version - 1]))
        }))
    }
  }))
})

/** Takes the version that it finds for the one that was expected. */
export const readOutside = mutant(
  "repo-read-outside-tx",
  "REPO-05",
  "Reads the version anew before it writes, and expects that one.",
  {
    wrap: replacing(({ repository, unitOfWork }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const writes = yield* Effect.forEach(change.writes, (write) =>
              Effect.map(
                Effect.match(repository.find(write.kind, change.organizationId, write.id), {
                  onFailure: () => 0,
                  onSuccess: ({ version }) => version
                }),
                (expected) => ({ ...write, expected })
              )
            )
            return yield* unitOfWork.commit({ ...change, writes })
          })
      }
    }))
  }
)

/** Guards nothing that does not change. */
export const skew = mutant(
  "repo-skew",
  "REPO-21",
  "Leaves out the writes of aggregates to which nothing happened, and so their versions.",
  {
    wrap: replacing(({ unitOfWork }) => ({
      unitOfWork: {
        commit: (change) =>
          unitOfWork.commit({ ...change, writes: change.writes.filter(({ events }) => events.length > 0) })
      }
    }))
  }
)

/** Binds one profile after the other. */
export const claimsOneByOne = mutant(
  "repo-claims-one-by-one",
  "REPO-21",
  "Binds each profile in a transaction of its own.",
  {
    wrap: replacing(({ unitOfWork }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            for (const claim of change.claims) {
              yield* unitOfWork.commit({
                organizationId: change.organizationId,
                actor: change.actor,
                at: change.at,
                writes: [],
                claims: [claim],
                jobs: []
              })
            }
            return yield* unitOfWork.commit(change)
          })
      }
    }))
  }
)
