/** The status of an auth link or a request to connect. */
import type { DateTime } from "effect"
import * as Invitation from "../authorizations/Invitation.ts"
import { type Message, say, sentences } from "../messages/Messages.ts"
import { objectionOf } from "./facts.ts"
import { type Statement, nothingToDo } from "./statement.ts"

const expired: Statement = {
  label: say("link-state.expired"),
  mustAct: "member",
  reason: say("link.not-used"),
  nextStep: say("outcome.create-and-send")
}

const lastAttempt = (state: Invitation.Open): Message => {
  const { attempts, lastAttempt } = state
  if (lastAttempt?.outcome !== undefined) return say("link.last-attempt", { outcome: lastAttempt.outcome })
  const before = Invitation.attemptsOf(state).findLast(({ outcome }) => outcome !== undefined)?.outcome
  if (before !== undefined) return sentences(say("link.not-back"), say("link.attempt-before", { outcome: before }))
  return say(attempts === 0 ? "link.not-followed" : "link.not-back")
}

const open = (state: Invitation.Open): Statement => {
  const label = say("link-state.open")
  if (state.objection !== undefined) {
    return { label, mustAct: "member", reason: objectionOf(state.objection.because), nextStep: say("link.find-owner") }
  }
  const bounce = Invitation.bounceTo(state, "owner")
  if (bounce !== undefined && state.lastAttempt === undefined) {
    const owner = state.request?.owner.name ?? say("link.the-owner")
    return {
      label,
      mustAct: "member",
      reason: say("link.mail-came-back", { owner, reason: bounce.reason }),
      nextStep: say("link.check-address")
    }
  }
  return {
    label,
    mustAct: "account-owner",
    reason: lastAttempt(state),
    nextStep:
      state.request === undefined ? say("link.send-it") : say("link.wait-for", { owner: state.request.owner.name })
  }
}

/** The status of a link at an instant. */
export const linkStatement = (state: Invitation.Present, now: DateTime.Utc): Statement => {
  switch (state._tag) {
    case "Open":
      return Invitation.isOpen(state, now) ? open(state) : expired
    case "Used":
      return { label: say("link-state.used"), reason: say("link.consent-came"), ...nothingToDo }
    case "Revoked":
      return {
        label: say("link-state.revoked"),
        mustAct: "member",
        reason: say("link.was-withdrawn"),
        nextStep: say("link.create-when-wanted")
      }
    case "Expired":
      return expired
  }
}
