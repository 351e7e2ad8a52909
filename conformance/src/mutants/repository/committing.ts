/** Stores that are wrong about commits, versions and traces: REPO-01 to 05, 10, 21. */
import type { Aggregate } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import type { Services } from "../../laws/repository/RepositoryInstance.ts"
import { append, commit, writeStates } from "../../reference/repository/commit.ts"
import { copyOf, history, type Row } from "../../reference/repository/MemoryBackend.ts"
import { mutant, replacing } from "./mutant.ts"

type Commit = Services["unitOfWork"]["commit"]

/** Answers a plain result of the model as the port does. */
const answered = (answer: ReturnType<typeof commit>): ReturnType<Commit> =>
  "versions" in answer ? Effect.succeed(answer) : Effect.fail(answer)

/** Reads from a replica that catches up after each read. */
export const readReplicaLag = mutant(
  "repo-read-replica-lag",
  "REPO-01",
  "Loads from a copy of the storage, which is brought up to date after the read instead of before it.",
  {
    wrap: (services, { backend, faultPoints }) => {
      let copy: ReadonlyMap<string, Row> | undefined
      return {
        ...services,
        repository: {
          ...services.repository,
          find: (kind, organizationId, id) =>
            Effect.suspend(() => {
              const row = (copy ?? backend.rows).get(faultPoints.place(organizationId, kind, id))
              copy = new Map(backend.rows)
              return row === undefined
                ? Effect.fail(new Repository.NotFound({ kind, id }))
                : // What is kept under a kind was written as that kind.
                  Effect.succeed({ state: row.state as Aggregate.Present<typeof kind>, version: row.version })
            })
        }
      }
    }
  }
)

/** Tells the version that it expected. */
export const tellsExpected = mutant(
  "repo-tells-old-version",
  "REPO-01",
  "Tells the caller the version before the change.",
  {
    wrap: replacing(({ unitOfWork }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.map(unitOfWork.commit(change), (committed) => ({
            ...committed,
            versions: new Map(change.writes.map(({ id, expected }) => [id, expected]))
          }))
      }
    }))
  }
)

/** Writes the history by another connection than the state. */
export const outboxOutside = mutant(
  "repo-outbox-outside-tx",
  "REPO-02",
  "Appends to the history on a second connection, before the change is decided.",
  {
    wrap: replacing(({ unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const { organizationId, writes } = change
            yield* backend.access(() => append(backend, faultPoints, change))
            const bare = writes.map((write) => ({ ...write, events: [] }))
            const { versions } = yield* unitOfWork.commit({ ...change, writes: bare })
            return { versions, position: history(backend, organizationId).length }
          })
      }
    }))
  }
)

/** Keeps the key of a change that was refused. */
export const keyOutlives = mutant(
  "repo-key-outlives-rollback",
  "REPO-02",
  "Writes the idempotency key in a transaction of its own, which stays when the change is refused.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.tapError(unitOfWork.commit(change), () =>
            Effect.sync(() => {
              const { organizationId, idempotency } = change
              if (idempotency === undefined) return
              const place = JSON.stringify([organizationId, idempotency.key])
              if (!backend.keys.has(place)) backend.keys.set(place, idempotency)
            })
          )
      }
    }))
  }
)

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

/** Publishes, then commits. */
export const eventFirst = mutant(
  "repo-event-first",
  "REPO-10",
  "Appends the events of a change that it accepts in a step of their own, before the states.",
  {
    wrap: replacing(({ unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const bare = { ...change, writes: change.writes.map((write) => ({ ...write, events: [] })) }
            yield* answered(commit(copyOf(backend), faultPoints, bare))
            yield* backend.access(() => append(backend, faultPoints, change))
            const { versions } = yield* unitOfWork.commit(bare)
            return { versions, position: history(backend, change.organizationId).length }
          })
      }
    }))
  }
)

/** Loses the events of a change that has more than one. */
export const firstEventOnly = mutant("repo-first-event-only", "REPO-10", "Keeps one event an aggregate and change.", {
  wrap: replacing(({ unitOfWork }) => ({
    unitOfWork: {
      commit: (change) =>
        unitOfWork.commit({
          ...change,
          writes: change.writes.map((write) => ({ ...write, events: write.events.slice(0, 1) }))
        } as typeof change)
    }
  }))
})

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

/** Writes states even when somebody else has the profile. */
export const statesBeforeClaims = mutant(
  "repo-states-before-claims",
  "REPO-02",
  "Writes the states before it looks at profiles, and does not take them back.",
  {
    wrap: replacing(({ unitOfWork }, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.tapError(unitOfWork.commit(change), (refusal) =>
            Effect.sync(() => {
              if (refusal._tag === "ProfileTaken") writeStates(backend, faultPoints, change)
            })
          )
      }
    }))
  }
)
