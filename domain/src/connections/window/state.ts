/** A window of a load: some days of one class of data, what became of them, and what can be asked of it. */
import type * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Day from "../../kernel/Day.ts"
import { BackfillId, ConnectionId, OrganizationId } from "../../kernel/Id.ts"
import { DataClass } from "../../providers/DataClass.ts"
import { ProviderWords } from "../../providers/Failure.ts"

/**
 * `advertising/2026-08-01/2026-09-01`: class, first day, day after the last. Stable, so a retry names the same window.
 */
export const WindowId = Schema.String.check(
  Schema.isPattern(/^[a-z0-9-]+\/\d{4}-\d{2}-\d{2}\/\d{4}-\d{2}-\d{2}$/)
).pipe(Schema.brand("WindowId"))
export type WindowId = typeof WindowId.Type

/** The id of a window among those of all loads: the load's id, and the window's. */
export const WindowKey = Schema.String.check(
  Schema.isPattern(/^bac_[0-9a-z]+\/[a-z0-9-]+\/\d{4}-\d{2}-\d{2}\/\d{4}-\d{2}-\d{2}$/)
).pipe(Schema.brand("WindowKey"))
export type WindowKey = typeof WindowKey.Type

/** The id of a window of a load. */
export const keyOf = (backfillId: BackfillId, windowId: WindowId): WindowKey => `${backfillId}/${windowId}` as WindowKey

/** Refusals in a row, none of which proves anything by itself. */
export const Refusals = Schema.Struct({
  count: Schema.Int,
  /** When the first one came, and the latest. */
  since: Schema.DateTimeUtc,
  latest: Schema.DateTimeUtc,
  /** What was said last, for a person to read. Free of secrets. */
  detail: Schema.String,
  /** The provider's own words of the last one. */
  words: Schema.optionalKey(ProviderWords)
})
export type Refusals = typeof Refusals.Type

/** Looks in a row that found nothing; only a later, different look proves that there is nothing. */
export const EmptyLooks = Schema.Struct({
  count: Schema.Int,
  /** When the first one came, and the latest. */
  since: Schema.DateTimeUtc,
  latest: Schema.DateTimeUtc,
  /** How the latest look came to find nothing. */
  how: Schema.String
})
export type EmptyLooks = typeof EmptyLooks.Type

/**
 * Why a window is there when it is not of the first load: days that came later, or days that are asked for again
 * because the provider may have restated them.
 */
export const SyncRound = Schema.Literals(["day", "again"])
export type SyncRound = typeof SyncRound.Type

const days = {
  id: WindowKey,
  organizationId: OrganizationId,
  backfillId: BackfillId,
  connectionId: ConnectionId,
  windowId: WindowId,
  dataClass: DataClass,
  from: Day.Day,
  /** Excluded. */
  until: Day.Day,
  /** Since when it is owed: the plan that added it, or took it up again. */
  startedAt: Schema.DateTimeUtc,
  /** Left out: it is of the first load, or of a later plan of it. */
  round: Schema.optionalKey(SyncRound)
}

const open = { ...days, refusals: Schema.optionalKey(Refusals), emptyLooks: Schema.optionalKey(EmptyLooks) }

/** The states of a window. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Waiting: open,
  /** The provider prepares it. The ticket is kept, so that a restart polls instead of asking again. */
  Requested: { ...open, ticket: Schema.String, at: Schema.DateTimeUtc },
  Loaded: {
    ...days,
    rows: Schema.Int,
    at: Schema.DateTimeUtc,
    /** Two looks, apart in time, agreed that there is nothing. */
    isConfirmedEmpty: Schema.optionalKey(Schema.Literal(true)),
    /** Rows that could not be read and are kept aside, when there are any. */
    quarantined: Schema.optionalKey(Schema.Int)
  },
  /** The provider does not keep data that old; there was nothing to load. */
  Skipped: { ...days, reason: Schema.String, at: Schema.DateTimeUtc },
  /** Somebody must act first (rule X-R11: not a failure, an action needed). */
  Blocked: { ...open, reason: Schema.String, at: Schema.DateTimeUtc }
})
export type State = typeof State.Type
/** A window that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** A window that is not over. */
export type Open = Extract<State, { readonly _tag: "Waiting" | "Requested" | "Blocked" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a window. */
export const Event = Schema.TaggedUnion({
  WindowPlanned: days,
  WindowRequested: { windowId: WindowId, ticket: Schema.String, at: Schema.DateTimeUtc },
  /** The ticket is forgotten, and the window is asked for anew. */
  WindowRestarted: { windowId: WindowId, reason: Schema.String, at: Schema.DateTimeUtc },
  /** A later plan, or a person, took it up again. */
  WindowResumed: { windowId: WindowId, reason: Schema.String, at: Schema.DateTimeUtc },
  /** The provider refused the request, or gave what cannot be read; it is asked again. */
  WindowRefused: { windowId: WindowId, refusals: Refusals, at: Schema.DateTimeUtc },
  /** A look found nothing, which is no proof yet. */
  WindowLookedEmpty: { windowId: WindowId, emptyLooks: EmptyLooks, at: Schema.DateTimeUtc },
  WindowLoaded: {
    windowId: WindowId,
    dataClass: DataClass,
    rows: Schema.Int,
    at: Schema.DateTimeUtc,
    isConfirmedEmpty: Schema.optionalKey(Schema.Literal(true)),
    quarantined: Schema.optionalKey(Schema.Int)
  },
  WindowSkipped: { windowId: WindowId, dataClass: DataClass, reason: Schema.String, at: Schema.DateTimeUtc },
  WindowBlocked: { windowId: WindowId, reason: Schema.String, at: Schema.DateTimeUtc }
})
export type Event = typeof Event.Type

/** What can be asked of a window. Instants are the caller's now. */
export type Command =
  | { readonly _tag: "Plan"; readonly window: Omit<Extract<State, { readonly _tag: "Waiting" }>, "_tag"> }
  | { readonly _tag: "Request"; readonly ticket: string; readonly at: DateTime.Utc }
  | { readonly _tag: "Restart"; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "Resume"; readonly reason: string; readonly at: DateTime.Utc }
  | {
      readonly _tag: "Refuse"
      readonly detail: string
      readonly words?: ProviderWords | undefined
      readonly at: DateTime.Utc
    }
  /** `rows`: those that landed beside the days that look empty. */
  | { readonly _tag: "LookEmpty"; readonly how: string; readonly rows?: number; readonly at: DateTime.Utc }
  | {
      readonly _tag: "Load"
      readonly rows: number
      readonly quarantined?: number | undefined
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "Skip"; readonly reason: string; readonly at: DateTime.Utc }
  | { readonly _tag: "Block"; readonly reason: string; readonly at: DateTime.Utc }
