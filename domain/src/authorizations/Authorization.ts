/**
 * One authorization at the provider and what comes back, until it is finalised (rules K-R8 to K-R14).
 *
 * Started → (callback) → Exchanging → AwaitingSelection → Finalised, with an exit at each step: Declined, Failed,
 * Expired, Dismissed. `state` is single use: the first callback moves the authorization on, and a second one finds it
 * moved.
 */
import { given } from "../kernel/given.ts"
import { fold } from "../kernel/Machine.ts"
import { Event, State } from "./authorization/state.ts"

export {
  type AwaitingSelection,
  type Command,
  Consenting,
  Event,
  FailureReason,
  Origin,
  type Present,
  State,
  initial,
  lifetime,
  selectionReminderHours
} from "./authorization/state.ts"
export { decide } from "./authorization/decide.ts"

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
            grantId: event.grantId ?? grantId,
            consentedAt: event.at,
            candidates: event.candidates,
            candidatesAt: event.at,
            ...given({ listFailed: event.listFailed })
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
