/**
 * Signing up, proving an address and choosing a new password (flow P4; rule P-R4). No page says whether an address is known;
 * mails say it to the address. A link is looked at by GET and used by POST only, because mail scanners open what they find.
 */
import { type Text } from "@portolan/domain"
import { Identity, type Mailer } from "@portolan/ports"
import { Effect, Redacted, Result } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { type Content, html, type Markup, isolateText } from "../page/html.ts"
import * as Input from "../page/input.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import { keeping, setCookies } from "./SignIn.ts"

const card = (context: PageContext, c: Context, title: string, body: Markup, status: Status = 200): Response =>
  Http.send(
    c,
    Layout.guestPage(context, title, html`<section class="card sign-in"><h1>${title}</h1>${body}</section>`),
    status
  )

const { longest, shortest } = Identity.passwordLength
const passwordHint = `${shortest} to ${longest} characters. A few words are easier to keep than one strange one.`

const password = (state: Components.FormState, label: string): Markup =>
  Components.textField({ ...state, values: {} }, "password", label, {
    type: "password",
    autocomplete: "new-password",
    hint: passwordHint
  })

const signUpPage = (
  context: PageContext,
  c: Context,
  target: string,
  state: Components.FormState,
  failure: Content = "",
  status: Status = 200
) =>
  card(
    context,
    c,
    "Sign up",
    html`
    <p class="muted">You need an address that you read: a link is mailed to it.</p>
    ${failure}
    <form method="post" action="/sign-up">
      <input type="hidden" name="return" value="${target}">
      ${Components.textField(state, "name", "Your name", { autocomplete: "name", hint: "Colleagues see it beside what you do." })}
      ${Components.textField(state, "email", "E-mail", { type: "email", autocomplete: "username" })}
      ${password(state, "Password")}
      <button>Sign up</button>
    </form>
    <p>You have a sign-in? <a href="${keeping("/sign-in", target)}">Sign in</a></p>`,
    status
  )

/** Where to read the mail when this installation does not send any. */
const kept = (context: PageContext): Markup =>
  context.mailer.sends
    ? html``
    : Components.notice(
        "wait",
        "This installation sends no mail",
        html`Mails are kept instead: <a href="/mailbox?box=installation">open the mailbox</a>${
          !context.openMailbox && html`, or ask your operator for the link`
        }.`
      )

const checkMail = (context: PageContext, c: Context, what: Content, again: Markup = html``) =>
  card(
    context,
    c,
    "Check your mail",
    html`<p>${what}</p>
    <p class="muted">Nothing there after a few minutes? Look into the spam folder, and check the address for a typing mistake.</p>
    ${kept(context)}${again}
    <p><a href="/sign-in">Go to sign-in</a></p>`
  )

const resendForm = (email: string, target: string): Markup => html`<form method="post" action="/verify-again">
  <input type="hidden" name="email" value="${email}"><input type="hidden" name="return" value="${target}">
  <button class="secondary">Send the link again</button></form>`

const verifySent = (context: PageContext, c: Context, email: Text.Email, target: string) =>
  checkMail(
    context,
    c,
    html`We sent a mail to <strong>${isolateText(
      email
    )}</strong>. Open the link in it within a day; then you are signed in.`,
    resendForm(email, target)
  )

const mailTrouble = (error: Mailer.MailerUnavailable | Mailer.MailRefused): string =>
  error._tag === "MailRefused"
    ? error.message
    : "The mail could not be sent at the moment. Nothing is lost; try again in a minute."

const deadLink = (context: PageContext, c: Context, next: Markup) =>
  card(
    context,
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
          return Effect.succeed(again(Components.notice("act", (error as Identity.TooManyAttempts).message), 429))
        case "MailerUnavailable":
        case "MailRefused":
          return Effect.succeed(
            again(Components.notice("act", mailTrouble(error as Mailer.MailerUnavailable | Mailer.MailRefused)), 503)
          )
        default:
          return Effect.fail(error as E)
      }
    })
  )

const forgotPage = (
  context: PageContext,
  c: Context,
  state: Components.FormState,
  failure: Content = "",
  status: Status = 200
) =>
  card(
    context,
    c,
    "Choose a new password",
    html`<p class="muted">We mail you a link to choose a new password.</p>${failure}
    <form method="post" action="/forgot">${Components.textField(state, "email", "E-mail", {
      type: "email",
      autocomplete: "username"
    })}
      <button>Send the link</button></form><p><a href="/sign-in">Back to sign-in</a></p>`,
    status
  )

const resetPage = (context: PageContext, c: Context, state: Components.FormState, status: Status = 200) =>
  card(
    context,
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
export const routes: Routes = (app, context) => {
  app.get(
    "/sign-up",
    Http.handle(context, (c) =>
      Effect.sync(() =>
        signUpPage(context, c, Http.localPath(c.req.query("return")), {
          values: { email: (c.req.query("email") ?? "").slice(0, 320) },
          errors: {}
        })
      )
    )
  )

  app.post(
    "/sign-up",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const form = yield* Http.readForm(c)
        const target = Http.localPath(Http.one(form, "return"))
        const name = Input.name(Http.one(form, "name"), "yourself")
        const email = Input.email(Http.one(form, "email"))
        const { password: _never, ...values } = Http.typed(form)
        const again = (errors: Components.FormState["errors"], failure: Content = "", status: Status = 422) =>
          signUpPage(context, c, target, { values, errors }, failure, status)
        if (Result.isFailure(name) || Result.isFailure(email)) return again(Input.errorsOf({ name, email }))
        const sent = context.signingUp.signUp(
          {
            name: name.success,
            email: email.success,
            password: Redacted.make(Http.one(form, "password")),
            ...(target === "/companies" ? {} : { back: target })
          },
          c.req.raw.headers
        )
        return yield* mailing(
          sent,
          () => verifySent(context, c, email.success, target),
          (failure, status) => again({}, failure, status)
        ).pipe(Effect.catchTag("PasswordUnacceptable", (error) => Effect.succeed(again({ password: error.message }))))
      })
    )
  )

  app.post(
    "/verify-again",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const form = yield* Http.readForm(c)
        const target = Http.localPath(Http.one(form, "return"))
        const email = Input.email(Http.one(form, "email"))
        if (Result.isFailure(email)) return c.redirect("/sign-in", 303)
        const sent = context.signingUp.resend(
          email.success,
          c.req.raw.headers,
          target === "/companies" ? undefined : target
        )
        return yield* mailing(
          sent,
          () => verifySent(context, c, email.success, target),
          (failure, status) =>
            card(context, c, "Check your mail", html`${failure}${resendForm(email.success, target)}`, status)
        )
      })
    )
  )

  app.get(
    "/verify/:token",
    Http.handle(context, (c) =>
      Effect.sync(() => {
        const target = Http.localPath(c.req.query("return"))
        if (tokenOf(c) === undefined) return deadLink(context, c, html`<p><a href="/sign-in">Go to sign-in</a></p>`)
        return card(
          context,
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
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const target = Http.localPath(Http.one(yield* Http.readForm(c), "return"))
        const dead = () =>
          deadLink(
            context,
            c,
            html`<p>If you confirmed the address before, just <a href="${keeping("/sign-in", target)}">sign in</a>.
        There you can also have a new link sent.</p>`
          )
        const token = tokenOf(c)
        if (token === undefined) return dead()
        return yield* context.signingUp.verify(token, c.req.raw.headers).pipe(
          Effect.map(({ cookies }) => setCookies(c.redirect(target, 303), cookies)),
          Effect.catchTag("TokenInvalid", () => Effect.sync(dead))
        )
      })
    )
  )

  app.get(
    "/forgot",
    Http.handle(context, (c) => Effect.sync(() => forgotPage(context, c, Components.blank)))
  )

  app.post(
    "/forgot",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const form = yield* Http.readForm(c)
        const email = Input.email(Http.one(form, "email"))
        const values = Http.typed(form)
        if (Result.isFailure(email))
          return forgotPage(context, c, { values, errors: { email: email.failure } }, "", 422)
        return yield* mailing(
          context.signingUp.forgotten(email.success, c.req.raw.headers),
          () =>
            checkMail(
              context,
              c,
              html`If <strong>${isolateText(
                email.success
              )}</strong> has a sign-in, a link is on its way. It works for an hour.`
            ),
          (failure, status) => forgotPage(context, c, { values, errors: {} }, failure, status)
        )
      })
    )
  )

  app.get(
    "/reset/:token",
    Http.handle(context, (c) => Effect.sync(() => resetPage(context, c, Components.blank)))
  )

  app.post(
    "/reset/:token",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const form = yield* Http.readForm(c)
        const dead = () => deadLink(context, c, html`<p><a href="/forgot">Have a new link sent</a></p>`)
        const token = tokenOf(c)
        if (token === undefined) return dead()
        return yield* context.signingUp.reset(token, Redacted.make(Http.one(form, "password"))).pipe(
          Effect.as(c.redirect("/sign-in?done=password", 303)),
          Effect.catchTag("TokenInvalid", () => Effect.sync(dead)),
          Effect.catchTag("PasswordUnacceptable", (error) =>
            Effect.succeed(resetPage(context, c, { values: {}, errors: { password: error.message } }, 422))
          )
        )
      })
    )
  )
}
