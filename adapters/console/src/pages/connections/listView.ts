/** The list of all connections. */
import { Access, Channel, type Company, Connection, Marketplace } from "@portolan/domain"
import { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import * as Format from "../../page/format.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"
import { mainAction } from "../accounts/tiles.ts"
import { horizons, type ListQuery, queryTexts, statusFilters } from "./listQuery.ts"

const filters = (
  context: PageContext,
  query: ListQuery,
  companies: ReadonlyArray<Company.Open>
): Markup => html`<form method="get"
  action="/connections" class="filters">
  ${Components.filter({
    name: "state",
    label: "Status",
    any: statusFilters[""].label,
    options: Object.entries(statusFilters).flatMap(([value, { label }]) =>
      value === "" ? [] : [[value, label] as const]
    ),
    value: query.state
  })}
  ${Components.filter({
    name: "company",
    label: "Company",
    any: "Any company",
    options: companies.map(({ id, name }) => [id, name]),
    value: query.companyId
  })}
  ${Components.filter({
    name: "channel",
    label: "Channel",
    any: "Any channel",
    options: Channel.all()
      .filter(context.offers)
      .map((one) => [one, Channel.label(one)]),
    value: query.channel
  })}
  ${Components.filter({
    name: "marketplace",
    label: "Marketplace",
    any: "Any marketplace",
    options: Marketplace.all
      .filter(({ provider }) => Channel.all().some((one) => Channel.provider(one) === provider && context.offers(one)))
      .map(({ id }) => [id, Labels.marketplaceName(id)]),
    value: query.marketplaceId
  })}
  ${Components.filter({
    name: "ends",
    label: "Consent ends",
    any: "At any time",
    options: horizons.map((days) => [String(days), `within ${days} days`]),
    value: query.ends?.toString()
  })}
  <button class="secondary">Filter</button></form>`

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
  return expiresAt === undefined ? html`<span class="muted">no end known</span>` : Components.when(expiresAt, now)
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
  return html`<td data-label="Status"><span>${Components.badge(Labels.toneOf(evidence.status), evidence.label)}${
    isLinked &&
    connection.paused !== undefined &&
    evidence.status !== "paused" &&
    html` ${Components.badge("idle", "Paused")}`
  }${isRemoved && html` ${Components.badge("idle", "Account removed")}`}<br><small class="muted">${
    evidence.provenAt === undefined
      ? isLinked && "never confirmed"
      : html`confirmed ${Components.when(evidence.provenAt, now)}`
  }</small></span></td>`
}

const row = (view: Named, { isAllChosen, mayChoose, mayConnect, now }: RowContext): Markup => {
  const { accountName, backfill, companyName, connection, isRemoved } = view
  const action = isRemoved
    ? { href: `/accounts/${connection.accountId}`, label: "See account", isUrgent: false }
    : mainAction(view, mayConnect)
  return html`<tr>
  ${
    mayChoose &&
    html`<td class="pick">${
      isRenewable(view) &&
      html`<input type="checkbox" name="connection" value="${connection.id}"
    aria-label="Choose ${accountName}, ${Channel.label(connection.channel)}"${isAllChosen && html` checked`}>`
    }</td>`
  }
  <th scope="row" data-label="Account"><a href="/connections/${connection.id}">${isolateText(accountName)}</a><br><small
    class="muted">${isolateText(companyName)}</small></th>
  <td data-label="Channel">${Channel.label(connection.channel)}<br><small class="muted">${Labels.marketplaceName(
    connection.marketplaceId
  )}</small></td>
  ${statusCell(view, now)}
  <td data-label="First load">${
    backfill === undefined || !Connection.isLinked(connection)
      ? html`<span class="muted">–</span>`
      : html`<span class="cell-bar">${Components.bar(
          `First load of ${accountName}`,
          backfill.overall,
          backfill.overall >= 1 ? "good" : "info"
        )}<span>${Format.percent(backfill.overall)} %</span></span>`
  }</td>
  <td data-label="Consent ends">${expiry(connection, now)}</td>
  <td class="end"><a class="button small ${action.isUrgent ? "" : "secondary outline"}"
    href="${action.href}">${action.label}<span class="sr-only"> ${accountName}, ${Channel.label(
      connection.channel
    )}</span></a>
      </td>
</tr>`
}

const table = (views: ReadonlyArray<Named>, query: ListQuery, mayConnect: boolean, now: DateTime.Utc): Markup => {
  const mayChoose = mayConnect && views.some(isRenewable)
  const body = html`<table class="rows"><thead>
    <tr>${mayChoose && html`<th scope="col"><span class="sr-only">Choose</span></th>`}
    <th scope="col">Account</th><th scope="col">Channel</th><th scope="col">Status</th><th scope="col">First load</th>
    <th scope="col">Consent ends</th><th scope="col"><span class="sr-only">Action</span></th></tr></thead>
    <tbody>${views.map((view) =>
      row(view, { isAllChosen: query.isAllChosen, mayChoose, mayConnect, now })
    )}</tbody></table>`
  if (!mayChoose) return body
  const all = new URLSearchParams({
    ...Object.fromEntries(Object.entries(queryTexts(query)).filter(([, value]) => value !== "")),
    choose: "all"
  })
  return html`<form method="get" action="/campaigns/new">${body}
    <p class="buttons choosing"><button class="secondary">Ask owners of the chosen ones to renew …</button>
      <a href="/connections?${all.toString()}">Choose all on this page</a></p></form>`
}

const emptyList = (isFiltered: boolean): Markup =>
  isFiltered
    ? Components.empty(
        "No connection like this",
        "Choose another status, company, channel, marketplace or time.",
        html`<a class="button secondary outline" href="/connections">Show all</a>`
      )
    : Components.empty(
        "No connections yet",
        "Add a company and an account; each account shows which APIs it needs.",
        html`<a class="button" href="/companies">Go to companies</a>`
      )

/** What the list shows. */
export interface ConnectionsPageModel {
  readonly context: PageContext
  readonly known: ReadonlyArray<Company.Open>
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: { readonly next?: string }
  readonly views: ReadonlyArray<Named>
  readonly query: ListQuery
}

/** The list of connections. */
export const connectionsPage = ({ context, known, me, now, page, views, query }: ConnectionsPageModel): MemberPage => {
  const isFiltered = Object.entries(queryTexts(query)).some(([name, value]) => name !== "cursor" && value !== "")
  return {
    title: "Connections",
    section: "connections",
    body: html`
    ${Components.pageHead("Connections", {
      lead: "Every account and channel, how it stands, and when the provider last confirmed it."
    })}
    ${(views.length > 0 || isFiltered) && filters(context, query, known)}
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
