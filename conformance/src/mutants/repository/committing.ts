/** Repositories that are wrong about commits and traces: REPO-01, 02, 10. */
import type { Aggregate } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect } from "effect"
import { append, commit, writeStates } from "../../reference/repository/commit.ts"
import { copyOf, history, type Row } from "../../reference/repository/MemoryBackend.ts"
import { answered, mutant, replacing } from "./mutant.ts"

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
