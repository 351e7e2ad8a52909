/** The page where people sign in. */
import { given, Messages } from "@portolan/domain"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, type Markup } from "../../page/html.ts"
import type { Page } from "../../page/send.ts"
import { typedTextField } from "../../page/typedText.ts"

const { shared, signIn } = words

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
  /** A form that was sent without a session, sealed. */
  readonly typed?: string
  /** Credentials for trying things out. */
  readonly demo: { readonly email: string; readonly password: string } | undefined
}

/** The sign-in page. */
export const signInPage = ({
  demo,
  failure = "",
  passwordChanged,
  state,
  status,
  target,
  typed = ""
}: SignInForm): Page => ({
  title: Messages.text("email.registered-action"),
  ...given({ status }),
  body: html`<section class="card sign-in">
    <h1>${Messages.text("email.registered-action")}</h1>
    <p class="muted">${signIn.lead}</p>
    ${failure}
    ${passwordChanged && Components.notice("good", signIn.passwordChanged, signIn.withNewPassword)}
    ${
      demo !== undefined &&
      Components.notice(
        "info",
        signIn.tryItOut,
        signIn.tryWith({ email: html`<code>${demo.email}</code>`, password: html`<code>${demo.password}</code>` })
      )
    }
    <form method="post" action="/sign-in">
      <input type="hidden" name="return" value="${target}">
      ${typed !== "" && html`<input type="hidden" name="${typedTextField}" value="${typed}">`}
      ${Fields.textField(state, "email", shared.email, { type: "email", autocomplete: "username" })}
      ${Fields.textField({ ...state, values: {} }, "password", shared.password, {
        type: "password",
        autocomplete: "current-password"
      })}
      <button>${Messages.text("email.registered-action")}</button>
    </form>
    <p><a href="${keeping("/forgot", target)}">${signIn.forgotten}</a><br>${signIn.newHere({
      link: html`<a href="${keeping("/sign-up", target)}">${shared.signUp}</a>`
    })}</p>
  </section>`
})

/** Mails the link again that proves an address. */
export const resendForm = (email: string, target: string): Markup => html`<form method="post" action="/verify-again">
  <input type="hidden" name="email" value="${email}"><input type="hidden" name="return" value="${target}">
  <button class="secondary">${signIn.sendLinkAgain}</button></form>`
