/**
 * What is sent to the person who may consent: an auth link to pass on by hand (rules K-R8b, K-R9), or a request to connect,
 * mailed to the account's owner and to whoever asks (rules X-R2 to X-R5). It belongs to one connection, lives for days, needs
 * no sign-in, and is used up by one successful consent. Opening it changes nothing (mail scanners do that); pressing
 * *Continue* mints an authorization that lives for minutes. A declined attempt leaves the link usable.
 */
import { DateTime, Duration, Schema } from "effect"
import { Actor } from "../kernel/Actor.ts"
import { Channel } from "../providers/Channel.ts"
import { AccountId, AuthorizationId, CompanyId, ConnectionId, InvitationId, OrganizationId } from "../kernel/Id.ts"
import { MarketplaceId } from "../providers/Marketplace.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { Email, Name } from "../kernel/Text.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** How long a link lives unless the caller says otherwise, and the range that is allowed. */
export const lifetime = { standard: Duration.days(7), shortest: Duration.hours(1), longest: Duration.days(30) }

/** Authorizations one link may mint, so that a leaked link cannot fill the database. */
export const attemptLimit = 50

/** How often one request is mailed to its owner at most, the first time and the reminder included. */
export const mailLimit = 5

/** Hours before its end at which an unanswered request is brought to mind, when it lives longer than twice that. */
export const reminderHours = 48

/** What makes a link a request to connect: who is asked, by whom, for what (rules X-R1 to X-R4). */
export const Request = Schema.Struct({
  owner: Schema.Struct({ name: Name, email: Email }),
  requester: Schema.Struct({ name: Schema.String, email: Email }),
  /** The one marketplace the request names (rule X-R2). */
  marketplaceId: MarketplaceId,
  /** A few words of the requester's own. */
  message: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(1000))),
  /** Requests whose links go into this one's mail, so that an owner of many accounts gets one mail (rule X-R13). */
  carries: Schema.optionalKey(Schema.Array(InvitationId).check(Schema.isMaxLength(100))),
  /** The request whose mail carries this one; then no mail of its own is sent. */
  carriedBy: Schema.optionalKey(InvitationId)
})
/** What makes a link a request to connect. */
export type Request = typeof Request.Type

/** Why the person who got the mail cannot help. `not-the-owner`: only the owner may consent (rule X-R1). */
export const Objection = Schema.Literals(["not-the-owner", "not-expected"])
/** Why the person who got the mail cannot help. */
export type Objection = typeof Objection.Type

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
  expiresAt: Schema.DateTimeUtc,
  /** Absent for a link that somebody passes on by hand. */
  request: Schema.optionalKey(Request)
}

/** A mail about the request that its receiver's mail server will never take. */
export const Bounce = Schema.Struct({
  to: Schema.Literals(["owner", "requester"]),
  /** What the mail server said, made readable. */
  reason: Schema.String,
  at: Schema.DateTimeUtc
})
/** A mail about the request that its receiver's mail server will never take. */
export type Bounce = typeof Bounce.Type

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
  Open: {
    ...fields,
    attempts: Schema.Int,
    lastAttempt: Schema.optionalKey(Attempt),
    /** How often it was mailed; 0 for a link without a request. */
    mails: Schema.Int,
    /** What the person who got the mail answered; forgotten when it is mailed again. */
    objection: Schema.optionalKey(Schema.Struct({ because: Objection, at: Schema.DateTimeUtc })),
    /** The latest mail came back; forgotten when it is mailed again. */
    bounce: Schema.optionalKey(Bounce)
  },
  Used: { ...fields, authorizationId: AuthorizationId, usedAt: Schema.DateTimeUtc },
  Revoked: { ...fields, revokedAt: Schema.DateTimeUtc, revokedBy: Actor },
  Expired: { ...fields, expiredAt: Schema.DateTimeUtc }
})
/** Absent, open, or over in one of three ways. */
export type State = typeof State.Type
/** A link that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** A link that can be followed. */
export type Open = Extract<State, { readonly _tag: "Open" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a link. */
export const Event = Schema.TaggedUnion({
  LinkIssued: fields,
  /** The request was mailed once more; it lives on until `expiresAt`. */
  RequestMailedAgain: { at: Schema.DateTimeUtc, expiresAt: Schema.DateTimeUtc },
  /** The owner was reminded by ourselves. */
  RequestReminded: { at: Schema.DateTimeUtc },
  /** Whoever got the mail says that he cannot help; the requester is told (rule X-R1). */
  RequestObjected: { because: Objection, at: Schema.DateTimeUtc },
  /** A mail about it came back; the requester is told when it was the owner's (flow X3, failure case). */
  RequestBounced: Bounce.fields,
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
  | {
      readonly _tag: "Issue"
      readonly link: Omit<Open, "_tag" | "attempts" | "lastAttempt" | "mails" | "objection" | "bounce">
    }
  | { readonly _tag: "MailAgain"; readonly at: DateTime.Utc }
  | { readonly _tag: "Remind"; readonly at: DateTime.Utc }
  | { readonly _tag: "Object"; readonly because: Objection; readonly at: DateTime.Utc }
  | ({ readonly _tag: "Bounce" } & Bounce)
  | { readonly _tag: "Follow"; readonly authorizationId: AuthorizationId; readonly at: DateTime.Utc }
  | {
      readonly _tag: "EndAttempt"
      readonly authorizationId: AuthorizationId
      readonly outcome: string
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "Use"; readonly authorizationId: AuthorizationId; readonly at: DateTime.Utc }
  | { readonly _tag: "Revoke"; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "Expire"; readonly at: DateTime.Utc }

const subject = "Invitation"
const askSender = say("link.ask-sender")

const withoutRequest = (asked: string) =>
  refuse(subject, asked, "contradiction", { detail: say("link.without-request"), nextStep: say("link.copy-address") })

const used = (asked: string) =>
  refuse(subject, asked, "already-used", { detail: say("link.used"), nextStep: askSender })
const revoked = (asked: string) =>
  refuse(subject, asked, "revoked", { detail: say("link.withdrawn"), nextStep: askSender })
const expired = (asked: string) =>
  refuse(subject, asked, "expired", { detail: say("link.expired"), nextStep: askSender })

/** Decides what a link's command leads to. `Used`, `Revoked` and `Expired` are terminal. */
export const decide = decider<State, Command, Event>(
  {
    Absent: {
      Issue: (_, { link }) => {
        const life = DateTime.distance(link.issuedAt, link.expiresAt)
        const lives =
          Duration.isGreaterThanOrEqualTo(life, lifetime.shortest) &&
          Duration.isLessThanOrEqualTo(life, lifetime.longest) &&
          DateTime.isGreaterThan(link.expiresAt, link.issuedAt)
        return lives
          ? happened<Event>({ _tag: "LinkIssued", ...link })
          : refuse(subject, "Issue", "contradiction", {
              detail: say("link.lifetime"),
              nextStep: say("link.choose-expiry")
            })
      }
    },
    Open: {
      Issue: () =>
        refuse(subject, "Issue", "already-exists", {
          detail: say("link.exists"),
          nextStep: say("link.create-another")
        }),
      Follow: (state, { at, authorizationId }) => {
        if (state.lastAttempt?.authorizationId === authorizationId) return nothing
        if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)) return expired("Follow")
        if (state.attempts >= attemptLimit) {
          return refuse(subject, "Follow", "too-many", { detail: say("link.followed-too-often"), nextStep: askSender })
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
      MailAgain: (state, { at }) => {
        if (state.request === undefined) return withoutRequest("MailAgain")
        // Otherwise a mail could carry a link that is over, or bring back one that its owner was told is over.
        if (DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)) {
          return refuse(subject, "MailAgain", "expired", {
            detail: say("request.expired"),
            nextStep: say("request.send-new")
          })
        }
        if (state.mails >= mailLimit) {
          return refuse(subject, "MailAgain", "too-many", {
            detail: say("request.mailed-too-often", { times: mailLimit }),
            nextStep: say("request.check-before-another")
          })
        }
        const life = DateTime.distance(state.issuedAt, state.expiresAt)
        const longest = DateTime.addDuration(state.issuedAt, lifetime.longest)
        return happened<Event>({
          _tag: "RequestMailedAgain",
          at,
          expiresAt: DateTime.max(state.expiresAt, DateTime.min(DateTime.addDuration(at, life), longest))
        })
      },
      Remind: (state, { at }) =>
        state.request === undefined ||
        state.request.carriedBy !== undefined ||
        state.objection !== undefined ||
        state.bounce?.to === "owner" ||
        state.mails >= mailLimit ||
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt) ||
        DateTime.isLessThan(at, DateTime.subtract(state.expiresAt, { hours: reminderHours }))
          ? nothing
          : happened<Event>({ _tag: "RequestReminded", at }),
      Object: (state, { at, because }) =>
        state.request === undefined
          ? withoutRequest("Object")
          : // Said once until it is mailed again, so that nobody can fill the requester's mailbox by pressing buttons.
            state.objection !== undefined
            ? nothing
            : happened<Event>({ _tag: "RequestObjected", because, at }),
      Bounce: (state, { at, reason, to }) =>
        state.request === undefined || state.bounce?.to === to
          ? nothing
          : happened<Event>({ _tag: "RequestBounced", to, reason, at }),
      Revoke: (_, { at, by }) => happened<Event>({ _tag: "LinkRevoked", at, by }),
      Expire: (state, { at }) =>
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt) ? happened<Event>({ _tag: "LinkExpired", at }) : nothing
    },
    Used: {
      Issue: () => used("Issue"),
      Follow: () => used("Follow"),
      MailAgain: () => used("MailAgain"),
      Object: () => used("Object"),
      EndAttempt: () => nothing,
      Expire: () => nothing,
      Remind: () => nothing,
      Bounce: () => nothing,
      Use: (state, { authorizationId }) => (state.authorizationId === authorizationId ? nothing : used("Use")),
      Revoke: () =>
        refuse(subject, "Revoke", "already-used", {
          detail: say("link.used"),
          nextStep: say("link.dismiss-authorization")
        })
    },
    Revoked: {
      Issue: () => revoked("Issue"),
      Follow: () => revoked("Follow"),
      Use: () => revoked("Use"),
      MailAgain: () => revoked("MailAgain"),
      Object: () => revoked("Object"),
      Remind: () => nothing,
      Bounce: () => nothing,
      EndAttempt: () => nothing,
      Expire: () => nothing,
      Revoke: () => nothing
    },
    Expired: {
      Issue: () => expired("Issue"),
      Follow: () => expired("Follow"),
      Use: () => expired("Use"),
      MailAgain: () => expired("MailAgain"),
      Object: () => expired("Object"),
      Remind: () => nothing,
      Bounce: () => nothing,
      EndAttempt: () => nothing,
      Expire: () => nothing,
      Revoke: () => nothing
    }
  },
  impossible(subject, {
    Absent: say("link.create-first"),
    Open: say("link.send"),
    Used: say("link.create-new"),
    Revoked: say("link.create-new"),
    Expired: say("link.create-new")
  })
)

/** Applies a fact. Total: what comes after the end changes nothing. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "LinkIssued")
    return state._tag === "Absent"
      ? { ...event, _tag: "Open", attempts: 0, mails: event.request === undefined ? 0 : 1 }
      : state
  if (state._tag !== "Open") return state
  const {
    attempts: _attempts,
    bounce: _bounce,
    lastAttempt: _lastAttempt,
    mails: _mails,
    objection: _objection,
    ...link
  } = state
  switch (event._tag) {
    case "RequestMailedAgain": {
      const { bounce: _past, objection: _answer, ...rest } = state
      return { ...rest, mails: state.mails + 1, expiresAt: event.expiresAt }
    }
    case "RequestBounced":
      return { ...state, bounce: { to: event.to, reason: event.reason, at: event.at } }
    case "RequestReminded":
      return { ...state, mails: state.mails + 1 }
    case "RequestObjected":
      return { ...state, objection: { because: event.because, at: event.at } }
    case "LinkFollowed":
      return {
        ...state,
        attempts: state.attempts + 1,
        lastAttempt: { authorizationId: event.authorizationId, at: event.at }
      }
    case "LinkAttemptEnded":
      return { ...state, lastAttempt: { authorizationId: event.authorizationId, at: event.at, outcome: event.outcome } }
    case "LinkUsed":
      return { ...link, _tag: "Used", authorizationId: event.authorizationId, usedAt: event.at }
    case "LinkRevoked":
      return { ...link, _tag: "Revoked", revokedAt: event.at, revokedBy: event.by }
    case "LinkExpired":
      return { ...link, _tag: "Expired", expiredAt: event.at }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
