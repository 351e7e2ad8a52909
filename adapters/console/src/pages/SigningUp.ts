/**
 * Signing up, proving an address and choosing a new password (flow P4; rule P-R4). No page says whether an address is known;
 * mails say it to the address. A link is looked at by GET and used by POST only, because mail scanners open what they find.
 */
import { type Text } from "@portolan/domain"
import { Identity, type Mailer } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { type Content, html, type Markup, theirs } from "../Html.ts"
import * as Input from "../Input.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import { keeping, setCookies } from "./SignIn.ts"

const card = (desk: Desk, c: Context, title: string, body: Markup, status: Status = 200): Response =>
  Web.send(
    c,
    Layout.guestPage(desk, title, html`<section class="card sign-in"><h1>${title}</h1>${body}</section>`),
    status
  )

const { longest, shortest } = Identity.passwordLength
const passwordHint = `${shortest} to ${longest} characters. A few words are easier to keep than one strange one.`

const password = (state: Parts.FormState, label: string): Markup =>
  Parts.textField({ ...state, values: {} }, "password", label, {
    type: "password",
    autocomplete: "new-password",
    hint: passwordHint
  })

const signUpPage = (
  desk: Desk,
  c: Context,
  target: string,
  state: Parts.FormState,
  failure: Content = "",
  status: Status = 200
) =>
  card(
    desk,
    c,
    "Sign up",
    html`
    <p class="muted">You need an address that you read: a link is mailed to it.</p>
    ${failure}
    <form method="post" action="/sign-up">
      <input type="hidden" name="return" value="${target}">
      ${Parts.textField(state, "name", "Your name", { autocomplete: "name", hint: "Colleagues see it beside what you do." })}
      ${Parts.textField(state, "email", "E-mail", { type: "email", autocomplete: "username" })}
      ${password(state, "Password")}
      <button>Sign up</button>
    </form>
    <p>You have a sign-in? <a href="${keeping("/sign-in", target)}">Sign in</a></p>`,
    status
  )

/** Where to read the mail when this installation does not send any. */
const kept = (desk: Desk): Markup =>
  desk.mailer.sends
    ? html``
    : Parts.notice(
        "wait",
        "This installation sends no mail",
        html`Mails are kept instead: <a href="/mailbox?box=installation">open the mailbox</a>${
          !desk.openMailbox && html`, or ask your operator for the link`
        }.`
      )

const checkMail = (desk: Desk, c: Context, what: Content, again: Markup = html``) =>
  card(
    desk,
    c,
    "Check your mail",
    html`<p>${what}</p>
    <p class="muted">Nothing there after a few minutes? Look into the spam folder, and check the address for a typing mistake.</p>
    ${kept(desk)}${again}
    <p><a href="/sign-in">Go to sign-in</a></p>`
  )

const resendForm = (email: string, target: string): Markup => html`<form method="post" action="/verify-again">
  <input type="hidden" name="email" value="${email}"><input type="hidden" name="return" value="${target}">
  <button class="secondary">Send the link again</button></form>`

const verifySent = (desk: Desk, c: Context, email: Text.Email, target: string) =>
  checkMail(
    desk,
    c,
    html`We sent a mail to <strong>${theirs(
      email
    )}</strong>. Open the link in it within a day; then you are signed in.`,
    resendForm(email, target)
  )

const mailTrouble = (error: Mailer.MailerUnavailable | Mailer.MailRefused): string =>
  error._tag === "MailRefused"
    ? error.message
    : "The mail could not be sent at the moment. Nothing is lost; try again in a minute."

const deadLink = (desk: Desk, c: Context, next: Markup) =>
  card(
    desk,
    c,
    "This link is not valid any more",
    html`<p>It was used before, it is too old, or it was cut off on its way.</p>${next}`,
    410
  )

/** A token as a path segment of ours; anything else is as unknown as one that never existed. */
const tokenOf = (c: Context): Redacted.Redacted<string> | undefined => {
  const token = c.req.param("token") ?? ""
  return /^[A-Za-z0-9_-]{10,500}$/.test(token) ? Redacted.make(token) : undefined
}

/** Answers a form that asks for a mail: the same page whether the address is known or not. */
const mailing = <E extends { readonly _tag: string }>(
  sent: Effect.Effect<void, E | Identity.TooManyAttempts | Mailer.MailerUnavailable | Mailer.MailRefused>,
  done: () => Response,
  again: (failure: Content, status: Status) => Response
) =>
  sent.pipe(
    Effect.map(done),
    Effect.catch((error): Effect.Effect<Response, E> => {
      switch (error._tag) {
        case "TooManyAttempts":
          return Effect.succeed(again(Parts.notice("act", (error as Identity.TooManyAttempts).message), 429))
        case "MailerUnavailable":
        case "MailRefused":
          return Effect.succeed(
            again(Parts.notice("act", mailTrouble(error as Mailer.MailerUnavailable | Mailer.MailRefused)), 503)
          )
        default:
          return Effect.fail(error as E)
      }
    })
  )

const forgotPage = (desk: Desk, c: Context, state: Parts.FormState, failure: Content = "", status: Status = 200) =>
  card(
    desk,
    c,
    "Choose a new password",
    html`<p class="muted">We mail you a link to choose a new password.</p>${failure}
    <form method="post" action="/forgot">${Parts.textField(state, "email", "E-mail", {
      type: "email",
      autocomplete: "username"
    })}
      <button>Send the link</button></form><p><a href="/sign-in">Back to sign-in</a></p>`,
    status
  )

const resetPage = (desk: Desk, c: Context, state: Parts.FormState, status: Status = 200) =>
  card(
    desk,
    c,
    "Choose a new password",
    html`<p class="muted">You are signed out everywhere else.</p>
    <form method="post" action="${c.req.path}">${password(
      state,
      "New password"
    )}<button>Save the new password</button></form>`,
    status
  )

/** `/sign-up`, `/verify`, `/verify-again`, `/forgot` and `/reset`. */
export const routes: Routes = (app, desk) => {
  app.get(
    "/sign-up",
    Web.handle(desk, (c) =>
      Effect.sync(() =>
        signUpPage(desk, c, Web.localPath(c.req.query("return")), {
          values: { email: (c.req.query("email") ?? "").slice(0, 320) },
          errors: {}
        })
      )
    )
  )

  app.post(
    "/sign-up",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const form = yield* Web.readForm(c)
        const target = Web.localPath(Web.one(form, "return"))
        const name = Input.name(Web.one(form, "name"), "yourself")
        const email = Input.email(Web.one(form, "email"))
        const { password: _never, ...values } = Web.typed(form)
        const again = (errors: Parts.FormState["errors"], failure: Content = "", status: Status = 422) =>
          signUpPage(desk, c, target, { values, errors }, failure, status)
        if (Result.isFailure(name) || Result.isFailure(email)) return again(Input.errorsOf({ name, email }))
        const sent = desk.signingUp.signUp(
          {
            name: name.success,
            email: email.success,
            password: Redacted.make(Web.one(form, "password")),
            ...(target === "/companies" ? {} : { back: target })
          },
          c.req.raw.headers
        )
        return yield* mailing(
          sent,
          () => verifySent(desk, c, email.success, target),
          (failure, status) => again({}, failure, status)
        ).pipe(Effect.catchTag("PasswordUnacceptable", (error) => Effect.succeed(again({ password: error.message }))))
      })
    )
  )

  app.post(
    "/verify-again",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const form = yield* Web.readForm(c)
        const target = Web.localPath(Web.one(form, "return"))
        const email = Input.email(Web.one(form, "email"))
        if (Result.isFailure(email)) return c.redirect("/sign-in", 303)
        const sent = desk.signingUp.resend(
          email.success,
          c.req.raw.headers,
          target === "/companies" ? undefined : target
        )
        return yield* mailing(
          sent,
          () => verifySent(desk, c, email.success, target),
          (failure, status) =>
            card(desk, c, "Check your mail", html`${failure}${resendForm(email.success, target)}`, status)
        )
      })
    )
  )

  app.get(
    "/verify/:token",
    Web.handle(desk, (c) =>
      Effect.sync(() => {
        const target = Web.localPath(c.req.query("return"))
        if (tokenOf(c) === undefined) return deadLink(desk, c, html`<p><a href="/sign-in">Go to sign-in</a></p>`)
        return card(
          desk,
          c,
          "Confirm your e-mail address",
          html`<p>One click, and you are signed in.</p>
        <form method="post" action="${c.req.path}"><input type="hidden" name="return" value="${
          target
        }"><button>Confirm this address</button></form>`
        )
      })
    )
  )

  app.post(
    "/verify/:token",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const target = Web.localPath(Web.one(yield* Web.readForm(c), "return"))
        const dead = () =>
          deadLink(
            desk,
            c,
            html`<p>If you confirmed the address before, just <a href="${keeping("/sign-in", target)}">sign in</a>.
        There you can also have a new link sent.</p>`
          )
        const token = tokenOf(c)
        if (token === undefined) return dead()
        return yield* desk.signingUp.verify(token, c.req.raw.headers).pipe(
          Effect.map(({ cookies }) => setCookies(c.redirect(target, 303), cookies)),
          Effect.catchTag("TokenInvalid", () => Effect.sync(dead))
        )
      })
    )
  )

  app.get(
    "/forgot",
    Web.handle(desk, (c) => Effect.sync(() => forgotPage(desk, c, Parts.blank)))
  )

  app.post(
    "/forgot",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const form = yield* Web.readForm(c)
        const email = Input.email(Web.one(form, "email"))
        const values = Web.typed(form)
        if (Result.isFailure(email)) return forgotPage(desk, c, { values, errors: { email: email.failure } }, "", 422)
        return yield* mailing(
          desk.signingUp.forgotten(email.success, c.req.raw.headers),
          () =>
            checkMail(
              desk,
              c,
              html`If <strong>${theirs(
                email.success
              )}</strong> has a sign-in, a link is on its way. It works for an hour.`
            ),
          (failure, status) => forgotPage(desk, c, { values, errors: {} }, failure, status)
        )
      })
    )
  )

  app.get(
    "/reset/:token",
    Web.handle(desk, (c) => Effect.sync(() => resetPage(desk, c, Parts.blank)))
  )

  app.post(
    "/reset/:token",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const form = yield* Web.readForm(c)
        const dead = () => deadLink(desk, c, html`<p><a href="/forgot">Have a new link sent</a></p>`)
        const token = tokenOf(c)
        if (token === undefined) return dead()
        return yield* desk.signingUp.reset(token, Redacted.make(Web.one(form, "password"))).pipe(
          Effect.as(c.redirect("/sign-in?done=password", 303)),
          Effect.catchTag("TokenInvalid", () => Effect.sync(dead)),
          Effect.catchTag("PasswordUnacceptable", (error) =>
            Effect.succeed(resetPage(desk, c, { values: {}, errors: { password: error.message } }, 422))
          )
        )
      })
    )
  )
}
