import type { Text } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import type { Deps } from "../shared/deps.ts"
import { afterAnswer, sendReset, type SignInDeps } from "./signInEmails.ts"

/**
 * Mails a link to choose a new password, if somebody has this address; after the answer, which says nothing about it.
 */
export const forgotten = Effect.fn("SigningUp.forgotten")(function* (
  deps: SignInDeps,
  email: Text.Email,
  headers: Headers,
  back?: string
) {
  const mailed = yield* deps.identity.forgotten(email, headers)
  if (mailed !== undefined) yield* afterAnswer(deps, sendReset(deps, mailed, back))
})

/** Sets a new password with the token of its email; every session of the person ends. */
export const reset = Effect.fn("SigningUp.reset")(
  ({ identity }: Deps<"identity">, token: Redacted.Redacted<string>, password: Redacted.Redacted<string>) =>
    identity.resetPassword(token, password)
)
