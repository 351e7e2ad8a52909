/** Signing in and out. */
import { Effect, Redacted } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { type Content, html } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import type { Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"

/** A link that keeps where the person wanted to go. */
export const keeping = (path: string, target: string): string =>
  target === "/companies" ? path : `${path}?return=${encodeURIComponent(target)}`

const page = (
  context: PageContext,
  c: Context,
  target: string,
  state: Components.FormState,
  failure: Content = "",
  status: Status = 200
) =>
  Http.send(
    c,
    Layout.guestPage(
      context,
      "Sign in",
      html`<section class="card sign-in">
    <h1>Sign in</h1>
    <p class="muted">Connect marketplace accounts and see how they stand.</p>
    ${failure}
    ${c.req.query("done") === "password" && Components.notice("good", "Your password is changed", "Sign in with the new one.")}
    ${
      context.demoSignIn !== undefined &&
      Components.notice(
        "info",
        "Try it out",
        html`Sign in as <code>${context.demoSignIn.email}</code> with the password <code>${context.demoSignIn.password}</code>.`
      )
    }
    <form method="post" action="/sign-in">
      <input type="hidden" name="return" value="${target}">
      ${Components.textField(state, "email", "E-mail", { type: "email", autocomplete: "username" })}
      ${Components.textField({ ...state, values: {} }, "password", "Password", {
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
export const routes: Routes = (app, context) => {
  app.get(
    "/sign-in",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const target = Http.localPath(c.req.query("return"))
        const who = yield* Effect.option(Http.person(context, c))
        const email = (c.req.query("email") ?? "").slice(0, 320)
        return who._tag === "Some"
          ? c.redirect(target, 303)
          : page(context, c, target, { values: { email }, errors: {} })
      })
    )
  )

  app.post(
    "/sign-in",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const form = yield* Http.readForm(c)
        const target = Http.localPath(Http.one(form, "return"))
        const email = Http.one(form, "email").trim()
        const password = Http.one(form, "password")
        const values = { email: email.slice(0, 320) }
        const errors = {
          ...(email === "" ? { email: "Enter your e-mail address." } : {}),
          ...(password === "" ? { password: "Enter your password." } : {})
        }
        if (Object.keys(errors).length > 0) return page(context, c, target, { values, errors }, "", 422)
        const again = (failure: Content, status: Status) =>
          page(context, c, target, { values, errors: {} }, failure, status)
        return yield* context.identity.signIn(email, Redacted.make(password), c.req.raw.headers).pipe(
          Effect.map((cookies) => setCookies(c.redirect(target, 303), cookies)),
          Effect.catchTag("WrongCredentials", (wrong) =>
            Effect.succeed(again(Components.notice("act", wrong.message), 422))
          ),
          Effect.catchTag("EmailUnverified", (unverified) =>
            Effect.succeed(
              again(
                html`${Components.notice("act", unverified.message)}
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
              return again(Components.notice("act", many.message), 429)
            })
          )
        )
      })
    )
  )

  app.post(
    "/sign-out",
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const target = Http.localPath(Http.one(yield* Http.readForm(c), "return"))
        const cookies = yield* context.identity.signOut(c.req.raw.headers)
        return setCookies(c.redirect(keeping("/sign-in", target), 303), cookies)
      })
    )
  )
}
