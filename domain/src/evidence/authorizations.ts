/** The status or outcome of an authorization. */
import * as DateTime from "effect/DateTime"
import type * as Authorization from "../authorizations/Authorization.ts"
import { say, verbatim } from "../messages/Messages.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import * as Channel from "../providers/Channel.ts"
import { failureOf } from "./facts.ts"
import { type Statement, nothingToDo } from "./statement.ts"

// What an empty list may mean differs by channel (rules P-R2, P-R3; Selling Partner API, marketplace participations).
const nothingVisible = {
  commerce: { reason: say("outcome.no-marketplace"), nextStep: say("outcome.check-marketplace") },
  advertising: { reason: say("outcome.no-profile"), nextStep: say("outcome.create-campaign") }
}

const selection = (state: Authorization.AwaitingSelection, catalogue: Catalogue): Statement => {
  if (state.candidates.length > 0) {
    return {
      label: say("status.awaiting-selection"),
      mustAct: "member",
      reason: say("evidence.choice-due"),
      nextStep: say("authorization.choose-profile")
    }
  }
  if (state.listFailed) {
    return {
      label: say("authorization-state.list-failed"),
      mustAct: "nobody",
      reason: say("outcome.list-failed"),
      nextStep: say("outcome.we-ask-again")
    }
  }
  const kind = Channel.kind(state.channel, catalogue) === "commerce" ? "commerce" : "advertising"
  return { label: say("authorization-state.nothing-visible"), mustAct: "account-owner", ...nothingVisible[kind] }
}

const expired: Statement = {
  label: say("authorization-state.expired"),
  mustAct: "member",
  reason: say("outcome.timed-out"),
  nextStep: say("outcome.start-as-primary-user")
}

/** The outcome of an authorization at an instant. */
export const outcomeOf = (
  state: Authorization.Present,
  now: DateTime.Utc,
  catalogue: Catalogue = standard
): Statement => {
  switch (state._tag) {
    case "Started":
      if (DateTime.isGreaterThanOrEqualTo(now, state.expiresAt)) return expired
      return {
        label: say("authorization-state.started"),
        mustAct: "account-owner",
        reason: say("outcome.at-provider"),
        nextStep: say("outcome.finish")
      }
    case "Exchanging":
      return {
        label: say("authorization-state.exchanging"),
        mustAct: "nobody",
        reason: say("outcome.recording"),
        nextStep: say("step.wait")
      }
    case "AwaitingSelection":
      return selection(state, catalogue)
    case "Finalised":
      return {
        label: say("authorization-state.finalised"),
        reason: say("onboarding.bound", { profile: state.selected.name }),
        ...nothingToDo
      }
    case "Declined":
      return {
        label: say("authorization-state.declined"),
        mustAct: "account-owner",
        reason: say("outcome.declined"),
        nextStep: say(state.origin._tag === "ByLink" ? "outcome.talk-link-usable" : "outcome.talk-and-start")
      }
    case "Failed":
      return { label: say("authorization-state.failed"), ...failureOf(state.reason) }
    case "Expired":
      return expired
    case "Dismissed":
      return {
        label: say("authorization-state.dismissed"),
        mustAct: "nobody",
        reason: state.because.trim() === "" ? say("outcome.dismissed") : verbatim(state.because),
        nextStep: say("outcome.start-when-wanted")
      }
  }
}
