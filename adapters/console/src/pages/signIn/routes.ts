/** Signing in and out. */
import { given } from "@portolan/domain"
import { Effect, Redacted } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { get, post, type Routes } from "../../page/handle.ts"
import { type Content, html } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import { sendGuest } from "../../page/send.ts"
import { sealedLimitBytes, typedTextField } from "../../page/typedText.ts"
import { personOf, type Visit } from "../../page/visit.ts"
import { afterSignIn } from "./afterSignIn.ts"
import { keeping, resendForm, type SignInForm, signInPage } from "./view.ts"

/** Adds `Set-Cookie` values to an answer. */
export const setCookies = (response: Response, cookies: ReadonlyArray<string>): Response => {
  for (const cookie of cookies) response.headers.append("Set-Cookie", cookie)
  return response
}

const page = ({ c, context }: Visit, form: Pick<SignInForm, "target" | "state" | "failure" | "status" | "typed">) =>
  signInPage({ ...form, demo: context.demoSignIn, passwordChanged: c.req.query("done") === "password" })

const showSignIn = Effect.fnUntraced(function* (visit: Visit) {
  const { c } = visit
  const target = Http.localPath(c.req.query("return"))
  const who = yield* Effect.option(personOf(visit))
  const email = (c.req.query("email") ?? "").slice(0, 320)
  return who._tag === "Some"
    ? c.redirect(target, 303)
    : sendGuest(visit, page(visit, { target, state: { values: { email }, errors: {} } }))
})

/** What is missing before it can be tried. */
const errorsOf = (email: string, password: string): Fields.FormState["errors"] =>
  given({
    email: email === "" ? words.signIn.enterEmail : undefined,
    password: password === "" ? words.signIn.enterPassword : undefined
  })

const signIn = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const form = yield* Http.readForm(c)
  const target = Http.localPath(Http.one(form, "return"))
  const email = Http.one(form, "email").trim()
  const password = Http.one(form, "password")
  const values = { email: email.slice(0, 320) }
  const errors = errorsOf(email, password)
  const typed = Http.one(form, typedTextField).slice(0, sealedLimitBytes)
  if (Object.keys(errors).length > 0)
    return sendGuest(visit, page(visit, { target, state: { values, errors }, status: 422, typed }))
  const again = (failure: Content, status: Status) =>
    Effect.sync(() => sendGuest(visit, page(visit, { target, state: { values, errors: {} }, failure, status, typed })))
  return yield* context.signingUp.signIn(email, Redacted.make(password), c.req.raw.headers).pipe(
    Effect.tap(() => Effect.sync(() => Http.rememberBrowser(visit))),
    Effect.flatMap((cookies) =>
      Effect.map(afterSignIn(visit, { cookies, target, typed }), (answer) => setCookies(answer, cookies))
    ),
    Effect.catchTags({
      WrongCredentials: ({ message }) => again(Components.notice("act", message), 422),
      EmailUnverified: ({ message }) =>
        again(html`${Components.notice("act", message)}${resendForm(values.email, target)}`, 422),
      IdentityUnavailable: ({ message }) =>
        Effect.andThen(
          Effect.logWarning("nobody could be signed in", message),
          again(Components.notice("act", message), 503)
        ),
      TooManyAttempts: ({ message, retryAfterSeconds }) => {
        c.header("Retry-After", String(retryAfterSeconds))
        return again(Components.notice("act", message), 429)
      }
    })
  )
})

const signOut = Effect.fnUntraced(function* (visit: Visit) {
  const { c, context } = visit
  const target = Http.localPath(Http.one(yield* Http.readForm(c), "return"))
  const cookies = yield* context.identity.signOut(c.req.raw.headers)
  const answer = setCookies(c.redirect(keeping("/sign-in", target), 303), cookies)
  // The back button shows nothing to whoever uses this browser next: pages with forms are kept by it.
  answer.headers.set("Clear-Site-Data", '"cache"')
  return answer
})

/** `/sign-in` and `/sign-out`. */
export const routes: Routes = [get("/sign-in", showSignIn), post("/sign-in", signIn), post("/sign-out", signOut)]
