/** Pages to ask an account's owner to connect it. */
import { Access, Actor, Channel, Messages } from "@portolan/domain"
import type { AuthLinks, Connections, Requests } from "@portolan/ports"
import { type DateTime, Option, Redacted } from "effect"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup, nothing } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { emailView } from "../mailbox/emailView.ts"
import * as RequestForm from "./form.ts"
import { toneOf, what } from "./listView.ts"

const crumbs = (view: Connections.ConnectionDetail) => [
  { href: "/requests", label: "Requests" },
  { href: `/accounts/${view.account.id}`, label: isolateText(view.account.name) }
]

const about = ({ account, company, connection }: Connections.ConnectionDetail): Markup => html`<dl class="facts">
  <div><dt>Company</dt><dd>${isolateText(
    company.name
  )}</dd></div><div><dt>Account</dt><dd>${isolateText(account.name)}</dd></div>
  <div><dt>Marketplace</dt><dd>${Labels.marketplaceName(connection.marketplaceId)}</dd></div>
  <div><dt>Channel</dt><dd>${Channel.label(connection.channel)}</dd></div></dl>`

/** What the form of a request shows. */
export interface RequestFormPageModel {
  readonly state: Fields.FormState
  readonly status: Status
  readonly view: Connections.ConnectionDetail
}

/** The form of a request. */
export const requestFormPage = ({ state, status, view }: RequestFormPageModel): MemberPage => ({
  title: "Request to connect",
  section: "requests",
  status,
  body: html`
    ${Components.pageHead("Request to connect", {
      crumbs: crumbs(view),
      lead: "Ask the owner of the seller account by mail. You get a copy, and a confirmation when it is done."
    })}
    ${
      state.errors["form"] !== undefined && Components.notice("act", "The request cannot be sent", state.errors["form"])
    }
    ${Components.notice(
      "info",
      "Are you the owner yourself?",
      html`Then <a href="/accounts/${view.account.id}">authenticate now</a>; nobody has to be asked.`
    )}
    <form method="post" action="/connections/${view.connection.id}/request/preview" class="card form">
      ${about(view)}
      <input type="hidden" name="marketplace" value="${view.connection.marketplaceId}">
      ${Fields.textField(state, "name", "Owner's name", {
        hint: "The person who registered the seller account. Passing the mail on does not pass on the right."
      })}
      ${Fields.textField(state, "email", "Owner's e-mail address", { type: "email" })}
      ${RequestForm.messageField(state)}
      <div class="buttons"><button>Preview the mail</button><a class="button secondary outline" href="/accounts/${
        view.account.id
      }">Cancel</a></div>
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
      lead: "This is the mail, word for word. Nothing has been sent yet."
    })}
    <section class="card"><dl class="facts people">
      <div><dt>To</dt><dd>${isolateText(owner.name)}, ${isolateText(owner.email)}</dd></div>
      <div><dt>Copy to you</dt><dd>${isolateText(requester.name)}, ${isolateText(requester.email)}</dd></div></dl>
      ${emailView(preview.emailMessage, context.origin, "The request")}
      <div class="buttons"><form method="post" action="/connections/${view.connection.id}/request">
        ${RequestForm.hidden({ ...values, reference: preview.reference })}<button>Send the request</button></form>
      <form method="post" action="/connections/${view.connection.id}/request/edit">${RequestForm.hidden(
        values
      )}<button class="secondary outline">Change it</button></form></div>
    </section>`
  }
}

/** Said where mails are only kept, instead of promising that somebody gets them. */
const doneUnsent: { readonly [done: string]: readonly [string, string] } = {
  sent: [
    "Request made",
    "Its mail was not sent, because no mail server is set up here. Pass the link below on by hand."
  ],
  mailed: ["Mail made", "It was not sent, because no mail server is set up here. Pass the link below on by hand."],
  withdrawn: ["Request withdrawn", "The link no longer works."]
}

const done: { readonly [done: string]: readonly [string, string] } = {
  sent: ["Request sent", "The owner gets the mail, and you get a copy."],
  mailed: ["Mailed again", "The owner gets the mail once more."],
  withdrawn: ["Request withdrawn", "The link no longer works, and the owner is told so."]
}

/** Says what was done just now. `sends`: whether this installation sends mails. */
export const requestNotice = (what: string | undefined, sends: boolean): Markup => {
  const said = (sends ? done : doneUnsent)[what ?? ""]
  return said === undefined ? nothing : Components.notice("good", said[0], said[1])
}

const address = (link: AuthLinks.LinkWithAddress): Markup =>
  link.url === undefined
    ? html``
    : html`<label for="request-link">The link in the mail</label>
  <div class="joined"><input id="request-link" type="text" readonly value="${Redacted.value(
    link.url
  )}" autocomplete="off" spellcheck="false">
  <button type="button" data-copy="request-link" hidden>Copy</button></div>
    <p id="request-link-status" class="copy-status" role="status"></p>`

/** Whether a request can still be answered. */
export const isOpen = (view: Requests.RequestView): boolean => view.outcome.label === "Open"

const facts = (view: Requests.RequestView, now: DateTime.Utc): Markup => {
  const { link } = view
  const { message, owner, requester } = link.request
  return html`<dl class="facts people"><div><dt>Owner</dt><dd>${isolateText(owner.name)},
    ${isolateText(owner.email)}</dd></div>
    <div><dt>Asked by</dt><dd>${isolateText(requester.name)}, ${isolateText(requester.email)}</dd></div>
    <div><dt>Sent</dt><dd>${Components.whenFully(link.issuedAt, now)} by
      ${isolateText(Actor.describe(link.issuedBy))}</dd></div>
    <div><dt>${
      isOpen(view) ? "Expires" : "Would have expired"
    }</dt><dd>${Components.whenFully(link.expiresAt, now)}</dd></div>
    ${link._tag === "Open" && html`<div><dt>Mailed</dt><dd>${Format.count(link.mails, "time")}</dd></div>`}
    ${message !== undefined && html`<div><dt>Message</dt><dd class="said">${isolateText(message)}</dd></div>`}</dl>`
}

const withdrawing =
  "The link stops working at once and the owner gets a mail that says so. " +
  "Somebody who is at the provider with it right now cannot finish."

/** What the side that asks can do about a request as it stands. */
const nextActions = (view: Requests.RequestView): Markup => {
  const { link } = view
  if (isOpen(view)) {
    return html`<div class="buttons">
      <form method="post" action="/requests/${link.id}/mail-again"><button
        class="secondary small">Send again</button></form>
      ${Components.confirmed({
        label: "Withdraw request",
        question: withdrawing,
        action: `/requests/${link.id}/revoke`,
        yes: "Yes, withdraw it"
      })}</div>`
  }
  return link._tag === "Used"
    ? nothing
    : html`<p><a class="button small" href="/connections/${link.connectionId}/request">Ask again</a></p>`
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
    title: `Request for ${accountName}`,
    section: "requests",
    status,
    body: html`
    ${Components.pageHead(html`Request for ${isolateText(accountName)}`, {
      crumbs: [
        { href: "/requests", label: "Requests" },
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
        "No mail server is set up here",
        html`Mails are kept instead of sent.${
          Access.can(me, "administer") && html` Read them in the <a href="/mailbox">mailbox</a>.`
        }`
      )
    }
    <section class="card"><header class="with-badge">
      <h2>How it stands</h2>${Components.badge(toneOf(view), outcome.label)}</header>
      ${Components.reasons(outcome, Labels.mustAct[outcome.mustAct])}
      ${facts(view, now)}
      ${Option.isSome(shown) && address(shown.value)}
      ${mayAsk && nextActions(view)}
      ${link._tag === "Used" && html`<p><a href="/connections/${link.connectionId}">See the connection</a></p>`}
    </section>
    ${!mayAsk && Components.onlyLooking(Messages.text("page.who-connects"))}`
  }
}
