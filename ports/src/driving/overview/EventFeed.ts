/** The conversation with software that wants to know what happens: the organization's history as a feed. */
import type { Access, Aggregate, Refused } from "@portolan/domain"
import { Context, Effect, Layer, Stream } from "effect"
import { EventLog } from "../../driven/EventLog.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** Reads and follows the history. For callers who reach everything; it tells of all accounts. */
export class EventFeed extends Context.Service<
  EventFeed,
  {
    /** The events after a position (0 for the beginning), at most `limit` (1 to 500). */
    readonly after: (
      caller: Access.Caller,
      position: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<Aggregate.Recorded>, Refused.Refused | StoreUnavailable>

    /** The events after a position, and those to come. */
    readonly follow: (
      caller: Access.Caller,
      position: number
    ) => Stream.Stream<Aggregate.Recorded, Refused.Refused | StoreUnavailable>
  }
>()("@portolan/ports/driving/EventFeed") {
  /** The feed over the event log. */
  static readonly layer = Layer.effect(
    EventFeed,
    Effect.gen(function* () {
      const log = yield* EventLog
      const accessScope = yield* makeAccessScope
      return EventFeed.of({
        after: Effect.fn("EventFeed.after")(function* (caller, position, limit) {
          yield* accessScope.requireUnrestricted(caller, "read")
          return yield* log.after(caller.organizationId, position, limit)
        }),
        follow: (caller, position) =>
          Stream.unwrap(
            Effect.as(accessScope.requireUnrestricted(caller, "read"), log.follow(caller.organizationId, position))
          )
      })
    })
  )
}
