/** Repositories that are wrong about the history: REPO-11 to 13, 27. */
import { Id } from "@portolan/domain"
import { Effect, Stream } from "effect"
import { commit, recorded } from "../../reference/repository/commit.ts"
import { history } from "../../reference/repository/MemoryBackend.ts"
import { mutant, replacing } from "./mutant.ts"

/** Gives the last event of a change first. */
export const reversed = mutant(
  "log-reverses-a-change",
  "REPO-11",
  "Numbers the events of one aggregate and change in the reverse order.",
  {
    wrap: replacing(({ unitOfWork }) => ({
      unitOfWork: {
        commit: (change) =>
          unitOfWork.commit({
            ...change,
            writes: change.writes.map((write) => ({ ...write, events: write.events.toReversed() }))
          } as typeof change)
      }
    }))
  }
)

/** Takes a position early and shows the event late. */
export const highWaterMark = mutant(
  "log-high-water-mark",
  "REPO-12",
  "Takes positions from a counter before the events can be read: a later position may be seen first.",
  {
    wrap: replacing((_services, { backend, faultPoints }) => ({
      unitOfWork: {
        commit: (change) =>
          Effect.gen(function* () {
            const past = history(backend, change.organizationId)
            const bare = { ...change, writes: change.writes.map((write) => ({ ...write, events: [] })) }
            const committed = yield* backend.access(() => commit(backend, faultPoints, bare))
            if (!("versions" in committed)) return yield* Effect.fail(committed)
            const taken = yield* backend.access(() => {
              const next = (heads.get(past) ?? past.length) + 1
              const events = recorded(faultPoints, change, next)
              heads.set(past, next + events.length - 1)
              return events
            })
            yield* Effect.yieldNow
            yield* Effect.yieldNow
            yield* backend.access(() => {
              past.push(...taken)
              past.sort((one, other) => one.position - other.position)
            })
            return { ...committed, position: taken.at(-1)?.position ?? past.length }
          })
      }
    }))
  }
)

/** The counters of `highWaterMark`, one a history. */
const heads = new WeakMap<object, number>()

/** Leaves a hole for each change that was refused. */
export const sequenceGaps = mutant(
  "repo-sequence-gaps",
  "REPO-12",
  "Numbers events from a sequence, which a refused change advances as well.",
  {
    wrap: replacing(({ unitOfWork }, { backend }) => {
      return {
        unitOfWork: {
          commit: (change) =>
            Effect.gen(function* () {
              const past = history(backend, change.organizationId)
              const before = past.length
              const committed = yield* Effect.tapError(unitOfWork.commit(change), () =>
                Effect.sync(() => holes.set(past, (holes.get(past) ?? 0) + 1))
              )
              const skip = holes.get(past) ?? 0
              for (let index = before; index < past.length; index++) {
                const event = past[index]
                if (event !== undefined) past[index] = { ...event, position: event.position + skip }
              }
              return { ...committed, position: past.at(-1)?.position ?? 0 }
            })
        }
      }
    })
  }
)

/** The holes of `sequenceGaps`, counted by history: the sequence is the storage's, not the client's. */
const holes = new WeakMap<object, number>()

let made = 0

/** Names events when it hands them out. */
export const newIdOnRead = mutant(
  "log-new-id-on-read",
  "REPO-13",
  "Makes the id of an event when it is read onwards.",
  {
    wrap: replacing(({ log }) => ({
      log: {
        after: (organizationId, position, limit) =>
          Effect.map(log.after(organizationId, position, limit), (events) =>
            events.map((event) => ({ ...event, id: Id.make("event", ++made, new Uint8Array(10)) }))
          )
      }
    }))
  }
)

/** Follows from now on. */
export const followsFromNow = mutant(
  "log-follow-from-now",
  "REPO-13",
  "Gives a follower what is committed from now on, and nothing that is there already.",
  {
    wrap: replacing(({ log }, { backend }) => ({
      log: {
        follow: (organizationId) =>
          Stream.unwrap(Effect.sync(() => log.follow(organizationId, history(backend, organizationId).length)))
      }
    }))
  }
)

/** Keeps one line an aggregate. */
export const auditOverwrite = mutant("repo-audit-overwrite", "REPO-27", "Keeps one entry an aggregate, the latest.", {
  wrap: replacing(({ unitOfWork }, { backend }) => ({
    unitOfWork: {
      commit: (change) =>
        Effect.tap(unitOfWork.commit(change), () =>
          Effect.sync(() => {
            const past = history(backend, change.organizationId)
            const latest = new Map(past.map((event) => [event.aggregate.id, event]))
            const kept = past.filter((event) => latest.get(event.aggregate.id) === event)
            past.splice(0, past.length, ...kept.map((event, index) => ({ ...event, position: index + 1 })))
          })
        )
    }
  }))
})

/** Knows one actor. */
export const systemActor = mutant(
  "repo-audit-system-actor",
  "REPO-27",
  "Names the software as the actor of everything.",
  {
    wrap: replacing(({ unitOfWork }) => ({
      unitOfWork: {
        commit: (change) => unitOfWork.commit({ ...change, actor: { _tag: "System", part: "repository" } })
      }
    }))
  }
)
