/** A first load: its windows and promises, what happened to it, and what can be asked of it. */
import { DateTime, Schema } from "effect"
import * as Profile from "../../authorizations/Profile.ts"
import * as Day from "../../kernel/Day.ts"
import { AccountId, BackfillId, ConnectionId, OrganizationId } from "../../kernel/Id.ts"
import { DataClass, type Source } from "../../providers/DataClass.ts"

/**
 * `advertising/2026-08-01/2026-09-01`: class, first day, day after the last. Stable, so a retry names the same window.
 */
export const WindowId = Schema.String.check(
  Schema.isPattern(/^[a-z0-9-]+\/\d{4}-\d{2}-\d{2}\/\d{4}-\d{2}-\d{2}$/)
).pipe(Schema.brand("WindowId"))
export type WindowId = typeof WindowId.Type

/**
 * The progress of a window. `Requested` carries the provider's ticket, so that a restart polls instead of asking again.
 */
export const Progress = Schema.TaggedUnion({
  Waiting: {},
  Requested: { ticket: Schema.String, at: Schema.DateTimeUtc },
  Loaded: { rows: Schema.Int, at: Schema.DateTimeUtc },
  /** The provider does not keep data that old; there was nothing to load. */
  Skipped: { reason: Schema.String, at: Schema.DateTimeUtc },
  /** Somebody must act first (rule X-R11: not a failure, an action needed). */
  Blocked: { reason: Schema.String, at: Schema.DateTimeUtc }
})
export type Progress = typeof Progress.Type

/** Days `from` (included) to `until` (excluded) of one class. */
export const Window = Schema.Struct({
  id: WindowId,
  dataClass: DataClass,
  from: Day.Day,
  until: Day.Day,
  progress: Progress,
  /** When a later plan added it or took it up again; absent: it is due from the load's `finalisedAt` on. */
  startedAt: Schema.optionalKey(Schema.DateTimeUtc)
})
export type Window = typeof Window.Type

/** The promise for one class. */
export const Promised = Schema.Struct({
  dataClass: DataClass,
  dueAt: Schema.DateTimeUtc,
  completedAt: Schema.optionalKey(Schema.DateTimeUtc),
  /** When the missed deadline was reported; once. */
  missedAt: Schema.optionalKey(Schema.DateTimeUtc)
})
export type Promised = typeof Promised.Type

const fields = {
  id: BackfillId,
  organizationId: OrganizationId,
  connectionId: ConnectionId,
  accountId: AccountId,
  /** Whose data it is. A connection that is bound to another profile later gets a load of its own. */
  profile: Schema.optionalKey(Profile.Key),
  finalisedAt: Schema.DateTimeUtc
}
const planned = { ...fields, windows: Schema.Array(Window), promises: Schema.Array(Promised) }

/** The states of a load. */
export const State = Schema.TaggedUnion({
  Absent: {},
  /** `overdueSince`: not in sync after 48 hours, and reported (rule P-R13). */
  Running: { ...planned, overdueSince: Schema.optionalKey(Schema.DateTimeUtc) },
  Complete: { ...planned, completedAt: Schema.DateTimeUtc },
  Cancelled: { ...planned, cancelledAt: Schema.DateTimeUtc }
})
export type State = typeof State.Type
/** A load that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a load. */
export const Event = Schema.TaggedUnion({
  BackfillPlanned: { ...fields, windows: Schema.Array(Window), promises: Schema.Array(Promised) },
  BackfillExtended: {
    backfillId: BackfillId,
    windows: Schema.Array(Window),
    /** Windows of the old plan that are taken up again. */
    retried: Schema.Array(WindowId),
    promises: Schema.Array(Promised),
    /** The start of what was added or taken up again: its deadlines count from here (rules K-R15, P-R13). */
    at: Schema.DateTimeUtc
  },
  WindowRequested: { windowId: WindowId, ticket: Schema.String, at: Schema.DateTimeUtc },
  WindowRestarted: { windowId: WindowId, reason: Schema.String, at: Schema.DateTimeUtc },
  WindowLoaded: { windowId: WindowId, dataClass: DataClass, rows: Schema.Int, at: Schema.DateTimeUtc },
  WindowSkipped: { windowId: WindowId, dataClass: DataClass, reason: Schema.String, at: Schema.DateTimeUtc },
  WindowBlocked: { windowId: WindowId, reason: Schema.String, at: Schema.DateTimeUtc },
  ClassCompleted: { dataClass: DataClass, at: Schema.DateTimeUtc },
  DeadlineMissed: {
    connectionId: ConnectionId,
    dataClass: DataClass,
    dueAt: Schema.DateTimeUtc,
    at: Schema.DateTimeUtc
  },
  /** Not in sync 48 hours after finalising (rule P-R13); once. */
  LoadOverdue: { connectionId: ConnectionId, at: Schema.DateTimeUtc },
  /** What was overdue has arrived. */
  LoadCaughtUp: { connectionId: ConnectionId, at: Schema.DateTimeUtc },
  BackfillCompleted: { connectionId: ConnectionId, at: Schema.DateTimeUtc },
  BackfillCancelled: { at: Schema.DateTimeUtc }
})
export type Event = typeof Event.Type

/** What can be asked of a load. Instants are the caller's now. */
export type Command =
  | {
      readonly _tag: "Plan"
      readonly backfill: Pick<
        Extract<State, { readonly _tag: "Running" }>,
        "id" | "organizationId" | "connectionId" | "accountId" | "profile"
      >
      readonly sources: ReadonlyArray<Source>
      /** The last day of the load, included, in the marketplace's time zone. */
      readonly today: Day.Day
      readonly finalisedAt: DateTime.Utc
    }
  | { readonly _tag: "RequestWindow"; readonly windowId: WindowId; readonly ticket: string; readonly at: DateTime.Utc }
  | { readonly _tag: "RestartWindow"; readonly windowId: WindowId; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "LoadWindow"; readonly windowId: WindowId; readonly rows: number; readonly at: DateTime.Utc }
  | { readonly _tag: "SkipWindow"; readonly windowId: WindowId; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "BlockWindow"; readonly windowId: WindowId; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "CheckDeadline"; readonly dataClass: DataClass; readonly at: DateTime.Utc }
  | { readonly _tag: "CheckSync"; readonly at: DateTime.Utc }
  | { readonly _tag: "Cancel"; readonly at: DateTime.Utc }
