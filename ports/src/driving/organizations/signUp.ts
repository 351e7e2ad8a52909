import type { Text } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import type { Deps } from "../shared/deps.ts"
import { afterAnswer, sendAlreadyRegistered, sendVerification, type SignInDeps } from "./signInEmails.ts"
import type { SignUpInput } from "./signUpInput.ts"

/** Makes a person and mails a link that proves the address. A known address gets an email that says so instead. */
export const signUp = Effect.fn("SigningUp.signUp")(function* (
  deps: SignInDeps,
  { back, ...input }: SignUpInput,
  headers: Headers
) {
  const made = yield* deps.identity.signUp(input, headers)
  yield* made._tag === "Made"
    ? sendVerification(deps, made, back)
    : sendAlreadyRegistered(deps, made.person, headers, back)
})

/** Mails the link once more, if there is anything to prove; after the answer, which says nothing about the address. */
export const resend = Effect.fn("SigningUp.resend")(function* (
  deps: SignInDeps,
  email: Text.Email,
  headers: Headers,
  back?: string
) {
  const mailed = yield* deps.identity.verification(email, headers)
  if (mailed !== undefined) yield* afterAnswer(deps, sendVerification(deps, mailed, back))
})

/** Proves an address with the token of its email and signs in. Gives the `Set-Cookie` values to send. */
export const verify = Effect.fn("SigningUp.verify")(
  ({ identity }: Deps<"identity">, token: Redacted.Redacted<string>, headers: Headers) =>
    identity.verify(token, headers)
)
