/** The history of the model. */
import type { Aggregate, Id, Stored } from "@portolan/domain"
import { Cursor, type EventLog } from "@portolan/ports"
import { Effect, Stream } from "effect"
import { among, is, paged, type Model, unreadableOf } from "./listing.ts"
import { history } from "./MemoryBackend.ts"

type Log = EventLog.EventLog["Service"]

type Events = ReadonlyArray<Aggregate.Recorded>

/** The events up to the first that cannot be read; fails when that is the first of all. */
const slice = ({ backend }: Model, organizationId: Id.OrganizationId, position: number, limit: number) =>
  Effect.flatMap(
    backend.access(() =>
      history(backend, organizationId)
        .filter((event) => event.position > position)
        .slice(0, limit)
    ),
    (events): Effect.Effect<Events, Stored.Unreadable> => {
      const odd = events.findIndex((event) => unreadableOf(backend, event).length > 0)
      const [failure] = odd === 0 ? unreadableOf(backend, events[0]) : []
      if (failure !== undefined) return Effect.fail(failure)
      return Effect.succeed(odd === -1 ? events : events.slice(0, odd))
    }
  )

/** `after` of the port. */
export const after =
  (model: Model): Log["after"] =>
  (organizationId, position, limit) =>
    slice(model, organizationId, position, Math.min(500, Math.max(1, limit)))

/** `of` of the port. */
export const of =
  (model: Model): Log["of"] =>
  (organizationId, aggregateIds, page) =>
    paged(
      model,
      {
        name: [organizationId, "history", aggregateIds.toSorted()],
        items: () => history(model.backend, organizationId).filter((each) => aggregateIds.includes(each.aggregate.id)),
        sortKey: (event) => [event.position, event.id],
        descending: true
      },
      page
    )

/** `all` of the port. */
export const all =
  (model: Model): Log["all"] =>
  (organizationId, filter, page) =>
    paged(
      model,
      {
        name: [organizationId, "all", Cursor.spelled(filter)],
        items: () =>
          history(model.backend, organizationId).filter(
            (each) => among(filter.kinds, each.aggregate.kind) && is(filter.actor, each.actor._tag)
          ),
        sortKey: (event) => [event.position, event.id],
        descending: true
      },
      page
    )

/** `follow` of the port: asks again every second while there is nothing new. */
export const follow =
  (model: Model): Log["follow"] =>
  (organizationId, position) => {
    const next = (from: number): ReturnType<typeof slice> =>
      Effect.flatMap(slice(model, organizationId, from, 500), (events) =>
        events.length > 0 ? Effect.succeed(events) : Effect.andThen(Effect.sleep("1 second"), next(from))
      )
    return Stream.flattenIterable(
      Stream.unfold(position, (from) =>
        Effect.map(next(from), (events) => [events, events.at(-1)?.position ?? from] as const)
      )
    )
  }
