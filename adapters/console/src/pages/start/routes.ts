/**
 * Self-serve onboarding (flow F2; rules P-R1 to P-R13): a way of a few steps from the kind of account to a loaded
 * history. The way is read out of the account itself (`Onboarding`), so it can be left and resumed anywhere; nothing is
 * remembered but which account and country this browser is setting up, so that people who come back from the provider
 * are led on.
 */
import { Access, Id } from "@portolan/domain"
import { Effect, Redacted, Result, Schema } from "effect"
import { words } from "../../messages/words.ts"
import { companyChoice, isSearching, searched, searchField } from "../../page/companyChoice.ts"
import type { PageContext } from "../../page/context.ts"
import type { Status } from "../../page/errors.ts"
import * as Fields from "../../page/fields.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Input from "../../page/input.ts"
import * as Layout from "../../page/layout.ts"
import { sendMarkup, sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import { backToStart } from "../marketplace/cookie.ts"
import { setStartCookie } from "./cookie.ts"
import { readNew } from "./form.ts"
import { sendWay } from "./sendWay.ts"
import { syncStep } from "./syncStep.ts"
import { newStartPage } from "./view.ts"
import { pathOf, type Ways, waysOf } from "./ways.ts"

const accountsShown = 50

const isCompanyId = Schema.is(Id.CompanyId)

/** Accounts with a country whose way has not come to its end, the oldest first. */
const underWay = Effect.fnUntraced(function* (context: PageContext, me: Layout.Me) {
  const { items } = yield* context.accounts.list(me, {}, { limit: accountsShown })
  const ways = yield* Effect.forEach(items, (account) => waysOf(context, me, account), together)
  return ways.filter(({ way }) => !way.connected)
})

const sendNewForm = Effect.fnUntraced(function* (
  visit: MemberVisit,
  state: Fields.FormState,
  key: string,
  status: Status = 200
) {
  const { context, me } = visit
  const { [searchField]: search = "", company: selectedId = "" } = state.values
  const read = [companyChoice(context, me, { search, selectedId }), underWay(context, me)] as const
  const [choice, under] = yield* Effect.all(read, together)
  return yield* sendMember(visit, newStartPage({ choice, context, key, state, status, under }))
})

/** The account of the address, with the country that was asked for. */
const shownWays = Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
  const account = yield* context.accounts.view(me, yield* Http.idParam(c, Id.AccountId))
  return yield* waysOf(context, me, account, c.req.query("country"))
})

const showNewStart = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  return yield* sendNewForm(visit, Fields.blank, Redacted.value(yield* context.secrets.token))
})

/** The company that was chosen; undefined for a new one. Whoever has companies says which, or that it is a new one. */
const companyOf = Effect.fnUntraced(function* ({ context, me }: MemberVisit, form: Http.Form) {
  const id = Http.one(form, "company")
  if (id === "new") return Result.succeed(undefined)
  if (id === "") {
    const { items } = yield* context.companies.list(me, {}, { limit: 1 })
    return items.length === 0 ? Result.succeed(undefined) : Result.fail(words.start.chooseOrNew)
  }
  if (!isCompanyId(id)) return Result.fail(words.start.companyGone)
  return yield* context.companies.view(me, id).pipe(
    Effect.map((company) =>
      company._tag === "Open"
        ? Result.succeed<Id.CompanyId | undefined>(company.id)
        : Result.fail<string>(words.start.companyGone)
    ),
    Effect.catchTag("NotFound", () => Effect.succeed(Result.fail(words.start.companyGone)))
  )
})

const beginStart = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const form = yield* Http.readForm(c)
  const key = Http.one(form, "key").slice(0, 90)
  const { errors, input } = readNew(form)
  const again = (found: Fields.FormState["errors"], status: Status) =>
    sendNewForm(visit, { values: Http.typed(form), errors: found }, key, status)
  if (isSearching(form)) return yield* again({}, 200)
  const company = yield* companyOf(visit, form)
  if (Result.isFailure(input) || Result.isFailure(company)) {
    return yield* again({ ...errors, ...Input.errorsOf({ company }) }, 422)
  }
  const { marketplace, name, type } = input.success
  const idempotencyKey = (what: string) =>
    Effect.map(
      context.secrets.digest(Redacted.make(JSON.stringify([what, input.success, company.success ?? "new"]))),
      (fingerprint) => (key === "" ? undefined : { key: `console/${key}/${what}`, fingerprint })
    )
  const companyId =
    company.success ??
    (yield* context.companies.add(me, { name, brand: name }, yield* idempotencyKey("company"))).company.id
  const account = { companyId, name, accountType: type, marketplaces: [marketplace] as const }
  return yield* context.accounts.create(me, account, yield* idempotencyKey("account")).pipe(
    Effect.map(({ id }) => c.redirect(backToStart(c, `/start/${id}`), 303)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "contradiction" ? again({ form: refused.message }, 422) : Effect.fail(refused)
    )
  )
})

const showStart = Effect.fnUntraced(function* (visit: MemberVisit) {
  return yield* sendWay(visit, yield* shownWays(visit))
})

const showSync = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c } = visit
  const ways = yield* shownWays(visit)
  // The whole page says it once it is done: the list of steps, and what comes next.
  if (ways.way.sync?.state === "in-sync") c.header("HX-Refresh", "true")
  return sendMarkup(c, syncStep(ways, yield* Http.now))
})

/** Leaves for the provider, and is led back to the way afterwards. */
const toProvider = Effect.fnUntraced(function* (
  visit: CallerVisit,
  { account, all, way }: Ways,
  connectionId: Id.ConnectionId
) {
  const { c, context, me } = visit
  const authorizationRedirect = yield* context.connecting.authenticateNow(me, connectionId, {
    browser: Http.browserOf(c)
  })
  setStartCookie(visit, account.id, all.length > 1 ? way.marketplaceId : undefined)
  return Http.startAuthorization(visit, authorizationRedirect)
})

const authorizeAdvertising = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c } = visit
  const ways = yield* shownWays(visit)
  const step = ways.way.steps.find(({ id }) => id === "access")
  return step?.connectionId === undefined || step.state === "done"
    ? c.redirect(pathOf(ways), 303)
    : yield* toProvider(visit, ways, step.connectionId)
})

const authorizeSellingPartner = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const ways = yield* shownWays(visit)
  const step = ways.way.steps.find(({ id }) => id === "second-channel")
  if (step?.connectionId === undefined || (step.state !== "now" && step.state !== "optional"))
    return c.redirect(pathOf(ways), 303)
  if (ways.account.accountType === "seller") {
    const agreed = Http.one(yield* Http.readForm(c), "agreed") === "yes"
    if (!agreed) return yield* sendWay(visit, ways, words.start.agreeFirst, 422)
    // Who said so, and when, is on record (rule P-R10).
    yield* context.diagnoses.answer(me, step.connectionId, {
      check: "advertising-permission-in-seller-central",
      holds: true
    })
  }
  return yield* toProvider(visit, ways, step.connectionId)
})

/** `/start` and `/start/{id}`. */
export const routes: Routes = [
  get("/start", asMember(showNewStart)),
  post("/start", asMember(beginStart), searched("/start")),
  get("/start/:id", asMember(showStart)),
  get("/start/:id/sync", asCaller(showSync)),
  post("/start/:id/advertising", asCaller(authorizeAdvertising)),
  post("/start/:id/selling-partner", asMember(authorizeSellingPartner))
]
