/**
 * Somebody who is no member of anything yet: signing up, proving an address, choosing a new password (rule P-R4). Every
 * answer is the same whether an address is known or not; what is known is said in an email, to the address itself.
 */
import type { Text } from "@portolan/domain"
import { Context, Effect, Layer, type Redacted } from "effect"
import type {
  EmailUnverified,
  IdentityUnavailable,
  PasswordUnacceptable,
  Person,
  TokenInvalid,
  TooManyAttempts,
  WrongCredentials
} from "../../driven/Identity.ts"
import type { MailerUnavailable, MailRefused } from "../../driven/Mailer.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as ResetPassword from "./resetPassword.ts"
import * as SignIn from "./signIn.ts"
import * as SignUp from "./signUp.ts"
import type { SignUpInput } from "./signUpInput.ts"

export type { SignUpInput } from "./signUpInput.ts"

/** What a request for an email may fail with. None of it says whether the address is known. */
export type MailingError = TooManyAttempts | IdentityUnavailable | MailerUnavailable | MailRefused

/** Signs people up and in. */
export interface Contract {
  /** Makes a person and mails a link that proves the address. A known address gets an email that says so instead. */
  readonly signUp: (input: SignUpInput, headers: Headers) => Effect.Effect<void, MailingError | PasswordUnacceptable>

  /**
   * Mails the link once more, if there is anything to prove (rule P-R4: the email did not arrive). An email that is
   * really sent goes out after the answer, which therefore says nothing by its duration or by what a mail server thinks
   * of the address.
   */
  readonly resend: (email: Text.Email, headers: Headers, back?: string) => Effect.Effect<void, MailingError>

  /** Proves an address with the token of its email and signs in. Gives the `Set-Cookie` values to send. */
  readonly verify: (
    token: Redacted.Redacted<string>,
    headers: Headers
  ) => Effect.Effect<
    { readonly person: Person; readonly cookies: ReadonlyArray<string> },
    TokenInvalid | IdentityUnavailable
  >

  /** Signs in by e-mail and password, and records limits that are hit. Gives the `Set-Cookie` values to send. */
  readonly signIn: (
    email: string,
    password: Redacted.Redacted<string>,
    headers: Headers
  ) => Effect.Effect<ReadonlyArray<string>, WrongCredentials | EmailUnverified | TooManyAttempts | IdentityUnavailable>

  /** Mails a link to choose a new password, if somebody has this address; after the answer, like `resend`. */
  readonly forgotten: (email: Text.Email, headers: Headers, back?: string) => Effect.Effect<void, MailingError>

  /** Sets a new password with the token of its email; every session of the person ends. */
  readonly reset: (
    token: Redacted.Redacted<string>,
    password: Redacted.Redacted<string>
  ) => Effect.Effect<void, TokenInvalid | PasswordUnacceptable | IdentityUnavailable>
}

const verbs = { ...SignUp, ...SignIn, ...ResetPassword }

/** Signs people up and in. */
export class SigningUp extends Context.Service<SigningUp, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/SigningUp"
) {
  /** The service over the driven ports. Emails that go out after the answer are sent in the layer's scope. */
  static readonly layer = Layer.effect(
    SigningUp,
    bound(
      Effect.gen(function* () {
        return {
          ...(yield* deps("auditLog", "deployment", "identity", "mailer", "repository", "secrets")),
          scope: yield* Effect.scope
        }
      }),
      verbs
    )
  )
}
