/** A first load: its plan and promises, what happened to it, and what can be asked of it. */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Profile from "../../authorizations/Profile.ts"
import * as Day from "../../kernel/Day.ts"
import { AccountId, BackfillId, ConnectionId, OrganizationId } from "../../kernel/Id.ts"
import { DataClass, type Source } from "../../providers/DataClass.ts"
import { type ClassTally } from "../window/tally.ts"
import { type Present as WindowPresent, SyncRound, WindowId } from "../window/state.ts"

/** A window as a plan cuts it; what became of it is a record of its own (`Window`). */
export const PlannedWindow = Schema.Struct({
  id: WindowId,
  dataClass: DataClass,
  from: Day.Day,
  /** Excluded. */
  until: Day.Day,
  /** Left out: it is of the first load, or of a later plan of it. */
  round: Schema.optionalKey(SyncRound)
})
export type PlannedWindow = typeof PlannedWindow.Type

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
const planned = {
  ...fields,
  promises: Schema.Array(Promised),
  /** When windows were last added or taken up again; absent: never since the first plan. */
  extendedAt: Schema.optionalKey(Schema.DateTimeUtc),
  /** When the days that come are planned next (`Sync`); absent: never, because nothing is kept up to date. */
  syncsAt: Schema.optionalKey(Schema.DateTimeUtc)
}

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
  BackfillPlanned: { ...fields, windows: Schema.Array(PlannedWindow), promises: Schema.Array(Promised) },
  BackfillExtended: {
    backfillId: BackfillId,
    windows: Schema.Array(PlannedWindow),
    /** Windows of the old plan that are taken up again. */
    retried: Schema.Array(WindowId),
    promises: Schema.Array(Promised),
    /** The start of what was added or taken up again: its deadlines count from here (rules K-R15, P-R13). */
    at: Schema.DateTimeUtc
  },
  /** A round of the days after the first load: what is asked for, and when the next round is. */
  RoundPlanned: {
    connectionId: ConnectionId,
    windows: Schema.Array(PlannedWindow),
    /** Windows that waited for a person, and are asked for again by themselves. */
    retried: Schema.Array(WindowId),
    at: Schema.DateTimeUtc,
    nextAt: Schema.DateTimeUtc
  },
  /** A person had windows asked for again that waited for one. */
  LoadRetried: { connectionId: ConnectionId, retried: Schema.Array(WindowId), at: Schema.DateTimeUtc },
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
      /** The windows that the load has. */
      readonly windows: ReadonlyArray<WindowPresent>
      /** The last day of the load, included, in the marketplace's time zone. */
      readonly today: Day.Day
      readonly finalisedAt: DateTime.Utc
      /** When the days that come are planned; left out when nothing is kept up to date. */
      readonly syncsAt?: DateTime.Utc | undefined
    }
  /** Plans a round of the days after the first load, when it is its time. */
  | {
      readonly _tag: "Sync"
      readonly sources: ReadonlyArray<Source>
      /** The windows of the load that end after `since`. */
      readonly windows: ReadonlyArray<WindowPresent>
      readonly since: Day.Day
      /** The marketplace's (IANA name). */
      readonly timeZone: string
      /** Nothing can be fetched now: paused, or the consent is gone. */
      readonly isHeld: boolean
      readonly at: DateTime.Utc
    }
  /** Asks again for the windows that wait for a person: all of them, or those of one class. */
  | {
      readonly _tag: "Retry"
      /** The windows that the load has. */
      readonly windows: ReadonlyArray<WindowPresent>
      readonly dataClass?: DataClass | undefined
      readonly at: DateTime.Utc
    }
  /** `open`: the classes of which some window is not over. */
  | { readonly _tag: "Settle"; readonly open: ReadonlyArray<DataClass>; readonly at: DateTime.Utc }
  | { readonly _tag: "CheckDeadline"; readonly dataClass: DataClass; readonly at: DateTime.Utc }
  | { readonly _tag: "CheckSync"; readonly tallies: ReadonlyArray<ClassTally>; readonly at: DateTime.Utc }
  | { readonly _tag: "Cancel"; readonly at: DateTime.Utc }
