/** Pages behind an auth link, and on the way back from the provider. */
import { AccountType, Channel, given, type Invitation, Messages } from "@portolan/domain"
import type { AuthLinks } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { Page } from "../../page/send.ts"
import * as CallbackPage from "./callbackPage.ts"

/** Who asks: of a request by name and organization, of a link by the member who made it (rule X-R4). */
const asker = (view: AuthLinks.GuestView): Markup =>
  view.request === undefined
    ? isolateText(view.issuedBy)
    : html`${isolateText(view.request.requesterName)} of ${isolateText(view.request.organizationName)}`

/** What the page behind an open link shows. */
export interface OpenLinkPageModel {
  readonly view: AuthLinks.GuestView
  readonly token: string
  readonly now: DateTime.Utc
  readonly productName: string
  /** Why the link could not be followed. */
  readonly wrong?: Markup
  readonly status?: Status
}

const message = ({ request }: AuthLinks.GuestView): Content =>
  request?.message !== undefined &&
  html`<blockquote><p class="said">${isolateText(request.message)}</p>
        <footer class="muted">${isolateText(request.requesterName)}</footer></blockquote>`

const facts = (view: AuthLinks.GuestView, now: DateTime.Utc): Markup => html`<dl class="facts">
        ${
          view.request !== undefined &&
          html`<div><dt>Asked by</dt><dd>${asker(view)}</dd></div>
        <div><dt>Sent to</dt><dd>${isolateText(view.request.ownerName)}, as the owner of the account</dd></div>`
        }
        <div><dt>Company</dt><dd>${isolateText(view.companyName)}</dd></div>
        <div><dt>Account</dt><dd>${isolateText(view.accountName)}</dd></div>
        <div><dt>Marketplace</dt><dd>${Labels.marketplaceName(view.marketplaceId)}</dd></div>
        <div><dt>Account type</dt><dd>${AccountType.label(view.accountType)}</dd></div>
        <div><dt>Access through</dt><dd>${Channel.label(view.channel)}</dd></div>
        <div><dt>Link expires</dt><dd>${Components.whenFully(view.link.expiresAt, now)}</dd></div>
      </dl>`

const loginAdvice = (view: AuthLinks.GuestView, provider: string): Markup =>
  Components.notice(
    "info",
    view.request === undefined
      ? "Use the login of the account's owner or administrator"
      : html`Log in with the seller account of ${isolateText(view.accountName)}`,
    `Check which ${provider} account this browser is logged in to, and log out of any other one first. ` +
      "Please finish in this browser, within 15 minutes."
  )

/** A link: anybody who has it can go on. */
const linkForm = (view: AuthLinks.GuestView, token: string, provider: string): Markup => html`
      <form method="post" action="/link/${token}"><button class="wide-button">Continue to ${provider}</button></form>
      <p class="muted">Don't know ${asker(view)}, or didn't expect this? Close this page; nothing happens.</p>`

/** A request to connect: only the owner may go on. */
const requestForm = (view: AuthLinks.GuestView, token: string, provider: string): Markup => html`
      <h2>Are you the owner of this account?</h2>
      <p>Only the owner of the seller account can connect it; passing the link on does not pass on the right.</p>
      <form method="post" action="/link/${token}"><input type="hidden" name="as" value="owner"><button
        class="wide-button">Yes, continue to ${provider}</button></form>
      <p><a class="button secondary outline wide-button" href="/link/${token}/not-the-owner">${Messages.text(
        "page.not-the-owner"
      )}</a></p>
      <p class="muted">Don't know ${asker(view)}, or didn't expect this? Close this page; nothing happens. You can also
        <a href="/link/${token}/not-the-owner">say so</a>.</p>`

/** The page behind an open link: who asks for what, and how to go on. */
export const openLinkPage = ({ now, productName, status, token, view, wrong }: OpenLinkPageModel): Page => {
  const provider = Labels.providerName(view.channel)
  return {
    title: `Connect ${view.accountName}`,
    ...given({ status }),
    body: html`
    ${wrong ?? nothing}
    <section class="card guest-card">
      <p class="eyebrow">Request to connect</p>
      <h1>${asker(view)} asks you to connect ${isolateText(view.accountName)} to ${productName}</h1>
      ${message(view)}
      ${facts(view, now)}
      <h2>What you allow</h2><ul>${Channel.allows(view.channel).map((one) => html`<li>${one}</li>`)}</ul>
      <h2>What happens next</h2><ol><li>You go to ${provider} and log in there. We never see your password.</li>
        <li>${provider} shows what is asked for; you agree or decline.</li>
        <li>You come back here and are done. You need no account with us.</li></ol>
      ${loginAdvice(view, provider)}
      ${(view.request === undefined ? linkForm : requestForm)(view, token, provider)}
    </section>`
  }
}

/** What the page for somebody who is not the owner shows. */
export interface NotTheOwnerPageModel {
  readonly token: string
  readonly view: AuthLinks.GuestView
}

const objections: { readonly [O in Invitation.Objection]: string } = {
  "not-the-owner": "You said that the seller account belongs to somebody else. Nothing was connected.",
  "not-expected": "You said that you did not expect this. Nothing was connected."
}

const objected = ({ token, view }: NotTheOwnerPageModel, because: Invitation.Objection): Markup =>
  html`<header class="with-badge"><h1>Thank you, ${asker(view)} has been told</h1>${Components.badge(
    "good",
    "Told"
  )}</header>
      ${Components.reasons(
        {
          reason: objections[because],
          nextStep: "They find out who owns the account and ask that person. You can close this page."
        },
        "The person who asked"
      )}
      <p class="muted">Was that a mistake? <a href="/link/${token}">Go back to the request</a>; the link stays
        usable.</p>`

const whatToDo = ({ token, view }: NotTheOwnerPageModel): Markup => {
  const provider = Labels.providerName(view.channel)
  return html`<h1>Only the owner can connect this account</h1>
      <p>${provider} takes this consent from the owner of a seller account, usually the person who registered it.
        An accountant or an agency cannot give it in the owner's name.</p>
      <h2>What you can do</h2><ul><li>Did the owner give your own ${provider} login the right to authorize software?
        Then
          continue with your own login; it is put on record that you did it for the owner.
          <form method="post" action="/link/${token}"><input type="hidden" name="as" value="delegate">
            <button class="secondary outline small">Continue to ${provider} for the owner</button></form></li>
        <li>Do you know the owner? Forward the mail. The link works once, for whoever logs in as the owner.</li>
        <li>Tell ${asker(view)} below. They get a mail and ask somebody else.</li></ul>
      <form method="post" action="/link/${token}/objection"><input type="hidden" name="because" value="not-the-owner">
        <button class="wide-button">Tell them that ${Messages.text("page.not-the-owner")}</button></form>
      <form method="post" action="/link/${token}/objection"><input type="hidden" name="because" value="not-expected">
        <button class="secondary outline wide-button">I am the owner, but I did not expect this</button></form>
      <p><a href="/link/${token}">Back to the request</a></p>`
}

/** For somebody who is not the owner: what they can do, and saying so. */
export const notTheOwnerPage = (model: NotTheOwnerPageModel): Page => {
  const { link } = model.view
  const objection = link._tag === "Open" ? link.objection : undefined
  return {
    title: Messages.text("page.not-the-owner"),
    body: html`<section class="card">
    <p class="eyebrow">Request to connect ${isolateText(model.view.accountName)}</p>
    ${objection === undefined ? whatToDo(model) : objected(model, objection.because)}
  </section>`
  }
}

/** What the page about the outcome, on the way back from the provider shows. */
export interface OutcomePageModel {
  /** Whether the return was handled before. */
  readonly isRepeated: boolean
  readonly channel: Channel.Channel
  readonly outcome: CallbackPage.OutcomePage
}

/** The page about the outcome, on the way back from the provider. */
export const outcomePage = ({ channel, isRepeated, outcome }: OutcomePageModel): Page => ({
  title: outcome.title,
  body: html`<section class="card arrived ${outcome.tone}">
        <p class="eyebrow">${Channel.label(channel)}</p>
        <header class="with-badge"><h1>${outcome.title}</h1>${Components.badge(outcome.tone, outcome.label)}</header>
        ${
          isRepeated &&
          Components.notice(
            "info",
            "You were here before",
            "This return was handled already; nothing was done twice. This is what came of it."
          )
        }
        ${Components.reasons(outcome, outcome.whoActs)}
        ${
          outcome.offersSignIn &&
          html`<p class="muted">Are you a member of this installation? <a href="/pending">Sign in to choose the
            profile</a>.</p>`
        }
      </section>`
})
