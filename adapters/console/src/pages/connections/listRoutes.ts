/**
 * Every connection in one list: narrowed by how it stands, where, and when its consent ends (rule C11), with a choice of those
 * whose owners are asked to renew.
 */
import { Channel, Id, Marketplace } from "@portolan/domain"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Context } from "hono"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { type Asked, connectionsPage, horizons, type Named, standings } from "./listView.ts"

const decodeCompany = Schema.decodeUnknownOption(Id.CompanyId)

const pageSize = 25

const companiesOffered = 100

const isStanding = (text: string): text is keyof typeof standings => Object.hasOwn(standings, text)

/** What the list was asked for. Whatever makes no sense counts as not asked. */
export const asked = (c: Context) => {
  const state = c.req.query("state") ?? ""
  return {
    state: isStanding(state) ? state : ("" as const),
    channel: Channel.all().find((one) => one === c.req.query("channel")),
    companyId: Option.getOrUndefined(decodeCompany(c.req.query("company"))),
    marketplaceId: Option.getOrUndefined(Marketplace.find(c.req.query("marketplace") ?? ""))?.id,
    ends: horizons.find((days) => String(days) === c.req.query("ends")),
    isAllChosen: c.req.query("choose") === "all",
    cursor: Http.cursorOf(c)
  }
}

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

/** The list, or why it is empty. */
export const listConnections = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const wanted = asked(c)
  const { cursor } = wanted
  const page = yield* context.connections.list(me, filterOf(wanted, now), Http.pageOf(pageSize, cursor))
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
  return sendMember(visit, connectionsPage({ context, known, me, now, page, views, wanted }))
})
