/** A link: its states, what happened to it, and what can be asked of it. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Actor } from "../../kernel/Actor.ts"
import {
  AccountId,
  AuthorizationId,
  CompanyId,
  ConnectionId,
  GrantId,
  InvitationId,
  OrganizationId
} from "../../kernel/Id.ts"
import { Email, Name } from "../../kernel/Text.ts"
import { Channel } from "../../providers/Channel.ts"
import { MarketplaceId } from "../../providers/Marketplace.ts"

/** How long a link lives unless the caller says otherwise, and the range that is allowed. */
export const lifetime = { standard: Duration.days(7), shortest: Duration.hours(1), longest: Duration.days(30) }

/** Authorizations one link may mint, so that a leaked link cannot fill the database. */
export const attemptLimit = 50

/** How often one request is mailed to its owner at most, the first time and the reminder included. */
export const mailLimit = 5

/** Hours before its end at which an unanswered request is mailed again, when it lives longer than twice that. */
export const reminderHours = 48

/** Hours after a reported objection before another one is reported, unless the request is mailed again. */
export const objectionHours = 24

/** A consent that ends by itself, and when. */
export const Renews = Schema.Struct({ grantId: GrantId, endsAt: Schema.DateTimeUtc })
export type Renews = typeof Renews.Type

/** What makes a link a request to connect: the owner, the requester, and what they would allow (rules X-R1 to X-R4). */
export const Request = Schema.Struct({
  owner: Schema.Struct({ name: Name, email: Email }),
  requester: Schema.Struct({ name: Schema.String, email: Email }),
  /** The one marketplace the request names (rule X-R2). */
  marketplaceId: MarketplaceId,
  /** A message that the requester wrote. */
  message: Schema.optionalKey(Schema.String.check(Schema.isMaxLength(1000))),
  /** Requests whose links go into this one's mail, so that an owner of many accounts gets one mail (rule X-R13). */
  carries: Schema.optionalKey(Schema.Array(InvitationId).check(Schema.isMaxLength(100))),
  /** The request whose mail carries this one; then no mail of its own is sent. */
  carriedBy: Schema.optionalKey(InvitationId),
  /**
   * Present on a request that the software makes, because a consent of that owner ends and the owner is no member who
   * would be reminded otherwise. Its mails are reminders alone: it goes into one mail an owner and day.
   */
  renews: Schema.optionalKey(Renews)
})
export type Request = typeof Request.Type

/** Why the person who got the mail cannot help. `not-the-owner`: only the owner may consent (rule X-R1). */
export const Objection = Schema.Literals(["not-the-owner", "not-expected"])
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

/** A mail that the receiver's mail server refuses for good. */
export const Bounce = Schema.Struct({
  to: Schema.Literals(["owner", "requester"]),
  /** What the mail server said, made readable. */
  reason: Schema.String,
  at: Schema.DateTimeUtc
})
export type Bounce = typeof Bounce.Type

/** The outcome of the latest attempt, for the person who sent the link. */
export const Attempt = Schema.Struct({
  authorizationId: AuthorizationId,
  at: Schema.DateTimeUtc,
  /** Absent while it is under way. */
  outcome: Schema.optionalKey(Schema.String)
})
export type Attempt = typeof Attempt.Type

/** Absent, open, or over in one of three ways. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Open: {
    ...fields,
    attempts: Schema.Int,
    lastAttempt: Schema.optionalKey(Attempt),
    /** The attempts before the last one, the oldest first. */
    earlierAttempts: Schema.optionalKey(Schema.Array(Attempt)),
    /** How often it was mailed; 0 for a link without a request. */
    mails: Schema.Int,
    /** When it was last mailed again or the owner was last reminded, by which a repeat is known. */
    mailedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** The end that its first mail named; each later mail gives it as long a life. Absent until it is mailed again. */
    firstExpiresAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** What the person who got the mail answered; forgotten when it is mailed again, and when somebody follows it. */
    objection: Schema.optionalKey(Schema.Struct({ because: Objection, at: Schema.DateTimeUtc })),
    /** When an objection was last reported; forgotten when it is mailed again. */
    objectedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** The mail to one of the two came back; forgotten when it is mailed again. */
    bounce: Schema.optionalKey(Bounce),
    /** The mail to the other one came back as well. */
    secondBounce: Schema.optionalKey(Bounce)
  },
  Used: { ...fields, authorizationId: AuthorizationId, usedAt: Schema.DateTimeUtc },
  Revoked: { ...fields, revokedAt: Schema.DateTimeUtc, revokedBy: Actor },
  Expired: {
    ...fields,
    expiredAt: Schema.DateTimeUtc,
    /** Kept where it renews a consent: whoever answered so is not reminded of that consent again. */
    objection: Schema.optionalKey(Schema.Struct({ because: Objection, at: Schema.DateTimeUtc }))
  }
})
export type State = typeof State.Type
/** A link that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** A link that can be followed. */
export type Open = Extract<State, { readonly _tag: "Open" }>

/** Whether a link can be followed at an instant: nothing ended it, and its time is not over. */
export const isOpen = (state: State, now: DateTime.Utc): state is Open =>
  state._tag === "Open" && DateTime.isLessThan(now, state.expiresAt)

/** The bounce of the mail to one of the two, if it came back. */
export const bounceTo = ({ bounce, secondBounce }: Open, to: Bounce["to"]): Bounce | undefined =>
  [bounce, secondBounce].find((one) => one?.to === to)

/** All attempts that are known, the oldest first. */
export const attemptsOf = ({ earlierAttempts = [], lastAttempt }: Open): ReadonlyArray<Attempt> =>
  lastAttempt === undefined ? earlierAttempts : [...earlierAttempts, lastAttempt]

/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a link. */
export const Event = Schema.TaggedUnion({
  LinkIssued: fields,
  /** The request was mailed once more; it lives on until `expiresAt`. */
  RequestMailedAgain: { at: Schema.DateTimeUtc, expiresAt: Schema.DateTimeUtc },
  /** The software reminded the owner. `renews`: by the daily mail of consents that end, which the limits count. */
  RequestReminded: { at: Schema.DateTimeUtc, renews: Schema.optionalKey(Schema.Literal(true)) },
  /** The person who got the mail reports that they cannot help; the requester gets a notice (rule X-R1). */
  RequestObjected: { because: Objection, at: Schema.DateTimeUtc },
  /** A mail about it came back; the requester gets a notice when it was the owner's. */
  RequestBounced: Bounce.fields,
  LinkFollowed: { authorizationId: AuthorizationId, at: Schema.DateTimeUtc },
  LinkAttemptEnded: { authorizationId: AuthorizationId, outcome: Schema.String, at: Schema.DateTimeUtc },
  LinkUsed: { authorizationId: AuthorizationId, at: Schema.DateTimeUtc },
  LinkRevoked: { at: Schema.DateTimeUtc, by: Actor },
  LinkExpired: { at: Schema.DateTimeUtc }
})
export type Event = typeof Event.Type

/** What can be asked of a link. Instants are the caller's now. */
export type Command =
  | { readonly _tag: "Issue"; readonly link: Omit<Extract<Event, { readonly _tag: "LinkIssued" }>, "_tag"> }
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
