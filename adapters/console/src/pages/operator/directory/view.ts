/** Pages of the directory of advertisers. */
import { Advertiser, type Organization, type Region, Messages } from "@portolan/domain"
import { Directory, type Repository } from "@portolan/ports"
import type { DateTime } from "effect"
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

/** The parts of the directory that can be shown. */
export const shows = {
  unassigned: { label: "Not assigned", filter: { assigned: false, states: ["Listed"] } },
  assigned: { label: "Assigned", filter: { assigned: true } },
  lost: { label: "Lost", filter: { states: ["Lost"] } },
  all: { label: "All", filter: {} }
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
    <th scope="row" data-label="Advertiser"><a href="${at}">${isolateText(advertiser.name)}</a><br><code>${
      advertiser.key.externalId
    }</code></th>
    <td data-label="What"><span>${typeLabel(advertiser.type)}<br><small class="muted">${Labels.marketplaceName(
      advertiser.key.marketplaceId
    )}</small></span></td>
    <td data-label="Access">${accessLabel(advertiser)}</td>
    <td data-label="Seen first">${Components.when(entry.firstSeenAt, now)}</td>
    <td data-label="Standing">${entryBadge(entry)}</td>
    <td data-label="Belongs to">${
      assignment === undefined ? html`<span class="muted">nobody</span>` : isolateText(assignment.tenantName)
    }</td>
    <td class="end"><a class="button small secondary outline" href="${at}">Open<span class="sr-only"> ${advertiser.name}
      ${advertiser.key.externalId}</span></a></td></tr>`
}

const option = (value: string, label: string, isChosen: boolean): Markup =>
  html`<option value="${value}"${isChosen && html` selected`}>${label}</option>`

const filters = (show: Show, region: Region.Region | undefined): Markup =>
  html`<form method="get" action="${directory}" class="filters">
  <div><label for="show">Show</label><select id="show" name="show">${Object.entries(shows).map(([value, { label }]) =>
    option(value, label, value === show)
  )}</select></div>
  <div><label for="region">Region</label><select id="region"
    name="region">${option("", "Any region", region === undefined)}${Directory.regions().map((one) =>
      option(one, Labels.regionName(one), one === region)
    )}</select></div>
  <button class="secondary">Filter</button></form>`

const table = (
  entries: ReadonlyArray<Advertiser.Present>,
  now: DateTime.Utc
): Markup => html`<table class="rows"><thead><tr>
  <th scope="col">Advertiser</th><th scope="col">What</th><th scope="col">Access</th><th scope="col">Seen first</th>
  <th scope="col">Standing</th><th scope="col">Belongs to</th>
    <th scope="col"><span class="sr-only">Action</span></th></tr></thead>
  <tbody>${entries.map((entry) => advertiserRow(entry, now))}</tbody></table>`

const organizationRow = (entry: Advertiser.Present, { foundedAt, id, name }: Organization.Open): Markup =>
  html`<li class="choice">
  <span><strong>${isolateText(name)}</strong><small>since ${Format.day(foundedAt)} · <code>${id}</code></small>
  ${assignForm(entry, { id, name }, "advertiser")}</span></li>`

const found = (
  entry: Advertiser.Present,
  search: string,
  items: ReadonlyArray<Organization.Open>,
  isMore: boolean
): Markup =>
  items.length === 0
    ? html`<p role="status">No organization has “${isolateText(
        search
      )}” in its name. Check with the customer how it is called here.</p>`
    : html`<ul class="organizations">${items.map((organization) => organizationRow(entry, organization))}</ul>
      ${isMore && html`<p class="muted">There are more. Type more of the name.</p>`}`

const searchForm = (entry: Advertiser.Present, search: string): Markup => html`<search>
  <form method="get" action="${directory}/${
    entry.id
  }" class="search"><label for="organization" class="sr-only">${Messages.text("page.organization-name")}</label>
    <input id="organization" type="search" name="organization" value="${search}" maxlength="120" autocomplete="off"
      required
      placeholder=Messages.text("page.organization-name")><button class="secondary">Search</button></form></search>`

const belongsTo = (entry: Advertiser.Present, assignment: Advertiser.Assignment, now: DateTime.Utc): Markup =>
  html`<section class="card" aria-labelledby="whose"><h2
    id="whose">Belongs to ${isolateText(assignment.tenantName)}</h2>
    <p>Assigned ${Components.when(assignment.at, now)}. To give it to another organization, take it back first.</p>
    <a class="button secondary outline small" href="${directory}/${entry.id}/take-back">Take it back …</a></section>`

const lostNote = (entry: Advertiser.Present, now: DateTime.Utc): Content =>
  entry._tag === "Lost" &&
  html` Lost ${Components.when(entry.lostAt, now)}: it was missing from ${Advertiser.missesUntilLost} looks in a row.
    Its admin can add us again; nothing has to be assigned anew.`

const crumbs = [
  { href: home, label: "Operator" },
  { href: directory, label: "Advertisers" }
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
  title: "Advertisers",
  section: "operator",
  body: html`
    ${Components.pageHead("Operator", {
      lead: "Every advertiser that lists us as its partner, and to which organization it belongs."
    })}
    ${tabs("advertisers")}${operatorNotice(done, undefined)}
    ${filters(show, region)}
    ${
      page.items.length > 0
        ? table(page.items, now)
        : Components.empty(
            "No advertiser like this",
            show === "unassigned"
              ? "Every advertiser that lets us in belongs to an organization."
              : "Choose another part of the directory.",
            html`<a class="button secondary outline" href="${directory}?show=all">Show all</a>`
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
  readonly page: { readonly items: ReadonlyArray<Organization.Open>; readonly next?: string }
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
      <h2 id="what">What it is</h2>${entryBadge(entry)}</header>
      ${advertiserFacts(entry.advertiser, now)}
      <p class="muted">First seen ${Components.when(entry.firstSeenAt, now)}.${lostNote(entry, now)}</p></section>
    ${entry.assignment !== undefined ? belongsTo(entry, entry.assignment, now) : nothing}
    ${
      isAssignable(entry) &&
      html`<section class="card" aria-labelledby="assign"><h2 id="assign">Assign it to an organization</h2>
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
  title: "Take an advertiser back",
  section: "operator",
  body: html`
    ${Components.pageHead(html`Take ${isolateText(entry.advertiser.name)} back from ${isolateText(tenantName)}?`, {
      crumbs: [...crumbs, { href: back, label: isolateText(entry.advertiser.name) }]
    })}
    <section class="card form">${advertiserFacts(entry.advertiser, now)}
      <h3>What ends</h3><ul class="effects ends"><li>The people of ${isolateText(tenantName)} no longer see this
        advertiser.</li>
        <li>A connection of theirs that is linked to it is disconnected, and a load under way stops.</li></ul>
      <h3>What stays</h3><ul class="effects stays">
        <li>What was loaded so far, and the record of who assigned it and who took it back.</li>
        <li>The advertiser still lists us; it can be assigned again.</li></ul>
      <form method="post" action="${back}/take-back"><div class="buttons"><button
        class="danger">Take it back now</button>
        <a class="button secondary outline" href="${back}">Leave it there</a></div></form></section>`
})
