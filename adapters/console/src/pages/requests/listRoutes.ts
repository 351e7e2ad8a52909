/** The requests to connect with how each stands, and choosing the account of a new one (flow F5). */
import { Access, given, Id, Marketplace } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import { companyChoice, searchField } from "../../page/companyChoice.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { type Candidate, chooseConnectionPage, offersConsent, requestsPage, states } from "./listView.ts"

const decodeCompany = Schema.decodeUnknownOption(Id.CompanyId)

const pageSize = 25

/** Sends the list of requests. */
export const listRequests = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const now = yield* Http.now
  const state = Object.hasOwn(states, c.req.query("state") ?? "") ? (c.req.query("state") ?? "") : ""
  const cursor = Http.cursorOf(c)
  const tag = states[state]?.tag
  const page = yield* context.requests.list(
    me,
    tag === undefined ? {} : { states: [tag] },
    Http.pageOf(pageSize, cursor)
  )
  return sendMember(visit, requestsPage({ cursor, me, now, page, state }))
})

/** Choosing the account: by company and by marketplace, because one request names one marketplace (rule X-R2). */
export const showChoice = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "connect"))
  const companyId = Option.getOrUndefined(decodeCompany(c.req.query("company")))
  const marketplaceId = Option.getOrUndefined(Marketplace.find(c.req.query("marketplace") ?? ""))?.id
  const cursor = Http.cursorOf(c)
  const page = yield* context.connections.list(me, given({ companyId, marketplaceId }), Http.pageOf(pageSize, cursor))
  const choice = yield* companyChoice(context, me, { search: c.req.query(searchField) ?? "", selectedId: companyId })
  const found = page.items.filter(({ connection }) => offersConsent(context, connection.channel))
  const accountIds = [...new Set(found.map(({ connection }) => connection.accountId))]
  const accounts = new Map(
    yield* Effect.forEach(
      accountIds,
      (id) => Effect.map(context.accounts.view(me, id), (account) => [id, account] as const),
      { concurrency: 4 }
    )
  )
  const companies = new Map(
    yield* Effect.forEach(
      [...new Set(found.map(({ connection }) => connection.companyId))],
      (id) => Effect.map(context.companies.view(me, id), ({ name }) => [id, name] as const),
      { concurrency: 4 }
    )
  )
  const candidates = found.map((view): Candidate => ({
    ...view,
    accountName: accounts.get(view.connection.accountId)?.name ?? "",
    companyName: companies.get(view.connection.companyId) ?? ""
  }))
  return sendMember(visit, chooseConnectionPage({ candidates, choice, context, cursor, marketplaceId, page }))
})
