/** The pages of signing up, of proving an address and of choosing a new password. */
import { type Text, Messages } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { Page } from "../../page/send.ts"
import { keeping, resendForm } from "../signIn/view.ts"

/** A form that is shown, again when it failed. */
export interface ShownForm {
  readonly state: Fields.FormState
  /** Why it failed, above the fields. */
  readonly failure?: Content
  readonly status?: Status
}

/** A page with one card and its title. */
const card = (title: string, body: Markup, status: Status = 200): Page => ({
  title,
  status,
  body: html`<section class="card sign-in"><h1>${title}</h1>${body}</section>`
})

const { longest, shortest } = Identity.passwordLength
const passwordHint = `${shortest} to ${longest} characters. A few words are easier to keep than one strange one.`

const password = (state: Fields.FormState, label: string): Markup =>
  Fields.textField({ ...state, values: {} }, "password", label, {
    type: "password",
    autocomplete: "new-password",
    hint: passwordHint
  })

/** The form to sign up. `target`: where the person goes on. */
export const signUpPage = (target: string, { failure = "", state, status }: ShownForm): Page =>
  card(
    "Sign up",
    html`
    <p class="muted">You need an address that you read: a link is mailed to it.</p>
    ${failure}
    <form method="post" action="/sign-up">
      <input type="hidden" name="return" value="${target}">
      ${Fields.textField(state, "name", "Your name", {
        autocomplete: "name",
        hint: "Colleagues see it beside what you do."
      })}
      ${Fields.textField(state, "email", "E-mail", { type: "email", autocomplete: "username" })}
      ${password(state, "Password")}
      <button>Sign up</button>
    </form>
    <p>You have a sign-in? <a href="${keeping("/sign-in", target)}">Sign in</a></p>`,
    status
  )

/** How mails of this installation reach people. */
export interface MailSetUp {
  readonly sends: boolean
  /** Whether everybody may open the installation's mailbox. */
  readonly openMailbox: boolean
}

/** Where to read the mail when this installation does not send any. */
const keptMail = ({ openMailbox, sends }: MailSetUp): Markup =>
  sends
    ? nothing
    : Components.notice(
        "wait",
        "This installation sends no mail",
        html`Mails are kept instead: <a href="/mailbox?box=installation">open the mailbox</a>${
          !openMailbox && html`, or ask your operator for the link`
        }.`
      )

const checkMail = (setUp: MailSetUp, what: Content, again: Markup = nothing): Page =>
  card(
    "Check your mail",
    html`<p>${what}</p>
    <p class="muted">Nothing there after a few minutes? Look into the spam folder, and check the address for a typing
      mistake.</p>
    ${keptMail(setUp)}${again}
    <p><a href="/sign-in">Go to sign-in</a></p>`
  )

/** Says that the mail that proves an address is on its way. */
export const verifySentPage = (setUp: MailSetUp, email: Text.Email, target: string): Page =>
  checkMail(
    setUp,
    html`We sent a mail to <strong>${isolateText(email)}</strong>. Open the link in it within a day; then you are
      signed in.`,
    resendForm(email, target)
  )

/** Says why the mail that proves an address was not sent again. */
export const notSentPage = (failure: Content, email: Text.Email, target: string, status: Status): Page =>
  card("Check your mail", html`${failure}${resendForm(email, target)}`, status)

/** Says that a mail to choose a new password is on its way, whether the address is known or not. */
export const resetSentPage = (setUp: MailSetUp, email: Text.Email): Page =>
  checkMail(
    setUp,
    html`If <strong>${isolateText(email)}</strong> has a sign-in, a link is on its way. It works for an hour.`
  )

/** Explains a link that cannot be used, and what to do instead. */
export const deadLinkPage = (next: Markup): Page =>
  card(
    "This link is not valid any more",
    html`<p>It was used before, it is too old, or it was cut off on its way.</p>${next}`,
    410
  )

/** Confirms an address by a click. `path`: where the form goes. */
export const verifyPage = (path: string, target: string): Page =>
  card(
    "Confirm your e-mail address",
    html`<p>One click, and you are signed in.</p>
        <form method="post" action="${path}"><input type="hidden" name="return" value="${
          target
        }"><button>Confirm this address</button></form>`
  )

/** The form that has a link to a new password mailed. */
export const forgotPage = ({ failure = "", state, status }: ShownForm): Page =>
  card(
    Messages.text("email.reset-action"),
    html`<p class="muted">We mail you a link to choose a new password.</p>${failure}
    <form method="post" action="/forgot">${Fields.textField(state, "email", "E-mail", {
      type: "email",
      autocomplete: "username"
    })}
      <button>Send the link</button></form><p><a href="/sign-in">Back to sign-in</a></p>`,
    status
  )

/** The form with the new password. `path`: where the form goes. */
export const resetPage = (path: string, { state, status }: ShownForm): Page =>
  card(
    Messages.text("email.reset-action"),
    html`<p class="muted">You are signed out everywhere else.</p>
    <form method="post" action="${path}">${password(
      state,
      "New password"
    )}<button>Save the new password</button></form>`,
    status
  )
