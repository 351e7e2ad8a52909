/** The requests to connect with how each stands, and choosing the account of a new one (flow F5). */
import { Access, given, Id, Marketplace } from "@portolan/domain"
import { Effect, Option, Schema } from "effect"
import { companyChoice, searchField } from "../../page/companyChoice.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
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
  return yield* sendMember(visit, requestsPage({ cursor, me, now, page, state }))
})

/** Choosing the account: by company and by marketplace, because one request names one marketplace (rule X-R2). */
export const showChoice = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "connect"))
  const companyId = Option.getOrUndefined(decodeCompany(c.req.query("company")))
  const marketplaceId = Option.getOrUndefined(Marketplace.find(c.req.query("marketplace") ?? ""))?.id
  const cursor = Http.cursorOf(c)
  const [page, choice] = yield* Effect.all(
    [
      context.connections.list(me, given({ companyId, marketplaceId }), Http.pageOf(pageSize, cursor)),
      companyChoice(context, me, { search: c.req.query(searchField) ?? "", selectedId: companyId })
    ],
    together
  )
  const found = page.items.filter(({ connection }) => offersConsent(context, connection.channel))
  const accountIds = [...new Set(found.map(({ connection }) => connection.accountId))]
  const companyIds = [...new Set(found.map(({ connection }) => connection.companyId))]
  const [accountsFound, companiesFound] = yield* Effect.all(
    [
      Effect.forEach(
        accountIds,
        (id) => Effect.map(context.accounts.view(me, id), (account) => [id, account] as const),
        together
      ),
      Effect.forEach(
        companyIds,
        (id) => Effect.map(context.companies.view(me, id), ({ name }) => [id, name] as const),
        together
      )
    ],
    together
  )
  const accounts = new Map(accountsFound)
  const companies = new Map(companiesFound)
  const candidates = found.map((view): Candidate => ({
    ...view,
    accountName: accounts.get(view.connection.accountId)?.name ?? "",
    companyName: companies.get(view.connection.companyId) ?? ""
  }))
  return yield* sendMember(visit, chooseConnectionPage({ candidates, choice, context, cursor, marketplaceId, page }))
})
