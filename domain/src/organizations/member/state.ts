/** A membership: its states, what happened to it, and what can be asked of it. */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { Actor } from "../../kernel/Actor.ts"
import { MemberId, OrganizationId, PersonId } from "../../kernel/Id.ts"
import { Email } from "../../kernel/Text.ts"
import { AccessScope, GivenRole } from "../Access.ts"
import { MailPreferences, News, WaitingNews } from "./mailing.ts"

/** How long an invitation to join lives. */
export const invitationLife = Duration.days(7)

/** The most mails of one invitation, so that nobody can fill a mailbox with them. */
export const mailLimit = 5

const fields = { id: MemberId, organizationId: OrganizationId, email: Email }
const access = { role: GivenRole, accessScope: AccessScope }
const invited = {
  ...fields,
  ...access,
  /** SHA-256 of the invitation's token, hexadecimal. */
  tokenDigest: Schema.String,
  /** Counts invitations of this address, so that each has a token of its own. */
  round: Schema.Int,
  invitedBy: Actor,
  invitedAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc,
  mails: Schema.Int
}

/** An invitation's mail that the receiver's mail server refuses for good. */
export const Bounce = Schema.Struct({
  /** What the mail server said, made readable. */
  reason: Schema.String,
  at: Schema.DateTimeUtc
})
export type Bounce = typeof Bounce.Type

/**
 * An address from which calendar programs read when consents end, without a session. It shows no more than the member
 * sees, and ends with the membership.
 */
export const CalendarFeed = Schema.Struct({
  /** SHA-256 of the secret in the address, hexadecimal. */
  digest: Schema.String,
  createdAt: Schema.DateTimeUtc
})
export type CalendarFeed = typeof CalendarFeed.Type

/** Why somebody is not, or no longer, a member. */
export const Leaving = Schema.Literals(["withdrawn", "declined", "expired", "removed", "left"])
export type Leaving = typeof Leaving.Type

/** The states of an address in an organization. */
export const State = Schema.TaggedUnion({
  Absent: {},
  /** `mailedAt`: when it was last mailed again, by which a repeat is known. */
  Invited: {
    ...invited,
    mailedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** The mail came back; forgotten when it is mailed again. */
    bounce: Schema.optionalKey(Bounce)
  },
  Active: {
    ...fields,
    ...access,
    personId: PersonId,
    name: Schema.String,
    joinedAt: Schema.DateTimeUtc,
    round: Schema.Int,
    /** When the ownership was last handed to them; the organization says whether they own it still. */
    madeOwnerAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** When they want news by mail; everything at once when they chose nothing. */
    mailPreferences: Schema.optionalKey(MailPreferences),
    /** News that waits for its mail, the oldest first. */
    news: Schema.optionalKey(Schema.Array(WaitingNews)),
    /** When the last mail of news was made. */
    newsMailedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** When the last mail was made that listed consents which end. */
    endingsMailedAt: Schema.optionalKey(Schema.DateTimeUtc),
    /** Absent: there is no address for their calendar. */
    calendarFeed: Schema.optionalKey(CalendarFeed),
    /** How many pieces of news gave way to younger ones since the last mail. */
    newsLeftOut: Schema.optionalKey(Schema.Int)
  },
  Gone: {
    ...fields,
    because: Leaving,
    at: Schema.DateTimeUtc,
    by: Actor,
    personId: Schema.optionalKey(PersonId),
    round: Schema.Int
  }
})
export type State = typeof State.Type
/** An address the organization knows. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** Somebody who belongs to the organization. */
export type Active = Extract<State, { readonly _tag: "Active" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a membership. */
export const Event = Schema.TaggedUnion({
  MemberInvited: invited,
  InvitationMailed: { at: Schema.DateTimeUtc, expiresAt: Schema.DateTimeUtc },
  /** The mail came back, and nobody can have read it; its sender gets a notice. `round`: of which invitation. */
  InvitationBounced: { ...Bounce.fields, round: Schema.Int },
  MemberJoined: {
    ...fields,
    ...access,
    personId: PersonId,
    name: Schema.String,
    joinedAt: Schema.DateTimeUtc,
    round: Schema.Int,
    /**
     * The member owns the organization from then on; `role` is the one that they have after they hand the ownership
     * over. The organization names its owner.
     */
    isOwner: Schema.optionalKey(Schema.Boolean)
  },
  /** `madeOwnerAt`: it goes with the ownership, which was handed to them then. */
  MemberAccessChanged: { ...access, madeOwnerAt: Schema.optionalKey(Schema.DateTimeUtc) },
  MailPreferencesChanged: { mailPreferences: MailPreferences },
  /** The address for the member's calendar was made, or made anew; without a feed, it was withdrawn. */
  CalendarFeedChanged: { feed: Schema.optionalKey(CalendarFeed), at: Schema.DateTimeUtc },
  /** News waits for its mail, which is sent at `dueAt`. */
  NewsCollected: { news: WaitingNews },
  /**
   * These pieces of news were mailed, their mail came back for good, or they were no longer true. `endings`: the mail
   * listed the consents that end.
   */
  NewsMailed: {
    ids: Schema.Array(Schema.String),
    at: Schema.DateTimeUtc,
    endings: Schema.optionalKey(Schema.Literal(true))
  },
  /** `round`: of the invitation that gave way to the next one; without it, of the present one. */
  MemberLeft: { because: Leaving, at: Schema.DateTimeUtc, by: Actor, round: Schema.optionalKey(Schema.Int) }
})
export type Event = typeof Event.Type

/** What can be asked of a membership. Instants are the caller's now. */
export type Command =
  /** Makes the founder a member, without an invitation. `isOwner` is for the record. */
  | {
      readonly _tag: "Join"
      readonly member: Pick<Active, "id" | "organizationId" | "email" | "personId" | "name" | "role">
      readonly isOwner?: boolean
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "Invite"
      readonly member: Pick<
        Extract<State, { readonly _tag: "Invited" }>,
        "id" | "organizationId" | "email" | "role" | "accessScope" | "tokenDigest" | "round"
      >
      readonly by: Actor
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "MailAgain"; readonly at: DateTime.Utc }
  /** `round`: of the invitation whose mail came back; that of an earlier one says nothing of the present one. */
  | { readonly _tag: "Bounce"; readonly round: number; readonly reason: string; readonly at: DateTime.Utc }
  | {
      readonly _tag: "Accept"
      readonly personId: PersonId
      readonly name: string
      readonly email: string
      readonly at: DateTime.Utc
    }
  | { readonly _tag: "Decline"; readonly email: string; readonly by: Actor; readonly at: DateTime.Utc }
  | { readonly _tag: "Withdraw"; readonly by: Actor; readonly at: DateTime.Utc }
  | { readonly _tag: "Expire"; readonly by: Actor; readonly at: DateTime.Utc }
  | {
      readonly _tag: "ChangeAccess"
      readonly role: Active["role"]
      readonly accessScope: AccessScope
      readonly isOwner: boolean
    }
  /**
   * Goes with a hand-over of the ownership at that instant. It is an event for each hand-over, so that it conflicts
   * with the member leaving at the same moment.
   */
  | { readonly _tag: "BecomeOwner"; readonly at: DateTime.Utc }
  | { readonly _tag: "ChangeMailPreferences"; readonly mailPreferences: MailPreferences }
  /** Makes the address for the member's calendar, in place of one before; without a digest, withdraws it. */
  | { readonly _tag: "ChangeCalendarFeed"; readonly digest?: string; readonly at: DateTime.Utc }
  /** Keeps news for its mail, as the member prefers; somebody who is no member gets none. */
  | { readonly _tag: "CollectNews"; readonly news: News; readonly at: DateTime.Utc }
  /**
   * `ids`: of the news that the mail told; what came meanwhile waits for the next one. `endings`: it listed the
   * consents that end.
   */
  | {
      readonly _tag: "MarkNewsMailed"
      readonly ids: ReadonlyArray<string>
      readonly endings?: true
      readonly at: DateTime.Utc
    }
  /** `isOwner`: the owner is never removed and never leaves; the ownership is handed over first (rule P-R16). */
  | {
      readonly _tag: "Leave"
      readonly because: "removed" | "left"
      readonly isOwner: boolean
      readonly by: Actor
      readonly at: DateTime.Utc
    }
