/** The lists of requests, and of connections that somebody can be asked to connect. */
import { Access, Channel, given, type Invitation, Marketplace, Messages } from "@portolan/domain"
import { Connections, type Repository, type Requests } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../messages/words.ts"
import { type CompanyChoice, companyField, searchField } from "../../page/companyChoice.ts"
import * as Components from "../../page/components.ts"
import type { PageContext } from "../../page/context.ts"
import { html, isolateText, type Markup } from "../../page/html.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import type { MemberPage } from "../../page/send.ts"

const { requests, shared } = words

/** The states that the list can be narrowed to. */
export const states: {
  readonly [state: string]: { readonly label: string; readonly tag?: Invitation.Present["_tag"] }
} = {
  "": { label: requests.anyState },
  open: { label: Messages.text("link-state.open"), tag: "Open" },
  used: { label: Messages.text("link-state.used"), tag: "Used" },
  withdrawn: { label: Messages.text("link-state.revoked"), tag: "Revoked" },
  expired: { label: Messages.text("link-state.expired"), tag: "Expired" }
}

/** The tone of a request. */
export const toneOf = ({ link, outcome }: Requests.RequestView): Labels.Tone => {
  if (link._tag === "Used") return "good"
  if (link._tag !== "Open" || !outcome.isOpen) return "idle"
  return link.objection !== undefined || link.bounce !== undefined ? "act" : "info"
}

/** What a request is for. */
export const what = (channel: Channel.Channel, marketplaceId: Marketplace.MarketplaceId): Markup =>
  html`${Channel.label(channel)}, ${Labels.marketplaceName(marketplaceId)}`

const row = (view: Requests.RequestView, now: DateTime.Utc): Markup => {
  const { accountName, companyName, link, outcome } = view
  const { marketplaceId, owner, requester } = link.request
  return html`<tr>
  <th scope="row" data-label="${shared.account}"><a href="/requests/${link.id}">${isolateText(accountName)}</a><br>
    <small class="muted wrap">${isolateText(companyName)} · ${what(link.channel, marketplaceId)}</small></th>
  <td data-label="${shared.owner}"><span>${isolateText(owner.name)}<br><small
    class="muted">${isolateText(owner.email)}</small></span></td>
  <td data-label="${requests.state}"><span>${Components.badge(toneOf(view), outcome.label)}<br><small
    class="muted">${outcome.reason}</small></span></td>
  <td data-label="${requests.sent}"><span>${Components.when(link.issuedAt, now)}<br><small
    class="muted">${shared.byActor({ actor: isolateText(requester.name) })}</small></span></td>
  <td data-label="${shared.expires}">${Components.when(link.expiresAt, now)}</td></tr>`
}

const stateFilter = (state: string): Markup => html`<form method="get" action="/requests" class="filters">
  <div><label for="state">${requests.state}</label><select id="state" name="state">${Object.entries(states).map(
    ([value, { label }]) => html`<option value="${value}"${value === state && html` selected`}>${label}</option>`
  )}</select></div>
  <button class="secondary">${shared.filter}</button></form>`

const table = (
  views: ReadonlyArray<Requests.RequestView>,
  now: DateTime.Utc
): Markup => html`<table class="rows"><thead><tr>
  ${[shared.account, shared.owner, requests.state, requests.sent, shared.expires].map(
    (head) => html`<th scope="col">${head}</th>`
  )}</tr></thead><tbody>${views.map((view) => row(view, now))}</tbody></table>`

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
    html`<a class="button" href="/requests/new">${requests.newRequest}</a>
    <a class="button secondary outline" href="/campaigns/new">${shared.renewalCampaign}</a>`
  const none = () =>
    state === ""
      ? Components.empty(requests.noRequests, requests.askSomebody, actions)
      : Components.empty(
          requests.noneLikeThis,
          requests.chooseOtherState,
          html`<a class="button secondary outline" href="/requests">${shared.showAll}</a>`
        )
  return {
    title: requests.requestsToConnect,
    section: "requests",
    body: html`
    ${Components.pageHead(requests.requestsToConnect, {
      lead: requests.lead,
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
  <th scope="row" data-label="${shared.account}">${isolateText(accountName)}<br><small
    class="muted">${isolateText(companyName)}</small></th>
  <td data-label="${shared.channel}">${what(connection.channel, connection.marketplaceId)}</td>
  <td data-label="${shared.status}">${Components.badge(Labels.toneOf(evidence), evidence.label)}</td>
  <td class="end"><a class="button small secondary outline urgent"
    href="/connections/${connection.id}/request">${shared.askOwner}<span
    class="sr-only"> ${requests.ofAccount({
      account: accountName,
      channel: Channel.label(connection.channel)
    })}</span></a></td></tr>`

const candidateTable = (views: ReadonlyArray<Candidate>): Markup => html`<table class="rows"><thead><tr>${[
  shared.account,
  shared.channel,
  shared.status
].map((head) => html`<th scope="col">${head}</th>`)}<th scope="col"><span
    class="sr-only">${shared.action}</span></th></tr></thead>
  <tbody>${views.map(candidateRow)}</tbody></table>`

/** Whether somebody can be asked to consent to a channel here. */
export const offersConsent = (context: PageContext, channel: Channel.Channel): boolean =>
  Channel.accessBy(channel) === "consent" && context.offers(channel)

const choiceFilters = (context: PageContext, choice: CompanyChoice, marketplaceId: string | undefined): Markup => {
  const marketplaces = Marketplace.all.filter(({ provider }) =>
    Channel.all().some((one) => Channel.provider(one) === provider && offersConsent(context, one))
  )
  return html`<form method="get" action="/requests/new" class="filters">
    ${companyField({
      blank: shared.anyCompany,
      choice,
      form: { action: "/requests/new", method: "get" },
      label: shared.company
    })}
    ${Components.filter({
      name: "marketplace",
      label: shared.marketplace,
      any: shared.anyMarketplace,
      options: marketplaces.map(({ id }) => [id, Labels.marketplaceName(id)]),
      value: marketplaceId
    })}
    <button class="secondary">${shared.filter}</button></form>`
}

/** What the list of connections that somebody can be asked to connect shows. */
export interface ChooseConnectionPageModel {
  readonly candidates: ReadonlyArray<Candidate>
  readonly choice: CompanyChoice
  readonly context: PageContext
  readonly cursor: string
  readonly marketplaceId: Marketplace.MarketplaceId | undefined
  readonly page: Components.ListPage
}

/** The list of connections that somebody can be asked to connect. */
export const chooseConnectionPage = ({
  candidates,
  choice,
  context,
  cursor,
  marketplaceId,
  page
}: ChooseConnectionPageModel): MemberPage => ({
  title: Messages.text("page.new-request"),
  section: "requests",
  body: html`
    ${Components.pageHead(Messages.text("page.new-request"), {
      crumbs: [{ href: "/requests", label: shared.requests }],
      lead: requests.chooseLead
    })}
    ${choiceFilters(context, choice, marketplaceId)}
    ${
      candidates.length > 0
        ? candidateTable(candidates)
        : Components.empty(
            requests.nothingToAsk,
            requests.nothingToAskHint,
            html`<a class="button" href="/companies">${shared.goToCompanies}</a>`
          )
    }
    ${Components.pagination(
      "/requests/new",
      { company: choice.selectedId ?? "", [searchField]: choice.search, marketplace: marketplaceId ?? "", cursor },
      // Those of channels without consents are left out here, so the list's total is not the number of these.
      { items: candidates, ...given({ next: page.next }) }
    )}`
})
