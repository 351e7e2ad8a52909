/**
 * The directory of advertisers, for operators (rules W-R4, C15): to which organization each belongs, assigning it,
 * and taking it back.
 */
import { Advertiser, Id, type Organization, type Region } from "@portolan/domain"
import { Directory } from "@portolan/ports"
import type { DateTime } from "effect"
import { Effect, Option, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext, Routes } from "../page/context.ts"
import { type Content, html, type Markup, nothing, isolateText } from "../page/html.ts"
import * as Components from "../page/components.ts"
import { BadRequest, type Status } from "../page/errors.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { accessLabel, advertiserFacts, typeLabel } from "./advertiserFacts.ts"
import { assignForm, doneNotice, standing } from "./assigning.ts"
import { cursorOf, directory, home, operator, pageOf, send, tabs } from "./operatorFrame.ts"

const organizationsShown = 10

const decodeOrganization = Schema.decodeUnknownOption(Id.OrganizationId)

const crumbs = [
  { href: home, label: "Operator" },
  { href: directory, label: "Advertisers" }
]

const shows = {
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

type Show = keyof typeof shows

const isShow = (text: string): text is Show => Object.hasOwn(shows, text)

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
    <td data-label="Standing">${standing(entry)}</td>
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
  <div><label for="region">Region</label><select id="region" name="region">${option("", "Any region", region === undefined)}${Directory.regions().map(
    (one) => option(one, Labels.regionName(one), one === region)
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

const directoryPage = Effect.fnUntraced(function* (context: PageContext, c: Context) {
  const me = yield* operator(context, c)
  const now = yield* Http.now
  const wanted = c.req.query("show") ?? ""
  const show = isShow(wanted) ? wanted : "unassigned"
  const region = Directory.regions().find((one) => one === c.req.query("region"))
  const cursor = cursorOf(c)
  const page = yield* context.directory.advertisers(
    me,
    { ...shows[show].filter, ...(region === undefined ? {} : { region }) },
    pageOf(cursor)
  )
  return yield* send(
    context,
    c,
    "Advertisers",
    html`
    ${Components.pageHead("Operator", { lead: "Every advertiser that lists us as its partner, and to which organization it belongs." })}
    ${tabs("advertisers")}${doneNotice(c.req.query("done"), undefined)}
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
  )
})

const organizationRow = (entry: Advertiser.Present, { foundedAt, id, name }: Organization.Open): Markup =>
  html`<li class="choice">
  <span><strong>${isolateText(name)}</strong><small>since ${Labels.day(foundedAt)} · <code>${id}</code></small>
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
  }" class="search"><label for="organization" class="sr-only">Name of the organization</label>
    <input id="organization" type="search" name="organization" value="${search}" maxlength="120" autocomplete="off" required
      placeholder="Name of the organization"><button class="secondary">Search</button></form></search>`

const belongsTo = (entry: Advertiser.Present, assignment: Advertiser.Assignment, now: DateTime.Utc): Markup =>
  html`<section class="card" aria-labelledby="whose"><h2 id="whose">Belongs to ${isolateText(assignment.tenantName)}</h2>
    <p>Assigned ${Components.when(assignment.at, now)}. To give it to another organization, take it back first.</p>
    <a class="button secondary outline small" href="${directory}/${entry.id}/take-back">Take it back …</a></section>`

const lostNote = (entry: Advertiser.Present, now: DateTime.Utc): Content =>
  entry._tag === "Lost" &&
  html` Lost ${Components.when(entry.lostAt, now)}: it was missing from ${Advertiser.missesUntilLost} looks in a row.
    Its admin can add us again; nothing has to be assigned anew.`

const entryPage = Effect.fnUntraced(function* (
  context: PageContext,
  c: Context,
  id: Id.AdvertiserId,
  notice: Content = "",
  status: Status = 200
) {
  const me = yield* operator(context, c)
  const now = yield* Http.now
  const entry = yield* context.directory.advertiser(me, id)
  const search = (c.req.query("organization") ?? "").trim().slice(0, 120)
  const isFree = entry.assignment === undefined && entry._tag !== "Lost"
  const page =
    search === "" || !isFree
      ? { items: [] }
      : yield* context.directory.organizations(me, search, { limit: organizationsShown })
  return yield* send(
    context,
    c,
    entry.advertiser.name,
    html`
    ${Components.pageHead(isolateText(entry.advertiser.name), {
      crumbs,
      lead: Labels.marketplaceName(entry.advertiser.key.marketplaceId)
    })}
    ${notice}${doneNotice(c.req.query("done"), undefined)}
    <section class="card" aria-labelledby="what"><header class="with-badge">
      <h2 id="what">What it is</h2>${standing(entry)}</header>
      ${advertiserFacts(entry.advertiser, now)}
      <p class="muted">First seen ${Components.when(entry.firstSeenAt, now)}.${lostNote(entry, now)}</p></section>
    ${entry.assignment !== undefined ? belongsTo(entry, entry.assignment, now) : nothing}
    ${
      isFree &&
      html`<section class="card" aria-labelledby="assign"><h2 id="assign">Assign it to an organization</h2>
      ${searchForm(entry, search)}${search !== "" && found(entry, search, page.items, "next" in page)}</section>`
    }`,
    status
  )
})

const takeBackPage = Effect.fnUntraced(function* (context: PageContext, c: Context) {
  const me = yield* operator(context, c)
  const id = yield* Http.idParam(c, Id.AdvertiserId)
  const entry = yield* context.directory.advertiser(me, id)
  const back = `${directory}/${id}`
  if (entry.assignment === undefined) return c.redirect(back, 303)
  const { tenantName } = entry.assignment
  return yield* send(
    context,
    c,
    "Take an advertiser back",
    html`
    ${Components.pageHead(html`Take ${isolateText(entry.advertiser.name)} back from ${isolateText(tenantName)}?`, {
      crumbs: [...crumbs, { href: back, label: isolateText(entry.advertiser.name) }]
    })}
    <section class="card form">${advertiserFacts(entry.advertiser, yield* Http.now)}
      <h3>What ends</h3><ul class="effects ends"><li>The people of ${isolateText(tenantName)} no longer see this advertiser.</li>
        <li>A connection of theirs that is linked to it is disconnected, and a load under way stops.</li></ul>
      <h3>What stays</h3><ul class="effects stays">
        <li>What was loaded so far, and the record of who assigned it and who took it back.</li>
        <li>The advertiser still lists us; it can be assigned again.</li></ul>
      <form method="post" action="${back}/take-back"><div class="buttons"><button class="danger">Take it back now</button>
        <a class="button secondary outline" href="${back}">Leave it there</a></div></form></section>`
  )
})

/** `/operator/advertisers` and below; refused with words that say who may. */
export const routes: Routes = (app, context) => {
  app.get(
    directory,
    Http.handle(context, (c) => directoryPage(context, c))
  )

  app.get(
    `${directory}/:id`,
    Http.handle(context, (c) => Effect.flatMap(Http.idParam(c, Id.AdvertiserId), (id) => entryPage(context, c, id)))
  )

  app.post(
    `${directory}/:id/assign`,
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* operator(context, c)
        const id = yield* Http.idParam(c, Id.AdvertiserId)
        const form = yield* Http.readForm(c)
        const organization = decodeOrganization(Http.one(form, "organization"))
        if (Option.isNone(organization))
          return yield* new BadRequest({ detail: "Choose an organization from the list." })
        const back = Http.one(form, "back") === "waiting" ? home : `${directory}/${id}`
        return yield* context.directory.assign(me, id, organization.value).pipe(
          Effect.map(() => c.redirect(`${back}?done=assigned`, 303)),
          Effect.catchTag("Refused", (refused) =>
            entryPage(context, c, id, Components.notice("act", "It was not assigned", refused.message), 409)
          )
        )
      })
    )
  )

  app.get(
    `${directory}/:id/take-back`,
    Http.handle(context, (c) => takeBackPage(context, c))
  )

  app.post(
    `${directory}/:id/take-back`,
    Http.handle(context, (c) =>
      Effect.gen(function* () {
        const me = yield* operator(context, c)
        const id = yield* Http.idParam(c, Id.AdvertiserId)
        yield* context.directory.unassign(me, id)
        return c.redirect(`${directory}/${id}?done=taken-back`, 303)
      })
    )
  )
}
