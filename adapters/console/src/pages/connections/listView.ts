/** The list of all connections. */
import { Access, Channel, Connection, Marketplace, Messages } from "@portolan/domain"
import { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { type CompanyChoice, companyField } from "../../page/companyChoice.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { mainAction } from "../accounts/tiles.ts"
import { horizons, type ListQuery, queryTexts, statusFilters } from "./listQuery.ts"

/** Filters that are set. */
const setFilters = (query: ListQuery): number =>
  Object.entries(queryTexts(query)).filter(([name, value]) => name !== "cursor" && value !== "").length

/** A phone has no room for the filters above the list: there the button opens them as a popover, without a script. */
const filters = (context: PageContext, query: ListQuery, choice: CompanyChoice): Markup => html`<button type="button"
    class="secondary outline filters-button" popovertarget="filters">${words.connections.filters({
      quantity: setFilters(query)
    })}</button>
  <form method="get" action="/connections" class="filters" id="filters" popover>
  ${Components.filter({
    name: "state",
    label: words.shared.status,
    any: statusFilters[""].label,
    options: Object.entries(statusFilters).flatMap(([value, { label }]) =>
      value === "" ? [] : [[value, label] as const]
    ),
    value: query.state
  })}
  ${companyField({
    blank: words.shared.anyCompany,
    choice,
    form: { action: "/connections", method: "get" },
    label: words.shared.company
  })}
  ${Components.filter({
    name: "channel",
    label: words.shared.channel,
    any: words.connections.anyChannel,
    options: Channel.all()
      .filter(context.offers)
      .map((one) => [one, Channel.label(one)]),
    value: query.channel
  })}
  ${Components.filter({
    name: "marketplace",
    label: words.shared.marketplace,
    any: words.shared.anyMarketplace,
    options: Marketplace.all
      .filter(({ provider }) => Channel.all().some((one) => Channel.provider(one) === provider && context.offers(one)))
      .map(({ id }) => [id, Labels.marketplaceName(id)]),
    value: query.marketplaceId
  })}
  ${Components.filter({
    name: "ends",
    label: words.shared.consentEnds,
    any: words.connections.atAnyTime,
    options: horizons.map((days) => [String(days), words.shared.withinDays({ days })]),
    value: query.ends?.toString()
  })}
  <button class="secondary">${words.shared.filter}</button></form>`

/** A connection with the names that a row shows. */
export interface Named extends Connections.ConnectionView {
  readonly accountName: string
  readonly isRemoved: boolean
  readonly companyName: string
}

/** Whether its owner can be asked to consent again: there was a consent, and somebody gave it. */
const isRenewable = ({ connection, isRemoved }: Named): boolean =>
  !isRemoved && Connection.isLinked(connection) && Channel.accessBy(connection.channel) === "consent"

const expiry = (connection: Connection.Present, now: DateTime.Utc): Markup => {
  if (!Connection.isLinked(connection)) return html`<span class="muted">–</span>`
  const { expiresAt } = connection.link
  return expiresAt === undefined
    ? html`<span class="muted">${words.connections.noEndKnown}</span>`
    : Components.when(expiresAt, now)
}

/** What all rows of the list have in common. */
interface RowContext {
  readonly mayConnect: boolean
  /** Whether connections can be chosen for a campaign. */
  readonly mayChoose: boolean
  readonly isAllChosen: boolean
  readonly now: DateTime.Utc
}

const statusCell = ({ connection, evidence, isRemoved }: Named, now: DateTime.Utc): Markup => {
  const isLinked = Connection.isLinked(connection)
  return html`<td class="status" data-label="${
    words.shared.status
  }"><span>${Components.badge(Labels.toneOf(evidence), evidence.label)}${
    isLinked &&
    connection.paused !== undefined &&
    evidence.status !== "paused" &&
    html` ${Components.badge("idle", Messages.text("status.paused"))}`
  }${isRemoved && html` ${Components.badge("idle", words.shared.accountRemoved)}`}<br><small class="muted proven">${
    evidence.provenAt === undefined
      ? isLinked && words.connections.neverConfirmed
      : words.connections.confirmed({ at: Components.when(evidence.provenAt, now) })
  }</small></span></td>`
}

const row = (view: Named, { isAllChosen, mayChoose, mayConnect, now }: RowContext): Markup => {
  const { accountName, backfill, companyName, connection, isRemoved } = view
  const action = isRemoved
    ? { href: `/accounts/${connection.accountId}`, label: words.connections.seeAccount, isUrgent: false }
    : mainAction(view, mayConnect)
  const isLinked = Connection.isLinked(connection)
  const isLoading = isLinked && backfill !== undefined && backfill.overall < 1
  return html`<tr>
  ${
    mayChoose &&
    html`<td class="pick">${
      isRenewable(view) &&
      html`<input type="checkbox" name="connection" value="${connection.id}"
    aria-label="${words.shared.chooseNamed({
      name: accountName,
      channel: Channel.label(connection.channel)
    })}"${isAllChosen && html` checked`}>`
    }</td>`
  }
  <th scope="row" data-label="${
    words.shared.account
  }"><a href="/connections/${connection.id}">${isolateText(accountName)}</a><br><small
    class="muted">${isolateText(companyName)}</small></th>
  <td class="channel" data-label="${
    words.shared.channel
  }">${Channel.label(connection.channel)}<br><small class="muted">${Labels.marketplaceName(
    connection.marketplaceId
  )}</small></td>
  ${statusCell(view, now)}
  <td class="first-load${!isLoading && " settled"}" data-label="${words.shared.firstLoad}">${
    backfill === undefined || !isLinked
      ? html`<span class="muted">–</span>`
      : html`<span class="cell-bar">${Components.bar(
          words.shared.firstLoadOf({ name: accountName }),
          backfill.overall,
          backfill.overall >= 1 ? "good" : "info"
        )}<span>${Format.percent(backfill.overall)} %</span></span>`
  }</td>
  <td class="ends${!isLinked && " settled"}" data-label="${words.shared.consentEnds}">${expiry(connection, now)}</td>
  <td class="end"><a class="button small secondary outline${action.isUrgent && " urgent"}"
    href="${action.href}">${action.label}<span class="sr-only"> ${accountName}, ${Channel.label(
      connection.channel
    )}</span></a>
      </td>
</tr>`
}

const table = (views: ReadonlyArray<Named>, query: ListQuery, mayConnect: boolean, now: DateTime.Utc): Markup => {
  const mayChoose = mayConnect && views.some(isRenewable)
  const body = html`<table class="rows compact"><thead>
    <tr>${mayChoose && html`<th scope="col"><span class="sr-only">${words.shared.choose}</span></th>`}
    <th scope="col">${
      words.shared.account
    }</th><th scope="col">${words.shared.channel}</th><th scope="col">${words.shared.status}</th><th scope="col">${
      words.shared.firstLoad
    }</th>
    <th scope="col">${
      words.shared.consentEnds
    }</th><th scope="col"><span class="sr-only">${words.shared.action}</span></th></tr></thead>
    <tbody>${views.map((view) =>
      row(view, { isAllChosen: query.isAllChosen, mayChoose, mayConnect, now })
    )}</tbody></table>`
  if (!mayChoose) return body
  const all = new URLSearchParams({
    ...Object.fromEntries(Object.entries(queryTexts(query)).filter(([, value]) => value !== "")),
    choose: "all"
  })
  return html`<form method="get" action="/campaigns/new">${body}
    <p class="buttons choosing"><button class="secondary">${words.connections.renewChosen}</button>
      <a href="/connections?${all.toString()}">${words.connections.chooseAll}</a></p></form>`
}

const emptyList = (isFiltered: boolean): Markup =>
  isFiltered
    ? Components.empty(
        words.connections.notFound,
        words.connections.notFoundHint,
        html`<a class="button secondary outline" href="/connections">${words.shared.showAll}</a>`
      )
    : Components.empty(
        words.connections.none,
        words.connections.noneHint,
        html`<a class="button" href="/companies">${words.shared.goToCompanies}</a>`
      )

/** What the list shows. */
export interface ConnectionsPageModel {
  readonly context: PageContext
  readonly choice: CompanyChoice
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: Components.ListPage
  readonly views: ReadonlyArray<Named>
  readonly query: ListQuery
}

/** The list of connections. */
export const connectionsPage = ({ choice, context, me, now, page, views, query }: ConnectionsPageModel): MemberPage => {
  const isFiltered = setFilters(query) > 0
  return {
    title: words.shared.connections,
    section: "connections",
    body: html`
    ${Components.pageHead(words.shared.connections, { lead: words.connections.lead })}
    ${(views.length > 0 || isFiltered) && filters(context, query, choice)}
    ${
      views.length > 0
        ? html`${table(views, query, Access.can(me, "connect"), now)}${Components.pagination(
            "/connections",
            queryTexts(query),
            page
          )}`
        : emptyList(isFiltered)
    }`
  }
}
