/** An authorization: where it can be, what happened on it, and what can be asked of it. */
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
import { AccountType } from "../../providers/AccountType.ts"
import { Channel } from "../../providers/Channel.ts"
import { MarketplaceId } from "../../providers/Marketplace.ts"
import { Region } from "../../providers/Region.ts"
import * as Profile from "../Profile.ts"

/**
 * How long a person has at the provider. Amazon's own flow ends after ten minutes; ours leaves a margin.
 *
 * @see https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow
 */
export const lifetime = Duration.minutes(15)

/** Hours after consent at which members are reminded of a waiting selection. */
export const selectionReminderHours = [4, 24, 72] as const

/**
 * The role that a person names for themselves when they consent: the owner of the account, or a person whose own login
 * has the right from the owner, e.g. an agency's user (rule P-R11). Providers do not say.
 */
export const Consenting = Schema.Literals(["owner", "delegate"])
export type Consenting = typeof Consenting.Type

/**
 * How it began. `consenting`: the role that the person who followed the link named; absent when the page did not ask.
 */
export const Origin = Schema.TaggedUnion({
  Direct: { actor: Actor },
  ByLink: { invitationId: InvitationId, consenting: Schema.optionalKey(Consenting) }
})
export type Origin = typeof Origin.Type

/** Why an attempt came to nothing. */
export const FailureReason = Schema.Literals([
  /** The code was late, used or foreign. */
  "code-refused",
  /** The provider did not answer in time; the code is spent. */
  "provider-unavailable",
  /** Our own client credentials were rejected. */
  "application-rejected",
  /** The login lacks the rights to consent (rules K-R10, X-R1). */
  "not-entitled",
  /** The link was revoked, used or expired while the person was away. */
  "link-closed",
  /** The provider returned an error of its own. */
  "provider-error",
  /** The callback lacked what a callback must carry. */
  "callback-incomplete",
  /** The provider says that the tokens are of somebody else than the callback named. */
  "different-identity"
])
export type FailureReason = typeof FailureReason.Type

const fields = {
  id: AuthorizationId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  accountId: AccountId,
  connectionId: ConnectionId,
  channel: Channel,
  accountType: AccountType,
  region: Region,
  marketplaceId: MarketplaceId,
  origin: Origin,
  /**
   * SHA-256 of the `state` parameter, hexadecimal: a callback with another `state` is forged.
   *
   * @see https://www.rfc-editor.org/rfc/rfc6749#section-10.12
   */
  stateDigest: Schema.String,
  /** SHA-256 of the browser's binding cookie, hexadecimal. */
  browserDigest: Schema.String,
  startedAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc
}

const consented = { ...fields, grantId: GrantId, consentedAt: Schema.DateTimeUtc }

/**
 * The profiles that a consent shows. `listFailed`: the provider could not be asked, so an empty list says nothing about
 * the account (rule P-R2 is about lists that were read).
 */
const seen = { candidates: Schema.Array(Profile.Candidate), listFailed: Schema.optionalKey(Schema.Literal(true)) }

/** Where the authorization is. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Started: fields,
  /**
   * The code is being exchanged. The grant's name is chosen before, so that tokens of a process that died can be found.
   */
  Exchanging: { ...fields, grantId: GrantId, returnedAt: Schema.DateTimeUtc },
  AwaitingSelection: { ...consented, ...seen, candidatesAt: Schema.DateTimeUtc },
  Finalised: { ...consented, selected: Profile.Candidate, finalisedAt: Schema.DateTimeUtc, finalisedBy: Actor },
  Declined: { ...fields, declinedAt: Schema.DateTimeUtc, detail: Schema.String },
  Failed: { ...fields, failedAt: Schema.DateTimeUtc, reason: FailureReason, detail: Schema.String },
  Expired: { ...fields, expiredAt: Schema.DateTimeUtc },
  Dismissed: { ...consented, dismissedAt: Schema.DateTimeUtc, dismissedBy: Actor, because: Schema.String }
})
export type State = typeof State.Type
/** An authorization that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** Consent is given; a person must choose (rule K-R12). */
export type AwaitingSelection = Extract<State, { readonly _tag: "AwaitingSelection" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened on the authorization. */
export const Event = Schema.TaggedUnion({
  AuthorizationStarted: fields,
  CallbackReceived: { grantId: GrantId, at: Schema.DateTimeUtc },
  ConsentDeclined: { at: Schema.DateTimeUtc, detail: Schema.String },
  /** `grantId`: only in histories that were written before `CallbackReceived` named the grant. */
  ConsentRecorded: { ...seen, at: Schema.DateTimeUtc, grantId: Schema.optionalKey(GrantId) },
  CandidatesFound: { candidates: Schema.Array(Profile.Candidate), at: Schema.DateTimeUtc },
  ProfileSelected: { selected: Profile.Candidate, at: Schema.DateTimeUtc, by: Actor },
  /** `grantId` names tokens that may have been stored and are to be forgotten. */
  AuthorizationFailed: {
    reason: FailureReason,
    detail: Schema.String,
    at: Schema.DateTimeUtc,
    grantId: Schema.optionalKey(GrantId)
  },
  AuthorizationExpired: { at: Schema.DateTimeUtc, grantId: Schema.optionalKey(GrantId) },
  AuthorizationDismissed: { at: Schema.DateTimeUtc, by: Actor, because: Schema.String }
})
export type Event = typeof Event.Type

/** What can be asked of it. Instants are the caller's now. */
export type Command =
  | { readonly _tag: "Start"; readonly authorization: Omit<Extract<State, { readonly _tag: "Started" }>, "_tag"> }
  | { readonly _tag: "Return"; readonly browserDigest: string; readonly grantId: GrantId; readonly at: DateTime.Utc }
  | { readonly _tag: "Decline"; readonly browserDigest: string; readonly detail: string; readonly at: DateTime.Utc }
  | {
      readonly _tag: "RecordConsent"
      readonly candidates: ReadonlyArray<Profile.Candidate>
      readonly listFailed?: true
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "FindCandidates"
      readonly candidates: ReadonlyArray<Profile.Candidate>
      readonly at: DateTime.Utc
    }
  | {
      readonly _tag: "Select"
      readonly key: Profile.Key
      /** Why the candidate may be wrong for the account, judged by `Profile.obstacles`. */
      readonly obstacles: ReadonlyArray<Profile.Obstacle>
      /** Whether the person confirms the warnings. */
      readonly confirmed: boolean
      readonly at: DateTime.Utc
      readonly by: Actor
    }
  | { readonly _tag: "Fail"; readonly reason: FailureReason; readonly detail: string; readonly at: DateTime.Utc }
  | { readonly _tag: "Expire"; readonly at: DateTime.Utc }
  | { readonly _tag: "Dismiss"; readonly at: DateTime.Utc; readonly by: Actor; readonly because: string }
