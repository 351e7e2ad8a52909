/** Signing up, verifying an address, and setting a new password. */
import { Identity } from "@portolan/ports"
import { Effect, HashMap, Ref } from "effect"
import { acceptable, address, byAddress, type IdentityState, type Known, personOf } from "./state.ts"
import { beginSession, countAttempt, type IdentityContext, makeToken, useToken } from "./tokens.ts"

type Port = Identity.Identity["Service"]

/** Signs somebody up, unless the address is known. */
export const signUp = (context: IdentityContext): Port["signUp"] =>
  Effect.fn("Identity.signUp")(function* ({ email, name, password }) {
    if (!acceptable(password)) return yield* new Identity.PasswordUnacceptable()
    yield* countAttempt(context, "sign-up", email)
    const fresh: Known = {
      personId: yield* context.secrets.id("person"),
      name,
      email: address(email),
      password,
      verified: false
    }
    const known = yield* Ref.modify(context.state, (before): [Known | undefined, IdentityState] => {
      const earlier = byAddress(before, email)
      return earlier !== undefined
        ? [earlier, before]
        : [undefined, { ...before, people: HashMap.set(before.people, fresh.personId, fresh) }]
    })
    if (known !== undefined) return { _tag: "Known", person: personOf(known) }
    return { _tag: "Made", ...(yield* makeToken(context, fresh, "verification")) }
  })

/** Makes another token that verifies an address. */
export const verification = (context: IdentityContext): Port["verification"] =>
  Effect.fn("Identity.verification")(function* (email) {
    yield* countAttempt(context, "verification", email)
    const known = byAddress(yield* Ref.get(context.state), email)
    return known === undefined || known.verified ? undefined : yield* makeToken(context, known, "verification")
  })

/** Verifies an address, and signs in. */
export const verify = (context: IdentityContext): Port["verify"] =>
  Effect.fn("Identity.verify")(function* (token) {
    const known = yield* useToken(context, token, "verification", (person) => ({ ...person, verified: true }))
    return { person: personOf(known), cookies: yield* beginSession(context, known) }
  })

/** Makes a token that sets a new password. */
export const forgotten = (context: IdentityContext): Port["forgotten"] =>
  Effect.fn("Identity.forgotten")(function* (email) {
    yield* countAttempt(context, "forgotten", email)
    const known = byAddress(yield* Ref.get(context.state), email)
    return known === undefined ? undefined : yield* makeToken(context, known, "reset")
  })

/** Sets a new password, and ends every session of the person. */
export const resetPassword = (context: IdentityContext): Port["resetPassword"] =>
  Effect.fn("Identity.resetPassword")(function* (token, password) {
    if (!acceptable(password)) return yield* new Identity.PasswordUnacceptable()
    const known = yield* useToken(context, token, "reset", (person) => ({ ...person, password, verified: true }))
    const ofOthers = ({ personId }: { readonly personId: string }) => personId !== known.personId
    yield* Ref.update(context.state, (before) => ({
      ...before,
      sessions: HashMap.filter(before.sessions, ofOthers),
      // An older mail lets nobody in afterwards.
      tokens: HashMap.filter(before.tokens, ofOthers)
    }))
  })
