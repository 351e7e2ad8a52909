/** How the repository reads the windows of loads. */
import type { Day, Id, Window } from "@portolan/domain"
import type { Effect } from "effect"
import type { StoreError } from "./StoreUnavailable.ts"

/** A state with the version it was read at. */
export interface Versioned<State> {
  readonly state: State
  readonly version: number
}

/** Reads of windows, and of what they add up to. */
export interface LoadReads {
  /**
   * The windows of a load, by class, the youngest first (`until`, then `from`). With `since`, only those that end after
   * that day, and those that are not over: what a round looks at does not grow with the years.
   */
  readonly windows: (
    organizationId: Id.OrganizationId,
    backfillId: Id.BackfillId,
    since?: Day.Day
  ) => Effect.Effect<ReadonlyArray<Versioned<Window.Present>>, StoreError>

  /** What the windows of a connection's loads add up to, as `Window.tallies` has it; moved with each change. */
  readonly tallies: (
    organizationId: Id.OrganizationId,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<ReadonlyArray<Window.ClassTally>, StoreError>
}
