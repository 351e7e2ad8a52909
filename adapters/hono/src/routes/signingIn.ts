/** Signing up, in and out. Every answer is the same whether an address is known or not. */
import { given, Text } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { Redacted, Schema } from "effect"
import { openRoute } from "../Route.ts"
import { EmailInput, TokenBody, TokenInput } from "../wire/People.ts"
import { NameInput } from "../wire/Text.ts"

const tag = "Signing in"
const ups = "/v1/sign-ups"
const passwords = "/v1/passwords"

const { longest, shortest } = Identity.passwordLength
const Password = Schema.String.check(Schema.isMaxLength(1_000)).annotate({
  description: `${shortest} to ${longest} characters.`
})
const Person = Schema.Struct({ name: Schema.String, email: Schema.String }).annotate({
  identifier: "Person",
  description: "Who is signed in from now on."
})
const back = {
  returnTo: Schema.optionalKey(
    Schema.String.check(Schema.isMaxLength(1_000), Schema.isPattern(/^\/(?![/\\])[!-[\]-~]*$/u)).annotate({
      description: "A path of this installation where the mail's link leads on to, such as that of an invitation."
    })
  )
}
const EmailBody = Schema.Struct({ email: EmailInput, ...back })
const mailing = ["too-many-attempts", "mail-refused"] as const

/** The routes. */
export const signingIn = [
  openRoute({
    method: "POST",
    path: ups,
    operationId: "signUp",
    tag,
    summary: "Signs up a person and mails a link that verifies the address",
    description: "The answer is the same for a known address; its owner gets a mail that says so.",
    status: 204,
    body: Schema.Struct({ name: NameInput, email: EmailInput, password: Password, ...back }),
    problems: ["password-unacceptable", ...mailing],
    call: ({ signingUp }, { body: { email, name, password, returnTo }, headers }) =>
      signingUp.signUp({ name, email, password: Redacted.make(password), ...given({ back: returnTo }) }, headers)
  }),
  openRoute({
    method: "POST",
    path: `${ups}/resend`,
    operationId: "resendVerification",
    tag,
    summary: "Mails the link once more",
    status: 204,
    body: EmailBody,
    problems: mailing,
    call: ({ signingUp }, { body, headers }) => signingUp.resend(body.email, headers, body.returnTo)
  }),
  openRoute({
    method: "POST",
    path: `${ups}/verify`,
    operationId: "verifyEmail",
    tag,
    summary: "Verifies an address and signs in with a cookie",
    body: TokenBody,
    answer: Person,
    problems: ["token-invalid"],
    call: ({ signingUp }, { body, headers }) => signingUp.verify(Redacted.make(body.token), headers),
    show: ({ person: { email, name } }) => ({ name, email }),
    cookies: ({ cookies }) => cookies
  }),
  openRoute({
    method: "POST",
    path: `${passwords}/forgotten`,
    operationId: "forgetPassword",
    tag,
    summary: "Mails a link to choose a new password",
    status: 204,
    body: EmailBody,
    problems: mailing,
    call: ({ signingUp }, { body, headers }) => signingUp.forgotten(body.email, headers, body.returnTo)
  }),
  openRoute({
    method: "POST",
    path: `${passwords}/reset`,
    operationId: "resetPassword",
    tag,
    summary: "Sets a new password with the mailed token; every session of the person ends",
    status: 204,
    body: Schema.Struct({ token: TokenInput, password: Password }),
    problems: ["token-invalid", "password-unacceptable"],
    call: ({ signingUp }, { body }) => signingUp.reset(Redacted.make(body.token), Redacted.make(body.password))
  }),
  openRoute({
    method: "POST",
    path: "/v1/sign-in",
    operationId: "signIn",
    tag,
    summary: "Signs in with a cookie",
    status: 204,
    body: Schema.Struct({ email: Schema.Trim.check(Schema.isMaxLength(320), Text.readable), password: Password }),
    problems: ["wrong-credentials", "email-unverified", "too-many-attempts"],
    call: ({ signingUp }, { body, headers }) => signingUp.signIn(body.email, Redacted.make(body.password), headers),
    cookies: (cookies) => cookies
  })
]
