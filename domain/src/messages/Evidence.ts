/**
 * What a connection's status rests on, in words: the state, the reason, who must act and where, and when it was last
 * proven. Every status shown to a person comes from here, so that page, API and notice agree.
 */
import { DateTime } from "effect"
import type * as Authorization from "../authorizations/Authorization.ts"
import type * as Backfill from "../connections/Backfill.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import * as Connection from "../connections/Connection.ts"
import type { MustAct } from "../kernel/MustAct.ts"
import type { Topic } from "../kernel/Topic.ts"
import type * as Invitation from "../authorizations/Invitation.ts"

/** The plain words on top of the finer model. */
export type Status =
  | "not-connected"
  | "awaiting-selection"
  | "awaiting-access"
  | "connected"
  | "limited"
  | "paused"
  | "reauthorization-needed"
  | "disconnected"

/** A status with what it rests on. */
export interface Evidence {
  readonly status: Status
  /** Two or three words for a badge. */
  readonly label: string
  /** One sentence: why. */
  readonly reason: string
  readonly mustAct: MustAct
  /** One sentence: what to do, and where. */
  readonly nextStep: string
  /** When the provider last confirmed it; absent when it never did. */
  readonly provenAt?: DateTime.Utc
  /** Since when it is so, when that is known. */
  readonly since?: DateTime.Utc
}

// A consent has come in meanwhile: the next step is a choice here, no longer anything at the provider.
const newConsent = {
  mustAct: "member",
  nextStep: "A new consent waits under Pending authorizations; choose its profile there."
} as const

/**
 * Reads the evidence out of a connection. With the authorization whose consent is pending, a consent that sees no profile is told
 * as what it is (rules P-R2, P-R3): there is nothing to choose yet, and the account's owner must act. The status and,
 * where an earlier consent gives the connection its standing, the label stay those of the connection.
 */
export const ofConnection = (
  state: Connection.Present,
  pendingAuthorization?: Authorization.Present,
  catalogue: Catalogue = standard
): Evidence => {
  const own = standing(state, catalogue)
  if (pendingAuthorization?._tag !== "AwaitingSelection" || pendingAuthorization.candidates.length > 0) return own
  if (Connection.pendingOf(state)?.authorizationId !== pendingAuthorization.id) return own
  const outcome = ofAuthorization(pendingAuthorization, catalogue)
  return state._tag === "AwaitingSelection"
    ? { ...own, ...outcome }
    : { ...own, ...outcome, label: own.label, reason: `${own.reason} Meanwhile: ${outcome.reason}` }
}

const standing = (state: Connection.Present, catalogue: Catalogue): Evidence => {
  const own = unpaused(state, catalogue)
  if (!Connection.isLinked(state) || state.paused === undefined || state._tag === "ReauthorizationNeeded") return own
  return {
    ...own,
    status: "paused",
    label: "Paused",
    mustAct: "member",
    since: state.paused.at,
    reason: `${own.reason} Paused here: nothing is fetched meanwhile.`,
    nextStep: "Resume it when data is wanted again."
  }
}

const unpaused = (state: Connection.Present, catalogue: Catalogue): Evidence => {
  const channel = Channel.label(state.channel, catalogue)
  const partner = Channel.accessBy(state.channel, catalogue) === "partner"
  switch (state._tag) {
    case "Proposed":
      if (partner) {
        return {
          status: "not-connected",
          label: "Not connected",
          mustAct: "account-owner",
          since: state.proposedAt,
          reason:
            `No advertiser is linked to this account yet. ${Channel.providerLabel(state.channel, catalogue)} sends nobody ` +
            "back to us: an admin of the advertiser adds us as API partner.",
          nextStep:
            "Ask an admin of the advertiser to add us with write access; then press Connect and link the advertiser."
        }
      }
      return {
        status: "not-connected",
        label: "Not connected",
        mustAct: "member",
        since: state.proposedAt,
        reason: `Nobody has authorized the ${channel} for this account yet.`,
        nextStep: "Authenticate now if your own login has the rights, or create an auth link for the account's owner."
      }
    case "AwaitingSelection":
      return {
        status: "awaiting-selection",
        label: "Waiting for your choice",
        mustAct: "member",
        since: state.pending.since,
        reason: "Consent was given; a person still has to choose the right profile.",
        nextStep: "Open Pending authorizations and choose the profile that belongs to this account."
      }
    case "AwaitingAccess":
      if (state.expected.arrived !== undefined) {
        return {
          status: "awaiting-access",
          label: "Ready to be linked",
          mustAct: "member",
          since: state.expected.arrived.at,
          reason: `The advertiser “${state.expected.arrived.advertiser}” lists us as its partner and belongs to your organization.`,
          nextStep: "Compare it and link it; the first load starts by itself."
        }
      }
      return state.expected.overdueAt === undefined
        ? {
            status: "awaiting-access",
            label: "Waiting for access",
            mustAct: "account-owner",
            since: state.expected.since,
            reason: `We wait for the advertiser “${state.expected.advertiser}” to list us as its partner.`,
            nextStep:
              "We look every 15 minutes. It appears once its admin has added us and an operator has assigned it to you."
          }
        : {
            status: "awaiting-access",
            label: "Access is overdue",
            mustAct: "operator",
            since: state.expected.since,
            reason: `The advertiser “${state.expected.advertiser}” has not appeared within a day.`,
            nextStep:
              "Support has been told and looks into it. Meanwhile check with the advertiser's admin that we were added."
          }
    case "Connected":
      return {
        status: "connected",
        label: "Connected",
        provenAt: state.provenAt,
        since: state.link.linkedAt,
        reason: `Bound to ${state.link.profile.name}.`,
        ...(state.renewal === undefined ? { mustAct: "nobody", nextStep: "Nothing needs to be done." } : newConsent)
      }
    case "Limited":
      return {
        status: "limited",
        label: "Limited",
        provenAt: state.provenAt,
        since: state.since,
        reason: `The consent works, but something is missing: ${state.missing}.`,
        ...(state.renewal === undefined
          ? {
              mustAct: "account-owner",
              nextStep: partner
                ? "Ask an admin of the advertiser to give us write access. We notice by ourselves."
                : "Give the login the missing right in the provider's console; then authorize again."
            }
          : newConsent)
      }
    case "ReauthorizationNeeded":
      return {
        status: "reauthorization-needed",
        label: "Reauthorization needed",
        provenAt: state.provenAt,
        since: state.since,
        reason:
          state.loss === "access-removed"
            ? "The advertiser no longer lists us as its partner."
            : state.loss === "expired"
              ? "The consent reached its end."
              : "The provider no longer accepts the consent; it was withdrawn, or the login was reset.",
        ...(state.renewal === undefined
          ? {
              mustAct: "account-owner",
              nextStep:
                state.loss === "access-removed"
                  ? "Ask an admin of the advertiser to add us again. The connection comes back by itself; nothing is lost."
                  : "Authorize again as the same seller. Account, brands and history are kept."
            }
          : newConsent)
      }
    case "Disconnected":
      return {
        status: "disconnected",
        label: "Disconnected",
        since: state.disconnectedAt,
        reason: "The connection was ended here.",
        ...(state.pending === undefined
          ? {
              mustAct: "member",
              nextStep: partner
                ? "Press Connect and link an advertiser to connect it again."
                : "Authenticate now or create an auth link to connect it again."
            }
          : newConsent)
      }
  }
}

/** Whether a first load deserves a warning on its account. */
export const isOverdue = (state: Backfill.State): boolean =>
  state._tag === "Running" &&
  (state.overdueSince !== undefined ||
    state.promises.some((promise) => promise.missedAt !== undefined && promise.completedAt === undefined))

/** How one authorization at the provider stands or ended, for the person who waits for it. */
export type Outcome = Pick<Evidence, "label" | "reason" | "mustAct" | "nextStep">

const failure: { readonly [R in Authorization.FailureReason]: Omit<Outcome, "label"> } = {
  "code-refused": {
    reason: "The provider did not accept the returned code; it was late or used before.",
    mustAct: "member",
    nextStep: "Start the connection again."
  },
  "provider-unavailable": {
    reason: "The provider did not answer while the consent was being recorded.",
    mustAct: "member",
    nextStep: "Wait a few minutes and start the connection again."
  },
  "application-rejected": {
    reason: "The provider rejected this software's own credentials. The account and its owner did nothing wrong.",
    mustAct: "member",
    nextStep: "Tell your operator to check the client id and secret; then start again."
  },
  "not-entitled": {
    reason: "The login may not give this consent; only the account's primary user can.",
    mustAct: "account-owner",
    nextStep: "Send an auth link to the owner of the account."
  },
  "link-closed": {
    reason: "The link was used, withdrawn or expired while the person was at the provider.",
    mustAct: "member",
    nextStep: "Create a new link and send it."
  },
  "provider-error": {
    reason: "The provider reported an error instead of a consent.",
    mustAct: "member",
    nextStep: "Start the connection again; if it repeats, check the application's registration at the provider."
  },
  "callback-incomplete": {
    reason: "The return from the provider lacked what is needed.",
    mustAct: "member",
    nextStep: "Start the connection again."
  }
}

// What an empty list may mean differs by channel (rules P-R2, P-R3; Selling Partner API, marketplace participations).
const nothingVisible = (channel: Channel.Channel, catalogue: Catalogue): Pick<Outcome, "reason" | "nextStep"> =>
  Channel.kind(channel, catalogue) === "commerce"
    ? {
        reason:
          "Consent was given, but this account takes part in no marketplace of the account's region that we know.",
        nextStep:
          "Check at the provider that the account is active in the marketplace, or authorize with the account that is. " +
          "We look again every hour, and you can look now."
      }
    : {
        reason:
          "Consent was given, but this login sees no profile in the account's region. It may lack permission to edit " +
          "campaigns, or the account has no advertising campaign yet.",
        nextStep:
          "Create a campaign or give the login admin rights in the provider's console. A new campaign can take 24 hours " +
          "to appear; we look again every hour, and you can look now."
      }

const notRead: Outcome = {
  label: "Profiles not listed yet",
  mustAct: "nobody",
  reason:
    "Consent was given and is kept. The provider did not answer when its list of profiles was asked for, so we do not know yet what it shows.",
  nextStep: "Nothing has to be done at the provider. We ask again by ourselves, and you can look now."
}

/** Reads the outcome out of an authorization. */
export const ofAuthorization = (state: Authorization.Present, catalogue: Catalogue = standard): Outcome => {
  switch (state._tag) {
    case "Started":
      return {
        label: "At the provider",
        mustAct: "account-owner",
        reason: "The person has not come back yet.",
        nextStep: "Finish the consent at the provider; the attempt ends after fifteen minutes."
      }
    case "Exchanging":
      return {
        label: "Coming back",
        mustAct: "nobody",
        reason: "The consent is being recorded.",
        nextStep: "Wait a moment."
      }
    case "AwaitingSelection":
      return state.candidates.length > 0
        ? {
            label: "Waiting for your choice",
            mustAct: "member",
            reason: "Consent was given; a person has to choose the profile.",
            nextStep: "Choose the profile that belongs to this account."
          }
        : state.listFailed
          ? notRead
          : { label: "No profile visible yet", mustAct: "account-owner", ...nothingVisible(state.channel, catalogue) }
    case "Finalised":
      return {
        label: "Finished",
        mustAct: "nobody",
        reason: `Bound to ${state.selected.name}.`,
        nextStep: "Nothing needs to be done."
      }
    case "Declined":
      return {
        label: "Declined",
        mustAct: "account-owner",
        reason: "The person declined at the provider.",
        nextStep:
          state.origin._tag === "ByLink"
            ? "Talk to the owner of the account and try again; the link stays usable."
            : "Talk to the owner of the account and start the connection again."
      }
    case "Failed":
      return { label: "Failed", ...failure[state.reason] }
    case "Expired":
      return {
        label: "Timed out",
        mustAct: "member",
        reason:
          "Nobody came back from the provider in time: the page was closed, or the login may not give this consent.",
        nextStep: "Start the connection again, with the login of the account's primary user."
      }
    case "Dismissed":
      return {
        label: "Dismissed",
        mustAct: "nobody",
        reason: state.because.trim() === "" ? "A member dropped it." : state.because,
        nextStep: "Start the connection again when it is wanted."
      }
  }
}

/** Reads the standing of a link. */
export const ofInvitation = (
  state: Exclude<Invitation.State, { readonly _tag: "Absent" }>,
  now: DateTime.Utc
): Outcome => {
  switch (state._tag) {
    case "Open":
      if (DateTime.isGreaterThanOrEqualTo(now, state.expiresAt)) return linkExpired
      if (state.bounce?.to === "owner" && state.lastAttempt === undefined && state.objection === undefined) {
        return {
          label: "Open",
          mustAct: "member",
          reason: `The mail to ${state.request?.owner.name ?? "the owner"} came back: ${state.bounce.reason}`,
          nextStep: "Check the address. Withdraw this request and send another one, or pass the link on by hand."
        }
      }
      return {
        label: "Open",
        mustAct: state.objection === undefined ? "account-owner" : "member",
        reason:
          state.objection !== undefined
            ? objected[state.objection.because]
            : state.lastAttempt?.outcome === undefined
              ? state.attempts === 0
                ? "Nobody has followed it yet."
                : "Somebody followed it and has not come back yet."
              : `The last attempt ended: ${state.lastAttempt.outcome}`,
        nextStep:
          state.objection !== undefined
            ? "Find out who owns the account, and send that person a request."
            : state.request === undefined
              ? "Send it to the person who may consent."
              : `Wait for ${state.request.owner.name}; you can send it again or withdraw it.`
      }
    case "Used":
      return {
        label: "Used",
        mustAct: "nobody",
        reason: "A consent came through this link.",
        nextStep: "Nothing needs to be done."
      }
    case "Revoked":
      return {
        label: "Withdrawn",
        mustAct: "member",
        reason: "It was withdrawn.",
        nextStep: "Create a new link when it is wanted."
      }
    case "Expired":
      return linkExpired
  }
}

const objected: { readonly [O in Invitation.Objection]: string } = {
  "not-the-owner": "The person who got it says that somebody else owns the account.",
  "not-expected": "The person who got it did not expect it and will not consent."
}

const linkExpired: Outcome = {
  label: "Expired",
  mustAct: "member",
  reason: "It was not used in time.",
  nextStep: "Create a new link and send it."
}

/** A notice's text: what happened, who must act, and what comes next (flow F2, step 5). */
export const explain = (
  topic: Topic,
  connection: Connection.Present,
  detail: string,
  catalogue: Catalogue = standard
): string => {
  const { nextStep, reason } = ofConnection(connection, undefined, catalogue)
  const fetched = connection._tag === "Connected" || connection._tag === "Limited"
  switch (topic) {
    case "overdue":
      // A load whose consent is gone does not go on by itself, and nobody is told that it does.
      return fetched
        ? "Its history should have been complete within 48 hours and is not. Nothing is lost and nobody has to start again: " +
            "the load goes on by itself, support has been told, and you hear from us when it is complete."
        : `Its history should have been complete within 48 hours and is not. Nothing is lost, and support has been told. ${reason} ${nextStep}`
    case "caught-up":
      return "What was overdue has arrived. Nothing needs to be done."
    case "deadline-missed":
      return `The ${detail} data was promised for now and is not complete. ${fetched ? "The load goes on by itself." : `${reason} ${nextStep}`}`
    case "backfill-complete":
      return "The first load is complete."
    case "fell-back":
      return "The consent in use ended, and another login that sees the same profile took over. Nothing needs to be done."
    default:
      return `${reason} ${nextStep}`
  }
}
