/** A connection: its states, what happened to it, and what can be asked of it. */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import * as Identity from "../../authorizations/Identity.ts"
import * as Profile from "../../authorizations/Profile.ts"
import { Actor } from "../../kernel/Actor.ts"
import { AccountId, AuthorizationId, CompanyId, ConnectionId, GrantId, OrganizationId } from "../../kernel/Id.ts"
import { Name } from "../../kernel/Text.ts"
import { AccountType } from "../../providers/AccountType.ts"
import { Channel } from "../../providers/Channel.ts"
import { MarketplaceId } from "../../providers/Marketplace.ts"
import { Permission } from "../../providers/Permission.ts"

/** What links a connection: its consent and the profile that it is bound to. */
export const Link = Schema.Struct({
  grantId: GrantId,
  profile: Profile.Candidate,
  permission: Permission,
  linkedAt: Schema.DateTimeUtc,
  linkedBy: Actor,
  /** How far it is known that the consent is of the profile's seller. Absent in older links: a claim. */
  identity: Schema.optionalKey(Identity.Identity),
  /** When the consent ends by itself (rule C11). */
  expiresAt: Schema.optionalKey(Schema.DateTimeUtc)
})
export type Link = typeof Link.Type

/** A consent that waits for a person's choice, with its age (rule C3). */
export const Pending = Schema.Struct({ authorizationId: AuthorizationId, since: Schema.DateTimeUtc })
export type Pending = typeof Pending.Type

/** An advertiser that a member expects, where no consent returns by itself (rules W-R3, W-R4). */
export const Expectation = Schema.Struct({
  /** The advertiser's name or number, as somebody typed it. */
  advertiser: Name,
  by: Actor,
  since: Schema.DateTimeUtc,
  /** When it was reported as late; once (rule W-R10). */
  overdueAt: Schema.optionalKey(Schema.DateTimeUtc),
  /**
   * The advertiser that lists us and was assigned to the organization, under its own name; it is ready to be linked.
   */
  arrived: Schema.optionalKey(Schema.Struct({ advertiser: Schema.String, at: Schema.DateTimeUtc })),
  /** When the directory was last seen to say otherwise than before. */
  notedAt: Schema.optionalKey(Schema.DateTimeUtc)
})
export type Expectation = typeof Expectation.Type

/** Hours until an expected advertiser counts as late (rule W-R10: the same day). */
export const accessHours = 24

/**
 * Why a consent is gone. `access-removed`: the advertiser took us off its partners (rule W-R12). `rotation-lost`: a new
 * refresh token was lost with an answer of the provider that never arrived; nobody withdrew the consent.
 * `different-identity`: the provider says that it is of somebody else than it named. `identity-taken`: it only claimed
 * to be of its seller, and another consent of the organization proved to be (rule C10).
 */
export const Loss = Schema.Literals([
  "withdrawn-or-reset",
  "expired",
  "access-removed",
  "rotation-lost",
  "different-identity",
  "identity-taken"
])
export type Loss = typeof Loss.Type

const fields = {
  id: ConnectionId,
  organizationId: OrganizationId,
  companyId: CompanyId,
  accountId: AccountId,
  channel: Channel,
  marketplaceId: MarketplaceId,
  /** The account's type, for which a profile must be. Absent in connections that were proposed before it was kept. */
  accountType: Schema.optionalKey(AccountType),
  optional: Schema.Boolean,
  proposedAt: Schema.DateTimeUtc
}
/** Nothing is fetched until somebody resumes (rule P-R19). */
export const Pause = Schema.Struct({ at: Schema.DateTimeUtc, by: Actor })
export type Pause = typeof Pause.Type

const linked = {
  ...fields,
  link: Link,
  provenAt: Schema.DateTimeUtc,
  renewal: Schema.optionalKey(Pending),
  paused: Schema.optionalKey(Pause)
}

/** The states of a connection. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Proposed: fields,
  AwaitingSelection: { ...fields, pending: Pending },
  AwaitingAccess: { ...fields, expected: Expectation },
  Connected: linked,
  Limited: { ...linked, missing: Schema.String, since: Schema.DateTimeUtc },
  ReauthorizationNeeded: { ...linked, loss: Loss, since: Schema.DateTimeUtc },
  Disconnected: {
    ...fields,
    disconnectedAt: Schema.DateTimeUtc,
    disconnectedBy: Actor,
    pending: Schema.optionalKey(Pending)
  },
  /** Its marketplace was taken out of the account. It is off the lists; its data and history stay. */
  Withdrawn: {
    ...fields,
    withdrawnAt: Schema.DateTimeUtc,
    withdrawnBy: Actor,
    /** When and by whom it was disconnected before, if it ever was. */
    disconnected: Schema.optionalKey(Schema.Struct({ at: Schema.DateTimeUtc, by: Actor }))
  }
})
export type State = typeof State.Type
/** A connection that exists. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** A connection that is bound to a profile. */
export type Linked = Extract<State, { readonly _tag: "Connected" | "Limited" | "ReauthorizationNeeded" }>
/** The states in which a connection is on the lists: all but that whose marketplace was taken out of the account. */
export const listed = [
  "Proposed",
  "AwaitingSelection",
  "AwaitingAccess",
  "Connected",
  "Limited",
  "ReauthorizationNeeded",
  "Disconnected"
] as const satisfies ReadonlyArray<Present["_tag"]>
/** Every state of a connection, on the lists or not. */
export const everyState: ReadonlyArray<Present["_tag"]> = [...listed, "Withdrawn"]
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a connection. */
export const Event = Schema.TaggedUnion({
  ConnectionProposed: fields,
  /** The account turned out to belong to another country of its region (rule P-R9). */
  ConnectionMoved: { to: MarketplaceId },
  /** Its account was taken to another company. */
  ConnectionCompanyChanged: { to: CompanyId },
  AccessExpected: { expected: Expectation },
  AccessOverdue: { advertiser: Name, at: Schema.DateTimeUtc },
  /** What was expected is ready to be linked; without `advertiser`, it is no longer (rules W-R4, W-R10). */
  AccessNoted: { advertiser: Schema.optionalKey(Schema.String), at: Schema.DateTimeUtc },
  ExpectationDropped: { at: Schema.DateTimeUtc },
  SelectionAwaited: { pending: Pending },
  SelectionDropped: { authorizationId: AuthorizationId },
  /** The first link. `connectionId`, `organizationId` and `accountId` are here for follow-up jobs. */
  Linked: { connectionId: ConnectionId, accountId: AccountId, channel: Channel, link: Link },
  /** A later consent for the same profile. `replacedGrantId` has no use any more, unless it is kept as a fallback. */
  Renewed: {
    connectionId: ConnectionId,
    accountId: AccountId,
    channel: Channel,
    link: Link,
    replacedGrantId: GrantId,
    keepsReplaced: Schema.Boolean
  },
  ConnectionPaused: { at: Schema.DateTimeUtc, by: Actor },
  ConnectionResumed: { at: Schema.DateTimeUtc, by: Actor },
  Proven: { at: Schema.DateTimeUtc },
  LimitFound: { missing: Schema.String, at: Schema.DateTimeUtc },
  LimitLifted: { at: Schema.DateTimeUtc },
  /** More became known about who the consent in use is of. What is exclusive from now on holds the profile. */
  IdentityJudged: { connectionId: ConnectionId, accountId: AccountId, identity: Identity.Identity },
  GrantLost: { connectionId: ConnectionId, grantId: GrantId, loss: Loss, at: Schema.DateTimeUtc },
  Disconnected: { connectionId: ConnectionId, at: Schema.DateTimeUtc, by: Actor, released: Schema.optionalKey(Link) },
  /** Its marketplace was taken out of the account. */
  ConnectionWithdrawn: { at: Schema.DateTimeUtc, by: Actor },
  /** Its marketplace is in the account again. */
  ConnectionReinstated: { at: Schema.DateTimeUtc, by: Actor }
})
export type Event = typeof Event.Type

/** What can be asked of it. */
export type Command =
  | { readonly _tag: "Propose"; readonly connection: Omit<Extract<State, { readonly _tag: "Proposed" }>, "_tag"> }
  | { readonly _tag: "AwaitSelection"; readonly authorizationId: AuthorizationId; readonly at: DateTime.Utc }
  | { readonly _tag: "DropSelection"; readonly authorizationId: AuthorizationId }
  | { readonly _tag: "Move"; readonly to: MarketplaceId }
  /** Goes with its account to another company. */
  | { readonly _tag: "ChangeCompany"; readonly to: CompanyId }
  | { readonly _tag: "ExpectAccess"; readonly advertiser: Name; readonly by: Actor; readonly at: DateTime.Utc }
  /** Reports an expectation that is late, once. */
  | { readonly _tag: "CheckAccess"; readonly at: DateTime.Utc }
  | { readonly _tag: "NoteAccess"; readonly advertiser?: string; readonly at: DateTime.Utc }
  | { readonly _tag: "DropExpectation"; readonly at: DateTime.Utc }
  /**
   * Refused for a profile of another channel, marketplace or account type, and for another profile than the one that is
   * linked. `keepsReplaced`: the earlier consent stays as a fallback, because it is another person's (rule S-R7).
   */
  | { readonly _tag: "Link"; readonly link: Link; readonly keepsReplaced?: boolean }
  | { readonly _tag: "Pause"; readonly at: DateTime.Utc; readonly by: Actor }
  | { readonly _tag: "Resume"; readonly at: DateTime.Utc; readonly by: Actor }
  /**
   * A call with this grant worked. It says nothing about rights: a login that may only view reads reports just as well.
   */
  | { readonly _tag: "Prove"; readonly grantId: GrantId; readonly at: DateTime.Utc }
  /** The provider showed, or denied, what the grant may do; `missing` names what is not there (rules K-R10). */
  | { readonly _tag: "CheckRights"; readonly grantId: GrantId; readonly at: DateTime.Utc; readonly missing?: string }
  | { readonly _tag: "JudgeIdentity"; readonly grantId: GrantId; readonly identity: Identity.Identity }
  | { readonly _tag: "LoseGrant"; readonly grantId: GrantId; readonly loss: Loss; readonly at: DateTime.Utc }
  | { readonly _tag: "Disconnect"; readonly at: DateTime.Utc; readonly by: Actor }
  /** Leaves the account together with its marketplace; refused while it is bound to a profile. */
  | { readonly _tag: "Withdraw"; readonly at: DateTime.Utc; readonly by: Actor }
  /** Comes back with its marketplace. */
  | { readonly _tag: "Reinstate"; readonly at: DateTime.Utc; readonly by: Actor }
