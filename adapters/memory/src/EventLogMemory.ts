/** Reads the history out of the world in memory. */
import type { Aggregate } from "@portolan/domain"
import { Cursor, EventLog } from "@portolan/ports"
import { Effect, Layer, Option, PubSub, Stream } from "effect"
import { Memory, read, tenant } from "./Memory.ts"
import { paged } from "./paged.ts"

/** The largest slice of history one call gives. */
const sliceLimit = 500

/** The events after a position, up to the first that cannot be read; fails when that is the first of all. */
const afterIn =
  (memory: Memory["Service"]): EventLog.EventLog["Service"]["after"] =>
  (organizationId, position, limit) =>
    Effect.flatMap(
      read(memory, (contents) => {
        const from = Math.max(0, Math.trunc(position))
        const end = from + Math.min(sliceLimit, Math.max(1, Math.trunc(limit)))
        return { events: tenant(contents, organizationId).events.slice(from, end), unreadable: contents.unreadable }
      }),
      ({ events, unreadable }) => {
        const odd = events.findIndex((event) => unreadable.has(event))
        const first = events[0] === undefined ? undefined : unreadable.get(events[0])
        if (first !== undefined) return Effect.fail(first)
        return Effect.succeed(odd === -1 ? events : events.slice(0, odd))
      }
    )

/** Reads from `Memory`. `follow` wakes up when something changes; it never polls. */
export const layer: Layer.Layer<EventLog.EventLog, never, Memory> = Layer.effect(
  EventLog.EventLog,
  Effect.gen(function* () {
    const memory = yield* Memory
    const after = afterIn(memory)
    return EventLog.EventLog.of({
      after,
      of: Effect.fn("EventLog.of")(function* (organizationId, aggregateIds, page) {
        const { events } = yield* read(memory, (contents) => tenant(contents, organizationId))
        const { unreadable } = yield* read(memory, (contents) => contents)
        const found = events.filter(({ aggregate }) => aggregateIds.includes(aggregate.id))
        const name = [organizationId, "history", aggregateIds.toSorted()]
        return yield* paged<Aggregate.Recorded>({ key: memory.cursorKey, name, page }, found, {
          key: (event) => [event.position, event.id],
          descending: true,
          unreadable
        })
      }),
      all: Effect.fn("EventLog.all")(function* (organizationId, filter, page) {
        const { actor, kinds } = filter
        const { events } = yield* read(memory, (contents) => tenant(contents, organizationId))
        const { unreadable } = yield* read(memory, (contents) => contents)
        const found = events.filter(
          (event) =>
            (kinds === undefined || kinds.includes(event.aggregate.kind)) &&
            (actor === undefined || event.actor._tag === actor)
        )
        return yield* paged<Aggregate.Recorded>(
          { key: memory.cursorKey, name: [organizationId, "all", Cursor.spelled(filter)], page },
          found,
          { key: (event) => [event.position, event.id], descending: true, unreadable }
        )
      }),
      follow: (organizationId, position) =>
        Stream.unwrap(
          Effect.gen(function* () {
            // Subscribed before the first look, so that nothing falls between looking and waiting.
            const signals = yield* PubSub.subscribe(memory.changed)
            const next = (from: number): ReturnType<typeof after> =>
              Effect.flatMap(after(organizationId, from, sliceLimit), (events) =>
                events.length > 0 ? Effect.succeed(events) : Effect.andThen(PubSub.take(signals), next(from))
              )
            return Stream.paginate(position, (from) =>
              Effect.map(next(from), (events) => [events, Option.some(events.at(-1)?.position ?? from)] as const)
            )
          })
        )
    })
  })
)
