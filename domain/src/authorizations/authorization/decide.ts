/** What the commands of an authorization lead to. */
import { given } from "../../kernel/given.ts"
import * as DateTime from "effect/DateTime"
import * as Schema from "effect/Schema"
import { decider, happened, nothing } from "../../kernel/Machine.ts"
import { say } from "../../messages/Messages.ts"
import { impossible, refuse } from "../../messages/Refusal.ts"
import * as Profile from "../Profile.ts"
import { type AwaitingSelection, type Command, Event, State } from "./state.ts"

const subject = "Authorization"
const again = say("authorization.start-over")

const moved = (command: string) =>
  refuse(subject, command, "already-used", { detail: say("authorization.callback-repeated"), nextStep: again })

/** Every return from the provider needs the browser that started and must come within fifteen minutes. */
const back = (
  state: Extract<State, { readonly _tag: "Started" }>,
  { _tag, at, browserDigest }: Extract<Command, { readonly _tag: "Return" | "Decline" }>,
  event: Event
) => {
  if (state.browserDigest !== browserDigest) {
    return refuse(subject, _tag, "wrong-browser", {
      detail: say("authorization.other-browser"),
      nextStep: say("authorization.stay-in-browser")
    })
  }
  return DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
    ? happened<Event>({ _tag: "AuthorizationExpired", at })
    : happened<Event>(event)
}

const sameCandidates = Schema.toEquivalence(Schema.Array(Profile.Candidate))

/** Whether a look is older than the latest one, or is that one. */
const isKnown = (state: AwaitingSelection, at: DateTime.Utc, candidates: ReadonlyArray<Profile.Candidate>): boolean =>
  DateTime.isLessThan(at, state.candidatesAt) ||
  (DateTime.Equivalence(at, state.candidatesAt) &&
    state.listFailed === undefined &&
    sameCandidates(candidates, state.candidates))

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
      Return: (state, command) =>
        back(state, command, { _tag: "CallbackReceived", grantId: command.grantId, at: command.at }),
      Decline: (state, command) =>
        back(state, command, { _tag: "ConsentDeclined", at: command.at, detail: command.detail }),
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
        happened<Event>({ _tag: "ConsentRecorded", candidates: [...candidates], at, ...given({ listFailed }) }),
      Fail: (state, { at, detail, reason }) =>
        happened<Event>({ _tag: "AuthorizationFailed", reason, detail, at, grantId: state.grantId }),
      // A process that died between the callback and the answer leaves the authorization here; the code is spent, so it
      // expires.
      Expire: (state, { at }) =>
        DateTime.isGreaterThanOrEqualTo(at, state.expiresAt)
          ? happened<Event>({ _tag: "AuthorizationExpired", at, grantId: state.grantId })
          : nothing
    },
    AwaitingSelection: {
      ...over,
      FindCandidates: (state, { at, candidates }) =>
        isKnown(state, at, candidates)
          ? nothing
          : happened<Event>({ _tag: "CandidatesFound", candidates: [...candidates], at }),
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
