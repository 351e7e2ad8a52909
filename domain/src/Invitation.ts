/**
 * An auth link: what is sent to the person who may consent (rules K-R8b, K-R9). It belongs to one connection, lives for
 * days, needs no sign-in, and is used up by one successful consent. Opening it changes nothing (mail scanners do that);
 * pressing *Continue* mints an authorization that lives for minutes. A declined attempt leaves the link usable.
 */
import { DateTime, Duration, Schema } from "effect"
import { Actor } from "./Actor.ts"
import { Channel } from "./Channel.ts"
import { AccountId, AuthorizationId, CompanyId, ConnectionId, InvitationId, OrganizationId } from "./Id.ts"
import { decider, fold, happened, nothing, refuse } from "./Machine.ts"

/** How long a link lives unless the caller says otherwise, and the range that is allowed. */
export const lifetime = { standard: Duration.days(7), shortest: Duration.hours(1), longest: Duration.days(30) }

/** Authorizations one link may mint, so that a leaked link cannot fill the database. */
export const attemptLimit = 50

const fields = {
  id: InvitationId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  accountId: AccountId,
  connectionId: ConnectionId,
  channel: Channel,
  /** SHA-256 of the link's token, hexadecimal. The token itself is shown once and never stored. */
  tokenDigest: Schema.String,
  issuedBy: Actor,
  issuedAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc
}

/** What became of the latest attempt, for the person who sent the link. */
export const Attempt = Schema.Struct({
  authorizationId: AuthorizationId,
  at: Schema.DateTimeUtc,
  /** Absent while it is under way. */
  outcome: Schema.optionalKey(Schema.String)
})
/** What became of the latest attempt, for the person who sent the link. */
export type Attempt = typeof Attempt.Type

/** Absent, open, or over in one of three ways. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Open: { ...fields, attempts: Schema.Int, lastAttempt: Schema.optionalKey(Attempt) },
  Used: { ...fields, authorizationId: AuthorizationId, usedAt: Schema.DateTimeUtc },
  Revoked: { ...fields, revokedAt: Schema.DateTimeUtc, revokedBy: Actor },
  Expired: { ...fields, expiredAt: Schema.DateTimeUtc }
})
/** Absent, open, or over in one of three ways. */
export type State = typeof State.Type
/** A link that can be followed. */
export type Open = Extract<State, { readonly _tag: "Open" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a link. */
export const Event = Schema.TaggedUnion({
  LinkIssued: fields,
  LinkFollowed: { authorizationId: AuthorizationId, at: Schema.DateTimeUtc },
  LinkAttemptEnded: { authorizationId: AuthorizationId, outcome: Schema.String, at: Schema.DateTimeUtc },
  LinkUsed: { authorizationId: AuthorizationId, at: Schema.DateTimeUtc },
  LinkRevoked: { at: Schema.DateTimeUtc, by: Actor },
  LinkExpired: { at: Schema.DateTimeUtc }
})
/** What happened to a link. */
export type Event = typeof Event.Type

/** What can be asked of a link. Instants are the caller's now. */
export type Command =
  | { readonly _tag: "Issue"; readonly link: Omit<Open, "_tag" | "attempts" | "lastAttempt"> }
  | { readonly _tag: "Follow"; readonly authorizationId: AuthorizationId; readonly at: DateTime.Utc }
  | { readonly _tag: "EndAttempt"; readonly authorizationId: AuthorizationId; readonly outcome: string; readonly at: DateTime.Utc }
  | { readonly _tag: "Use"; readonly authorizationId: AuthorizationId; readonly at: DateTime.Utc }
  | { readonly _tag: "Revoke"; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "Expire"; readonly at: DateTime.Utc }

const subject = "Invitation"
const askSender = "Ask the person who sent you the link for a new one."

const used = (asked: string) =>
  refuse(subject, asked, "already-used", "This link has been used.", askSender)
const revoked = (asked: string) =>
  refuse(subject, asked, "revoked", "This link was withdrawn by the person who sent it.", askSender)
const expired = (asked: string) =>
  refuse(subject, asked, "expired", "This link has expired.", askSender)

/** Decides what a link's command leads to. `Used`, `Revoked` and `Expired` are terminal. */
export const decide = decider<State, Command, Event>(subject, {
  Absent: {
    Issue: (_, { link }) => {
      const life = DateTime.distance(link.issuedAt, link.expiresAt)
      const lives = Duration.isGreaterThanOrEqualTo(life, lifetime.shortest) &&
        Duration.isLessThanOrEqualTo(life, lifetime.longest) && DateTime.isGreaterThan(link.expiresAt, link.issuedAt)
      return lives
        ? happened<Event>({ _tag: "LinkIssued", ...link })
        : refuse(subject, "Issue", "contradiction", "A link lives between one hour and 30 days.", "Choose another expiry.")
    }
  },
  Open: {
    Issue: () => refuse(subject, "Issue", "already-exists", "This link exists.", "Create another one."),
    Follow: (state, { at, authorizationId }) => {
      if (state.lastAttempt?.authorizationId === authorizationId) return nothing
      if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)) return expired("Follow")
      if (state.attempts >= attemptLimit) {
        return refuse(subject, "Follow", "too-many", "This link was followed too often.", askSender)
      }
      return happened<Event>({ _tag: "LinkFollowed", authorizationId, at })
    },
    EndAttempt: (state, { at, authorizationId, outcome }) =>
      state.lastAttempt?.authorizationId === authorizationId && state.lastAttempt.outcome === undefined
        ? happened<Event>({ _tag: "LinkAttemptEnded", authorizationId, outcome, at })
        : nothing,
    Use: (state, { at, authorizationId }) =>
      DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
        ? expired("Use")
        : happened<Event>({ _tag: "LinkUsed", authorizationId, at }),
    Revoke: (_, { at, by }) => happened<Event>({ _tag: "LinkRevoked", at, by }),
    Expire: (state, { at }) =>
      DateTime.isGreaterThanOrEqualTo(at, state.expiresAt) ? happened<Event>({ _tag: "LinkExpired", at }) : nothing
  },
  Used: {
    Issue: () => used("Issue"), Follow: () => used("Follow"), EndAttempt: () => nothing, Expire: () => nothing,
    Use: (state, { authorizationId }) => state.authorizationId === authorizationId ? nothing : used("Use"),
    Revoke: () => refuse(subject, "Revoke", "already-used", "This link has been used.",
      "Dismiss the pending authorization it led to instead.")
  },
  Revoked: {
    Issue: () => revoked("Issue"), Follow: () => revoked("Follow"), Use: () => revoked("Use"),
    EndAttempt: () => nothing, Expire: () => nothing, Revoke: () => nothing
  },
  Expired: {
    Issue: () => expired("Issue"), Follow: () => expired("Follow"), Use: () => expired("Use"),
    EndAttempt: () => nothing, Expire: () => nothing, Revoke: () => nothing
  }
}, {
  Absent: "Create a link first.",
  Open: "Send the link to the person who may consent.",
  Used: "Create a new link.",
  Revoked: "Create a new link.",
  Expired: "Create a new link."
})

/** Applies a fact. Total: what comes after the end changes nothing. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "LinkIssued") return state._tag === "Absent" ? { ...event, _tag: "Open", attempts: 0 } : state
  if (state._tag !== "Open") return state
  const { attempts: _attempts, lastAttempt: _lastAttempt, ...link } = state
  switch (event._tag) {
    case "LinkFollowed":
      return { ...state, attempts: state.attempts + 1, lastAttempt: { authorizationId: event.authorizationId, at: event.at } }
    case "LinkAttemptEnded":
      return { ...state, lastAttempt: { authorizationId: event.authorizationId, at: event.at, outcome: event.outcome } }
    case "LinkUsed": return { ...link, _tag: "Used", authorizationId: event.authorizationId, usedAt: event.at }
    case "LinkRevoked": return { ...link, _tag: "Revoked", revokedAt: event.at, revokedBy: event.by }
    case "LinkExpired": return { ...link, _tag: "Expired", expiredAt: event.at }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
