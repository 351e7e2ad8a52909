/**
 * A link for the person who may consent: an auth link to pass on by hand (rules K-R8, K-R9), or a request to connect,
 * mailed to the account's owner with a copy for the requester (rules X-R2 to X-R5). It belongs to one connection, lives
 * for days, needs no sign-in, and one successful consent uses it up. Opening it changes nothing, because mail scanners
 * open links; pressing *Continue* starts an authorization that lives for minutes. A declined attempt leaves the link
 * usable.
 */
import { fold } from "../kernel/Machine.ts"
import { Event, State } from "./invitation/state.ts"

export {
  Attempt,
  Bounce,
  type Command,
  Event,
  Objection,
  type Open,
  type Present,
  Request,
  State,
  attemptLimit,
  initial,
  lifetime,
  mailLimit,
  reminderHours
} from "./invitation/state.ts"
export { decide } from "./invitation/decide.ts"

/** Applies a fact. Total: what comes after the end changes nothing. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "LinkIssued")
    return state._tag === "Absent"
      ? { ...event, _tag: "Open", attempts: 0, mails: event.request === undefined ? 0 : 1 }
      : state
  if (state._tag !== "Open") return state
  const {
    attempts: _attempts,
    bounce: _bounce,
    lastAttempt: _lastAttempt,
    mails: _mails,
    objection: _objection,
    ...link
  } = state
  switch (event._tag) {
    case "RequestMailedAgain": {
      const { bounce: _past, objection: _answer, ...rest } = state
      return { ...rest, mails: state.mails + 1, expiresAt: event.expiresAt }
    }
    case "RequestBounced":
      return { ...state, bounce: { to: event.to, reason: event.reason, at: event.at } }
    case "RequestReminded":
      return { ...state, mails: state.mails + 1 }
    case "RequestObjected":
      return { ...state, objection: { because: event.because, at: event.at } }
    case "LinkFollowed":
      return {
        ...state,
        attempts: state.attempts + 1,
        lastAttempt: { authorizationId: event.authorizationId, at: event.at }
      }
    case "LinkAttemptEnded":
      return { ...state, lastAttempt: { authorizationId: event.authorizationId, at: event.at, outcome: event.outcome } }
    case "LinkUsed":
      return { ...link, _tag: "Used", authorizationId: event.authorizationId, usedAt: event.at }
    case "LinkRevoked":
      return { ...link, _tag: "Revoked", revokedAt: event.at, revokedBy: event.by }
    case "LinkExpired":
      return { ...link, _tag: "Expired", expiredAt: event.at }
  }
}

/** Folds a history. */
export const replay = fold(evolve)
