/** Pages of a renewal campaign: whom to ask, and the mails word for word. */
import { Channel, given, Messages } from "@portolan/domain"
import type { Requests } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Http from "../../page/http.ts"
import * as Labels from "../../page/labels.ts"
import type { MemberPage } from "../../page/send.ts"
import { emailView } from "../mailbox/emailView.ts"
import * as RequestForm from "../requests/form.ts"

/** The most connections on one form, so that it stays within the size of a form. */
export const formLimit = 50

/** Days until the end of a consent that can be asked for. */
export const horizons = [7, 30, 90, 365] as const

/** One connection that can be asked for. */
export interface Candidate extends Omit<Requests.Renewable, "expiresAt"> {
  /** Absent: no end is known, or there is no consent; then a campaign has nothing to renew. */
  readonly expiresAt?: DateTime.Utc
}

/** The owner's name or address of one connection, in a cell. */
interface OwnerField {
  readonly name: string
  readonly label: string
  readonly type: "text" | "email"
  /** What is known of the last request. */
  readonly known: string | undefined
}

const placeholders = { text: words.shared.name, email: "name@example.com" } as const

const ownerField = (state: Fields.FormState, { known = "", label, name, type }: OwnerField): Markup => {
  const error = state.errors[name]
  return html`<label for="field-${name}" class="sr-only">${
    label
  }</label><input id="field-${name}" name="${name}" type="${type}"
    value="${state.values[name] ?? known}" placeholder="${placeholders[type]}"${
      error !== undefined && html` aria-invalid="true" aria-describedby="field-${name}-error"`
    }>${Fields.fieldError(state, name)}`
}

const row = (one: Candidate, isChosen: boolean, state: Fields.FormState, now: DateTime.Utc): Markup => {
  const { accountName, companyName, connection, expiresAt, openRequest, owner } = one
  const { id } = connection
  return html`<tr><td class="pick">${
    expiresAt !== undefined &&
    html`<input type="checkbox" name="connection" value="${id}" aria-label="${words.shared.chooseNamed({
      name: accountName,
      channel: Channel.label(connection.channel)
    })}"${isChosen && html` checked`}>`
  }</td>
  <th scope="row" data-label="${
    words.shared.account
  }">${isolateText(accountName)}<br><small class="muted">${isolateText(companyName)} ·
    ${Labels.shortChannel(connection.channel)},
    ${Labels.marketplaceName(connection.marketplaceId)}</small></th>
  <td data-label="${words.shared.consentEnds}">${
    expiresAt === undefined
      ? html`<span class="muted">${words.campaigns.noEnd({
          request: html`<a href="/connections/${id}/request">${words.campaigns.sendRequest}</a>`
        })}</span>`
      : Components.when(expiresAt, now)
  }${
    openRequest !== undefined &&
    html`<br><small><a href="/requests/${openRequest}">${words.campaigns.requestedAlready}</a></small>`
  }</td>
  <td data-label="${words.shared.ownersName}">${
    expiresAt !== undefined &&
    ownerField(state, {
      name: `name-${id}`,
      label: words.campaigns.ownersNameFor({ account: accountName }),
      type: "text",
      known: owner?.name
    })
  }</td>
  <td data-label="${words.campaigns.ownersEmail}">${
    expiresAt !== undefined &&
    ownerField(state, {
      name: `email-${id}`,
      label: words.campaigns.ownersEmailFor({ account: accountName }),
      type: "email",
      known: owner?.email
    })
  }</td></tr>`
}

/** The form as it is shown. */
export interface ShownForm {
  readonly candidates: ReadonlyArray<Candidate>
  readonly ticked: ReadonlyArray<string>
  readonly state: Fields.FormState
  /** Where the list was made from an end that is near, not from a choice on another page. */
  readonly days?: number
  readonly next?: string
}

/** What the form of a renewal campaign shows. */
export interface CampaignPageModel {
  readonly candidates: ReadonlyArray<Candidate>
  readonly ticked: ReadonlyArray<string>
  readonly cursor: string | undefined
  readonly days: number | undefined
  readonly next: string | undefined
  readonly now: DateTime.Utc
  readonly state: Fields.FormState
  readonly status: Status
}

/** The form of a renewal campaign. */
export const campaignPage = ({
  candidates,
  cursor,
  days,
  next,
  now,
  state,
  status,
  ticked
}: CampaignPageModel): MemberPage => {
  return {
    title: words.shared.renewalCampaign,
    section: "requests",
    status,
    body: html`
    ${Components.pageHead(words.shared.renewalCampaign, {
      crumbs: [{ href: "/requests", label: words.shared.requests }],
      lead: words.campaigns.lead
    })}
    ${
      state.errors["form"] !== undefined && Components.notice("act", words.campaigns.cannotBeSent, state.errors["form"])
    }
    ${
      days !== undefined &&
      html`<form method="get" action="/campaigns/new" class="filters">
      <div><label for="days">${words.shared.consentEnds}</label><select id="days" name="days">${horizons.map(
        (one) =>
          html`<option value="${one}"${one === days && html` selected`}>${words.shared.withinDays({
            days: one
          })}</option>`
      )}</select></div><button class="secondary">${words.shared.filter}</button></form>`
    }
    ${
      candidates.length === 0
        ? Components.empty(
            words.campaigns.nothingToRenew,
            words.campaigns.nothingToRenewHint,
            html`<a class="button secondary outline" href="/connections">${words.campaigns.seeAll}</a>`
          )
        : html`<form method="post" action="/campaigns/preview">
      <table class="rows"><thead><tr><th scope="col"><span class="sr-only">${words.shared.choose}</span></th>
        <th scope="col">${words.shared.account}</th><th scope="col">${words.shared.consentEnds}</th>
        <th scope="col">${words.shared.ownersName}</th><th scope="col">${words.campaigns.ownersEmail}</th></tr></thead>
        <tbody>${candidates.map((one) => row(one, ticked.includes(one.connection.id), state, now))}</tbody></table>
      ${candidates.map(({ connection }) => html`<input type="hidden" name="shown" value="${connection.id}">`)}
      <section class="card form">${RequestForm.messageField(state)}<div
        class="buttons"><button>${words.campaigns.preview}</button>
        <a class="button secondary outline" href="/requests">${words.shared.cancel}</a></div></section></form>`
    }
    ${
      days !== undefined &&
      Components.pagination(
        "/campaigns/new",
        { days: String(days), cursor: cursor ?? "" },
        { items: candidates, ...given({ next }) }
      )
    }`
  }
}

/** What the preview of a campaign shows. */
export interface CampaignPreviewPageModel {
  readonly context: PageContext
  readonly form: Http.Form
  readonly preview: Requests.CampaignPreview
}

/** The mails of a campaign, word for word. */
export const campaignPreviewPage = ({ context, form, preview }: CampaignPreviewPageModel): MemberPage => {
  const kept = [...form].flatMap(([name, values]) => values.flatMap((value) => RequestForm.hidden({ [name]: value })))
  return {
    title: Messages.text("page.campaign-preview"),
    section: "requests",
    body: html`
    ${Components.pageHead(Messages.text("page.campaign-preview"), {
      crumbs: [{ href: "/requests", label: words.shared.requests }],
      lead: `${words.campaigns.previewLead} ${words.shared.nothingSent}`
    })}
    <p>${words.campaigns.copyToYou({ email: isolateText(preview.requester.email) })}</p>
    ${preview.mails.map(
      (mail) => html`<section class="card"><h2>${words.campaigns.mailTo({ name: isolateText(mail.to.name) })}</h2>
      <p class="muted">${isolateText(mail.to.email)} ·
        ${words.campaigns.accounts({ quantity: mail.connectionIds.length })}</p>${emailView(
          mail.emailMessage,
          context.origin,
          words.campaigns.theMailTo({ name: mail.to.name })
        )}</section>`
    )}
    <div class="buttons"><form method="post" action="/campaigns">${kept}${RequestForm.hidden({
      reference: preview.reference
    })}<button>${words.campaigns.sendMails({ quantity: preview.mails.length })}</button></form>
      <form method="post" action="/campaigns/edit">${kept}<button
        class="secondary outline">${words.shared.changeIt}</button></form></div>`
  }
}
