/** The page where people sign in. */
import { given } from "@portolan/domain"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, type Markup } from "../../page/html.ts"
import type { Page } from "../../page/send.ts"

/** A link that keeps where the person wanted to go. */
export const keeping = (path: string, target: string): string =>
  target === "/companies" ? path : `${path}?return=${encodeURIComponent(target)}`

/** What the sign-in page shows. */
export interface SignInForm {
  /** Where the person wanted to go. */
  readonly target: string
  readonly state: Fields.FormState
  /** Why signing in failed. */
  readonly failure?: Content
  readonly status?: Status
  /** Whether the person comes from choosing a new password. */
  readonly passwordChanged: boolean
  /** Credentials for trying things out. */
  readonly demo: { readonly email: string; readonly password: string } | undefined
}

/** The sign-in page. */
export const signInPage = ({ demo, failure = "", passwordChanged, state, status, target }: SignInForm): Page => ({
  title: "Sign in",
  ...given({ status }),
  body: html`<section class="card sign-in">
    <h1>Sign in</h1>
    <p class="muted">Connect marketplace accounts and see how they stand.</p>
    ${failure}
    ${passwordChanged && Components.notice("good", "Your password is changed", "Sign in with the new one.")}
    ${
      demo !== undefined &&
      Components.notice(
        "info",
        "Try it out",
        html`Sign in as <code>${demo.email}</code> with the password
          <code>${demo.password}</code>.`
      )
    }
    <form method="post" action="/sign-in">
      <input type="hidden" name="return" value="${target}">
      ${Fields.textField(state, "email", "E-mail", { type: "email", autocomplete: "username" })}
      ${Fields.textField({ ...state, values: {} }, "password", "Password", {
        type: "password",
        autocomplete: "current-password"
      })}
      <button>Sign in</button>
    </form>
    <p><a href="/forgot">Forgot your password?</a><br>New here? <a href="${keeping("/sign-up", target)}">Sign up</a></p>
  </section>`
})

/** Mails the link again that proves an address. */
export const resendForm = (email: string, target: string): Markup => html`<form method="post" action="/verify-again">
  <input type="hidden" name="email" value="${email}"><input type="hidden" name="return" value="${target}">
  <button class="secondary">Send the link again</button></form>`
