/**
 * Further countries of an account (rules P-R6, C5; flow F2, step 6): whether a country joins the account or needs one
 * of its own, with the explanation; and taking one out that was added by mistake.
 */
import { type Account, Connection, Id, Marketplace, Messages } from "@portolan/domain"
import { Effect, Option } from "effect"
import { BadRequest, type Status } from "../../page/errors.ts"
import { asCaller, asMember, get, post, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import { sendMember } from "../../page/send.ts"
import type { CallerVisit, MemberVisit } from "../../page/visit.ts"
import { countryRemovalPage } from "./removalView.ts"
import { newCountryPage } from "./view.ts"

const sendCountry = Effect.fnUntraced(function* (
  visit: MemberVisit,
  account: Account.Present,
  text: string,
  status: Status = 200
) {
  const { context, me } = visit
  const marketplace = Option.getOrUndefined(Marketplace.find(text))
  const decided =
    marketplace === undefined
      ? undefined
      : yield* context.accounts.expansion(me, account.id, {
          marketplaceId: marketplace.id,
          accountType: account.accountType
        })
  return yield* sendMember(visit, newCountryPage({ account, context, decided, marketplace, status, text }))
})

const showCountry = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const account = yield* context.accounts.view(me, yield* Http.idParam(c, Id.AccountId))
  return yield* sendCountry(visit, account, (c.req.query("marketplace") ?? "").slice(0, 40))
})

const addMarketplace = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const id = yield* Http.idParam(c, Id.AccountId)
  const marketplace = Option.getOrUndefined(Marketplace.find(Http.one(yield* Http.readForm(c), "marketplace")))
  if (marketplace === undefined) return yield* new BadRequest({ detail: Messages.text("account.choose-marketplace") })
  return yield* context.accounts.addMarketplace(me, id, marketplace.id).pipe(
    Effect.map(() => c.redirect(`/accounts/${id}?done=country-added#${marketplace.id}`, 303)),
    Effect.catchTag("Refused", (refused) =>
      refused.reason === "contradiction"
        ? Effect.flatMap(context.accounts.view(me, id), (account) => sendCountry(visit, account, marketplace.id, 422))
        : Effect.fail(refused)
    )
  )
})

/** The country of the address, and its account; nothing when there is nothing to take out. */
const removable = Effect.fnUntraced(function* ({ c, context, me }: CallerVisit) {
  const id = yield* Http.idParam(c, Id.AccountId)
  const marketplaceId = yield* Http.idNamed(c, "marketplace", Marketplace.MarketplaceId)
  const account = yield* context.accounts.view(me, id)
  const isThere = account._tag === "Open" && account.marketplaces.slice(1).includes(marketplaceId)
  return { account, id, marketplaceId, isThere }
})

const showRemoval = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const { account, id, isThere, marketplaceId } = yield* removable(visit)
  const effects = yield* context.accounts.marketplaceEffects(me, id, marketplaceId)
  if (!isThere) return c.redirect(`/accounts/${id}`, 303)
  const company = yield* context.companies.view(me, account.companyId)
  const { items } = yield* context.connections.list(me, { accountId: id, marketplaceId }, { limit: 100 })
  const live = items.filter(({ connection }) => Connection.isLinked(connection))
  return yield* sendMember(visit, countryRemovalPage({ account, company, effects, live, marketplaceId }))
})

const removeMarketplace = Effect.fnUntraced(function* (visit: CallerVisit) {
  const { c, context, me } = visit
  const { id, marketplaceId } = yield* removable(visit)
  yield* context.accounts.removeMarketplace(me, id, marketplaceId)
  return c.redirect(`/accounts/${id}?done=country-removed`, 303)
})

/** `/accounts/{id}/countries`. */
export const routes: Routes = [
  get("/accounts/:id/countries/:marketplace/remove", asMember(showRemoval)),
  post("/accounts/:id/countries/:marketplace/remove", asCaller(removeMarketplace)),
  get("/accounts/:id/countries/new", asMember(showCountry)),
  post("/accounts/:id/countries", asMember(addMarketplace))
]
