/**
 * Every connection in one list: narrowed by how it stands, where, and when its consent ends (rule C11), with a choice
 * of those whose owners are asked to renew.
 */
import { Channel, given, Id, Marketplace } from "@portolan/domain"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Context } from "hono"
import { companyChoice, searchField } from "../../page/companyChoice.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { horizons, type ListQuery, statusFilters } from "./listQuery.ts"
import { connectionsPage, type Named } from "./listView.ts"

const decodeCompany = Schema.decodeUnknownOption(Id.CompanyId)

const pageSize = 25

const isStatusFilter = (text: string): text is keyof typeof statusFilters => Object.hasOwn(statusFilters, text)

/** What the list is narrowed to. Whatever makes no sense counts as left out. */
const queryOf = (c: Context): ListQuery => {
  const state = c.req.query("state") ?? ""
  return {
    state: isStatusFilter(state) ? state : "",
    channel: Channel.all().find((one) => one === c.req.query("channel")),
    companyId: Option.getOrUndefined(decodeCompany(c.req.query("company"))),
    marketplaceId: Option.getOrUndefined(Marketplace.find(c.req.query("marketplace") ?? ""))?.id,
    ends: horizons.find((days) => String(days) === c.req.query("ends")),
    search: (c.req.query(searchField) ?? "").trim().slice(0, 120),
    isAllChosen: c.req.query("choose") === "all",
    cursor: Http.cursorOf(c)
  }
}

const filterOf = ({ channel, companyId, ends, marketplaceId, state }: ListQuery, now: DateTime.Utc) =>
  given({
    states: statusFilters[state].states,
    channel,
    paused: state === "paused" ? true : undefined,
    companyId,
    marketplaceId,
    // Whole days: a cursor belongs to its filter, and the next page is asked for a moment later.
    expiresBefore: ends === undefined ? undefined : DateTime.add(DateTime.startOf(now, "day"), { days: ends + 1 })
  })

/** The list, or why it is empty. */
export const listConnections = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const query = queryOf(c)
  const { cursor } = query
  const [page, choice] = yield* Effect.all(
    [
      context.connections.list(me, filterOf(query, now), Http.pageOf(pageSize, cursor)),
      companyChoice(context, me, { search: query.search, selectedId: query.companyId })
    ],
    together
  )
  const accountIds = [...new Set(page.items.map(({ connection }) => connection.accountId))]
  const companyIds = [...new Set(page.items.map(({ connection }) => connection.companyId))]
  const [named, others] = yield* Effect.all(
    [
      Effect.forEach(
        accountIds,
        (id) => Effect.map(context.accounts.view(me, id), (account) => [id, account] as const),
        together
      ),
      Effect.forEach(
        companyIds.filter((id) => !choice.companies.some((one) => one.id === id)),
        // A company that is not there narrows the list to nothing; the page says so by itself.
        (id) => Effect.option(context.companies.view(me, id)),
        together
      )
    ],
    together
  )
  const accounts = new Map(named)
  const known = [...choice.companies, ...others.flatMap(Option.toArray)]
  const nameOf = (id: Id.CompanyId) => known.find((one) => one.id === id)?.name ?? ""
  const views = page.items.map((view): Named => ({
    ...view,
    accountName: accounts.get(view.connection.accountId)?.name ?? "",
    isRemoved: accounts.get(view.connection.accountId)?._tag === "Removed",
    companyName: nameOf(view.connection.companyId)
  }))
  return yield* sendMember(visit, connectionsPage({ choice, context, me, now, page, views, query }))
})
