/**
 * One consent at a provider. Grants, not connections, own tokens; one grant may serve several connections, and extra
 * permissions never flow into an existing grant: they need a new consent (rule K-R16).
 *
 * Where access rests on a partnership instead (Walmart Connect), the advertiser's decision to let us in is the grant:
 * it has no tokens and comes from no authorization, and is found by looking (rule W-R4).
 */
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { Consenting } from "./Authorization.ts"
import { Channel, provider } from "../providers/Channel.ts"
import { AuthorizationId, GrantId, OrganizationId, PersonId } from "../kernel/Id.ts"
import { given } from "../kernel/given.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import * as Identity from "./Identity.ts"
import { Advertiser, sameAdvertiser } from "./Profile.ts"
import { Region } from "../providers/Region.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/**
 * Why a grant is over. `rotation-lost`: the provider refuses the refresh token that we hold, and an answer of its token
 * endpoint that may have carried a new one never arrived. `different-identity`: the provider says that the tokens are
 * of somebody else than the callback named (rule C10).
 */
export const End = Schema.Literals([
  "replaced",
  "refused-by-provider",
  "rotation-lost",
  "discarded",
  "disconnected",
  "access-removed",
  "different-identity"
])
export type End = typeof End.Type

/**
 * What became of asking the provider to end a consent (rule C14: best effort, on record). `not-offered`: the provider
 * has no such call; the detail says where the account's owner can do it.
 */
export const Revocation = Schema.Struct({
  outcome: Schema.Literals(["revoked", "not-offered", "failed"]),
  detail: Schema.String
})
export type Revocation = typeof Revocation.Type

/** The member who answers for a consent: reminded when it ends, asked when it breaks. */
export const ResponsibleMember = Schema.Struct({ personId: PersonId, name: Schema.String })
export type ResponsibleMember = typeof ResponsibleMember.Type

const fields = {
  id: GrantId,
  organizationId: OrganizationId,
  /** The authorization it came from; absent for a partnership. */
  authorizationId: Schema.optionalKey(AuthorizationId),
  /** The advertiser of a partnership; absent for a consent. */
  advertiser: Schema.optionalKey(Advertiser),
  /** The look at the provider's list that the advertiser is known from. Absent: recorded before it was kept. */
  seenAt: Schema.optionalKey(Schema.DateTimeUtc),
  responsibleMember: Schema.optionalKey(ResponsibleMember),
  channel: Channel,
  region: Region,
  /** Who consented, when the provider says: selling partner id or Amazon user id. */
  grantor: Schema.optionalKey(Schema.String),
  /** How far it is known that the consent is the grantor's. Absent in consents from before it was kept: a claim. */
  identity: Schema.optionalKey(Identity.Identity),
  /** The role that the person named for themselves when they consented (rule P-R11). Absent: the page did not ask. */
  consentedAs: Schema.optionalKey(Consenting),
  consentedAt: Schema.DateTimeUtc,
  /** When the provider ends it by itself (rule C11). Absent: no end is known. */
  expiresAt: Schema.optionalKey(Schema.DateTimeUtc)
}

/** Absent, alive or over. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Active: fields,
  Ended: { ...fields, end: End, endedAt: Schema.DateTimeUtc, revocation: Schema.optionalKey(Revocation) }
})
export type State = typeof State.Type
/** A grant that can be used. */
export type Active = Extract<State, { readonly _tag: "Active" }>
/** A grant that was recorded. */
export type Present = Exclude<State, { readonly _tag: "Absent" }>
/** The state before the first event. */
export const initial: State = { _tag: "Absent" }

/** What happened to a grant. */
export const Event = Schema.TaggedUnion({
  GrantRecorded: fields,
  /** The advertiser's name or the rights it gives changed. */
  AdvertiserSeen: { advertiser: Advertiser, at: Schema.optionalKey(Schema.DateTimeUtc) },
  /** Another member is responsible for the consent from now on, e.g. because the former one left (rule X-R7). */
  GrantHandedOver: { to: ResponsibleMember, at: Schema.DateTimeUtc },
  /** `revocation`: only in histories that were written before `RevocationRecorded` was an event of its own. */
  GrantEnded: { end: End, at: Schema.DateTimeUtc, revocation: Schema.optionalKey(Revocation) },
  /** More became known about who the consent is of, or why it is not known. */
  GrantIdentityJudged: { identity: Identity.Identity },
  /**
   * The provider was asked to end the consent, after it had ended here (rule C14). Recorded again when it failed, or
   * was not offered, and was done later.
   */
  RevocationRecorded: { revocation: Revocation, at: Schema.DateTimeUtc }
})
export type Event = typeof Event.Type

/** What can be asked of a grant. */
export type Command =
  | { readonly _tag: "Record"; readonly grant: Omit<Active, "_tag"> }
  /** `at`: the instant of the look that saw it so. */
  | { readonly _tag: "SeeAdvertiser"; readonly advertiser: Advertiser; readonly at: DateTime.Utc }
  | { readonly _tag: "HandOver"; readonly to: ResponsibleMember; readonly at: DateTime.Utc }
  | { readonly _tag: "JudgeIdentity"; readonly identity: Identity.Identity }
  | { readonly _tag: "End"; readonly end: End; readonly at: DateTime.Utc }
  | { readonly _tag: "RecordRevocation"; readonly revocation: Revocation; readonly at: DateTime.Utc }

const sameRevocation = Schema.toEquivalence(Revocation)

/** Decides what a grant's command leads to. `Ended` is terminal; ending twice changes nothing. */
export const decide = decider<State, Command, Event>(
  {
    Absent: { Record: (_, { grant }) => happened<Event>({ _tag: "GrantRecorded", ...grant }) },
    Active: {
      Record: () =>
        refuse("Grant", "Record", "already-exists", { detail: say("grant.exists"), nextStep: say("step.nothing") }),
      // Looks may arrive out of order; one that is older than what is known says nothing.
      SeeAdvertiser: (state, { advertiser, at }) =>
        state.advertiser === undefined ||
        sameAdvertiser(state.advertiser, advertiser) ||
        (state.seenAt !== undefined && DateTime.isLessThan(at, state.seenAt))
          ? nothing
          : happened<Event>({ _tag: "AdvertiserSeen", advertiser, at }),
      HandOver: (state, { at, to }) =>
        state.responsibleMember?.personId === to.personId
          ? nothing
          : happened<Event>({ _tag: "GrantHandedOver", to, at }),
      // A proof is never taken back by a silence.
      JudgeIdentity: (state, { identity }) =>
        Identity.improves(state.identity, identity)
          ? happened<Event>({ _tag: "GrantIdentityJudged", identity })
          : nothing,
      End: (_, { at, end }) => happened<Event>({ _tag: "GrantEnded", at, end }),
      // In this order nothing can be linked to a consent that the provider was asked to end.
      RecordRevocation: () =>
        refuse("Grant", "RecordRevocation", "not-possible-now", {
          detail: say("grant.in-use"),
          nextStep: say("grant.end-first")
        })
    },
    Ended: {
      End: () => nothing,
      SeeAdvertiser: () => nothing,
      HandOver: () => nothing,
      JudgeIdentity: () => nothing,
      // What the provider carried out stays so; what failed, or was not offered, may have been done since by hand.
      RecordRevocation: (state, { at, revocation }) =>
        state.revocation === undefined ||
        (state.revocation.outcome !== "revoked" && !sameRevocation(state.revocation, revocation))
          ? happened<Event>({ _tag: "RevocationRecorded", revocation, at })
          : nothing
    }
  },
  impossible("Grant", {
    Absent: say("grant.start-new"),
    Active: say("grant.use-connection"),
    Ended: say("grant.start-new")
  })
)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  switch (event._tag) {
    case "GrantRecorded":
      return state._tag === "Absent" ? { ...event, _tag: "Active" } : state
    case "AdvertiserSeen":
      return state._tag === "Active"
        ? { ...state, advertiser: event.advertiser, ...(event.at === undefined ? {} : { seenAt: event.at }) }
        : state
    case "GrantHandedOver":
      return state._tag === "Active" ? { ...state, responsibleMember: event.to } : state
    case "GrantIdentityJudged":
      return state._tag === "Active" ? { ...state, identity: event.identity } : state
    case "GrantEnded":
      return state._tag === "Active"
        ? { ...state, _tag: "Ended", end: event.end, endedAt: event.at, ...given({ revocation: event.revocation }) }
        : state
    case "RevocationRecorded":
      return state._tag === "Ended" && state.revocation?.outcome !== "revoked"
        ? { ...state, revocation: event.revocation }
        : state
  }
}

/** Folds a history. */
export const replay = fold(evolve)

/**
 * Whether two consents for one seller's channels are known to come from different people (rule P-R10: the same user
 * connects both). What a provider says about a person can be compared within one channel only: for advertising it names
 * the login, for the Selling Partner API the seller. Across channels, the roles that people named for themselves
 * decide. What is not known is not a difference.
 */
export const byDifferentPeople = (one: Present, other: Present): boolean => {
  if (provider(one.channel) !== provider(other.channel)) return false
  if (one.channel === other.channel && one.grantor !== undefined && other.grantor !== undefined)
    return one.grantor !== other.grantor
  return one.consentedAs !== undefined && other.consentedAs !== undefined && one.consentedAs !== other.consentedAs
}

/** Days before the end of a consent at which people are reminded (rule C11). */
export const reminderDays = [90, 30, 14, 7, 3, 1] as const

/**
 * The instants at which the reminders that still lie ahead are called for, earliest first: a day before each is due,
 * because people read them in their daily mail. One whose day has begun already is called for a minute after `now`.
 */
export const reminders = (expiresAt: DateTime.Utc, now: DateTime.Utc): ReadonlyArray<DateTime.Utc> =>
  reminderDays
    .filter((days) => DateTime.isGreaterThan(DateTime.subtract(expiresAt, { days }), now))
    .map((days) => DateTime.max(DateTime.subtract(expiresAt, { days: days + 1 }), DateTime.add(now, { minutes: 1 })))
