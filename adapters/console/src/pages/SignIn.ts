/** Signing in and out. */
import { Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { type Content, html } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import type { Status } from "../Trouble.ts"
import * as Web from "../Web.ts"

/** A link that keeps where the person wanted to go. */
export const keeping = (path: string, target: string): string =>
  target === "/companies" ? path : `${path}?return=${encodeURIComponent(target)}`

const page = (
  desk: Desk,
  c: Context,
  target: string,
  state: Parts.FormState,
  failure: Content = "",
  status: Status = 200
) =>
  Web.send(
    c,
    Layout.guestPage(
      desk,
      "Sign in",
      html`<section class="card sign-in">
    <h1>Sign in</h1>
    <p class="muted">Connect marketplace accounts and see how they stand.</p>
    ${failure}
    ${c.req.query("done") === "password" && Parts.notice("good", "Your password is changed", "Sign in with the new one.")}
    ${
      desk.demoSignIn !== undefined &&
      Parts.notice(
        "info",
        "Try it out",
        html`Sign in as <code>${desk.demoSignIn.email}</code> with the password <code>${desk.demoSignIn.password}</code>.`
      )
    }
    <form method="post" action="/sign-in">
      <input type="hidden" name="return" value="${target}">
      ${Parts.textField(state, "email", "E-mail", { type: "email", autocomplete: "username" })}
      ${Parts.textField({ ...state, values: {} }, "password", "Password", {
        type: "password",
        autocomplete: "current-password"
      })}
      <button>Sign in</button>
    </form>
    <p><a href="/forgot">Forgot your password?</a><br>New here? <a href="${keeping("/sign-up", target)}">Sign up</a></p>
  </section>`
    ),
    status
  )

/** Adds `Set-Cookie` values to an answer. */
export const setCookies = (response: Response, cookies: ReadonlyArray<string>): Response => {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie)
  return response
}

/** `/sign-in` and `/sign-out`. */
export const routes: Routes = (app, desk) => {
  app.get(
    "/sign-in",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const target = Web.localPath(c.req.query("return"))
        const who = yield* Effect.option(Web.person(desk, c))
        const email = (c.req.query("email") ?? "").slice(0, 320)
        return who._tag === "Some" ? c.redirect(target, 303) : page(desk, c, target, { values: { email }, errors: {} })
      })
    )
  )

  app.post(
    "/sign-in",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const form = yield* Web.readForm(c)
        const target = Web.localPath(Web.one(form, "return"))
        const email = Web.one(form, "email").trim()
        const password = Web.one(form, "password")
        const values = { email: email.slice(0, 320) }
        const errors = {
          ...(email === "" ? { email: "Enter your e-mail address." } : {}),
          ...(password === "" ? { password: "Enter your password." } : {})
        }
        if (Object.keys(errors).length > 0) return page(desk, c, target, { values, errors }, "", 422)
        const again = (failure: Content, status: Status) =>
          page(desk, c, target, { values, errors: {} }, failure, status)
        return yield* desk.identity.signIn(email, Redacted.make(password), c.req.raw.headers).pipe(
          Effect.map((cookies) => setCookies(c.redirect(target, 303), cookies)),
          Effect.catchTag("WrongCredentials", (wrong) =>
            Effect.succeed(again(Parts.notice("act", wrong.message), 422))
          ),
          Effect.catchTag("EmailUnverified", (unverified) =>
            Effect.succeed(
              again(
                html`${Parts.notice("act", unverified.message)}
            <form method="post" action="/verify-again"><input type="hidden" name="email" value="${values.email}">
              <input type="hidden" name="return" value="${
                target
              }"><button class="secondary">Send the link again</button></form>`,
                422
              )
            )
          ),
          Effect.catchTag("TooManyAttempts", (many) =>
            Effect.sync(() => {
              c.header("Retry-After", String(many.retryAfterSeconds))
              return again(Parts.notice("act", many.message), 429)
            })
          )
        )
      })
    )
  )

  app.post(
    "/sign-out",
    Web.handle(desk, (c) =>
      Effect.gen(function* () {
        const target = Web.localPath(Web.one(yield* Web.readForm(c), "return"))
        const cookies = yield* desk.identity.signOut(c.req.raw.headers)
        return setCookies(c.redirect(keeping("/sign-in", target), 303), cookies)
      })
    )
  )
}
