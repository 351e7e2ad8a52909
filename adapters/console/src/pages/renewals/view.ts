/** The page that lists which consents end when. */
import { Access, Channel, groupBy, type Id } from "@portolan/domain"
import type { Renewals, Repository } from "@portolan/ports"
import { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { type CompanyChoice, companyField, searchField } from "../../page/companyChoice.ts"
import * as Components from "../../page/components.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import type * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"

/** Days before its end at which a consent is lit up. */
const soonDays = 30

/** What the list is narrowed to. */
export interface Query {
  readonly channel?: Channel.Channel
  readonly companyId?: Id.CompanyId
  readonly accountId?: Id.AccountId
  readonly search: string
  readonly cursor: string
}

/** What the page shows. */
export interface RenewalsPageModel {
  readonly choice: CompanyChoice
  readonly feed?: Renewals.CalendarFeed
  /** A new address for the caller's calendar, shown this once. */
  readonly address?: string
  readonly isWithdrawn: boolean
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Renewals.Renewal>
  readonly query: Query
}

const monthFormat = new Intl.DateTimeFormat(words.page.locale, { month: "long", year: "numeric", timeZone: "UTC" })

/** The heading that a consent is listed under: its month, or that it must be given again. */
const headingOf = ({ expiresAt, state }: Renewals.Renewal): string =>
  state === "lost" || expiresAt === undefined
    ? words.renewals.lostHeading
    : monthFormat.format(DateTime.toDate(expiresAt))

const stateBadge = ({ daysLeft = 0, state }: Renewals.Renewal): Markup | false => {
  if (state === "lost") return Components.badge("act", words.renewals.lost)
  if (state === "ended") return Components.badge("act", words.renewals.ended)
  return daysLeft < soonDays && Components.badge("wait", words.consents.endsSoon)
}

const row = (one: Renewals.Renewal, mayConnect: boolean, now: DateTime.Utc): Markup => {
  const { accountName, companyName, connection, expiresAt, openRequest, sharedWith, state } = one
  const channel = Channel.label(connection.channel)
  return html`<tr>
  <th scope="row" data-label="${words.shared.account}"><a href="/accounts/${connection.accountId}">${isolateText(
    accountName
  )}</a><br><small class="muted">${isolateText(companyName)}</small></th>
  <td data-label="${words.shared.channel}">${channel}<br><small class="muted">${Labels.marketplaceName(
    connection.marketplaceId
  )}</small></td>
  <td data-label="${words.shared.consentEnds}">${
    state !== "lost" && expiresAt !== undefined && Components.whenFully(expiresAt, now)
  } ${stateBadge(one)}${
    sharedWith > 0 && html`<br><small class="muted">${words.renewals.sharedWith({ quantity: sharedWith })}</small>`
  }${
    openRequest !== undefined &&
    html`<br><small><a href="/requests/${openRequest}">${words.campaigns.requestedAlready}</a></small>`
  }</td>
  <td class="end">${
    mayConnect &&
    html`<a class="button small secondary outline" href="/connections/${connection.id}"><span
      aria-hidden="true">${words.renewals.renew}</span><span class="sr-only">${words.renewals.renewNamed({
        account: accountName,
        channel
      })}</span></a>`
  }</td></tr>`
}

const section = (heading: string, items: ReadonlyArray<Renewals.Renewal>, model: RenewalsPageModel): Markup => {
  const mayConnect = Access.can(model.me, "connect")
  return html`<section><h2>${heading}</h2><table class="rows" aria-label="${heading}"><thead><tr>
    <th scope="col">${words.shared.account}</th><th scope="col">${words.shared.channel}</th>
    <th scope="col">${words.shared.consentEnds}</th><th scope="col"><span class="sr-only">${
      words.shared.action
    }</span></th></tr></thead>
    <tbody>${items.map((one) => row(one, mayConnect, model.now))}</tbody></table></section>`
}

const queryTexts = ({ accountId, channel, companyId, cursor, search }: Query) => ({
  channel: channel ?? "",
  company: companyId ?? "",
  account: accountId ?? "",
  [searchField]: search,
  cursor
})

const filters = ({ choice, query }: RenewalsPageModel): Markup => html`<form method="get" action="/renewals"
  class="filters">${companyField({
    choice,
    blank: words.shared.anyCompany,
    label: words.shared.company,
    form: { action: "/renewals", method: "get" }
  })}${Components.filter({
    name: "channel",
    label: words.shared.channel,
    any: words.connections.anyChannel,
    options: Channel.all()
      .filter((channel) => Channel.accessBy(channel) === "consent")
      .map((channel) => [channel, Channel.label(channel)] as const),
    value: query.channel
  })}<button class="secondary">${words.shared.filter}</button>${
    query.accountId !== undefined &&
    html`<a class="button secondary outline" href="/renewals">${words.shared.showAll}</a>`
  }</form>`

const newAddress = (address: string): Markup => html`${Components.notice(
  "good",
  words.renewals.addressReady,
  words.renewals.addressOnce
)}<label for="calendar-address">${words.renewals.address}</label>
  <div class="joined"><input id="calendar-address" type="text" readonly value="${address}" autocomplete="off"
    spellcheck="false">
  <button type="button" class="secondary outline" data-copy="calendar-address"
    hidden>${words.shared.copy}</button></div>
  <p id="calendar-address-status" class="copy-status" role="status"></p>`

const calendar = ({ address, feed, now }: RenewalsPageModel): Markup => html`<section class="card form"
  id="calendar"><h2>${words.renewals.calendarHeading}</h2>
  ${address !== undefined && newAddress(address)}
  <p>${words.renewals.calendarLead}</p>
  ${
    feed === undefined
      ? html`<form method="post" action="/renewals/calendar"><div class="buttons"><button class="secondary">${
          words.renewals.makeAddress
        }</button></div></form>`
      : html`<p>${words.renewals.hasAddress({ at: Components.when(feed.createdAt, now) })}</p>
        <div class="buttons">${Components.confirmed({
          label: words.renewals.makeAnew,
          question: words.renewals.anewQuestion,
          action: "/renewals/calendar",
          yes: words.renewals.yesAnew
        })}${Components.confirmed({
          label: words.renewals.withdraw,
          question: words.renewals.withdrawQuestion,
          action: "/renewals/calendar/withdraw",
          yes: words.renewals.yesWithdraw
        })}</div>`
  }</section>`

/** The page that lists which consents end when. */
export const renewalsPage = (model: RenewalsPageModel): MemberPage => {
  const { isWithdrawn, me, page, query } = model
  const isFiltered = query.channel !== undefined || query.companyId !== undefined || query.accountId !== undefined
  const campaign = html`<a href="/campaigns/new">${words.renewals.askOwners}</a>`
  return {
    title: words.renewals.title,
    section: "renewals",
    body: html`
    ${Components.pageHead(words.renewals.title, {
      lead: words.renewals.lead({ campaign: Access.can(me, "connect") ? campaign : "" })
    })}
    ${isWithdrawn && Components.notice("good", words.renewals.withdrawn)}
    ${(page.items.length > 0 || isFiltered) && filters(model)}
    ${
      page.items.length === 0
        ? Components.empty(
            words.renewals.none,
            words.renewals.noneHint,
            isFiltered && html`<a class="button secondary outline" href="/renewals">${words.shared.showAll}</a>`
          )
        : [...groupBy(page.items, headingOf)].map(([heading, items]) => section(heading, items, model))
    }
    ${Components.pagination("/renewals", queryTexts(query), page)}
    ${calendar(model)}`
  }
}
