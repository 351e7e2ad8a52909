/**
 * One consent at a provider. Grants, not connections, own tokens; one grant may serve several connections, and extra
 * permissions never flow into an existing grant: they need a new consent (rule K-R16).
 */
import { DateTime, Schema } from "effect"
import { Channel } from "./Channel.ts"
import { AuthorizationId, GrantId, OrganizationId } from "./Id.ts"
import { decider, fold, happened, nothing, refuse } from "./Machine.ts"
import { Region } from "./Region.ts"

/** Why a grant is over. */
export const End = Schema.Literals(["replaced", "refused-by-provider", "discarded", "disconnected"])
/** Why a grant is over. */
export type End = typeof End.Type

const fields = {
  id: GrantId,
  organizationId: OrganizationId,
  authorizationId: AuthorizationId,
  channel: Channel,
  region: Region,
  /** Who consented, as far as the provider tells: selling partner id or Amazon user id. */
  grantor: Schema.optionalKey(Schema.String),
  consentedAt: Schema.DateTimeUtc,
  /** When the provider ends it without anybody's doing (rule C11). Absent: no end is known. */
  expiresAt: Schema.optionalKey(Schema.DateTimeUtc)
}

/** Absent, alive or over. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Active: fields,
  Ended: { ...fields, end: End, endedAt: Schema.DateTimeUtc }
})
/** Absent, alive or over. */
export type State = typeof State.Type
/** A grant that can be used. */
export type Active = Extract<State, { readonly _tag: "Active" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a grant. */
export const Event = Schema.TaggedUnion({
  GrantRecorded: fields,
  GrantEnded: { end: End, at: Schema.DateTimeUtc }
})
/** What happened to a grant. */
export type Event = typeof Event.Type

/** What can be asked of a grant. */
export type Command =
  | { readonly _tag: "Record"; readonly grant: Omit<Active, "_tag"> }
  | { readonly _tag: "End"; readonly end: End; readonly at: DateTime.Utc }

/** Decides what a grant's command leads to. `Ended` is terminal; ending twice changes nothing. */
export const decide = decider<State, Command, Event>("Grant", {
  Absent: { Record: (_, { grant }) => happened<Event>({ _tag: "GrantRecorded", ...grant }) },
  Active: {
    Record: () => refuse("Grant", "Record", "already-exists", "This grant is recorded.", "Nothing needs to be done."),
    End: (_, { at, end }) => happened<Event>({ _tag: "GrantEnded", at, end })
  },
  Ended: { End: () => nothing }
}, {
  Absent: "Start a new authorization.",
  Active: "Use the connection's own commands.",
  Ended: "Start a new authorization."
})

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  switch (event._tag) {
    case "GrantRecorded": return state._tag === "Absent" ? { ...event, _tag: "Active" } : state
    case "GrantEnded":
      return state._tag === "Active" ? { ...state, _tag: "Ended", end: event.end, endedAt: event.at } : state
  }
}

/** Folds a history. */
export const replay = fold(evolve)

/** Days before the end of a consent at which people are reminded (rule C11). */
export const reminderDays = [90, 30, 14, 7, 3, 1] as const

/** The instants of the reminders that still lie ahead, earliest first. */
export const reminders = (expiresAt: DateTime.Utc, now: DateTime.Utc): ReadonlyArray<DateTime.Utc> =>
  reminderDays.map((days) => DateTime.subtract(expiresAt, { days }))
    .filter((instant) => DateTime.isGreaterThan(instant, now))
