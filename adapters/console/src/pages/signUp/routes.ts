/**
 * Signing up, proving an address and choosing a new password (rule P-R4). No page says whether an address is known;
 * mails say it to the address. GET looks at a link and only POST uses it, because mail scanners open what they find.
 */
import { given } from "@portolan/domain"
import type { Identity, Mailer } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import type { Context } from "hono"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { get, post, type Routes } from "../../page/handle.ts"
import { type Content, html } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import { type Page, sendGuest } from "../../page/send.ts"
import type { Visit } from "../../page/visit.ts"
import { setCookies } from "../signIn/routes.ts"
import { keeping } from "../signIn/view.ts"
import {
  deadLinkPage,
  forgotPage,
  type MailSetUp,
  notSentPage,
  resetPage,
  resetSentPage,
  signUpPage,
  verifyPage,
  verifySentPage
} from "./view.ts"

const setUpOf = ({ context }: Visit): MailSetUp => ({ sends: context.mailer.sends, openMailbox: context.openMailbox })

/** Where a mail's link leads on to; nothing where it would lead anyway. */
const backOf = (target: string): string | undefined => (target === "/companies" ? undefined : target)

const explainMailError = (error: Mailer.MailerUnavailable | Mailer.MailRefused): string =>
  error._tag === "MailRefused" ? error.message : words.signUp.mailNotSent

/** A token as a path segment of ours; anything else is as unknown as one that never existed. */
const tokenOf = (c: Context): Redacted.Redacted<string> | undefined => {
  const token = c.req.param("token") ?? ""
  return /^[A-Za-z0-9_-]{10,500}$/.test(token) ? Redacted.make(token) : undefined
}

/** Answers a form that asks for a mail: the same page whether the address is known or not. */
const answerMailing = <E extends { readonly _tag: string }>(
  visit: Visit,
  sent: Effect.Effect<void, E | Identity.TooManyAttempts | Mailer.MailerUnavailable | Mailer.MailRefused>,
  done: () => Page,
  again: (failure: Content, status: Status) => Page
) => {
  const failed = (message: string, status: Status) =>
    Effect.sync(() => sendGuest(visit, again(Components.notice("act", message), status)))
  return sent.pipe(
    Effect.map(() => sendGuest(visit, done())),
    Effect.catch((error): Effect.Effect<Response, E> => {
      switch (error._tag) {
        case "TooManyAttempts":
          return failed((error as Identity.TooManyAttempts).message, 429)
        case "MailerUnavailable":
        case "MailRefused":
          return failed(explainMailError(error as Mailer.MailerUnavailable | Mailer.MailRefused), 503)
        default:
          return Effect.fail(error as E)
      }
    })
  )
}

const showSignUp = (visit: Visit) => {
  const { c } = visit
  const values = { email: (c.req.query("email") ?? "").slice(0, 320) }
  return sendGuest(visit, signUpPage(Http.localPath(c.req.query("return")), { state: { values, errors: {} } }))
}

const signUp = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const form = yield* Http.readForm(c)
  const target = Http.localPath(Http.one(form, "return"))
  const name = Input.name(Http.one(form, "name"), "yourself")
  const email = Input.email(Http.one(form, "email"))
  const { password: _never, ...values } = Http.typed(form)
  const again = (errors: Fields.FormState["errors"], failure: Content = "", status: Status = 422) =>
    signUpPage(target, { state: { values, errors }, failure, status })
  if (Result.isFailure(name) || Result.isFailure(email)) return sendGuest(visit, again(Input.errorsOf({ name, email })))
  const person = {
    name: name.success,
    email: email.success,
    password: Redacted.make(Http.one(form, "password")),
    ...given({ back: backOf(target) })
  }
  return yield* answerMailing(
    visit,
    context.signingUp.signUp(person, c.req.raw.headers),
    () => verifySentPage(setUpOf(visit), email.success, target),
    (failure, status) => again({}, failure, status)
  ).pipe(
    Effect.catchTag("PasswordUnacceptable", ({ message }) =>
      Effect.sync(() => sendGuest(visit, again({ password: message })))
    )
  )
})

const verifyAgain = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const form = yield* Http.readForm(c)
  const target = Http.localPath(Http.one(form, "return"))
  const email = Input.email(Http.one(form, "email"))
  if (Result.isFailure(email)) return c.redirect("/sign-in", 303)
  return yield* answerMailing(
    visit,
    context.signingUp.resend(email.success, c.req.raw.headers, backOf(target)),
    () => verifySentPage(setUpOf(visit), email.success, target),
    (failure, status) => notSentPage(failure, email.success, target, status)
  )
})

const showVerify = (visit: Visit) => {
  const { c } = visit
  return sendGuest(
    visit,
    tokenOf(c) === undefined
      ? deadLinkPage(html`<p><a href="/sign-in">${words.signUp.goToSignIn}</a></p>`)
      : verifyPage(c.req.path, Http.localPath(c.req.query("return")))
  )
}

const verify = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const target = Http.localPath(Http.one(yield* Http.readForm(c), "return"))
  const dead = () =>
    sendGuest(
      visit,
      deadLinkPage(
        html`<p>${words.signUp.confirmedBefore({
          link: html`<a href="${keeping("/sign-in", target)}">${words.signUp.signInThere}</a>`
        })}</p>`
      )
    )
  const token = tokenOf(c)
  if (token === undefined) return dead()
  return yield* context.signingUp.verify(token, c.req.raw.headers).pipe(
    Effect.map(({ cookies }) => setCookies(c.redirect(target, 303), cookies)),
    Effect.catchTag("TokenInvalid", () => Effect.sync(dead))
  )
})

const showForgot = (visit: Visit) =>
  sendGuest(visit, forgotPage(Http.localPath(visit.c.req.query("return")), { state: Fields.blank }))

const mailReset = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const form = yield* Http.readForm(c)
  const email = Input.email(Http.one(form, "email"))
  const target = Http.localPath(Http.one(form, "return"))
  const values = Http.typed(form)
  if (Result.isFailure(email))
    return sendGuest(visit, forgotPage(target, { state: { values, errors: { email: email.failure } }, status: 422 }))
  return yield* answerMailing(
    visit,
    context.signingUp.forgotten(email.success, c.req.raw.headers, backOf(target)),
    () => resetSentPage(setUpOf(visit), email.success, target),
    (failure, status) => forgotPage(target, { state: { values, errors: {} }, failure, status })
  )
})

const showReset = ({ c, ...visit }: Visit) =>
  sendGuest({ c, ...visit }, resetPage(c.req.path, Http.localPath(c.req.query("return")), { state: Fields.blank }))

const resetPassword = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const form = yield* Http.readForm(c)
  const target = Http.localPath(Http.one(form, "return"))
  const dead = () =>
    sendGuest(visit, deadLinkPage(html`<p><a href="${keeping("/forgot", target)}">${words.signUp.newLink}</a></p>`))
  const token = tokenOf(c)
  if (token === undefined) return dead()
  return yield* context.signingUp.reset(token, Redacted.make(Http.one(form, "password"))).pipe(
    Effect.map(() => {
      const done = new URLSearchParams({ done: "password", ...given({ return: backOf(target) }) })
      return c.redirect(`/sign-in?${done.toString()}`, 303)
    }),
    Effect.catchTag("TokenInvalid", () => Effect.sync(dead)),
    Effect.catchTag("PasswordUnacceptable", ({ message }) =>
      Effect.sync(() =>
        sendGuest(
          visit,
          resetPage(c.req.path, target, { state: { values: {}, errors: { password: message } }, status: 422 })
        )
      )
    )
  )
})

/** `/sign-up`, `/verify`, `/verify-again`, `/forgot` and `/reset`. */
export const routes: Routes = [
  get("/sign-up", showSignUp),
  post("/sign-up", signUp),
  post("/verify-again", verifyAgain),
  get("/verify/:token", showVerify),
  post("/verify/:token", verify),
  get("/forgot", showForgot),
  post("/forgot", mailReset),
  get("/reset/:token", showReset),
  post("/reset/:token", resetPassword)
]
