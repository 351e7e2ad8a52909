/** The organization's history as a feed, for software that wants to know what happens. */
import type { Access, Aggregate, Refused } from "@portolan/domain"
import { Context, type Effect, Layer, type Stream } from "effect"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as FollowEvents from "./followEvents.ts"

/** Reads and follows the history. For callers with unlimited access; it covers all accounts. */
export interface Contract {
  /** The events after a position (0 for the beginning), at most `limit` (1 to 500). */
  readonly after: (
    caller: Access.Caller,
    position: number,
    limit: number
  ) => Effect.Effect<ReadonlyArray<Aggregate.Recorded>, Refused.Refused | StoreError>

  /** The events after a position, and those to come. */
  readonly follow: (
    caller: Access.Caller,
    position: number
  ) => Stream.Stream<Aggregate.Recorded, Refused.Refused | StoreError>
}

/** Reads and follows the history. */
export class EventFeed extends Context.Service<EventFeed, Service<Contract, typeof FollowEvents>>()(
  "@portolan/ports/driving/EventFeed"
) {
  /** The service over the event log. */
  static readonly layer = Layer.effect(EventFeed, bound(deps("eventLog"), { ...FollowEvents }))
}
