/** People given as data, and those who sign up, until the process ends. */
import { Identity, Secrets } from "@portolan/ports"
import { Effect, HashMap, Layer, Option, Redacted, Ref } from "effect"
import { forgotten, resetPassword, signUp, verification, verify } from "./identity/signingUp.ts"
import { begin, byAddress, type Person, personOf } from "./identity/state.ts"
import {
  beginSession,
  countAttempt,
  endSession,
  findSession,
  forgetAttempts,
  type IdentityContext
} from "./identity/tokens.ts"

export { attempts, cookieName, type Person, tokenLife } from "./identity/state.ts"

type Port = Identity.Identity["Service"]

const whoIs = (context: IdentityContext): Port["whoIs"] =>
  Effect.fn("Identity.whoIs")(function* (headers) {
    const { session } = yield* findSession(context, headers)
    const known = Option.getOrUndefined(HashMap.get((yield* Ref.get(context.state)).people, session.personId))
    return known === undefined ? yield* new Identity.NotSignedIn() : { ...personOf(known), ...session }
  })

const signIn = (context: IdentityContext): Port["signIn"] =>
  Effect.fn("Identity.signIn")(function* (email, password) {
    const known = byAddress(yield* Ref.get(context.state), email)
    yield* Effect.catchTag(countAttempt(context, "sign-in", email), "TooManyAttempts", ({ retryAfterSeconds }) =>
      Effect.fail(
        new Identity.TooManyAttempts({
          retryAfterSeconds,
          ...(known === undefined ? {} : { personId: known.personId })
        })
      )
    )
    if (known === undefined || Redacted.value(known.password) !== Redacted.value(password)) {
      return yield* new Identity.WrongCredentials()
    }
    if (!known.verified) return yield* new Identity.EmailUnverified({ email: known.email })
    yield* forgetAttempts(context, "sign-in", email)
    return yield* beginSession(context, known)
  })

const choose = (context: IdentityContext): Port["choose"] =>
  Effect.fn("Identity.choose")(function* (headers, organizationId) {
    const { key } = yield* findSession(context, headers)
    yield* Ref.update(context.state, (before) => ({
      ...before,
      sessions: HashMap.modify(before.sessions, key, (session) => ({ ...session, organizationId }))
    }))
  })

/** Knows these people, and everybody who signs up. */
export const layer = (people: ReadonlyArray<Person>): Layer.Layer<Identity.Identity, never, Secrets.Secrets> =>
  Layer.fresh(
    Layer.effect(
      Identity.Identity,
      Effect.gen(function* () {
        const context: IdentityContext = { secrets: yield* Secrets.Secrets, state: yield* Ref.make(begin(people)) }
        return Identity.Identity.of({
          whoIs: whoIs(context),
          signUp: signUp(context),
          verification: verification(context),
          verify: verify(context),
          forgotten: forgotten(context),
          resetPassword: resetPassword(context),
          signIn: signIn(context),
          signOut: Effect.fn("Identity.signOut")((headers: Headers) => endSession(context, headers)),
          choose: choose(context)
        })
      })
    )
  )
