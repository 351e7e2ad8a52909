/** Pages of the directory of advertisers. */
import { Advertiser, type Organization, type Region, Messages } from "@portolan/domain"
import { Directory, type Repository } from "@portolan/ports"
import type { DateTime } from "effect"
import { words } from "../../../messages/words.ts"
import * as Components from "../../../page/components.ts"
import type { PageContext } from "../../../page/context.ts"
import type { Status } from "../../../page/errors.ts"
import * as Format from "../../../page/format.ts"
import { type Content, html, isolateText, type Markup, nothing } from "../../../page/html.ts"
import * as Labels from "../../../page/labels.ts"
import type { MemberPage } from "../../../page/send.ts"
import { accessLabel, advertiserFacts, typeLabel } from "../../advertisers/facts.ts"
import { assignForm, entryBadge, operatorNotice } from "../assigning.ts"
import { directory, home, tabs } from "../frame.ts"

const { operator, shared } = words

/** The parts of the directory that can be shown. */
export const shows = {
  unassigned: { label: operator.notAssigned, filter: { assigned: false, states: ["Listed"] } },
  assigned: { label: operator.assigned, filter: { assigned: true } },
  lost: { label: operator.lost, filter: { states: ["Lost"] } },
  all: { label: operator.all, filter: {} }
} as const satisfies {
  readonly [name: string]: {
    readonly label: string
    readonly filter: Parameters<PageContext["directory"]["advertisers"]>[1]
  }
}

/** A part of the directory. */
export type Show = keyof typeof shows

const advertiserRow = (entry: Advertiser.Present, now: DateTime.Utc): Markup => {
  const { advertiser, assignment } = entry
  const at = `${directory}/${entry.id}`
  return html`<tr>
    <th scope="row" data-label="${shared.advertiser}"><a href="${at}">${isolateText(advertiser.name)}</a><br><code>${
      advertiser.key.externalId
    }</code></th>
    <td data-label="${shared.what}"><span>${typeLabel(advertiser.type)}<br><small
      class="muted">${Labels.marketplaceName(advertiser.key.marketplaceId)}</small></span></td>
    <td data-label="${shared.access}">${accessLabel(advertiser)}</td>
    <td data-label="${operator.seenFirst}">${Components.when(entry.firstSeenAt, now)}</td>
    <td data-label="${operator.state}">${entryBadge(entry)}</td>
    <td data-label="${operator.belongsTo}">${
      assignment === undefined
        ? html`<span class="muted">${operator.nobody}</span>`
        : isolateText(assignment.tenantName)
    }</td>
    <td class="end"><a class="button small secondary outline" href="${at}">${operator.open}<span
      class="sr-only"> ${advertiser.name} ${advertiser.key.externalId}</span></a></td></tr>`
}

const option = (value: string, label: string, isChosen: boolean): Markup =>
  html`<option value="${value}"${isChosen && html` selected`}>${label}</option>`

const filters = (show: Show, region: Region.Region | undefined): Markup =>
  html`<form method="get" action="${directory}" class="filters">
  <div><label for="show">${operator.show}</label><select id="show" name="show">${Object.entries(shows).map(
    ([value, { label }]) => option(value, label, value === show)
  )}</select></div>
  <div><label for="region">${operator.region}</label><select id="region"
    name="region">${option("", operator.anyRegion, region === undefined)}${Directory.regions().map((one) =>
      option(one, Labels.regionName(one), one === region)
    )}</select></div>
  <button class="secondary">${shared.filter}</button></form>`

const table = (
  entries: ReadonlyArray<Advertiser.Present>,
  now: DateTime.Utc
): Markup => html`<table class="rows"><thead><tr>
  ${[shared.advertiser, shared.what, shared.access, operator.seenFirst, operator.state, operator.belongsTo].map(
    (head) => html`<th scope="col">${head}</th>`
  )}<th
    scope="col"><span class="sr-only">${shared.action}</span></th></tr></thead>
  <tbody>${entries.map((entry) => advertiserRow(entry, now))}</tbody></table>`

const organizationRow = (entry: Advertiser.Present, { foundedAt, id, name }: Organization.Present): Markup =>
  html`<li class="choice">
  <span><strong>${isolateText(name)}</strong><small>
    ${operator.since({ day: Format.day(foundedAt) })} · <code>${id}</code></small>
  ${assignForm(entry, { id, name }, "advertiser")}</span></li>`

const found = (
  entry: Advertiser.Present,
  search: string,
  items: ReadonlyArray<Organization.Present>,
  isMore: boolean
): Markup =>
  items.length === 0
    ? html`<p role="status">${operator.organizationNotFound({ search: isolateText(search) })}</p>`
    : html`<ul class="organizations">${items.map((organization) => organizationRow(entry, organization))}</ul>
      ${isMore && html`<p class="muted">${operator.moreOrganizations}</p>`}`

const searchForm = (entry: Advertiser.Present, search: string): Markup => html`<search>
  <form method="get" action="${directory}/${
    entry.id
  }" class="search"><label for="organization" class="sr-only">${Messages.text("page.organization-name")}</label>
    <input id="organization" type="search" name="organization" value="${search}" maxlength="120" autocomplete="off"
      required
      placeholder="${Messages.text("page.organization-name")}"><button
        class="secondary">${shared.search}</button></form></search>`

const belongsTo = (entry: Advertiser.Present, assignment: Advertiser.Assignment, now: DateTime.Utc): Markup =>
  html`<section class="card" aria-labelledby="whose"><h2
    id="whose">${operator.belongsToOrganization({ organization: isolateText(assignment.tenantName) })}</h2>
    <p>${operator.assignedAt({ at: Components.when(assignment.at, now) })}</p>
    <a class="button secondary outline small"
      href="${directory}/${entry.id}/take-back">${operator.takeItBack}</a></section>`

const lostNote = (entry: Advertiser.Present, now: DateTime.Utc): Content =>
  entry._tag === "Lost" &&
  html` ${operator.lostAt({ at: Components.when(entry.lostAt, now), looks: Advertiser.missesUntilLost })}`

const crumbs = [
  { href: home, label: words.page.operator },
  { href: directory, label: shared.advertisers }
]

/** What the directory of advertisers shows. */
export interface DirectoryPageModel {
  readonly cursor: string
  readonly done: string | undefined
  readonly now: DateTime.Utc
  readonly page: Repository.Page<Advertiser.Present>
  readonly region: Region.Region | undefined
  readonly show: Show
}

/** The directory of advertisers. */
export const directoryPage = ({ cursor, done, now, page, region, show }: DirectoryPageModel): MemberPage => ({
  title: shared.advertisers,
  section: "operator",
  body: html`
    ${Components.pageHead(words.page.operator, { lead: operator.directoryLead })}
    ${tabs("advertisers")}${operatorNotice(done, undefined)}
    ${filters(show, region)}
    ${
      page.items.length > 0
        ? table(page.items, now)
        : Components.empty(
            operator.noAdvertiser,
            show === "unassigned" ? operator.everyOneBelongs : operator.chooseOtherPart,
            html`<a class="button secondary outline" href="${directory}?show=all">${shared.showAll}</a>`
          )
    }
    ${Components.pagination(directory, { show, region: region ?? "", cursor }, page)}`
})

/** Whether an advertiser can be assigned to an organization. */
export const isAssignable = (entry: Advertiser.Present): boolean =>
  entry.assignment === undefined && entry._tag !== "Lost"

/** What the page of an advertiser in the directory shows. */
export interface EntryPageModel {
  readonly done: string | undefined
  readonly entry: Advertiser.Present
  readonly notice: Content
  readonly now: DateTime.Utc
  readonly page: { readonly items: ReadonlyArray<Organization.Present>; readonly next?: string }
  readonly search: string
  readonly status: Status
}

/** The page of an advertiser in the directory. */
export const entryPage = ({ done, entry, notice, now, page, search, status }: EntryPageModel): MemberPage => ({
  title: entry.advertiser.name,
  section: "operator",
  status,
  body: html`
    ${Components.pageHead(isolateText(entry.advertiser.name), {
      crumbs,
      lead: Labels.marketplaceName(entry.advertiser.key.marketplaceId)
    })}
    ${notice}${operatorNotice(done, undefined)}
    <section class="card" aria-labelledby="what"><header class="with-badge">
      <h2 id="what">${operator.whatItIs}</h2>${entryBadge(entry)}</header>
      ${advertiserFacts(entry.advertiser, now)}
      <p
        class="muted">${operator.firstSeen({ at: Components.when(entry.firstSeenAt, now) })}${lostNote(entry, now)}</p>
      </section>
    ${entry.assignment !== undefined ? belongsTo(entry, entry.assignment, now) : nothing}
    ${
      isAssignable(entry) &&
      html`<section class="card" aria-labelledby="assign"><h2 id="assign">${operator.assignIt}</h2>
      ${searchForm(entry, search)}${search !== "" && found(entry, search, page.items, "next" in page)}</section>`
    }`
})

/** What the page before an advertiser is taken back shows. */
export interface TakeBackPageModel {
  readonly back: string
  readonly entry: Advertiser.Present
  readonly now: DateTime.Utc
  readonly tenantName: string
}

/** The page before an advertiser is taken back. */
export const takeBackPage = ({ back, entry, now, tenantName }: TakeBackPageModel): MemberPage => ({
  title: operator.takeBackTitle,
  section: "operator",
  body: html`
    ${Components.pageHead(
      operator.takeBackQuestion({
        advertiser: isolateText(entry.advertiser.name),
        organization: isolateText(tenantName)
      }),
      { crumbs: [...crumbs, { href: back, label: isolateText(entry.advertiser.name) }] }
    )}
    <section class="card form">${advertiserFacts(entry.advertiser, now)}
      <h3>${shared.whatEnds}</h3><ul class="effects ends">
        <li>${operator.theySeeNoMore({ organization: isolateText(tenantName) })}</li>
        <li>${operator.connectionEnds}</li></ul>
      <h3>${shared.whatStays}</h3><ul class="effects stays">
        <li>${operator.recordStays}</li>
        <li>${operator.canAssignAgain}</li></ul>
      <form method="post" action="${back}/take-back"><div class="buttons"><button
        class="danger">${operator.takeItBackNow}</button>
        <a class="button secondary outline" href="${back}">${operator.leaveIt}</a></div></form></section>`
})
