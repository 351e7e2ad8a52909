/** Attempts, mailed tokens and sessions: what lets somebody in, and how often they may try. */
import { Identity, type Secrets } from "@portolan/ports"
import { DateTime, Effect, HashMap, Option, Redacted, Ref } from "effect"
import {
  address,
  attempts,
  cookie,
  type IdentityState,
  type Known,
  type MailedToken,
  personOf,
  type Session,
  sessionIn,
  tokenLife
} from "./state.ts"

/** What identity in memory works with. */
export interface IdentityContext {
  readonly secrets: Secrets.Secrets["Service"]
  readonly state: Ref.Ref<IdentityState>
}

/** How long a session's cookie lives, in seconds. */
const sessionSeconds = 604_800

/** Counts an attempt. The one after the limit is refused until the wait is over. */
export const countAttempt = Effect.fnUntraced(function* ({ state }: IdentityContext, purpose: string, email: string) {
  const now = yield* DateTime.now
  const key = `${purpose} ${address(email)}`
  const allowed = yield* Ref.modify(state, (before) => {
    const earlier = Option.getOrUndefined(HashMap.get(before.attempts, key))
    const count = earlier !== undefined && DateTime.isGreaterThan(earlier.until, now) ? earlier.count + 1 : 1
    if (count > attempts.limit) return [false, before]
    const until = DateTime.add(now, { seconds: attempts.waitSeconds })
    return [true, { ...before, attempts: HashMap.set(before.attempts, key, { count, until }) }]
  })
  if (!allowed) return yield* new Identity.TooManyAttempts({ retryAfterSeconds: attempts.waitSeconds })
})

/** Forgets the attempts of an address. */
export const forgetAttempts = ({ state }: IdentityContext, purpose: string, email: string) =>
  Ref.update(state, (before) => ({
    ...before,
    attempts: HashMap.remove(before.attempts, `${purpose} ${address(email)}`)
  }))

/** Makes a token to be mailed. */
export const makeToken = Effect.fnUntraced(function* (
  { secrets, state }: IdentityContext,
  known: Known,
  use: MailedToken["use"]
) {
  const token = yield* secrets.token
  const key = yield* secrets.digest(token)
  const expiresAt = DateTime.addDuration(yield* DateTime.now, tokenLife[use])
  yield* Ref.update(state, (before) => ({
    ...before,
    tokens: HashMap.set(before.tokens, key, { personId: known.personId, use, expiresAt })
  }))
  return { person: personOf(known), token }
})

/** Uses a token up and changes its person. Every token works once. */
export const useToken = Effect.fnUntraced(function* (
  { secrets, state }: IdentityContext,
  token: Redacted.Redacted<string>,
  use: MailedToken["use"],
  change: (known: Known) => Known
) {
  const key = yield* secrets.digest(token)
  const now = yield* DateTime.now
  const changed = yield* Ref.modify(state, (before): [Known | undefined, IdentityState] => {
    const found = Option.getOrUndefined(HashMap.get(before.tokens, key))
    const known = found === undefined ? undefined : Option.getOrUndefined(HashMap.get(before.people, found.personId))
    const works = found?.use === use && DateTime.isGreaterThan(found.expiresAt, now)
    if (known === undefined || !works) return [undefined, before]
    const next = change(known)
    const people = HashMap.set(before.people, known.personId, next)
    return [next, { ...before, tokens: HashMap.remove(before.tokens, key), people }]
  })
  return changed ?? (yield* new Identity.TokenInvalid())
})

const keyOf = ({ secrets }: IdentityContext, session: string) => secrets.digest(Redacted.make(session))

/** Begins a session. Answers with the cookies to set. */
export const beginSession = Effect.fnUntraced(function* (context: IdentityContext, { personId }: Known) {
  const token = Redacted.value(yield* context.secrets.token)
  const key = yield* keyOf(context, token)
  yield* Ref.update(context.state, (before) => ({
    ...before,
    sessions: HashMap.set(before.sessions, key, { personId })
  }))
  return [cookie(token, sessionSeconds)]
})

/** Finds the session of a request. */
export const findSession = Effect.fnUntraced(function* (
  context: IdentityContext,
  headers: Headers
): Effect.fn.Return<{ readonly key: string; readonly session: Session }, Identity.NotSignedIn> {
  const sent = sessionIn(headers)
  if (sent === undefined) return yield* new Identity.NotSignedIn()
  const key = yield* keyOf(context, sent)
  const session = Option.getOrUndefined(HashMap.get((yield* Ref.get(context.state)).sessions, key))
  return session === undefined ? yield* new Identity.NotSignedIn() : { key, session }
})

/** Ends the session of a request, if there is one. Answers with the cookies to set. */
export const endSession = Effect.fnUntraced(function* (context: IdentityContext, headers: Headers) {
  const sent = sessionIn(headers)
  if (sent !== undefined) {
    const key = yield* keyOf(context, sent)
    yield* Ref.update(context.state, (before) => ({ ...before, sessions: HashMap.remove(before.sessions, key) }))
  }
  return [cookie("", 0)]
})
