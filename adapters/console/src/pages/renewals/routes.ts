/** Consents that end, by month and the nearest first, and the address for a person's calendar (rules C11, X-R13). */
import { Channel, given, Id } from "@portolan/domain"
import { Effect, Option, Redacted, Schema } from "effect"
import type { Context } from "hono"
import { companyChoice, searchField } from "../../page/companyChoice.ts"
import { asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { type Query, renewalsPage } from "./view.ts"

const pageSize = 50

const decodeCompany = Schema.decodeUnknownOption(Id.CompanyId)
const decodeAccount = Schema.decodeUnknownOption(Id.AccountId)

/** What the list is narrowed to. Whatever makes no sense counts as left out. */
const queryOf = (c: Context): Query =>
  given({
    channel: Channel.all().find((one) => one === c.req.query("channel")),
    companyId: Option.getOrUndefined(decodeCompany(c.req.query("company"))),
    accountId: Option.getOrUndefined(decodeAccount(c.req.query("account"))),
    search: (c.req.query(searchField) ?? "").trim().slice(0, 120),
    cursor: Http.cursorOf(c)
  })

const send = Effect.fnUntraced(function* (visit: MemberVisit, address?: string) {
  const { c, context, me } = visit
  const { cursor, search, ...filter } = queryOf(c)
  const [page, choice, feed] = yield* Effect.all(
    [
      context.renewals.list(me, filter, Http.pageOf(pageSize, cursor)),
      companyChoice(context, me, { search, selectedId: filter.companyId }),
      context.renewals.feed(me)
    ],
    together
  )
  const isWithdrawn = c.req.query("done") === "withdrawn"
  const query = given({ ...filter, cursor, search })
  return yield* sendMember(
    visit,
    renewalsPage({ choice, isWithdrawn, me, now: yield* Http.now, page, query, ...given({ address, feed }) })
  )
})

const showRenewals = (visit: MemberVisit) => send(visit)

/** The page with the new address on it: nothing else ever shows it. */
const openCalendar = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { context, me } = visit
  const token = yield* context.renewals.openFeed(me)
  return yield* send(visit, `${context.origin}/v1/renewals/feeds/${Redacted.value(token)}.ics`)
})

const closeCalendar = Effect.fnUntraced(function* ({ c, context, me }: MemberVisit) {
  yield* context.renewals.closeFeed(me)
  return c.redirect("/renewals?done=withdrawn", 303)
})

/** `/renewals`. */
export const routes: Routes = [
  get("/renewals", asMember(showRenewals)),
  post("/renewals/calendar", asMember(openCalendar), "/renewals"),
  post("/renewals/calendar/withdraw", asMember(closeCalendar), "/renewals")
]
