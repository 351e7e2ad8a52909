/** The evidence for the status of a connection. */
import * as DateTime from "effect/DateTime"
import type * as Authorization from "../authorizations/Authorization.ts"
import * as Connection from "../connections/Connection.ts"
import { say, sentences } from "../messages/Messages.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import { lossOf } from "./facts.ts"
import { outcomeOf } from "./authorizations.ts"
import { type Statement, nothingToDo } from "./statement.ts"

/** The statuses that people and the API read; the states of the machine are finer. */
export type Status =
  | "not-connected"
  | "awaiting-selection"
  | "awaiting-access"
  | "connected"
  | "limited"
  | "paused"
  | "reauthorization-needed"
  | "disconnected"
  | "withdrawn"

/** Whether the data of a connection that works are late, or stand still until somebody acts. */
export type Health = "late" | "stalled"

/** A status with its evidence. */
export interface ConnectionStatement extends Statement {
  readonly status: Status
  /** When the provider last confirmed it; absent when it never did. */
  readonly provenAt?: DateTime.Utc
  /** Its data are late, or stand still; absent when they are not. */
  readonly health?: Health
  /** Since when the status holds, when that is known. */
  readonly since?: DateTime.Utc
}

/**
 * The evidence of a connection at an instant. With the authorization whose consent is pending, the reason and the next
 * step are those of a consent that sees no profile (rules P-R2, P-R3): there is nothing to choose yet, and its owner
 * must act. The status stays that of the connection, and so does the label where an earlier consent is in use.
 */
export const connectionStatement = (
  state: Connection.Present,
  now: DateTime.Utc,
  pendingAuthorization?: Authorization.Present,
  catalogue: Catalogue = standard
): ConnectionStatement => {
  const own = withPause(state, unpaused(state, now, catalogue))
  if (pendingAuthorization?._tag !== "AwaitingSelection" || pendingAuthorization.candidates.length > 0) return own
  if (Connection.pendingOf(state)?.authorizationId !== pendingAuthorization.id) return own
  const outcome = outcomeOf(pendingAuthorization, now, catalogue)
  if (state._tag === "AwaitingSelection") return { ...own, ...outcome }
  const reason = say("evidence.meanwhile", { reason: own.reason, other: outcome.reason })
  return { ...own, ...outcome, label: own.label, reason }
}

const withPause = (state: Connection.Present, own: ConnectionStatement): ConnectionStatement => {
  if (!Connection.isLinked(state) || state.paused === undefined) return own
  if (own.status === "reauthorization-needed") return own
  return {
    ...own,
    status: "paused",
    label: say("status.paused"),
    mustAct: "member",
    since: state.paused.at,
    reason: say("evidence.paused", { reason: own.reason }),
    nextStep: say("evidence.resume")
  }
}

const unpaused = (state: Connection.Present, now: DateTime.Utc, catalogue: Catalogue): ConnectionStatement => {
  const since = Connection.consentEndedAt(state, now)
  if (since !== undefined && Connection.isLinked(state)) return lost({ ...state, loss: "expired", since })
  switch (state._tag) {
    case "Proposed":
      return proposed(state, catalogue)
    case "AwaitingSelection":
      return {
        status: "awaiting-selection",
        label: say("status.awaiting-selection"),
        mustAct: "member",
        since: state.pending.since,
        reason: say("evidence.choice-due"),
        nextStep: say("evidence.open-pending")
      }
    case "AwaitingAccess":
      return awaitingAccess(state)
    case "Connected":
      return {
        status: "connected",
        label: say("status.connected"),
        provenAt: state.provenAt,
        since: state.link.linkedAt,
        reason: say("onboarding.bound", { profile: state.link.profile.name }),
        ...(state.renewal === undefined ? nothingToDo : newConsent)
      }
    case "Limited":
      return limited(state, catalogue)
    case "ReauthorizationNeeded":
      return lost(state)
    case "Disconnected":
      return disconnected(state, catalogue)
    case "Withdrawn":
      return {
        status: "withdrawn",
        label: say("status.withdrawn"),
        since: state.withdrawnAt,
        reason: say("evidence.withdrawn"),
        mustAct: "nobody",
        nextStep: say("connection.add-marketplace-again")
      }
  }
}

type In<Tag extends Connection.Present["_tag"]> = Extract<Connection.Present, { readonly _tag: Tag }>

// A consent has come in meanwhile: the next step is a choice here, no longer anything at the provider.
const newConsent = { mustAct: "member", nextStep: say("evidence.choose-pending") } as const

const isPartner = ({ channel }: Connection.Present, catalogue: Catalogue): boolean =>
  Channel.accessBy(channel, catalogue) === "partner"

const proposed = (state: In<"Proposed">, catalogue: Catalogue): ConnectionStatement => {
  const common = { status: "not-connected", label: say("status.not-connected"), since: state.proposedAt } as const
  return isPartner(state, catalogue)
    ? {
        ...common,
        mustAct: "account-owner",
        reason: say("evidence.no-advertiser", { provider: Channel.providerLabel(state.channel, catalogue) }),
        nextStep: say("evidence.ask-admin-then-link")
      }
    : {
        ...common,
        mustAct: "member",
        reason: say("evidence.nobody-authorized", { channel: Channel.label(state.channel, catalogue) }),
        nextStep: say("evidence.authenticate-or-link")
      }
}

const awaitingAccess = ({ expected }: In<"AwaitingAccess">): ConnectionStatement => {
  const status = "awaiting-access"
  if (expected.arrived !== undefined) {
    return {
      status,
      label: say("status.ready-to-link"),
      mustAct: "member",
      since: expected.arrived.at,
      reason: say("evidence.advertiser-arrived", { advertiser: expected.arrived.advertiser }),
      nextStep: say("evidence.compare-and-link")
    }
  }
  return expected.overdueAt === undefined
    ? {
        status,
        label: say("status.awaiting-access"),
        mustAct: "account-owner",
        since: expected.since,
        reason: say("evidence.wait-for-advertiser", { advertiser: expected.advertiser }),
        nextStep: sentences(say("evidence.we-look"), say("evidence.appears-once-added"))
      }
    : {
        status,
        label: say("status.access-overdue"),
        mustAct: "operator",
        since: expected.since,
        reason: say("evidence.advertiser-overdue", { advertiser: expected.advertiser }),
        nextStep: say("evidence.support-told")
      }
}

const limited = (state: In<"Limited">, catalogue: Catalogue): ConnectionStatement => ({
  status: "limited",
  label: say("status.limited"),
  provenAt: state.provenAt,
  since: state.since,
  reason: say("evidence.limited", { missing: state.missing }),
  ...(state.renewal === undefined
    ? {
        mustAct: "account-owner",
        nextStep: say(isPartner(state, catalogue) ? "evidence.ask-for-write" : "evidence.give-right")
      }
    : newConsent)
})

const lost = (
  state: Pick<In<"ReauthorizationNeeded">, "loss" | "since" | "provenAt" | "renewal">
): ConnectionStatement => ({
  status: "reauthorization-needed",
  label: say("status.reauthorization-needed"),
  provenAt: state.provenAt,
  since: state.since,
  reason: lossOf(state.loss),
  ...(state.renewal === undefined
    ? {
        mustAct: "account-owner",
        nextStep: say(state.loss === "access-removed" ? "evidence.ask-to-add-again" : "evidence.authorize-again")
      }
    : newConsent)
})

const disconnected = (state: In<"Disconnected">, catalogue: Catalogue): ConnectionStatement => ({
  status: "disconnected",
  label: say("status.disconnected"),
  since: state.disconnectedAt,
  reason: say("evidence.ended-here"),
  ...(state.pending === undefined
    ? {
        mustAct: "member",
        nextStep: say(isPartner(state, catalogue) ? "evidence.link-again" : "evidence.connect-again")
      }
    : newConsent)
})
