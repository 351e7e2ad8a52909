/**
 * Every connection in one list: narrowed by how it stands, where, and when its consent ends (rule C11), with a choice of those
 * whose owners are asked to renew.
 */
import { Access, Channel, type Company, Connection, type Evidence, Id, Marketplace } from "@portolan/domain"
import type { Connections } from "@portolan/ports"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Context } from "hono"
import type { PageContext } from "../page/context.ts"
import { html, type Markup, isolateText } from "../page/html.ts"
import * as Layout from "../page/layout.ts"
import * as Components from "../page/components.ts"
import * as Http from "../page/http.ts"
import * as Labels from "../page/labels.ts"
import { mainAction } from "./tiles.ts"

const pageSize = 25
const companiesOffered = 100

type States = ReadonlyArray<Connection.Present["_tag"]>

/** What can be asked for: each status of `Evidence`, and those that want somebody. */
const standings = {
  "": { label: "Any status", states: undefined },
  attention: { label: "Needs attention", states: ["ReauthorizationNeeded", "Limited"] },
  connected: { label: "Connected", states: ["Connected"] },
  limited: { label: "Limited", states: ["Limited"] },
  "reauthorization-needed": { label: "Reauthorization needed", states: ["ReauthorizationNeeded"] },
  paused: { label: "Paused", states: undefined },
  "awaiting-selection": { label: "Waiting for a choice", states: ["AwaitingSelection"] },
  "awaiting-access": { label: "Waiting for access", states: ["AwaitingAccess"] },
  "not-connected": { label: "Not connected", states: ["Proposed"] },
  disconnected: { label: "Disconnected", states: ["Disconnected"] }
} as const satisfies {
  readonly [S in Evidence.Status | "" | "attention"]: { readonly label: string; readonly states: States | undefined }
}

const isStanding = (text: string): text is keyof typeof standings => Object.hasOwn(standings, text)

/** Days until the end of a consent that can be asked for. */
const horizons = [7, 30, 90] as const

const decodeCompany = Schema.decodeUnknownOption(Id.CompanyId)

/** What the list was asked for. Whatever makes no sense counts as not asked. */
const asked = (c: Context) => {
  const state = c.req.query("state") ?? ""
  return {
    state: isStanding(state) ? state : ("" as const),
    channel: Channel.all().find((one) => one === c.req.query("channel")),
    companyId: Option.getOrUndefined(decodeCompany(c.req.query("company"))),
    marketplaceId: Option.getOrUndefined(Marketplace.find(c.req.query("marketplace") ?? ""))?.id,
    ends: horizons.find((days) => String(days) === c.req.query("ends")),
    isAllChosen: c.req.query("choose") === "all",
    cursor: (c.req.query("cursor") ?? "").slice(0, 2000)
  }
}

type Asked = ReturnType<typeof asked>

const spelled = ({
  channel,
  companyId,
  cursor,
  ends,
  marketplaceId,
  state
}: Asked): { readonly [key: string]: string } => ({
  state,
  channel: channel ?? "",
  company: companyId ?? "",
  marketplace: marketplaceId ?? "",
  ends: ends === undefined ? "" : String(ends),
  cursor
})

const filterOf = ({ channel, companyId, ends, marketplaceId, state }: Asked, now: DateTime.Utc) => {
  const { states } = standings[state]
  return {
    ...(states === undefined ? {} : { states }),
    ...(channel === undefined ? {} : { channel }),
    ...(state === "paused" ? { paused: true } : {}),
    ...(companyId === undefined ? {} : { companyId }),
    ...(marketplaceId === undefined ? {} : { marketplaceId }),
    // Whole days: a cursor belongs to its filter, and the next page is asked for a moment later.
    ...(ends === undefined ? {} : { expiresBefore: DateTime.add(DateTime.startOf(now, "day"), { days: ends + 1 }) })
  }
}

const filters = (
  context: PageContext,
  wanted: Asked,
  companies: ReadonlyArray<Company.Open>
): Markup => html`<form method="get"
  action="/connections" class="filters">
  ${Components.filter(
    "state",
    "Status",
    standings[""].label,
    Object.entries(standings).flatMap(([value, { label }]) => (value === "" ? [] : [[value, label] as const])),
    wanted.state
  )}
  ${Components.filter(
    "company",
    "Company",
    "Any company",
    companies.map(({ id, name }) => [id, name]),
    wanted.companyId
  )}
  ${Components.filter(
    "channel",
    "Channel",
    "Any channel",
    Channel.all()
      .filter(context.offers)
      .map((one) => [one, Channel.label(one)]),
    wanted.channel
  )}
  ${Components.filter(
    "marketplace",
    "Marketplace",
    "Any marketplace",
    Marketplace.all
      .filter(({ provider }) => Channel.all().some((one) => Channel.provider(one) === provider && context.offers(one)))
      .map(({ id }) => [id, Labels.marketplaceName(id)]),
    wanted.marketplaceId
  )}
  ${Components.filter(
    "ends",
    "Consent ends",
    "At any time",
    horizons.map((days) => [String(days), `within ${days} days`]),
    wanted.ends?.toString()
  )}
  <button class="secondary">Filter</button></form>`

interface Named extends Connections.ConnectionView {
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

const row = (view: Named, mayConnect: boolean, mayChoose: boolean, isChosen: boolean, now: DateTime.Utc): Markup => {
  const { accountName, backfill, companyName, connection, evidence, isRemoved } = view
  const action = isRemoved
    ? { href: `/accounts/${connection.accountId}`, label: "See account", isUrgent: false }
    : mainAction(view, mayConnect)
  return html`<tr>
  ${
    mayChoose &&
    html`<td class="pick">${
      isRenewable(view) &&
      html`<input type="checkbox" name="connection" value="${connection.id}"
    aria-label="Choose ${accountName}, ${Channel.label(connection.channel)}"${isChosen && html` checked`}>`
    }</td>`
  }
  <th scope="row" data-label="Account"><a href="/connections/${connection.id}">${isolateText(accountName)}</a><br><small
    class="muted">${isolateText(companyName)}</small></th>
  <td data-label="Channel">${Channel.label(connection.channel)}<br><small class="muted">${Labels.marketplaceName(
    connection.marketplaceId
  )}</small></td>
  <td data-label="Status"><span>${Components.badge(Labels.toneOf(evidence.status), evidence.label)}${
    Connection.isLinked(connection) &&
    connection.paused !== undefined &&
    evidence.status !== "paused" &&
    html` ${Components.badge("idle", "Paused")}`
  }${isRemoved && html` ${Components.badge("idle", "Account removed")}`}<br><small class="muted">${
    evidence.provenAt === undefined
      ? Connection.isLinked(connection) && "never confirmed"
      : html`confirmed ${Components.when(evidence.provenAt, now)}`
  }</small></span></td>
  <td data-label="First load">${
    backfill === undefined || !Connection.isLinked(connection)
      ? html`<span class="muted">–</span>`
      : html`<span class="cell-bar">${Components.bar(
          `First load of ${accountName}`,
          backfill.overall,
          backfill.overall >= 1 ? "good" : "info"
        )}<span>${Labels.percent(backfill.overall)} %</span></span>`
  }</td>
  <td data-label="Consent ends">${expiry(connection, now)}</td>
  <td class="end"><a class="button small ${action.isUrgent ? "" : "secondary outline"}"
    href="${action.href}">${action.label}<span class="sr-only"> ${accountName}, ${Channel.label(
      connection.channel
    )}</span></a>
      </td>
</tr>`
}

const table = (views: ReadonlyArray<Named>, wanted: Asked, mayConnect: boolean, now: DateTime.Utc): Markup => {
  const mayChoose = mayConnect && views.some(isRenewable)
  const body = html`<table class="rows"><thead>
    <tr>${mayChoose && html`<th scope="col"><span class="sr-only">Choose</span></th>`}
    <th scope="col">Account</th><th scope="col">Channel</th><th scope="col">Status</th><th scope="col">First load</th>
    <th scope="col">Consent ends</th><th scope="col"><span class="sr-only">Action</span></th></tr></thead>
    <tbody>${views.map((view) => row(view, mayConnect, mayChoose, wanted.isAllChosen, now))}</tbody></table>`
  if (!mayChoose) return body
  const all = new URLSearchParams({
    ...Object.fromEntries(Object.entries(spelled(wanted)).filter(([, value]) => value !== "")),
    choose: "all"
  })
  return html`<form method="get" action="/campaigns/new">${body}
    <p class="buttons choosing"><button class="secondary">Ask owners of the chosen ones to renew …</button>
      <a href="/connections?${all.toString()}">Choose all on this page</a></p></form>`
}

/** The list, or why it is empty. */
export const listPage = Effect.fnUntraced(function* (context: PageContext, c: Context) {
  const me = yield* Http.member(context, c)
  const now = yield* Http.now
  const wanted = asked(c)
  const { cursor } = wanted
  const page = yield* context.connections.list(me, filterOf(wanted, now), {
    limit: pageSize,
    ...(cursor === "" ? {} : { cursor })
  })
  const { items: companies } = yield* context.companies.list(me, undefined, { limit: companiesOffered })
  const accountIds = [...new Set(page.items.map(({ connection }) => connection.accountId))]
  const accounts = new Map(
    yield* Effect.forEach(
      accountIds,
      (id) => Effect.map(context.accounts.view(me, id), (account) => [id, account] as const),
      { concurrency: 4 }
    )
  )
  const companyIds = [
    ...new Set([
      ...page.items.map(({ connection }) => connection.companyId),
      ...(wanted.companyId === undefined ? [] : [wanted.companyId])
    ])
  ]
  const others = yield* Effect.forEach(
    companyIds.filter((id) => !companies.some((one) => one.id === id)),
    (id) =>
      // A company that is not there narrows the list to nothing; the page says so by itself.
      Effect.option(context.companies.view(me, id)),
    { concurrency: 4 }
  )
  const known = [...companies, ...others.flatMap(Option.toArray)]
  const nameOf = (id: Id.CompanyId) => known.find((one) => one.id === id)?.name ?? ""
  const views = page.items.map((view): Named => ({
    ...view,
    accountName: accounts.get(view.connection.accountId)?.name ?? "",
    isRemoved: accounts.get(view.connection.accountId)?._tag === "Removed",
    companyName: nameOf(view.connection.companyId)
  }))
  const isFiltered = Object.entries(spelled(wanted)).some(([name, value]) => name !== "cursor" && value !== "")
  return Http.send(
    c,
    Layout.memberPage(
      context,
      me,
      "Connections",
      "connections",
      html`
    ${Components.pageHead("Connections", { lead: "Every account and channel, how it stands, and when the provider last confirmed it." })}
    ${(views.length > 0 || isFiltered) && filters(context, wanted, known)}
    ${
      views.length > 0
        ? html`${table(views, wanted, Access.can(me, "connect"), now)}${Components.pagination(
            "/connections",
            spelled(wanted),
            page
          )}`
        : isFiltered
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
    }`
    )
  )
})
