/**
 * The history of an organization: every event with its actor, in the order of commit, never changed (law REPO-27).
 *
 * An event is kept as it was written, with its schema version, and read by the domain's reader (`Stored.readRecorded`),
 * so a history reads for as long as it is kept (law REPO-26). An event that cannot be read is `Unreadable`: pages name
 * it beside the others, and `after` and `follow` give what comes before it, then fail with it, because they skip
 * nothing.
 */
import type { Actor, Aggregate, Id } from "@portolan/domain"
import { Context, type Effect, type Stream } from "effect"
import type { InvalidCursor, Page, PageRequest } from "./Page.ts"
import type { StoreError } from "./StoreUnavailable.ts"

/** Reads the history. */
export class EventLog extends Context.Service<
  EventLog,
  {
    /**
     * The events after a position, at most `limit` (1 to 500; another is moved to the nearest of them), in order. An
     * event that was committed is never skipped, however late its transaction ended (law REPO-12).
     */
    readonly after: (
      organizationId: Id.OrganizationId,
      position: number,
      limit: number
    ) => Effect.Effect<ReadonlyArray<Aggregate.Recorded>, StoreError>

    /** The history of one aggregate or of several that belong together, the youngest first. */
    readonly of: (
      organizationId: Id.OrganizationId,
      aggregateIds: ReadonlyArray<string>,
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Recorded>, InvalidCursor | StoreError>

    /** The whole history, the youngest first; `kinds` narrows to kinds of aggregates, `actor` to what one actor did. */
    readonly all: (
      organizationId: Id.OrganizationId,
      filter: { readonly kinds?: ReadonlyArray<Aggregate.Kind>; readonly actor?: Actor.Actor["_tag"] },
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Recorded>, InvalidCursor | StoreError>

    /** Events after a position as they come, without end. Ticks at most once a second when it has to poll. */
    readonly follow: (
      organizationId: Id.OrganizationId,
      position: number
    ) => Stream.Stream<Aggregate.Recorded, StoreError>
  }
>()("@portolan/ports/driven/EventLog") {}
