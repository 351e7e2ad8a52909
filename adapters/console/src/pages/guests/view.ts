/** Pages behind an auth link, and on the way back from the provider. */
import { AccountType, Channel, given, type Invitation, Messages } from "@portolan/domain"
import type { AuthLinks } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { Status } from "../../page/errors.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type { Page } from "../../page/send.ts"
import * as CallbackPage from "./callbackPage.ts"

const { guests, shared } = words

/** Who asks, by name and organization; the organization alone for a link that none of its people made (rule X-R4). */
const asker = ({ issuedBy, organizationName, request }: AuthLinks.GuestView): Markup => {
  const who = request?.requesterName ?? issuedBy
  return organizationName === undefined || who === organizationName
    ? isolateText(who)
    : shared.of({ who: isolateText(who), organization: isolateText(organizationName) })
}

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

/** What the question is about; who asks stands above it. */
const facts = (view: AuthLinks.GuestView): Markup => html`<dl class="facts">
        <div><dt>${shared.company}</dt><dd>${isolateText(view.companyName)}</dd></div>
        <div><dt>${shared.account}</dt><dd>${isolateText(view.accountName)}</dd></div>
        <div><dt>${shared.marketplace}</dt><dd>${Labels.marketplaceName(view.marketplaceId)}</dd></div>
        <div><dt>${guests.accessThrough}</dt><dd>${Channel.label(view.channel)}</dd></div>
      </dl>`

/** What somebody may want to know, but need not to go on. */
const furtherFacts = (view: AuthLinks.GuestView, now: DateTime.Utc): Markup => html`<dl class="facts">
        ${
          view.request !== undefined &&
          html`<div><dt>${Messages.text("email.fact-asked-by")}</dt><dd>${asker(view)}</dd></div>
        <div><dt>${shared.sentTo}</dt><dd>${guests.asOwner({ owner: isolateText(view.request.ownerName) })}</dd></div>`
        }
        <div><dt>${shared.accountType}</dt><dd>${AccountType.label(view.accountType)}</dd></div>
        <div><dt>${guests.linkExpires}</dt><dd>${Components.whenFully(view.link.expiresAt, now)}</dd></div>
      </dl>`

/** Which login to use: the costly mistake, so it stands before the button; how to check it stands after. */
const loginAdvice = (view: AuthLinks.GuestView): Markup =>
  html`<p class="advice">${
    view.request === undefined ? guests.useOwnersLogin : guests.logInWith({ account: isolateText(view.accountName) })
  }</p>`

/** A link: anybody who has it can go on. */
const linkForm = (view: AuthLinks.GuestView, token: string, provider: string): Markup => html`
      <form method="post" action="/link/${token}"><button
        class="wide-button">${shared.continueTo({ provider })}</button></form>
      <p>${guests.checkLogin({ provider })}</p>
      <p class="muted">${guests.unexpected({ asker: asker(view) })}</p>`

/** A request to connect: only the owner may go on. */
const requestForm = (view: AuthLinks.GuestView, token: string, provider: string): Markup => html`
      <h2>${guests.areYouOwner}</h2>
      <p>${guests.onlyOwnerConnects}</p>
      <form method="post" action="/link/${token}"><input type="hidden" name="as" value="owner"><button
        class="wide-button">${guests.yesContinueTo({ provider })}</button></form>
      <p>${guests.checkLogin({ provider })}</p>
      <p><a class="button secondary outline wide-button" href="/link/${token}/not-the-owner">${Messages.text(
        "page.not-the-owner"
      )}</a></p>
      <p class="muted">${guests.unexpected({ asker: asker(view) })}
        ${guests.sayingSo({ link: html`<a href="/link/${token}/not-the-owner">${guests.saySo}</a>` })}</p>`

/** The page behind an open link: who asks for what, and how to go on. */
export const openLinkPage = ({ now, productName, status, token, view, wrong }: OpenLinkPageModel): Page => {
  const provider = Labels.providerName(view.channel)
  return {
    title: Messages.text("onboarding.connect-title", { what: view.accountName }),
    ...given({ status }),
    body: html`
    ${wrong ?? nothing}
    <section class="card guest-card link-card">
      <p class="eyebrow">${shared.requestToConnect}</p>
      <h1>${guests.asks({ asker: asker(view), account: isolateText(view.accountName), product: productName })}</h1>
      ${facts(view)}
      <h2>${guests.whatYouAllow}</h2><ul>${Channel.allows(view.channel).map((one) => html`<li>${one}</li>`)}</ul>
      ${
        !Channel.loads(view.channel, view.accountType) &&
        Components.notice("info", Messages.text("provider.loads-nothing"))
      }
      ${loginAdvice(view)}
      ${(view.request === undefined ? linkForm : requestForm)(view, token, provider)}
      ${message(view)}
      ${furtherFacts(view, now)}
      <h2>${guests.whatHappensNext}</h2><ol><li>${guests.logInAtProvider({ provider })}</li>
        <li>${guests.shownAtProvider({ provider })}</li>
        <li>${guests.youComeBack}</li></ol>
    </section>`
  }
}

/** What the page for somebody who is not the owner shows. */
export interface NotTheOwnerPageModel {
  readonly token: string
  readonly view: AuthLinks.GuestView
}

const objections: { readonly [O in Invitation.Objection]: string } = {
  "not-the-owner": guests.belongsToOther,
  "not-expected": guests.notExpected
}

const objected = ({ token, view }: NotTheOwnerPageModel, because: Invitation.Objection): Markup =>
  html`<header class="with-badge"><h1>${guests.hasBeenTold({ asker: asker(view) })}</h1>${Components.badge(
    "good",
    guests.reported
  )}</header>
      ${Components.reasons(
        {
          reason: `${objections[because]} ${Messages.text("outcome.nothing-connected")}`,
          nextStep: `${guests.theyFindOut} ${shared.closePage}`
        },
        guests.askedPerson
      )}
      <p class="muted">${guests.wasMistake({ link: html`<a href="/link/${token}">${guests.goBack}</a>` })}</p>`

const whatToDo = ({ token, view }: NotTheOwnerPageModel): Markup => {
  const provider = Labels.providerName(view.channel)
  return html`<h1>${guests.onlyOwner}</h1>
      <p>${guests.whoConsents({ provider })}</p>
      <h2>${guests.whatYouCanDo}</h2><ul><li>${guests.onRecord({ provider })}
          <form method="post" action="/link/${token}"><input type="hidden" name="as" value="delegate">
            <button class="secondary outline small">${guests.continueForOwner({ provider })}</button></form></li>
        <li>${guests.ownerKnown}</li>
        <li>${guests.tellAsker({ asker: asker(view) })}</li></ul>
      <form method="post" action="/link/${token}/objection"><input type="hidden" name="because" value="not-the-owner">
        <button class="wide-button">${guests.tellThemNotOwner}</button></form>
      <form method="post" action="/link/${token}/objection"><input type="hidden" name="because" value="not-expected">
        <button class="secondary outline wide-button">${guests.ownerUnexpecting}</button></form>
      <p><a href="/link/${token}">${guests.back}</a></p>`
}

/** For somebody who is not the owner: what they can do, and saying so. */
export const notTheOwnerPage = (model: NotTheOwnerPageModel): Page => {
  const { link } = model.view
  const objection = link._tag === "Open" ? link.objection : undefined
  return {
    title: Messages.text("page.not-the-owner"),
    body: html`<section class="card">
    <p class="eyebrow">${guests.requestAbout({ account: isolateText(model.view.accountName) })}</p>
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
        ${isRepeated && Components.notice("info", guests.cameBefore, guests.handledAlready)}
        ${Components.reasons(outcome, outcome.whoActs)}
        ${
          outcome.offersSignIn &&
          html`<p class="muted">${guests.memberHere({
            link: html`<a href="/pending">${guests.signInToChoose}</a>`
          })}</p>`
        }
      </section>`
})
