/** Connections: how each stands and why, how its first load proceeds, and ending it (flow F1, steps 3 and 7). */
import { Access, Actor, Channel, Connection, Id, Permission } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import type { DateTime } from "effect"
import { Effect } from "effect"
import type { Desk, Routes } from "../Desk.ts"
import * as History from "../History.ts"
import { html, type Markup, nothing, theirs } from "../Html.ts"
import * as Layout from "../Layout.ts"
import * as Parts from "../Parts.ts"
import * as Web from "../Web.ts"
import * as Words from "../Words.ts"
import { consentActions, linksOf } from "./Accounts.ts"
import { linkPanel } from "./linkPanel.ts"
import { live } from "./live.ts"
import { hasChoice, mainAction } from "./tiles.ts"

const pageSize = 25
const attemptsShown = 5
const historyShown = 50

interface StateFilter {
  readonly label: string
  readonly states: ReadonlyArray<Connection.Present["_tag"]> | undefined
}

const stateFilters = {
  "": { label: "Any status", states: undefined },
  "attention": { label: "Needs attention", states: ["ReauthorizationNeeded", "Limited"] },
  "connected": { label: "Connected", states: ["Connected"] },
  "waiting": { label: "Waiting for a choice", states: ["AwaitingSelection"] },
  "not-connected": { label: "Not connected", states: ["Proposed"] },
  "disconnected": { label: "Disconnected", states: ["Disconnected"] }
} as const satisfies { readonly [name: string]: StateFilter }

const isFilter = (text: string): text is keyof typeof stateFilters => Object.hasOwn(stateFilters, text)

interface Named extends Connections.ConnectionView {
  readonly accountName: string
}

const row = (view: Named, now: DateTime.Utc): Markup => {
  const { accountName, backfill, connection, evidence } = view
  const action = mainAction(view)
  return html`<tr>
  <th scope="row" data-label="Account"><a href="/connections/${connection.id}">${theirs(accountName)}</a></th>
  <td data-label="Channel">${Channel.label[connection.channel]}</td>
  <td data-label="Status">${Parts.badge(Words.toneOf(evidence.status), evidence.label)}</td>
  <td data-label="First load">${backfill === undefined || !Connection.isLinked(connection)
    ? html`<span class="muted">–</span>` : html`<span class="cell-bar">${
    Parts.bar(`First load of ${accountName}`, backfill.overall, backfill.overall >= 1 ? "good" : "info")}<span>${Words.percent(backfill.overall)} %</span></span>`}</td>
  <td data-label="Last proven">${evidence.provenAt === undefined
    ? html`<span class="muted">never</span>` : Parts.when(evidence.provenAt, now)}</td>
  <td class="end"><a class="button small ${action.isUrgent ? "" : "secondary outline"}"
    href="${action.href}">${action.label}<span class="sr-only"> ${accountName}, ${Channel.label[connection.channel]}</span></a>
      </td>
</tr>`
}

const filters = (state: string, channel: string): Markup => html`<form method="get" action="/connections"
  class="filters">
  <div><label for="state">Status</label><select id="state" name="state">${Object.entries(stateFilters).map(([value,
    { label }]) =>
    html`<option value="${value}"${value === state && html` selected`}>${label}</option>`)}</select></div>
  <div><label for="channel">Channel</label><select id="channel" name="channel">
    <option value="">Any channel</option>${Channel.Channel.literals.map((one) =>
    html`<option value="${one}"${one === channel && html` selected`}>${Channel.label[one]}</option>`)}</select></div>
  <button class="secondary">Filter</button></form>`

const profileCard = (connection: Connection.Present, now: DateTime.Utc): Markup => {
  if (!Connection.isLinked(connection)) return nothing
  const { expiresAt, linkedAt, linkedBy, permission, profile } = connection.link
  const facts: ReadonlyArray<readonly [string, Markup]> = [
    ["Profile", theirs(profile.name)],
    ["Profile id", html`<code>${profile.key.externalId}</code>`],
    ["Country and currency", html`${profile.countryCode}, ${profile.currency}`],
    ["Login may", html`${Permission.missing(permission, profile.key.channel) === undefined ? "view and edit" : "only view"}`],
    ["Connected", html`${Parts.when(linkedAt, now)} by ${theirs(Actor.describe(linkedBy))}`],
    ["Consent ends", expiresAt === undefined ? html`no end is known` : Parts.whenFully(expiresAt, now)]
  ]
  return html`<section class="card" aria-labelledby="bound"><h2 id="bound">Connected profile</h2>
    <dl class="facts">${facts.map(([label, value]) => html`<div><dt>${label}</dt><dd>${value}</dd></div>`)}</dl>
      </section>`
}

const attempts = (trips: ReadonlyArray<Parameters<typeof Words.toneOfTrip>[0]>, now: DateTime.Utc): Markup =>
  html`<section class="card" aria-labelledby="attempts"><h2 id="attempts">Recent attempts</h2>
  ${trips.length === 0 ? html`<p class="muted">Nobody has gone to the provider yet.</p>` : html`<ol class="attempts">${trips.map((trip) => {
    const outcome = History.outcome(trip)
    return html`<li><div class="link-head">${Parts.badge(Words.toneOfTrip(trip), outcome.label)} <span class="muted">${Parts.when(trip.startedAt, now)},
      ${trip.origin._tag === "Direct" ? html`by ${theirs(Actor.describe(trip.origin.actor))}` : "through an auth link"}</span></div>
      <p>${outcome.reason}${outcome.mustAct !== "nobody" && html` <strong>Next:</strong> ${outcome.nextStep}`}
      ${trip._tag === "AwaitingSelection" && html` <a href="/pending/${trip.id}">${trip.candidates.length > 0
        ? "Choose the profile" : "See it, or look again"}</a>`}</p></li>`
  })}</ol>`}</section>`

const history = (id: string, cursor: string,
  page: Effect.Success<ReturnType<Connections.Connections["Service"]["history"]>>, now: DateTime.Utc): Markup => {
  const lines = page.items.flatMap((recorded) => {
    const line = History.line(recorded.event)
    return line.isStep === true ? [] : [{ ...line, at: recorded.at, actor: recorded.actor }]
  })
  return html`<section class="card later" aria-labelledby="history"><h2 id="history">History</h2>
    ${lines.length === 0 ? html`<p class="muted">Only small steps of the first load on this page.</p>` : html`<ol class="timeline">${lines.map((line) => html`<li class="${line.tone}">
      <strong>${line.title}</strong>${line.detail !== undefined && html`<span> ${line.detail}</span>`}
      <span class="muted">${Parts.when(line.at, now)} · ${theirs(Actor.describe(line.actor))}</span></li>`)}</ol>`}
    ${Parts.pagination(`/connections/${id}`, { cursor }, page)}</section>`
}

const effects = (connection: Connection.Present): ReadonlyArray<string> => Connection.isLinked(connection)
  ? [
    `${connection.link.profile.name} is free to be connected to another account.`,
    "The stored tokens are forgotten; nothing is read from the provider any more.",
    "A first load that is under way stops.",
    "Data that was loaded already stays where it is.",
    "The account, its brands and this history are kept. You can connect it again at any time, with a new consent."
  ]
  : ["A consent that waits for a choice is no longer used.", "The account, its brands and this history are kept."]

const mayEnd = (connection: Connection.Present) => connection._tag !== "Proposed" && connection._tag !== "Disconnected"

const crumbs = (view: Connections.ConnectionDetail) => [
  { href: `/companies/${view.company.id}`, label: theirs(view.company.name) },
  { href: `/accounts/${view.account.id}`, label: theirs(view.account.name) }
]

const detailPage = Effect.fnUntraced(function*(desk: Desk, me: Layout.Me, view: Connections.ConnectionDetail,
  cursor: string, done: string | undefined) {
  const { account, company, connection } = view
  const now = yield* Web.now
  const trips = yield* desk.pending.ofConnection(me, connection.id, { limit: attemptsShown })
  const past = yield* desk.connections.history(me, connection.id, { limit: historyShown, ...(cursor === "" ? {}
    : { cursor }) })
  const links = yield* linksOf(desk, me, connection.id)
  const mayConnect = Access.may(me.role, "connect")
  const pending = Connection.pendingOf(connection)
  const isFine = connection._tag === "Connected"
  const consent = consentActions(desk, connection, Connection.isLinked(connection))
  return Layout.memberPage(desk, me, `${account.name}: ${Channel.label[connection.channel]}`, "connections", html`
    ${Parts.pageHead(html`${theirs(account.name)}: ${Words.shortChannel[connection.channel]}`, {
      crumbs: crumbs(view), lead: html`${theirs(company.name)} · ${Words.marketplaceName(account.marketplaces[0])} · ${Channel.label[connection.channel]}`
    })}
    ${done === "connected" && Parts.notice("good", "Connected",
      "The first load starts by itself. You can leave this page.")}
    ${done === "disconnected" && Parts.notice("good", "Disconnected",
      "The profile is free again. Loaded data stays where it is.")}
    ${mayConnect && pending !== undefined && (hasChoice(view)
      ? Parts.notice("wait", "A consent waits for your choice",
        html`<a href="/pending/${pending.authorizationId}">Choose the profile</a>`)
      : Parts.notice("wait", "A consent sees no profile yet",
        html`<a href="/pending/${pending.authorizationId}">See it, or look again</a>`))}
    <div class="split"><div>
      ${live(view, now)}
      ${mayConnect && (isFine ? html`<details class="card more later"><summary>Authorize again</summary>
        <p>Needed after rights were added at the provider,
        or before the consent ends. It must be the same profile; account,
        brands and history are kept.</p>${consent}</details>`
        : html`<section class="card" aria-labelledby="again">
          <h2 id="again">${Connection.isLinked(connection) ? "Authorize again" : "Connect"}</h2>${consent}</section>`)}
      ${links.length > 0 && html`<section class="card later" aria-labelledby="links">
        <h2 id="links">Auth links</h2>${links.map((link) => linkPanel(link, now, mayConnect))}</section>`}
      ${history(connection.id, cursor, past, now)}
    </div><div>
      ${profileCard(connection, now)}
      ${attempts(trips.items, now)}
      ${Access.may(me.role, "administer") && mayEnd(connection) && html`<section class="card"><h2>Disconnect</h2>
        <p>Ends the connection and frees the profile. You see all effects before you confirm.</p>
        <a class="button secondary outline small" href="/connections/${connection.id}/disconnect">Disconnect …</a>
          </section>`}
      ${!mayConnect && Parts.onlyLooking("An owner, admin or member of your organization")}
    </div></div>`)
})

/** `/connections` and `/connections/{id}`. */
export const routes: Routes = (app, desk) => {
  app.get("/connections", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      const now = yield* Web.now
      const state = c.req.query("state") ?? ""
      const chosen = isFilter(state) ? stateFilters[state].states : undefined
      const channel = Channel.Channel.literals.find((one) => one === c.req.query("channel"))
      const cursor = (c.req.query("cursor") ?? "").slice(0, 2000)
      const page = yield* desk.connections.list(me, {
        ...(chosen === undefined ? {} : { states: chosen }), ...(channel === undefined ? {} : { channel })
      }, { limit: pageSize, ...(cursor === "" ? {} : { cursor }) })
      const accountIds = [...new Set(page.items.map((view) => view.connection.accountId))]
      const names = new Map(yield* Effect.forEach(accountIds, (id) =>
        Effect.map(desk.accounts.view(me, id), (account) => [id, account.name] as const), { concurrency: 4 }))
      const isFiltered = chosen !== undefined || channel !== undefined
      return Web.send(c, Layout.memberPage(desk, me, "Connections", "connections", html`
        ${Parts.pageHead("Connections", { lead: "Every account and channel, how it stands, and when the provider last confirmed it." })}
        ${(page.items.length > 0 || isFiltered) && filters(isFilter(state) ? state : "", channel ?? "")}
        ${page.items.length === 0
          ? isFiltered
            ? Parts.empty("No connection like this", "Choose another status or channel.",
              html`<a class="button secondary outline" href="/connections">Show all</a>`)
            : Parts.empty("No connections yet",
              "Add a company and an account; each account shows which APIs it needs.", html`<a class="button"
              href="/companies">Go to companies</a>`)
          : html`<table class="rows"><thead><tr><th scope="col">Account</th><th scope="col">Channel</th>
            <th scope="col">Status</th><th scope="col">First load</th><th scope="col">Last proven</th>
            <th scope="col"><span class="sr-only">Action</span></th></tr></thead>
            <tbody>${page.items.map((view) => row({ ...view, accountName: names.get(view.connection.accountId) ?? "" },
              now))}</tbody></table>
            ${Parts.pagination("/connections", { state, channel: channel ?? "", cursor }, page)}`}`))
    })))

  app.get("/connections/:id", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      const view = yield* desk.connections.view(me, yield* Web.idParam(c, Id.ConnectionId))
      const page = yield* detailPage(desk, me, view, (c.req.query("cursor") ?? "").slice(0, 2000), c.req.query("done"))
      c.header("Content-Security-Policy", Web.departingPolicy)
      return Web.send(c, page)
    })))

  app.get("/connections/:id/live", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.caller(desk, c)
      const view = yield* desk.connections.view(me, yield* Web.idParam(c, Id.ConnectionId))
      return Web.send(c, live(view, yield* Web.now))
    })))

  app.get("/connections/:id/disconnect", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.member(desk, c)
      yield* Effect.fromResult(Access.check(me, "administer"))
      const view = yield* desk.connections.view(me, yield* Web.idParam(c, Id.ConnectionId))
      const { account, connection } = view
      if (!mayEnd(connection)) return c.redirect(`/connections/${connection.id}`, 303)
      return Web.send(c, Layout.memberPage(desk, me, "Disconnect", "connections", html`
        ${Parts.pageHead(html`Disconnect ${theirs(account.name)}?`, {
          crumbs: [...crumbs(view), { href: `/connections/${connection.id}`, label: Words.shortChannel[connection.channel] }], lead: Channel.label[connection.channel] })}
        <section class="card form"><h2>What happens</h2><ul>${effects(connection).map((effect) =>
          html`<li>${effect}</li>`)}</ul>
        <form method="post" action="/connections/${connection.id}/disconnect" class="buttons">
          <button class="danger">Disconnect now</button>
          <a class="button secondary outline" href="/connections/${connection.id}">Keep the connection</a></form>
            </section>`))
    })))

  app.post("/connections/:id/disconnect", Web.handle(desk, (c) =>
    Effect.gen(function*() {
      const me = yield* Web.caller(desk, c)
      const { connection } = yield* desk.connections.disconnect(me, yield* Web.idParam(c, Id.ConnectionId))
      return c.redirect(`/connections/${connection.id}?done=disconnected`, 303)
    })))
}
