/** The words for facts that an event or a state names by a code. */
import type * as Authorization from "../authorizations/Authorization.ts"
import type * as Grant from "../authorizations/Grant.ts"
import type * as Invitation from "../authorizations/Invitation.ts"
import type * as Connection from "../connections/Connection.ts"
import { type Message, say } from "../messages/Messages.ts"
import type * as Member from "../organizations/Member.ts"
import type { Statement } from "./statement.ts"

const failures: { readonly [R in Authorization.FailureReason]: Omit<Statement, "label"> } = {
  "code-refused": { reason: say("failure-reason.code-refused"), mustAct: "member", nextStep: say("step.start-again") },
  "provider-unavailable": {
    reason: say("failure-reason.provider-unavailable"),
    mustAct: "member",
    nextStep: say("outcome.wait-and-start")
  },
  "application-rejected": {
    reason: say("failure-reason.application-rejected"),
    mustAct: "member",
    nextStep: say("outcome.ask-operator")
  },
  "not-entitled": {
    reason: say("failure-reason.not-entitled"),
    mustAct: "account-owner",
    nextStep: say("outcome.send-link")
  },
  "link-closed": {
    reason: say("failure-reason.link-closed"),
    mustAct: "member",
    nextStep: say("outcome.create-and-send")
  },
  "provider-error": {
    reason: say("failure-reason.provider-error"),
    mustAct: "member",
    nextStep: say("outcome.check-registration")
  },
  "callback-incomplete": {
    reason: say("failure-reason.callback-incomplete"),
    mustAct: "member",
    nextStep: say("step.start-again")
  }
}

const losses: { readonly [L in Connection.Loss]: Message } = {
  expired: say("loss.expired"),
  "access-removed": say("loss.access-removed"),
  "withdrawn-or-reset": say("loss.withdrawn-or-reset")
}

const grantEnds: { readonly [E in Grant.End]: Message } = {
  replaced: say("grant-end.replaced"),
  "refused-by-provider": say("grant-end.refused-by-provider"),
  discarded: say("grant-end.discarded"),
  disconnected: say("grant-end.disconnected"),
  "access-removed": losses["access-removed"]
}

const objections: { readonly [O in Invitation.Objection]: Message } = {
  "not-the-owner": say("link.not-the-owner"),
  "not-expected": say("link.not-expected")
}

const leavings: { readonly [L in Member.Leaving]: Message } = {
  left: say("leaving.left"),
  removed: say("leaving.removed"),
  declined: say("leaving.declined"),
  withdrawn: say("leaving.withdrawn"),
  expired: say("leaving.expired")
}

/** Why an authorization failed, who must act, and what to do. */
export const failureOf = (reason: Authorization.FailureReason): Omit<Statement, "label"> => failures[reason]

/** How a connection lost its consent. */
export const lossOf = (loss: Connection.Loss): Message => losses[loss]

/** Why a grant is over. */
export const grantEndOf = (end: Grant.End): Message => grantEnds[end]

/** Why the person who got a request cannot help. */
export const objectionOf = (objection: Invitation.Objection): Message => objections[objection]

/** Why somebody is not, or no longer, a member. */
export const leavingOf = (leaving: Member.Leaving): Message => leavings[leaving]
