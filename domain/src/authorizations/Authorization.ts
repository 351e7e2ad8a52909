/**
 * One authorization at the provider and what comes back, until it is finalised (rules K-R8 to K-R14).
 *
 * Started → (callback) → Exchanging → AwaitingSelection → Finalised, with an exit at each step: Declined, Failed,
 * Expired, Dismissed. `state` is single use: the first callback moves the authorization on, and a second one finds it moved.
 */
import { DateTime, Duration, Schema } from "effect"
import { AccountType } from "../providers/AccountType.ts"
import { Actor } from "../kernel/Actor.ts"
import { Channel } from "../providers/Channel.ts"
import {
  AccountId,
  AuthorizationId,
  CompanyId,
  ConnectionId,
  GrantId,
  InvitationId,
  OrganizationId
} from "../kernel/Id.ts"
import { decider, fold, happened, nothing } from "../kernel/Machine.ts"
import { MarketplaceId } from "../providers/Marketplace.ts"
import * as Profile from "./Profile.ts"
import { Region } from "../providers/Region.ts"
import { say } from "../messages/Messages.ts"
import { impossible, refuse } from "../messages/Refusal.ts"

/** How long a person has at the provider. Amazon's own flow ends after ten minutes; ours leaves a margin. */
export const lifetime = Duration.minutes(15)

/** Hours after consent at which a waiting selection is brought to mind. */
export const selectionReminderHours = [4, 24, 72] as const

/**
 * In which role somebody consents, as he says himself: as the owner of the account, or as somebody whose own login the owner gave
 * the right, e.g. an agency's user (rule P-R11). Providers do not tell.
 */
export const Consenting = Schema.Literals(["owner", "delegate"])
/** In which role somebody consents, as he says himself. */
export type Consenting = typeof Consenting.Type

/** How it began. `consenting`: what whoever followed the link said of himself; absent when he was not asked. */
export const Origin = Schema.TaggedUnion({
  Direct: { actor: Actor },
  ByLink: { invitationId: InvitationId, consenting: Schema.optionalKey(Consenting) }
})
/** How it began. */
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
  "callback-incomplete"
])
/** Why an attempt came to nothing. */
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
  /** SHA-256 of the `state` parameter, hexadecimal (RFC 6749 section 10.12). */
  stateDigest: Schema.String,
  /** SHA-256 of the browser's binding cookie, hexadecimal. */
  browserDigest: Schema.String,
  startedAt: Schema.DateTimeUtc,
  expiresAt: Schema.DateTimeUtc
}

const consented = { ...fields, grantId: GrantId, consentedAt: Schema.DateTimeUtc }

/**
 * What a consent was seen to reach. `unread`: the provider could not be asked, so an empty list says nothing about the account
 * (rule P-R2 is about lists that were read).
 */
const seen = { candidates: Schema.Array(Profile.Candidate), listFailed: Schema.optionalKey(Schema.Literal(true)) }

/** Where the authorization is. */
export const State = Schema.TaggedUnion({
  Absent: {},
  Started: fields,
  /** The code is being exchanged. The grant's name is chosen before, so that tokens of a process that died can be found. */
  Exchanging: { ...fields, grantId: GrantId, returnedAt: Schema.DateTimeUtc },
  AwaitingSelection: { ...consented, ...seen, candidatesAt: Schema.DateTimeUtc },
  Finalised: { ...consented, selected: Profile.Candidate, finalisedAt: Schema.DateTimeUtc, finalisedBy: Actor },
  Declined: { ...fields, declinedAt: Schema.DateTimeUtc, detail: Schema.String },
  Failed: { ...fields, failedAt: Schema.DateTimeUtc, reason: FailureReason, detail: Schema.String },
  Expired: { ...fields, expiredAt: Schema.DateTimeUtc },
  Dismissed: { ...consented, dismissedAt: Schema.DateTimeUtc, dismissedBy: Actor, because: Schema.String }
})
/** Where the authorization is. */
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
  ConsentRecorded: { ...seen, at: Schema.DateTimeUtc },
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
/** What happened on the authorization. */
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
      /** What stands between the candidate and the account, judged by `Profile.obstacles`. */
      readonly obstacles: ReadonlyArray<Profile.Obstacle>
      /** Whether the person has seen the warnings and goes on. */
      readonly confirmed: boolean
      readonly at: DateTime.Utc
      readonly by: Actor
    }
  | { readonly _tag: "Fail"; readonly reason: FailureReason; readonly detail: string; readonly at: DateTime.Utc }
  | { readonly _tag: "Expire"; readonly at: DateTime.Utc }
  | { readonly _tag: "Dismiss"; readonly at: DateTime.Utc; readonly by: Actor; readonly because: string }

const subject = "Authorization"
const again = say("authorization.start-over")

const moved = (asked: string) =>
  refuse(subject, asked, "already-used", { detail: say("authorization.callback-repeated"), nextStep: again })

/** Both ways back from the provider need the same browser and the same fifteen minutes. */
const back = (
  asked: "Return" | "Decline",
  state: Extract<State, { readonly _tag: "Started" }>,
  browserDigest: string,
  at: DateTime.Utc,
  event: Event
) => {
  if (state.browserDigest !== browserDigest) {
    return refuse(subject, asked, "wrong-browser", {
      detail: say("authorization.other-browser"),
      nextStep: say("authorization.stay-in-browser")
    })
  }
  return DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
    ? happened<Event>({ _tag: "AuthorizationExpired", at })
    : happened<Event>(event)
}

const failed = (_: unknown, { at, detail, reason }: Extract<Command, { readonly _tag: "Fail" }>) =>
  happened<Event>({ _tag: "AuthorizationFailed", reason, detail, at })

const over = {
  Return: () => moved("Return"),
  Decline: () => moved("Decline"),
  Fail: () => nothing,
  Expire: () => nothing
}

/**
 * Decides what a command leads to. A return after the deadline is not refused but recorded as `AuthorizationExpired`,
 * so that the person sees what happened. `Finalised`, `Declined`, `Failed`, `Expired` and `Dismissed` are terminal.
 */
export const decide = decider<State, Command, Event>(
  {
    Absent: { Start: (_, { authorization }) => happened<Event>({ _tag: "AuthorizationStarted", ...authorization }) },
    Started: {
      Return: (state, { at, browserDigest, grantId }) =>
        back("Return", state, browserDigest, at, { _tag: "CallbackReceived", grantId, at }),
      Decline: (state, { at, browserDigest, detail }) =>
        back("Decline", state, browserDigest, at, { _tag: "ConsentDeclined", at, detail }),
      Fail: failed,
      Expire: (state, { at }) =>
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
          ? happened<Event>({ _tag: "AuthorizationExpired", at })
          : nothing
    },
    Exchanging: {
      Return: () => moved("Return"),
      Decline: () => moved("Decline"),
      RecordConsent: (_, { at, candidates, listFailed }) =>
        happened<Event>({
          _tag: "ConsentRecorded",
          candidates: [...candidates],
          at,
          ...(listFailed === undefined ? {} : { listFailed })
        }),
      Fail: (state, { at, detail, reason }) =>
        happened<Event>({ _tag: "AuthorizationFailed", reason, detail, at, grantId: state.grantId }),
      // A process that died between the callback and the answer leaves the authorization here; the code is spent, so it expires.
      Expire: (state, { at }) =>
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
          ? happened<Event>({ _tag: "AuthorizationExpired", at, grantId: state.grantId })
          : nothing
    },
    AwaitingSelection: {
      ...over,
      FindCandidates: (_, { at, candidates }) =>
        happened<Event>({ _tag: "CandidatesFound", candidates: [...candidates], at }),
      Select: (state, { at, by, confirmed, key, obstacles }) => {
        const selected = state.candidates.find((candidate) => Profile.sameKey(candidate.key, key))
        if (selected === undefined) {
          return refuse(subject, "Select", "unknown-profile", {
            detail: say("authorization.profile-unseen"),
            nextStep: say("authorization.choose-listed")
          })
        }
        const blocking = obstacles.filter((obstacle) => obstacle.weight === "blocks")
        if (blocking.length > 0) {
          return refuse(subject, "Select", "unfit-profile", {
            detail: Profile.inWords(blocking),
            nextStep: say("authorization.choose-profile")
          })
        }
        if (obstacles.length > 0 && !confirmed) {
          return refuse(subject, "Select", "needs-confirmation", {
            detail: Profile.inWords(obstacles),
            nextStep: say("authorization.confirm-profile")
          })
        }
        return happened<Event>({ _tag: "ProfileSelected", selected, at, by })
      },
      Dismiss: (_, { at, because, by }) => happened<Event>({ _tag: "AuthorizationDismissed", at, because, by })
    },
    Finalised: {
      ...over,
      Select: (state, { key }) =>
        Profile.sameKey(state.selected.key, key)
          ? nothing
          : refuse(subject, "Select", "already-used", {
              detail: say("authorization.finished-otherwise"),
              nextStep: say("authorization.start-new-to-change")
            })
    },
    Declined: over,
    Failed: over,
    Expired: {
      ...over,
      Return: () => refuse(subject, "Return", "expired", { detail: say("authorization.time-over"), nextStep: again })
    },
    Dismissed: { ...over, Dismiss: () => nothing }
  },
  impossible(subject, {
    Absent: again,
    Started: say("authorization.finish-consent"),
    Exchanging: say("authorization.wait-and-look"),
    AwaitingSelection: say("authorization.choose-pending"),
    Finalised: say("step.nothing"),
    Declined: again,
    Failed: again,
    Expired: again,
    Dismissed: again
  })
)

/** Applies a fact. Total. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "AuthorizationStarted") return state._tag === "Absent" ? { ...event, _tag: "Started" } : state
  switch (state._tag) {
    case "Started": {
      const { _tag, ...authorization } = state
      return event._tag === "CallbackReceived"
        ? { ...authorization, _tag: "Exchanging", grantId: event.grantId, returnedAt: event.at }
        : (ended(authorization, event) ?? state)
    }
    case "Exchanging": {
      const { _tag, grantId, returnedAt: _returnedAt, ...authorization } = state
      return event._tag === "ConsentRecorded"
        ? {
            ...authorization,
            _tag: "AwaitingSelection",
            grantId,
            consentedAt: event.at,
            candidates: event.candidates,
            candidatesAt: event.at,
            ...(event.listFailed === undefined ? {} : { listFailed: event.listFailed })
          }
        : (ended(authorization, event) ?? state)
    }
    case "AwaitingSelection": {
      const { candidates: _candidates, candidatesAt: _candidatesAt, listFailed: _unread, ...authorization } = state
      switch (event._tag) {
        case "CandidatesFound":
          return { ...authorization, candidates: event.candidates, candidatesAt: event.at }
        case "ProfileSelected":
          return {
            ...authorization,
            _tag: "Finalised",
            selected: event.selected,
            finalisedAt: event.at,
            finalisedBy: event.by
          }
        case "AuthorizationDismissed":
          return {
            ...authorization,
            _tag: "Dismissed",
            dismissedAt: event.at,
            dismissedBy: event.by,
            because: event.because
          }
        default:
          return state
      }
    }
    default:
      return state
  }
}

/** The three ways an authorization ends before consent. */
const ended = (
  authorization: Omit<Extract<State, { readonly _tag: "Started" }>, "_tag">,
  event: Event
): State | undefined => {
  switch (event._tag) {
    case "ConsentDeclined":
      return { ...authorization, _tag: "Declined", declinedAt: event.at, detail: event.detail }
    case "AuthorizationExpired":
      return { ...authorization, _tag: "Expired", expiredAt: event.at }
    case "AuthorizationFailed":
      return { ...authorization, _tag: "Failed", failedAt: event.at, reason: event.reason, detail: event.detail }
    default:
      return undefined
  }
}

/** Folds a history. */
export const replay = fold(evolve)
