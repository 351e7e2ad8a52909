/** Pages to ask an account's owner to connect it. */
import { Access, Actor, Channel, Messages } from "@portolan/domain"
import type { AuthLinks, Connections, Requests } from "@portolan/ports"
import { type DateTime, Option, Redacted } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { emailView } from "../mailbox/emailView.ts"
import * as RequestForm from "./form.ts"
import { toneOf, what } from "./listView.ts"

const { requests, shared } = words

const crumbs = (view: Connections.ConnectionDetail) => [
  { href: "/requests", label: shared.requests },
  { href: `/accounts/${view.account.id}`, label: isolateText(view.account.name) }
]

const about = ({ account, company, connection }: Connections.ConnectionDetail): Markup => html`<dl class="facts">
  <div><dt>${shared.company}</dt><dd>${isolateText(
    company.name
  )}</dd></div><div><dt>${shared.account}</dt><dd>${isolateText(account.name)}</dd></div>
  <div><dt>${shared.marketplace}</dt><dd>${Labels.marketplaceName(connection.marketplaceId)}</dd></div>
  <div><dt>${shared.channel}</dt><dd>${Channel.label(connection.channel)}</dd></div></dl>`

/** What the form of a request shows. */
export interface RequestFormPageModel {
  readonly state: Fields.FormState
  readonly status: Status
  readonly view: Connections.ConnectionDetail
}

/** The form of a request. */
export const requestFormPage = ({ state, status, view }: RequestFormPageModel): MemberPage => ({
  title: shared.requestToConnect,
  section: "requests",
  status,
  body: html`
    ${Components.pageHead(shared.requestToConnect, { crumbs: crumbs(view), lead: requests.askLead })}
    ${state.errors["form"] !== undefined && Components.notice("act", requests.cannotBeSent, state.errors["form"])}
    ${Components.notice(
      "info",
      requests.areYouOwner,
      requests.notAsked({ link: html`<a href="/accounts/${view.account.id}">${requests.authenticateNow}</a>` })
    )}
    <form method="post" action="/connections/${view.connection.id}/request/preview" class="card form">
      ${about(view)}
      <input type="hidden" name="marketplace" value="${view.connection.marketplaceId}">
      ${Fields.textField(state, "name", shared.ownersName, { hint: requests.registeredBy })}
      ${Fields.textField(state, "email", requests.ownersEmail, { type: "email" })}
      ${RequestForm.messageField(state)}
      <div class="buttons"><button>${requests.preview}</button><a class="button secondary outline" href="/accounts/${
        view.account.id
      }">${shared.cancel}</a></div>
    </form>`
})

/** What the mails of a request before they are sent shows. */
export interface RequestPreviewPageModel {
  readonly context: PageContext
  readonly preview: Requests.Preview
  readonly values: { readonly [field: string]: string }
  readonly view: Connections.ConnectionDetail
}

/** The mails of a request before they are sent. */
export const requestPreviewPage = ({ context, preview, values, view }: RequestPreviewPageModel): MemberPage => {
  const { owner, requester } = preview.to
  return {
    title: Messages.text("page.request-preview"),
    section: "requests",
    body: html`
    ${Components.pageHead(Messages.text("page.request-preview"), {
      crumbs: crumbs(view),
      lead: `${requests.wordForWord} ${shared.nothingSent}`
    })}
    <section class="card"><dl class="facts people">
      <div><dt>${requests.toLabel}</dt><dd>${isolateText(owner.name)}, ${isolateText(owner.email)}</dd></div>
      <div><dt>${requests.copyToYou}</dt>
        <dd>${isolateText(requester.name)}, ${isolateText(requester.email)}</dd></div></dl>
      ${emailView(preview.emailMessage, context.origin, requests.theRequest)}
      <div class="buttons"><form method="post" action="/connections/${view.connection.id}/request">
        ${RequestForm.hidden({ ...values, reference: preview.reference })}
        <button>${requests.sendRequest}</button></form>
      <form method="post" action="/connections/${view.connection.id}/request/edit">${RequestForm.hidden(
        values
      )}<button class="secondary outline">${shared.changeIt}</button></form></div>
    </section>`
  }
}

/** Said where mails are only kept, instead of promising that somebody gets them. */
const doneUnsent: { readonly [done: string]: readonly [string, string] } = {
  sent: [requests.requestMade, `${requests.requestNotSent} ${requests.passLinkOn}`],
  mailed: [requests.mailMade, `${requests.notSent} ${requests.passLinkOn}`],
  withdrawn: [requests.requestWithdrawn, requests.linkDead]
}

const done: { readonly [done: string]: readonly [string, string] } = {
  sent: [requests.requestSent, requests.ownerAndYou],
  mailed: [requests.mailedAgain, requests.ownerOnceMore],
  withdrawn: [requests.requestWithdrawn, requests.ownerIsInformed]
}

/** Says what was done just now. `sends`: whether this installation sends mails. */
export const requestNotice = (what: string | undefined, sends: boolean): Markup => {
  const said = (sends ? done : doneUnsent)[what ?? ""]
  return said === undefined ? nothing : Components.notice("good", said[0], said[1])
}

const address = (link: AuthLinks.LinkWithAddress): Markup =>
  link.url === undefined
    ? html``
    : html`<label for="request-link">${requests.linkInMail}</label>
  <div class="joined"><input id="request-link" type="text" readonly value="${Redacted.value(
    link.url
  )}" autocomplete="off" spellcheck="false">
  <button type="button" class="secondary outline" data-copy="request-link" hidden>${shared.copy}</button></div>
    <p id="request-link-status" class="copy-status" role="status"></p>`

/** Whether a request can still be answered. */
export const isOpen = (view: Requests.RequestView): boolean => view.outcome.isOpen

const facts = (view: Requests.RequestView, now: DateTime.Utc): Markup => {
  const { link } = view
  const { message, owner, requester } = link.request
  return html`<dl class="facts people"><div><dt>${shared.owner}</dt><dd>${isolateText(owner.name)},
    ${isolateText(owner.email)}</dd></div>
    <div><dt>${Messages.text("email.fact-asked-by")}</dt>
      <dd>${isolateText(requester.name)}, ${isolateText(requester.email)}</dd></div>
    <div><dt>${requests.sent}</dt><dd>${shared.atBy({
      at: Components.whenFully(link.issuedAt, now),
      actor: isolateText(Actor.describe(link.issuedBy))
    })}</dd></div>
    <div><dt>${
      isOpen(view) ? shared.expires : requests.wouldHaveExpired
    }</dt><dd>${Components.whenFully(link.expiresAt, now)}</dd></div>
    ${
      link._tag === "Open" &&
      html`<div><dt>${requests.mailed}</dt>
      <dd>${requests.times({ quantity: link.mails })}</dd></div>`
    }
    ${
      message !== undefined &&
      html`<div><dt>${requests.message}</dt>
      <dd class="said">${isolateText(message)}</dd></div>`
    }</dl>`
}

/** What the side that asks can do about a request as it stands. */
const nextActions = (view: Requests.RequestView): Markup => {
  const { link } = view
  if (isOpen(view)) {
    return html`<div class="buttons">
      <form method="post" action="/requests/${link.id}/mail-again"><button
        class="secondary small">${shared.sendAgain}</button></form>
      ${Components.confirmed({
        label: requests.withdrawRequest,
        question: requests.withdrawing,
        action: `/requests/${link.id}/revoke`,
        yes: shared.withdrawIt
      })}</div>`
  }
  return link._tag === "Used"
    ? nothing
    : html`<p><a class="button small" href="/connections/${link.connectionId}/request">${requests.askAgain}</a></p>`
}

/** What the page of a request shows. */
export interface RequestPageModel {
  readonly context: PageContext
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly shown: Option.Option<AuthLinks.LinkWithAddress>
  readonly status: Status
  /** What was done just now. */
  readonly notice: Markup
  readonly view: Requests.RequestView
  readonly wrong: Markup | undefined
}

/** The page of a request. */
export const requestPage = ({ context, me, notice, now, shown, status, view, wrong }: RequestPageModel): MemberPage => {
  const { accountName, companyName, link, outcome } = view
  const mayAsk = Access.can(me, "connect")
  return {
    title: requests.requestFor({ account: accountName }),
    section: "requests",
    status,
    body: html`
    ${Components.pageHead(requests.requestFor({ account: isolateText(accountName) }), {
      crumbs: [
        { href: "/requests", label: shared.requests },
        { href: `/accounts/${link.accountId}`, label: isolateText(accountName) }
      ],
      lead: html`${isolateText(companyName)} · ${what(link.channel, link.request.marketplaceId)}`
    })}
    ${notice}${wrong ?? ""}
    ${
      !context.mailer.sends &&
      isOpen(view) &&
      Components.notice(
        "info",
        requests.noMailServer,
        html`${requests.mailsKept}${
          Access.can(me, "administer") &&
          html` ${requests.readThem({ mailbox: html`<a href="/mailbox">${shared.theMailbox}</a>` })}`
        }`
      )
    }
    <section class="card"><header class="with-badge">
      <h2>${shared.howItStands}</h2>${Components.badge(toneOf(view), outcome.label)}</header>
      ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
      ${facts(view, now)}
      ${Option.isSome(shown) && address(shown.value)}
      ${mayAsk && nextActions(view)}
      ${link._tag === "Used" && html`<p><a href="/connections/${link.connectionId}">${shared.seeConnection}</a></p>`}
    </section>
    ${!mayAsk && Components.onlyLooking(Messages.text("page.who-connects"))}`
  }
}
