/** The history of an organization: every event with its actor, in the order of commit, never changed (law REPO-27). */
import type { Actor, Aggregate, Id } from "@portolan/domain"
import { Context, type Effect, type Stream } from "effect"
import type { InvalidCursor, Page, PageRequest } from "./Page.ts"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** Reads the history. */
export class EventLog extends Context.Service<
  EventLog,
  {
    /**
     * The events after a position, at most `limit` (1 to 500), in order. An event that was committed is never skipped,
     * however late its transaction ended (law REPO-12).
     */
    readonly after: (
      organizationId: Id.OrganizationId,
      position: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<Aggregate.Recorded>, StoreUnavailable>

    /** The history of one aggregate or of several that belong together, the youngest first. */
    readonly of: (
      organizationId: Id.OrganizationId,
      aggregateIds: ReadonlyArray<string>,
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Recorded>, InvalidCursor | StoreUnavailable>

    /** The whole history, the youngest first; `kinds` narrows to kinds of aggregates, `actor` to what one actor did. */
    readonly all: (
      organizationId: Id.OrganizationId,
      filter: { readonly kinds?: ReadonlyArray<Aggregate.Kind>; readonly actor?: Actor.Actor["_tag"] },
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Recorded>, InvalidCursor | StoreUnavailable>

    /** Events after a position as they come, without end. Ticks at most once a second when it has to poll. */
    readonly follow: (
      organizationId: Id.OrganizationId,
      position: number
    ) => Stream.Stream<Aggregate.Recorded, StoreUnavailable>
  }
>()("@portolan/ports/driven/EventLog") {}
