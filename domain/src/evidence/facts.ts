/** Sentences for facts that an event or a state names by a code. */
import type * as Authorization from "../authorizations/Authorization.ts"
import type * as Grant from "../authorizations/Grant.ts"
import type * as Invitation from "../authorizations/Invitation.ts"
import type * as Connection from "../connections/Connection.ts"
import { type Message, say, sentences } from "../messages/Messages.ts"
import type * as Member from "../organizations/Member.ts"
import type { Statement } from "./statement.ts"

type Failure = Omit<Statement, "label" | "reason">

const failures: { readonly [R in Authorization.FailureReason]: Failure } = {
  "code-refused": { mustAct: "member", nextStep: say("step.start-again") },
  "provider-unavailable": { mustAct: "member", nextStep: say("outcome.wait-and-start") },
  "application-rejected": { mustAct: "member", nextStep: say("outcome.ask-operator") },
  "not-entitled": { mustAct: "account-owner", nextStep: say("outcome.send-link") },
  "link-closed": { mustAct: "member", nextStep: say("outcome.create-and-send") },
  "provider-error": { mustAct: "member", nextStep: say("outcome.check-registration") },
  "callback-incomplete": { mustAct: "member", nextStep: say("step.start-again") },
  "different-identity": { mustAct: "member", nextStep: say("step.start-again") }
}

type Provider = { readonly provider: string | Message }

const reasons: { readonly [R in Authorization.FailureReason]: (who: Provider) => Message } = {
  "code-refused": (who) => say("failure-reason.code-refused", who),
  "provider-unavailable": (who) => say("failure-reason.provider-unavailable", who),
  "application-rejected": (who) => say("failure-reason.application-rejected", who),
  "not-entitled": () => say("failure-reason.not-entitled"),
  "link-closed": () => say("failure-reason.link-closed"),
  "provider-error": (who) => say("failure-reason.provider-error", who),
  "callback-incomplete": () => say("failure-reason.callback-incomplete"),
  "different-identity": (who) => say("failure-reason.different-identity", who)
}

const losses: { readonly [L in Connection.Loss]: Message } = {
  expired: say("loss.expired"),
  "access-removed": say("loss.access-removed"),
  "different-identity": say("loss.different-identity"),
  "identity-taken": say("loss.identity-taken"),
  "rotation-lost": say("loss.rotation-lost"),
  "withdrawn-or-reset": say("loss.withdrawn-or-reset")
}

const grantEnds: { readonly [E in Grant.End]: Message } = {
  replaced: say("grant-end.replaced"),
  "refused-by-provider": say("grant-end.refused-by-provider"),
  "rotation-lost": say("grant-end.rotation-lost"),
  discarded: say("grant-end.discarded"),
  disconnected: say("grant-end.disconnected"),
  "access-removed": losses["access-removed"],
  "different-identity": losses["different-identity"]
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

/** Why an authorization failed, in one sentence. `provider` names the provider, where the reader does not know it. */
export const failureReason = (reason: Authorization.FailureReason, provider?: string): Message =>
  reasons[reason]({ provider: provider ?? say("failure-reason.the-provider") })

/** Why an authorization failed, who must act, and what to do. */
export const failureOf = (reason: Authorization.FailureReason): Omit<Statement, "label"> => ({
  ...failures[reason],
  reason:
    reason === "application-rejected"
      ? sentences(failureReason(reason), say("failure-reason.nobody-wrong"))
      : failureReason(reason)
})

/** How a connection lost its consent. */
export const lossOf = (loss: Connection.Loss): Message => losses[loss]

/** Why a grant is over. */
export const grantEndOf = (end: Grant.End): Message => grantEnds[end]

/** Why the person who got a request cannot help with it. */
export const objectionOf = (objection: Invitation.Objection): Message => objections[objection]

/** Why somebody is not, or no longer, a member. */
export const leavingOf = (reason: Member.Leaving): Message => leavings[reason]
