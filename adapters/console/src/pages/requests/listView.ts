/** The lists of requests, and of connections that somebody can be asked to connect. */
import { Access, Channel, type Company, type Id, type Invitation, Marketplace, Messages } from "@portolan/domain"
import { Connections, type Repository, type Requests } from "@portolan/ports"
import type { DateTime } from "effect"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"

/** The states that the list can be narrowed to. */
export const states: {
  readonly [state: string]: { readonly label: string; readonly tag?: Invitation.Present["_tag"] }
} = {
  "": { label: "Any state" },
  open: { label: Messages.text("link-state.open"), tag: "Open" },
  used: { label: Messages.text("link-state.used"), tag: "Used" },
  withdrawn: { label: Messages.text("link-state.revoked"), tag: "Revoked" },
  expired: { label: Messages.text("link-state.expired"), tag: "Expired" }
}

/** The tone of a request. */
export const toneOf = ({ link, outcome }: Requests.RequestView): Labels.Tone => {
  if (link._tag === "Used") return "good"
  if (link._tag !== "Open" || outcome.label !== "Open") return "idle"
  return link.objection !== undefined || link.bounce !== undefined ? "act" : "info"
}

/** What a request is for. */
export const what = (channel: Channel.Channel, marketplaceId: Marketplace.MarketplaceId): Markup =>
  html`${Channel.label(channel)}, ${Labels.marketplaceName(marketplaceId)}`

const row = (view: Requests.RequestView, now: DateTime.Utc): Markup => {
  const { accountName, companyName, link, outcome } = view
  const { marketplaceId, owner, requester } = link.request
  return html`<tr>
  <th scope="row" data-label="Account"><a href="/requests/${link.id}">${isolateText(accountName)}</a><br>
    <small class="muted wrap">${isolateText(companyName)} · ${what(link.channel, marketplaceId)}</small></th>
  <td data-label="Owner"><span>${isolateText(owner.name)}<br><small
    class="muted">${isolateText(owner.email)}</small></span></td>
  <td data-label="State"><span>${Components.badge(toneOf(view), outcome.label)}<br><small
    class="muted">${outcome.reason}</small></span></td>
  <td data-label="Sent"><span>${Components.when(link.issuedAt, now)}<br><small
    class="muted">by ${isolateText(requester.name)}</small></span></td>
  <td data-label="Expires">${Components.when(link.expiresAt, now)}</td></tr>`
}

const stateFilter = (state: string): Markup => html`<form method="get" action="/requests" class="filters">
  <div><label for="state">State</label><select id="state" name="state">${Object.entries(states).map(
    ([value, { label }]) => html`<option value="${value}"${value === state && html` selected`}>${label}</option>`
  )}</select></div>
  <button class="secondary">Filter</button></form>`

const table = (
  views: ReadonlyArray<Requests.RequestView>,
  now: DateTime.Utc
): Markup => html`<table class="rows"><thead><tr>
  <th scope="col">Account</th><th scope="col">Owner</th><th scope="col">State</th><th scope="col">Sent</th>
  <th scope="col">Expires</th></tr></thead><tbody>${views.map((view) => row(view, now))}</tbody></table>`

/** What the list of requests shows. */
export interface RequestsPageModel {
  readonly cursor: string
  readonly me: Layout.Me
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Requests.RequestView>
  readonly state: string
}

/** The list of requests. */
export const requestsPage = ({ cursor, me, now, page, state }: RequestsPageModel): MemberPage => {
  const mayAsk = Access.can(me, "connect")
  const actions =
    mayAsk &&
    html`<a class="button" href="/requests/new">New request</a>
    <a class="button secondary outline" href="/campaigns/new">Renewal campaign</a>`
  const none = () =>
    state === ""
      ? Components.empty(
          "No requests yet",
          "When somebody else owns the seller account, ask that person to connect it.",
          actions
        )
      : Components.empty(
          "No request like this",
          "Choose another state.",
          html`<a class="button secondary outline" href="/requests">Show all</a>`
        )
  return {
    title: "Requests to connect",
    section: "requests",
    body: html`
    ${Components.pageHead("Requests to connect", {
      lead: "Only the owner of a seller account can connect it. Ask by mail; the owner needs no sign-in here.",
      ...(page.items.length > 0 || state !== "" ? { actions } : {})
    })}
    ${(page.items.length > 0 || state !== "") && stateFilter(state)}
    ${
      page.items.length > 0
        ? html`${table(page.items, now)}${Components.pagination("/requests", { state, cursor }, page)}`
        : none()
    }
    ${!mayAsk && Components.onlyLooking(Messages.text("page.who-connects"))}`
  }
}

/** A connection that somebody may be asked about, with the names a person knows it by. */
export interface Candidate extends Connections.ConnectionView {
  readonly accountName: string
  readonly companyName: string
}

const candidateRow = ({ accountName, companyName, connection, evidence }: Candidate): Markup => html`<tr>
  <th scope="row" data-label="Account">${isolateText(accountName)}<br><small
    class="muted">${isolateText(companyName)}</small></th>
  <td data-label="Channel">${what(connection.channel, connection.marketplaceId)}</td>
  <td data-label="Status">${Components.badge(Labels.toneOf(evidence.status), evidence.label)}</td>
  <td class="end"><a class="button small" href="/connections/${connection.id}/request">Ask the owner<span
    class="sr-only"> of
    ${accountName}, ${Channel.label(connection.channel)}</span></a></td></tr>`

const candidateTable = (
  views: ReadonlyArray<Candidate>
): Markup => html`<table class="rows"><thead><tr><th scope="col">Account</th>
  <th scope="col">Channel</th><th scope="col">Status</th><th scope="col"><span
    class="sr-only">Action</span></th></tr></thead>
  <tbody>${views.map(candidateRow)}</tbody></table>`

/** Whether somebody can be asked to consent to a channel here. */
export const offersConsent = (context: PageContext, channel: Channel.Channel): boolean =>
  Channel.accessBy(channel) === "consent" && context.offers(channel)

const choiceFilters = (
  context: PageContext,
  companies: ReadonlyArray<Company.Open>,
  companyId: string | undefined,
  marketplaceId: string | undefined
): Markup => {
  const marketplaces = Marketplace.all.filter(({ provider }) =>
    Channel.all().some((one) => Channel.provider(one) === provider && offersConsent(context, one))
  )
  return html`<form method="get" action="/requests/new" class="filters">
    ${Components.filter({
      name: "company",
      label: "Company",
      any: "Any company",
      options: companies.map(({ id, name }) => [id, name]),
      value: companyId
    })}
    ${Components.filter({
      name: "marketplace",
      label: "Marketplace",
      any: "Any marketplace",
      options: marketplaces.map(({ id }) => [id, Labels.marketplaceName(id)]),
      value: marketplaceId
    })}
    <button class="secondary">Filter</button></form>`
}

/** What the list of connections that somebody can be asked to connect shows. */
export interface ChooseConnectionPageModel {
  readonly candidates: ReadonlyArray<Candidate>
  readonly companies: ReadonlyArray<Company.Open>
  readonly companyId: Id.CompanyId | undefined
  readonly context: PageContext
  readonly cursor: string
  readonly marketplaceId: Marketplace.MarketplaceId | undefined
  readonly page: { readonly next?: string }
}

/** The list of connections that somebody can be asked to connect. */
export const chooseConnectionPage = ({
  candidates,
  companies,
  companyId,
  context,
  cursor,
  marketplaceId,
  page
}: ChooseConnectionPageModel): MemberPage => ({
  title: Messages.text("page.new-request"),
  section: "requests",
  body: html`
    ${Components.pageHead(Messages.text("page.new-request"), {
      crumbs: [{ href: "/requests", label: "Requests" }],
      lead: "Choose what is to be connected. One request names one account in one marketplace."
    })}
    ${choiceFilters(context, companies, companyId, marketplaceId)}
    ${
      candidates.length > 0
        ? candidateTable(candidates)
        : Components.empty(
            "Nothing to ask for here",
            "Add the account first; each account shows which APIs it needs.",
            html`<a class="button" href="/companies">Go to companies</a>`
          )
    }
    ${Components.pagination(
      "/requests/new",
      { company: companyId ?? "", marketplace: marketplaceId ?? "", cursor },
      page
    )}`
})
