/**
 * For the people who run the installation (rules W-R4, C15): what customers wait for, which advertisers let us in, and to which
 * organization each belongs. An assignment to the wrong organization would show one customer's advertiser to another, so every
 * confirmation names both.
 */
import { Advertiser, type Awaited, Connection, Id, type Organization, type Region } from "@portolan/domain"
import { Directory } from "@portolan/ports"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Context } from "hono"
import type { Desk, Routes } from "../Desk.ts"
import { type Content, html, type Markup, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import { BadRequest, type Status } from "../Trouble.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
import { accessLabel, advertiserFacts, typeLabel } from "./advertiserFacts.ts"

const pageSize = 25
const organizationsShown = 10

const home = "/operator"
const list = "/operator/advertisers"

const decodeOrganization = Schema.decodeUnknownOption(Id.OrganizationId)

const tabs = (here: "waiting" | "advertisers"): Markup => html`<nav class="tabs" aria-label="Operator"><ul>
  <li><a href="${home}"${here === "waiting" && html` aria-current="page"`}>What customers wait for</a></li>
  <li><a href="${list}"${here === "advertisers" && html` aria-current="page"`}>Advertisers</a></li></ul></nav>`

/** A page for an operator: in his own organization's frame when he has one, else in a plain one. */
const send = Effect.fnUntraced(function*(desk: Desk, c: Context, title: string, content: Markup, status: Status = 200) {
  const me = yield* Effect.option(Web.member(desk, c))
  return Web.send(c, Option.isSome(me) ? Layout.memberPage(desk, me.value, title, "operator", content)
    : Layout.guestPage(desk, title, content), status)
})

const operator = (desk: Desk, c: Context) => desk.callers.operator(c.req.raw.headers)

const cursorOf = (c: Context) => (c.req.query("cursor") ?? "").slice(0, 2000)

const pageOf = (cursor: string) => ({ limit: pageSize, ...(cursor === "" ? {} : { cursor }) })

const isLate = ({ since }: Awaited.Present, now: DateTime.Utc): boolean =>
  DateTime.isGreaterThanOrEqualTo(now, DateTime.add(since, { hours: Connection.accessHours }))

/** Names an advertiser beyond doubt: names alone are not unique (rule W-R8). */
const named = ({ advertiser }: Advertiser.Present): Markup =>
  html`${theirs(advertiser.name)} <code>${advertiser.key.externalId}</code>`

const isExpected = ({ advertiser }: Advertiser.Present, { advertiser: typed }: Awaited.Present): boolean => Advertiser.isNamed(advertiser, typed)

const assignForm = (
  entry: Advertiser.Present, to: { readonly id: Id.OrganizationId; readonly name: string }, back: string, warning: Content = ""
): Markup =>
  Parts.confirmed("Assign …", html`${warning}Assign ${named(entry)} to <strong>${theirs(to.name)}</strong>? Its people will see this advertiser and
    can link it. Nobody else will.`, `${list}/${entry.id}/assign`, "Yes, assign it", html`<input type="hidden" name="organization"
    value="${to.id}"><input type="hidden" name="back" value="${back}">`)

const suggestion = (entry: Advertiser.Present, awaited: Awaited.Present): Markup => html`<li>
  <div><a href="${list}/${entry.id}">${theirs(entry.advertiser.name)}</a> <code>${entry.advertiser.key.externalId}</code>
    ${isExpected(entry, awaited) ? Parts.badge("good", "As expected") : Parts.badge("wait", "Only alike")}</div>
  <div class="muted">${typeLabel[entry.advertiser.type]} · ${accessLabel(entry.advertiser)}${entry.advertiser.sellerName !== undefined &&
    html` · ${theirs(entry.advertiser.sellerName)}`}</div>
  ${assignForm(entry, { id: awaited.tenantId, name: awaited.tenantName }, "waiting", isExpected(entry, awaited) ? ""
    : html`<strong>They wait for “${theirs(awaited.advertiser)}”, and this one is named otherwise.</strong> `)}</li>`

const waitingRow = ({ awaited, mayBe }: Directory.Waiting, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="Organization">${theirs(awaited.tenantName)}<br><small class="muted">${theirs(awaited.accountName)}</small></th>
  <td data-label="Waits for"><strong>${theirs(awaited.advertiser)}</strong><br><small class="muted">${Words.marketplaceName(awaited.marketplaceId)},
    asked by ${theirs(awaited.requestedBy)}</small></td>
  <td data-label="Waiting"><span>${Parts.when(awaited.since, now)}${isLate(awaited, now) && html` ${Parts.badge("act", "Overdue")}`}</span></td>
  <td data-label="May be">${mayBe.length === 0
    ? html`<span class="muted wrap">Nothing unassigned looks like it. Its admin may not have added us yet.</span>`
    : html`<ul class="suggestions">${mayBe.toSorted((one, other) => Number(isExpected(other, awaited)) - Number(isExpected(one, awaited)))
      .map((entry) => suggestion(entry, awaited))}</ul>`}</td></tr>`

const lookForm = (): Markup => html`<section class="card form" aria-labelledby="look"><h2 id="look">Look now</h2>
  <p class="muted">Walmart is asked every ${Advertiser.lookMinutes} minutes by itself. Ask now when somebody is waiting on the phone.</p>
  <form method="post" action="${home}/look"><label for="region">Region</label><div class="joined"><select id="region" name="region">${
    Directory.regions.map((region) => html`<option value="${region}">${Words.regionName[region]}</option>`)}</select>
    <button class="secondary">Look now</button></div></form></section>`

const doneNotice = (c: Context): Content => {
  switch (c.req.query("done")) {
    case "assigned": return Parts.notice("good", "Assigned", "The people of that organization see the advertiser in a moment, and are told.")
    case "taken-back": return Parts.notice("good", "Taken back", "The organization no longer sees the advertiser.")
    case "looked": {
      const seen = Number(c.req.query("seen"))
      return Parts.notice("info", "Looked just now", Number.isInteger(seen) && seen >= 0
        ? `Walmart lists ${Words.count(seen, "advertiser")} that let us in.` : "")
    }
    default: return ""
  }
}

const waitingPage = Effect.fnUntraced(function*(desk: Desk, c: Context, notice: Content = "", status: Status = 200) {
  const me = yield* operator(desk, c)
  const now = yield* Web.now
  const cursor = c.req.method === "GET" ? cursorOf(c) : ""
  const page = yield* desk.directory.waiting(me, pageOf(cursor))
  return yield* send(desk, c, "What customers wait for", html`
    ${Parts.pageHead("Operator", { lead: "You run this installation. Customers wait here for what only you can do." })}
    ${tabs("waiting")}${notice}${doneNotice(c)}
    ${page.items.length === 0
      ? Parts.empty("Nobody is waiting", "When a customer tells us to expect an advertiser, it is listed here until it is assigned.",
        html`<a class="button secondary outline" href="${list}">See all advertisers</a>`)
      : html`<p class="muted">The longest waiting first. Suggestions are alike in name or id; names are not unique, so check before you assign.</p>
        <table class="rows"><thead><tr><th scope="col">Organization</th><th scope="col">Waits for</th><th scope="col">Waiting</th>
        <th scope="col">May be</th></tr></thead><tbody>${page.items.map((waiting) => waitingRow(waiting, now))}</tbody></table>
        ${Parts.pagination(home, { cursor }, page)}`}
    ${lookForm()}`, status)
})

const shows = {
  "unassigned": { label: "Not assigned", filter: { assigned: false, states: ["Listed"] } },
  "assigned": { label: "Assigned", filter: { assigned: true } },
  "lost": { label: "Lost", filter: { states: ["Lost"] } },
  "all": { label: "All", filter: {} }
} as const satisfies { readonly [name: string]: { readonly label: string; readonly filter: Parameters<Desk["directory"]["advertisers"]>[1] } }

const isShow = (text: string): text is keyof typeof shows => Object.hasOwn(shows, text)

const standing = (entry: Advertiser.Present): Markup =>
  entry._tag === "Lost" ? Parts.badge("act", "Lost")
    : entry.misses > 0 ? Parts.badge("wait", `Missed ${entry.misses} of ${Advertiser.missesUntilLost} looks`)
    : entry.assignment === undefined ? Parts.badge("wait", "Not assigned") : Parts.badge("good", "Assigned")

const advertiserRow = (entry: Advertiser.Present, now: DateTime.Utc): Markup => html`<tr>
  <th scope="row" data-label="Advertiser"><a href="${list}/${entry.id}">${theirs(entry.advertiser.name)}</a><br><code>${entry.advertiser.key.externalId}</code></th>
  <td data-label="What">${typeLabel[entry.advertiser.type]}<br><small class="muted">${Words.marketplaceName(entry.advertiser.key.marketplaceId)}</small></td>
  <td data-label="Access">${accessLabel(entry.advertiser)}</td>
  <td data-label="Seen first">${Parts.when(entry.firstSeenAt, now)}</td>
  <td data-label="Standing">${standing(entry)}</td>
  <td data-label="Belongs to">${entry.assignment === undefined ? html`<span class="muted">nobody</span>` : theirs(entry.assignment.tenantName)}</td>
  <td class="end"><a class="button small secondary outline" href="${list}/${entry.id}">Open<span class="sr-only"> ${entry.advertiser.name}
    ${entry.advertiser.key.externalId}</span></a></td></tr>`

const directoryPage = Effect.fnUntraced(function*(desk: Desk, c: Context) {
  const me = yield* operator(desk, c)
  const now = yield* Web.now
  const wanted = c.req.query("show") ?? ""
  const show = isShow(wanted) ? wanted : "unassigned"
  const region: Region.Region | undefined = Directory.regions.find((one) => one === c.req.query("region"))
  const cursor = cursorOf(c)
  const page = yield* desk.directory.advertisers(me,
    { ...shows[show].filter, ...(region === undefined ? {} : { region }) }, pageOf(cursor))
  const option = (value: string, label: string, isChosen: boolean) => html`<option value="${value}"${isChosen && html` selected`}>${label}</option>`
  return yield* send(desk, c, "Advertisers", html`
    ${Parts.pageHead("Operator", { lead: "Every advertiser that lists us as its partner, and to which organization it belongs." })}
    ${tabs("advertisers")}${doneNotice(c)}
    <form method="get" action="${list}" class="filters">
      <div><label for="show">Show</label><select id="show" name="show">${Object.entries(shows).map(([value, { label }]) => option(value, label, value === show))}</select></div>
      <div><label for="region">Region</label><select id="region" name="region">${option("", "Any region", region === undefined)}${
        Directory.regions.map((one) => option(one, Words.regionName[one], one === region))}</select></div>
      <button class="secondary">Filter</button></form>
    ${page.items.length === 0
      ? Parts.empty("No advertiser like this", show === "unassigned" ? "Every advertiser that lets us in belongs to an organization."
        : "Choose another part of the directory.", html`<a class="button secondary outline" href="${list}?show=all">Show all</a>`)
      : html`<table class="rows"><thead><tr><th scope="col">Advertiser</th><th scope="col">What</th><th scope="col">Access</th>
        <th scope="col">Seen first</th><th scope="col">Standing</th><th scope="col">Belongs to</th><th scope="col"><span class="sr-only">Action</span></th></tr></thead>
        <tbody>${page.items.map((entry) => advertiserRow(entry, now))}</tbody></table>
        ${Parts.pagination(list, { show, region: region ?? "", cursor }, page)}`}`)
})

const organizationRow = (entry: Advertiser.Present, { foundedAt, id, name }: Organization.Open): Markup => html`<li class="choice">
  <span><strong>${theirs(name)}</strong><small>since ${Words.day(foundedAt)} · <code>${id}</code></small>
  ${assignForm(entry, { id, name }, "advertiser")}</span></li>`

const assigning = (entry: Advertiser.Present, search: string, found: ReadonlyArray<Organization.Open>, isMore: boolean): Markup =>
  html`<section class="card" aria-labelledby="assign"><h2 id="assign">Assign it to an organization</h2>
    <search><form method="get" action="${list}/${entry.id}" class="search"><label for="organization" class="sr-only">Name of the organization</label>
      <input id="organization" type="search" name="organization" value="${search}" maxlength="120" autocomplete="off" required
        placeholder="Name of the organization"><button class="secondary">Search</button></form></search>
    ${search !== "" && (found.length === 0
      ? html`<p role="status">No organization has “${theirs(search)}” in its name. Check with the customer how it is called here.</p>`
      : html`<ul class="organizations">${found.map((organization) => organizationRow(entry, organization))}</ul>
        ${isMore && html`<p class="muted">There are more. Type more of the name.</p>`}`)}</section>`

const entryPage = Effect.fnUntraced(function*(desk: Desk, c: Context, id: Id.AdvertiserId, notice: Content = "", status: Status = 200) {
  const me = yield* operator(desk, c)
  const now = yield* Web.now
  const entry = yield* desk.directory.advertiser(me, id)
  const search = (c.req.query("organization") ?? "").trim().slice(0, 120)
  const found = search === "" || entry.assignment !== undefined || entry._tag === "Lost" ? { items: [] }
    : yield* desk.directory.organizations(me, search, { limit: organizationsShown })
  return yield* send(desk, c, entry.advertiser.name, html`
    ${Parts.pageHead(theirs(entry.advertiser.name), { crumbs: [{ href: home, label: "Operator" }, { href: list, label: "Advertisers" }],
      lead: Words.marketplaceName(entry.advertiser.key.marketplaceId) })}
    ${notice}${doneNotice(c)}
    <section class="card" aria-labelledby="what"><header class="with-badge"><h2 id="what">What it is</h2>${standing(entry)}</header>
      ${advertiserFacts(entry.advertiser, now)}
      <p class="muted">First seen ${Parts.when(entry.firstSeenAt, now)}.${entry._tag === "Lost" &&
        html` Lost ${Parts.when(entry.lostAt, now)}: it was missing from ${Advertiser.missesUntilLost} looks in a row. Its admin can add us again; nothing
          has to be assigned anew.`}</p></section>
    ${entry.assignment !== undefined
      ? html`<section class="card" aria-labelledby="whose"><h2 id="whose">Belongs to ${theirs(entry.assignment.tenantName)}</h2>
          <p>Assigned ${Parts.when(entry.assignment.at, now)}. To give it to another organization, take it back first.</p>
          <a class="button secondary outline small" href="${list}/${entry.id}/take-back">Take it back …</a></section>`
      : entry._tag === "Lost" ? "" : assigning(entry, search, found.items, "next" in found)}`, status)
})

const takeBackPage = Effect.fnUntraced(function*(desk: Desk, c: Context) {
  const me = yield* operator(desk, c)
  const id = yield* Web.idParam(c, Id.AdvertiserId)
  const entry = yield* desk.directory.advertiser(me, id)
  const back = `${list}/${id}`
  if (entry.assignment === undefined) return c.redirect(back, 303)
  const { tenantName } = entry.assignment
  return yield* send(desk, c, "Take an advertiser back", html`
    ${Parts.pageHead(html`Take ${theirs(entry.advertiser.name)} back from ${theirs(tenantName)}?`, {
      crumbs: [{ href: home, label: "Operator" }, { href: list, label: "Advertisers" }, { href: back, label: theirs(entry.advertiser.name) }] })}
    <section class="card form">${advertiserFacts(entry.advertiser, yield* Web.now)}
      <h3>What ends</h3><ul class="effects ends"><li>The people of ${theirs(tenantName)} no longer see this advertiser.</li>
        <li>A connection of theirs that is linked to it is disconnected, and a load under way stops.</li></ul>
      <h3>What stays</h3><ul class="effects stays"><li>What was loaded so far, and the record of who assigned it and who took it back.</li>
        <li>The advertiser still lists us; it can be assigned again.</li></ul>
      <form method="post" action="${back}/take-back"><div class="buttons"><button class="danger">Take it back now</button>
        <a class="button secondary outline" href="${back}">Leave it there</a></div></form></section>`)
})

/** `/operator` and below; refused with words that say who may. */
export const routes: Routes = (app, desk) => {
  app.get(home, Web.handle(desk, (c) => waitingPage(desk, c)))

  app.post(`${home}/look`, Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* operator(desk, c)
      const form = yield* Web.readForm(c)
      const region = Directory.regions.find((one) => one === Web.one(form, "region"))
      if (region === undefined) return yield* new BadRequest({ detail: "Choose one of the regions in the list." })
      return yield* desk.directory.look(me, region).pipe(
        Effect.map((seen) => c.redirect(`${home}?done=looked&seen=${seen}`, 303)),
        Effect.catchTags({
          ChannelUnavailable: (error) => waitingPage(desk, c, Parts.notice("act", "Walmart Connect is not set up here", error.message), 409),
          ApplicationRejected: () => waitingPage(desk, c, Parts.notice("act", "Walmart rejected this software's own credentials",
            "Check consumer id, key version and private key among the settings."), 503),
          Temporary: () => waitingPage(desk, c, Parts.notice("wait", "Walmart did not answer in time",
            "A list can take some minutes there. We look again by ourselves."), 503)
        })
      )
    })))

  app.get(list, Web.handle(desk, (c) => directoryPage(desk, c)))

  app.get(`${list}/:id`, Web.handle(desk, (c) =>
    Effect.flatMap(Web.idParam(c, Id.AdvertiserId), (id) => entryPage(desk, c, id))))

  app.post(`${list}/:id/assign`, Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* operator(desk, c)
      const id = yield* Web.idParam(c, Id.AdvertiserId)
      const form = yield* Web.readForm(c)
      const organization = decodeOrganization(Web.one(form, "organization"))
      if (Option.isNone(organization)) return yield* new BadRequest({ detail: "Choose an organization from the list." })
      const back = Web.one(form, "back") === "waiting" ? home : `${list}/${id}`
      return yield* desk.directory.assign(me, id, organization.value).pipe(
        Effect.map(() => c.redirect(`${back}?done=assigned`, 303)),
        Effect.catchTag("Refused", (refused) =>
          entryPage(desk, c, id, Parts.notice("act", "It was not assigned", refused.message), 409))
      )
    })))

  app.get(`${list}/:id/take-back`, Web.handle(desk, (c) => takeBackPage(desk, c)))

  app.post(`${list}/:id/take-back`, Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* operator(desk, c)
      const id = yield* Web.idParam(c, Id.AdvertiserId)
      yield* desk.directory.unassign(me, id)
      return c.redirect(`${list}/${id}?done=taken-back`, 303)
    })))
}
