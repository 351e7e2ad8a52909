/** Signing in and out. */
import { Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { html } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"

const page = (desk: Desk, c: Context, target: string, state: Parts.FormState, failure?: string, status: Status = 200) =>
  Web.send(c, Layout.guestPage(desk, "Sign in", html`<section class="card sign-in">
    <h1>Sign in</h1>
    <p class="muted">Connect marketplace accounts and see how they stand.</p>
    ${failure !== undefined && Parts.notice("act", failure)}
    ${desk.demoSignIn !== undefined && Parts.notice("info", "Try it out",
      html`Sign in as <code>${desk.demoSignIn.email}</code> with the password <code>${desk.demoSignIn.password}</code>.`)}
    <form method="post" action="/sign-in">
      <input type="hidden" name="return" value="${target}">
      ${Parts.textField(state, "email", "E-mail", { type: "email", autocomplete: "username" })}
      ${Parts.textField({ ...state, values: {} }, "password", "Password", { type: "password",
        autocomplete: "current-password" })}
      <button>Sign in</button>
    </form>
  </section>`), status)

const setCookies = (response: Response, cookies: ReadonlyArray<string>): Response => {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie)
  return response
}

/** `/sign-in` and `/sign-out`. */
export const routes: Routes = (app, desk) => {
  app.get("/sign-in", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const target = Web.localPath(c.req.query("return"))
      const who = yield* Effect.option(Web.person(desk, c))
      return who._tag === "Some" ? c.redirect(target, 303) : page(desk, c, target, Parts.blank)
    })))

  app.post("/sign-in", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const form = yield* Web.readForm(c)
      const target = Web.localPath(Web.one(form, "return"))
      const email = Web.one(form, "email").trim()
      const password = Web.one(form, "password")
      const values = { email: email.slice(0, 320) }
      const errors = {
        ...(email === "" ? { email: "Enter your e-mail address." } : {}),
        ...(password === "" ? { password: "Enter your password." } : {})
      }
      if (Object.keys(errors).length > 0) return page(desk, c, target, { values, errors }, undefined, 422)
      return yield* desk.identity.signIn(email, Redacted.make(password), c.req.raw.headers).pipe(
        Effect.map((cookies) => setCookies(c.redirect(target, 303), cookies)),
        Effect.catchTag("WrongCredentials", (wrong) =>
          Effect.succeed(page(desk, c, target, { values, errors: {} }, wrong.message, 422))),
        Effect.catchTag("EmailUnverified", (unverified) =>
          Effect.succeed(page(desk, c, target, { values, errors: {} }, unverified.message, 422))),
        Effect.catchTag("TooManyAttempts", (many) =>
          Effect.sync(() => {
            c.header("Retry-After", String(many.retryAfterSeconds))
            return page(desk, c, target, { values, errors: {} }, many.message, 429)
          }))
      )
    })))

  app.post("/sign-out", Web.handle(desk, (c) =>
    Effect.map(desk.identity.signOut(c.req.raw.headers), (cookies) => setCookies(c.redirect("/sign-in", 303),
      cookies))))
}
