/** The pages of signing up, of proving an address and of choosing a new password. */
import { type Text, Messages } from "@portolan/domain"
import { Identity } from "@portolan/ports"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import type { Page } from "../../page/send.ts"
import { keeping, resendForm } from "../signIn/view.ts"

const { shared, signUp } = words

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
const passwordHint = signUp.passwordHint({ longest, shortest })

const password = (state: Fields.FormState, label: string): Markup =>
  Fields.textField({ ...state, values: {} }, "password", label, {
    type: "password",
    autocomplete: "new-password",
    hint: passwordHint
  })

/** The form to sign up. `target`: where the person goes on. */
export const signUpPage = (target: string, { failure = "", state, status }: ShownForm): Page =>
  card(
    shared.signUp,
    html`
    <p class="muted">${signUp.lead}</p>
    ${failure}
    <form method="post" action="/sign-up">
      <input type="hidden" name="return" value="${target}">
      ${Fields.textField(state, "name", signUp.yourName, { autocomplete: "name", hint: signUp.colleaguesSee })}
      ${Fields.textField(state, "email", shared.email, { type: "email", autocomplete: "username" })}
      ${password(state, shared.password)}
      <button>${shared.signUp}</button>
    </form>
    <p>${signUp.haveSignIn({
      link: html`<a href="${keeping("/sign-in", target)}">${Messages.text("email.registered-action")}</a>`
    })}</p>`,
    status
  )

/** How mails of this installation reach people. */
export interface MailSetUp {
  readonly sends: boolean
  /** Whether everybody may open the installation's mailbox. */
  readonly openMailbox: boolean
}

/** Where to read the mail when this installation does not send any. */
const keptMail = ({ openMailbox, sends }: MailSetUp): Markup => {
  if (sends) return nothing
  const link = html`<a href="/mailbox?box=installation">${signUp.openMailbox}</a>`
  return Components.notice(
    "wait",
    signUp.noMailSent,
    openMailbox ? signUp.keptInstead({ link }) : signUp.keptInsteadOrAsk({ link })
  )
}

const checkMail = (setUp: MailSetUp, what: Content, target: string, again: Markup = nothing): Page =>
  card(
    signUp.checkMail,
    html`<p>${what}</p>
    <p class="muted">${signUp.nothingThere}</p>
    ${keptMail(setUp)}${again}
    <p><a href="${keeping("/sign-in", target)}">${signUp.goToSignIn}</a></p>`
  )

/** Says that the mail that proves an address is on its way. */
export const verifySentPage = (setUp: MailSetUp, email: Text.Email, target: string): Page =>
  checkMail(
    setUp,
    signUp.verifySent({ email: html`<strong>${isolateText(email)}</strong>` }),
    target,
    resendForm(email, target)
  )

/** Says why the mail that proves an address was not sent again. */
export const notSentPage = (failure: Content, email: Text.Email, target: string, status: Status): Page =>
  card(signUp.checkMail, html`${failure}${resendForm(email, target)}`, status)

/** Says that a mail to choose a new password is on its way, whether the address is known or not. */
export const resetSentPage = (setUp: MailSetUp, email: Text.Email, target: string): Page =>
  checkMail(setUp, signUp.linkIfKnown({ email: html`<strong>${isolateText(email)}</strong>` }), target)

/** Explains a link that cannot be used, and what to do instead. */
export const deadLinkPage = (next: Markup): Page =>
  card(signUp.deadLink, html`<p>${signUp.linkUnusable}</p>${next}`, 410)

/** Confirms an address by a click. `path`: where the form goes. */
export const verifyPage = (path: string, target: string): Page =>
  card(
    signUp.confirmAddress,
    html`<p>${signUp.oneClick}</p>
        <form method="post" action="${path}"><input type="hidden" name="return" value="${
          target
        }"><button>${Messages.text("email.verify-action")}</button></form>`
  )

/** The form that has a link to a new password mailed. */
export const forgotPage = (target: string, { failure = "", state, status }: ShownForm): Page =>
  card(
    Messages.text("email.reset-action"),
    html`<p class="muted">${signUp.linkToNewPassword}</p>${failure}
    <form method="post" action="/forgot"><input type="hidden" name="return" value="${target}">${Fields.textField(
      state,
      "email",
      shared.email,
      { type: "email", autocomplete: "username" }
    )}
      <button>${signUp.sendLink}</button></form>
      <p><a href="${keeping("/sign-in", target)}">${signUp.backToSignIn}</a></p>`,
    status
  )

/** The form with the new password. `path`: where the form goes. */
export const resetPage = (path: string, target: string, { state, status }: ShownForm): Page =>
  card(
    Messages.text("email.reset-action"),
    html`<p class="muted">${signUp.signedOutElsewhere}</p>
    <form method="post" action="${path}"><input type="hidden" name="return" value="${target}">${password(
      state,
      signUp.newPassword
    )}<button>${signUp.savePassword}</button></form>`,
    status
  )
