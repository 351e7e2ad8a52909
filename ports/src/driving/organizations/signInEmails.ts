/** Emails about somebody's own sign-in, and when they are sent. */
import { EmailMessage, Id, type Text } from "@portolan/domain"
import { DateTime, Effect, Redacted, Schedule, type Scope } from "effect"
import { keeping, resetUri, verifyUri } from "../../driven/Deployment.ts"
import { type Mailed, mailedTokenLife, type Person } from "../../driven/Identity.ts"
import type { MailerUnavailable, MailRefused } from "../../driven/Mailer.ts"
import type { Deps } from "../shared/deps.ts"

type MailDeps = Deps<"deployment" | "mailer" | "secrets">

/** The ports, and the scope in which emails are sent after the answer. */
export type SignInDeps = MailDeps & Deps<"identity"> & { readonly scope: Scope.Scope }

type Purpose = "verify" | "reset" | "known"

/** Sends an email. Its id follows from the token, so that an email that is sent twice is recognised. */
const send = Effect.fnUntraced(function* (
  { mailer, secrets }: MailDeps,
  purpose: Purpose,
  { person, token }: Mailed,
  compose: (token: string, now: DateTime.Utc) => EmailMessage.EmailMessage
) {
  const digest = yield* secrets.digest(token)
  yield* mailer.send({
    id: `${purpose}/${digest}`,
    organizationId: Id.installation,
    // The directory of people keeps addresses that were read as addresses when they came in.
    to: { name: person.name, email: person.email as Text.Email },
    emailMessage: compose(Redacted.value(token), yield* DateTime.now)
  })
})

/** Mails the link that proves an address; `back` is a path of this installation to go on to. */
export const sendVerification = (deps: MailDeps, mailed: Mailed, back: string | undefined) =>
  send(deps, "verify", mailed, (token, now) =>
    EmailMessage.verifyEmail({
      name: mailed.person.name,
      url: verifyUri(deps.deployment.origin, token, back),
      expiresAt: DateTime.addDuration(now, mailedTokenLife.verification)
    })
  )

/** Mails the link to choose a new password; `back` is a path of this installation to go on to. */
export const sendReset = (deps: MailDeps, mailed: Mailed, back: string | undefined) =>
  send(deps, "reset", mailed, (token, now) =>
    EmailMessage.resetPassword({
      name: mailed.person.name,
      url: resetUri(deps.deployment.origin, token, back),
      expiresAt: DateTime.addDuration(now, mailedTokenLife.reset)
    })
  )

/**
 * Mails a known address that it has a sign-in. The email holds a link to a new password and never one that only proves
 * the address: the person who signed up first may not have been its owner, and their password must not come to life by
 * it. Both lead on to where the person wanted to go.
 */
export const sendAlreadyRegistered = Effect.fnUntraced(function* (
  deps: SignInDeps,
  person: Person,
  headers: Headers,
  back: string | undefined
) {
  const { origin } = deps.deployment
  const mailed = yield* Effect.catchTag(deps.identity.forgotten(person.email, headers), "TooManyAttempts", () =>
    Effect.succeed(undefined)
  )
  const facts = { name: person.name, signInUrl: keeping(`${origin}/sign-in`, back) }
  // Somebody else may have used up these links; an email goes out all the same, or its absence would say who is
  // registered.
  if (mailed === undefined) {
    return yield* send(deps, "known", { person, token: yield* deps.secrets.token }, () =>
      EmailMessage.alreadyRegistered({ ...facts, resetUrl: keeping(`${origin}/forgot`, back) })
    )
  }
  return yield* send(deps, "known", mailed, (token, now) =>
    EmailMessage.alreadyRegistered({
      ...facts,
      resetUrl: resetUri(origin, token, back),
      expiresAt: DateTime.addDuration(now, mailedTokenLife.reset)
    })
  )
})

/**
 * Sends after the answer where emails are really sent, because only registered people are mailed. Tries again for a
 * minute; somebody who gets nothing asks once more.
 */
export const afterAnswer = (
  { mailer, scope }: SignInDeps,
  sending: Effect.Effect<void, MailerUnavailable | MailRefused>
): Effect.Effect<void, MailerUnavailable | MailRefused> =>
  mailer.sends
    ? sending.pipe(
        Effect.retry({
          times: 4,
          schedule: Schedule.exponential("4 seconds"),
          while: ({ _tag }) => _tag === "MailerUnavailable"
        }),
        Effect.catch((error) =>
          Effect.logWarning("an email about a sign-in could not be sent", error._tag, error.reason)
        ),
        Effect.forkIn(scope),
        Effect.asVoid
      )
    : sending
