/**
 * The conversation with somebody who is no member of anything yet: signing up, proving an address, choosing a new password
 * (flow P4; rule P-R4). Every answer is the same whether an address is known or not; what is known is told by mail, to the
 * address itself.
 */
import { Id, EmailMessage, type Text } from "@portolan/domain"
import { Context, DateTime, Effect, Layer, Redacted, Schedule } from "effect"
import { Deployment, resetUri, verifyUri } from "../../driven/Deployment.ts"
import {
  Identity,
  type IdentityUnavailable,
  type Mailed,
  mailedTokenLife,
  type PasswordUnacceptable,
  type Person,
  type TokenInvalid,
  type TooManyAttempts
} from "../../driven/Identity.ts"
import { Mailer, type MailerUnavailable, type MailRefused } from "../../driven/Mailer.ts"
import { Secrets } from "../../driven/Secrets.ts"

/** What a request for a mail may fail with. None of it says whether the address is known. */
export type MailingError = TooManyAttempts | IdentityUnavailable | MailerUnavailable | MailRefused

/** Who signs up. */
export interface SignUpInput {
  readonly name: Text.Name
  readonly email: Text.Email
  readonly password: Redacted.Redacted<string>
  /** A path of this installation to go on to once the address is proven, e.g. an invitation. */
  readonly back?: string
}

/** Lets people in. */
export class SigningUp extends Context.Service<
  SigningUp,
  {
    /** Makes a person and mails a link that proves the address; a known address is mailed that it is known instead. */
    readonly signUp: (input: SignUpInput, headers: Headers) => Effect.Effect<void, MailingError | PasswordUnacceptable>

    /**
     * Mails the link once more, if there is anything to prove (rule P-R4: the mail did not arrive). A mail that is really sent
     * goes out after the answer, which therefore says nothing by its duration or by what a mail server thinks of the address.
     */
    readonly resend: (email: Text.Email, headers: Headers, back?: string) => Effect.Effect<void, MailingError>

    /** Proves an address with the token of its mail and signs in. Gives the `Set-Cookie` values to send. */
    readonly verify: (
      token: Redacted.Redacted<string>,
      headers: Headers
    ) => Effect.Effect<
      { readonly person: Person; readonly cookies: ReadonlyArray<string> },
      TokenInvalid | IdentityUnavailable
    >

    /** Mails a link to choose a new password, if somebody has this address; after the answer, like `resend`. */
    readonly forgotten: (email: Text.Email, headers: Headers) => Effect.Effect<void, MailingError>

    /** Sets a new password with the token of its mail; every session of the person ends. */
    readonly reset: (
      token: Redacted.Redacted<string>,
      password: Redacted.Redacted<string>
    ) => Effect.Effect<void, TokenInvalid | PasswordUnacceptable | IdentityUnavailable>
  }
>()("@portolan/ports/driving/SigningUp") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    SigningUp,
    Effect.gen(function* () {
      const identity = yield* Identity
      const mailer = yield* Mailer
      const secrets = yield* Secrets
      const { origin } = yield* Deployment
      const scope = yield* Effect.scope

      /** The id of a mail follows from its token, so that a mail that is sent twice is recognised. */
      const send = Effect.fnUntraced(function* (
        what: "verify" | "reset" | "known",
        { person, token }: Mailed,
        emailMessage: (token: string, now: DateTime.Utc) => EmailMessage.EmailMessage
      ) {
        const digest = yield* secrets.digest(token)
        yield* mailer.send({
          id: `${what}/${digest}`,
          organizationId: Id.installation,
          // The directory of people keeps addresses that were read as addresses when they came in.
          to: { name: person.name, email: person.email as Text.Email },
          emailMessage: emailMessage(Redacted.value(token), yield* DateTime.now)
        })
      })

      /**
       * Answers first where a mail is really sent, because only somebody who is registered is mailed. Tried again for a minute;
       * whoever gets nothing asks once more.
       */
      const afterwards = (sending: Effect.Effect<void, MailerUnavailable | MailRefused>) =>
        mailer.sends
          ? sending.pipe(
              Effect.retry({
                times: 4,
                schedule: Schedule.exponential("4 seconds"),
                while: ({ _tag }) => _tag === "MailerUnavailable"
              }),
              Effect.catch((error) =>
                Effect.logWarning("a mail about a sign-in could not be sent", error._tag, error.reason)
              ),
              Effect.forkIn(scope),
              Effect.asVoid
            )
          : sending

      const verification = (mailed: Mailed, back: string | undefined) =>
        send("verify", mailed, (token, now) =>
          EmailMessage.verifyEmail({
            name: mailed.person.name,
            url: verifyUri(origin, token, back),
            expiresAt: DateTime.addDuration(now, mailedTokenLife.verification)
          })
        )

      /**
       * A known address gets a link to a new password and never one that only proves the address: whoever signed up first may
       * not have been its owner, and his password must not come to life by it.
       */
      const known = Effect.fnUntraced(function* (person: Person, headers: Headers) {
        const mailed = yield* Effect.catchTag(identity.forgotten(person.email, headers), "TooManyAttempts", () =>
          Effect.succeed(undefined)
        )
        const both = { name: person.name, signInUrl: `${origin}/sign-in` }
        // Somebody else may have used up these links; a letter goes out all the same, or its absence would tell who is registered.
        yield* mailed === undefined
          ? send("known", { person, token: yield* secrets.token }, () =>
              EmailMessage.alreadyRegistered({ ...both, resetUrl: `${origin}/forgot` })
            )
          : send("known", mailed, (token, now) =>
              EmailMessage.alreadyRegistered({
                ...both,
                resetUrl: resetUri(origin, token),
                expiresAt: DateTime.addDuration(now, mailedTokenLife.reset)
              })
            )
      })

      return SigningUp.of({
        signUp: Effect.fn("SigningUp.signUp")(function* ({ back, email, name, password }, headers) {
          const made = yield* identity.signUp({ name, email, password }, headers)
          yield* made._tag === "Made" ? verification(made, back) : known(made.person, headers)
        }),

        resend: Effect.fn("SigningUp.resend")(function* (email, headers, back) {
          const mailed = yield* identity.verification(email, headers)
          if (mailed !== undefined) yield* afterwards(verification(mailed, back))
        }),

        verify: Effect.fn("SigningUp.verify")(identity.verify),

        forgotten: Effect.fn("SigningUp.forgotten")(function* (email, headers) {
          const mailed = yield* identity.forgotten(email, headers)
          if (mailed === undefined) return
          yield* afterwards(
            send("reset", mailed, (token, now) =>
              EmailMessage.resetPassword({
                name: mailed.person.name,
                url: resetUri(origin, token),
                expiresAt: DateTime.addDuration(now, mailedTokenLife.reset)
              })
            )
          )
        }),

        reset: Effect.fn("SigningUp.reset")(identity.resetPassword)
      })
    })
  )
}
