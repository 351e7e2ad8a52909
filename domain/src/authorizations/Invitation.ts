/**
 * A link for the person who may consent: an auth link to pass on by hand (rules K-R8, K-R9), or a request to connect,
 * mailed to the account's owner with a copy for the requester (rules X-R2 to X-R5). It belongs to one connection, lives
 * for days, needs no sign-in, and one successful consent uses it up. Opening it changes nothing, because mail scanners
 * open links; pressing *Continue* starts an authorization that lives for minutes. A declined attempt leaves the link
 * usable.
 */
import { given } from "../kernel/given.ts"
import { fold, isRepeat } from "../kernel/Machine.ts"
import { Attempt, attemptsOf, Event, type Open, State } from "./invitation/state.ts"

export {
  Attempt,
  Bounce,
  type Command,
  Event,
  Objection,
  type Open,
  type Present,
  Renews,
  Request,
  State,
  attemptLimit,
  attemptsOf,
  bounceTo,
  initial,
  isOpen,
  lifetime,
  mailLimit,
  objectionHours,
  reminderHours
} from "./invitation/state.ts"
export { decide } from "./invitation/decide.ts"

/** Applies a fact. Total: what comes after the end changes nothing. */
export const evolve = (state: State, event: Event): State => {
  if (event._tag === "LinkIssued")
    return state._tag === "Absent" ? { ...event, _tag: "Open", attempts: 0, mails: mailsAtFirst(event.request) } : state
  if (state._tag !== "Open") return state
  switch (event._tag) {
    case "RequestMailedAgain": {
      if (isRepeat(event.at, state.mailedAt)) return state
      const { bounce: _past, objectedAt: _reported, objection: _answer, secondBounce: _other, ...rest } = state
      const { firstExpiresAt = state.expiresAt, mails } = state
      return { ...rest, mails: mails + 1, mailedAt: event.at, expiresAt: event.expiresAt, firstExpiresAt }
    }
    case "RequestBounced": {
      const bounce = { to: event.to, reason: event.reason, at: event.at }
      const first = state.bounce === undefined || state.bounce.to === event.to
      return first ? { ...state, bounce } : { ...state, secondBounce: bounce }
    }
    case "RequestReminded":
      return isRepeat(event.at, state.mailedAt) ? state : { ...state, mails: state.mails + 1, mailedAt: event.at }
    case "RequestObjected":
      return { ...state, objection: { because: event.because, at: event.at }, objectedAt: event.at }
    case "LinkFollowed":
      return followed(state, event)
    case "LinkAttemptEnded":
      return attemptEnded(state, event)
    case "LinkUsed":
      return { ...linkOf(state), _tag: "Used", authorizationId: event.authorizationId, usedAt: event.at }
    case "LinkRevoked":
      return { ...linkOf(state), _tag: "Revoked", revokedAt: event.at, revokedBy: event.by }
    case "LinkExpired":
      return { ...linkOf(state), _tag: "Expired", expiredAt: event.at, ...given({ objection: keptObjection(state) }) }
  }
}

/** Of a request that renews a consent, no mail is sent before the first reminder. */
const mailsAtFirst = (request: Open["request"]): number =>
  request === undefined || request.renews !== undefined ? 0 : 1

const keptObjection = ({ objection, request }: Open) => (request?.renews === undefined ? undefined : objection)

/** Whoever goes on to the provider has changed their mind, or is another person: an objection from before is past. */
const followed = (state: Open, { at, authorizationId }: Extract<Event, { readonly _tag: "LinkFollowed" }>): Open => {
  const attempts = attemptsOf(state)
  if (attempts.some((attempt) => attempt.authorizationId === authorizationId)) return state
  const { objection: _past, ...rest } = state
  return {
    ...rest,
    attempts: state.attempts + 1,
    lastAttempt: { authorizationId, at },
    ...(attempts.length === 0 ? {} : { earlierAttempts: attempts })
  }
}

const attemptEnded = (state: Open, event: Extract<Event, { readonly _tag: "LinkAttemptEnded" }>): Open => {
  const { at, authorizationId, outcome } = event
  const ended = (attempt: Attempt) =>
    attempt.authorizationId === authorizationId ? { authorizationId, at, outcome } : attempt
  const { earlierAttempts, lastAttempt, ...rest } = state
  return {
    ...rest,
    ...given({ lastAttempt: lastAttempt && ended(lastAttempt), earlierAttempts: earlierAttempts?.map(ended) })
  }
}

/** What stays of a link when it is over. */
const linkOf = ({
  accountId,
  channel,
  companyId,
  connectionId,
  expiresAt,
  id,
  issuedAt,
  issuedBy,
  organizationId,
  request,
  tokenDigest
}: Open) => ({
  id,
  organizationId,
  companyId,
  accountId,
  connectionId,
  channel,
  tokenDigest,
  issuedBy,
  issuedAt,
  expiresAt,
  ...given({ request })
})

/** Folds a history. */
export const replay = fold(evolve)
