/**
 * Whose tokens these are, by what Amazon itself answers about them. `selling_partner_id` in a callback is a query
 * parameter that nobody signs; three operations of the Selling Partner API name or check the seller behind a token:
 *
 * - `getMyFeesEstimateForASIN` names it in `FeesEstimateIdentifier.SellerId`, also when the estimate itself ends with
 *   an error (https://github.com/amzn/selling-partner-api-docs/issues/492).
 * - `searchListingsItems` has the seller's id in its path and refuses another seller's
 *   (https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference).
 * - `listTransactions` names it in `sellingPartnerMetadata.sellingPartnerId` of every transaction
 *   (https://developer-docs.amazon.com/sp-api/docs/finances-api-reference).
 */
import { Failure, Identity, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { DateTime, Effect, Option, Schema } from "effect"
import type { AmazonTransport } from "./Login.ts"
import type { Send } from "./SellingPartner.ts"
import * as Operation from "./SpOperation.ts"

const named = (operation: string): Identity.Answer => ({
  _tag: "Proven",
  detail: `Amazon names this seller for the consent (${operation})`
})

const contradicted = (operation: string): Identity.Answer => ({
  _tag: "Contradicted",
  detail: `Amazon names another seller for the consent (${operation})`
})

const unproven = (doubt: Identity.Doubt, detail: string): Identity.Answer => ({ _tag: "Unproven", doubt, detail })

/** What an operation says: an answer, that it names nobody, or why it could not be asked. */
type Outcome = Identity.Answer | "nobody" | Failure.PermissionMissing | Failure.Temporary

const judgeIds = (operation: string, claimed: string, found: ReadonlyArray<string>): Outcome => {
  if (found.length === 0) return "nobody"
  return found.every((id) => id === claimed) ? named(operation) : contradicted(operation)
}

const Fees = Schema.Struct({
  payload: Schema.optionalKey(
    Schema.Struct({
      FeesEstimateResult: Schema.optionalKey(
        Schema.Struct({
          FeesEstimateIdentifier: Schema.optionalKey(Schema.Struct({ SellerId: Schema.optionalKey(Schema.String) }))
        })
      )
    })
  )
})

const fees = (send: Send, asin: string, access: ProviderApi.Access, claimed: string) => {
  const currency = Option.match(Marketplace.find(access.marketplaceId), {
    onNone: () => "USD",
    onSome: (marketplace) => marketplace.currency
  })
  const request = {
    MarketplaceId: access.marketplaceId,
    PriceToEstimateFees: { ListingPrice: { CurrencyCode: currency, Amount: 10 } },
    Identifier: "identity"
  }
  return send(access, {
    operation: Operation.feesEstimate,
    path: `/products/fees/v0/items/${encodeURIComponent(asin)}/feesEstimate`,
    post: { FeesEstimateRequest: request },
    schema: Fees
  }).pipe(
    Effect.map(({ payload }) => {
      const id = payload?.FeesEstimateResult?.FeesEstimateIdentifier?.SellerId
      return judgeIds(Operation.feesEstimate.name, claimed, id === undefined || id === "" ? [] : [id])
    })
  )
}

const listings = (send: Send, access: ProviderApi.Access, claimed: string) =>
  send(access, {
    operation: Operation.searchListings,
    path: `/listings/2021-08-01/items/${encodeURIComponent(claimed)}`,
    query: { marketplaceIds: access.marketplaceId, pageSize: "1" },
    schema: Schema.Struct({})
  }).pipe(Effect.as<Outcome>(named(Operation.searchListings.name)))

const Transactions = Schema.Struct({
  payload: Schema.optionalKey(
    Schema.Struct({
      transactions: Schema.optionalKey(
        Schema.Array(
          Schema.Struct({
            sellingPartnerMetadata: Schema.optionalKey(
              Schema.Struct({ sellingPartnerId: Schema.optionalKey(Schema.String) })
            )
          })
        )
      )
    })
  )
})

const transactions = Effect.fnUntraced(function* (send: Send, access: ProviderApi.Access, claimed: string) {
  // Ranges of more than 180 days are answered with nothing
  // (https://developer-docs.amazon.com/sp-api/docs/finances-api-reference).
  const postedAfter = DateTime.formatIso(DateTime.subtract(yield* DateTime.now, { days: 179 }))
  const { payload } = yield* send(access, {
    operation: Operation.listTransactions,
    path: "/finances/2024-06-19/transactions",
    query: { postedAfter },
    schema: Transactions
  })
  const ids = (payload?.transactions ?? []).flatMap(({ sellingPartnerMetadata }) => {
    const id = sellingPartnerMetadata?.sellingPartnerId
    return id === undefined || id === "" ? [] : [id]
  })
  return judgeIds(Operation.listTransactions.name, claimed, ids)
})

/** Makes of a question that could not be asked an outcome, so that the next one is asked. */
const outcomeOf = (question: Effect.Effect<Outcome, ProviderApi.CallError | Failure.RequestRefused>) =>
  question.pipe(
    Effect.catchTag("PermissionMissing", (failure) => Effect.succeed<Outcome>(failure)),
    Effect.catchTag("Temporary", (failure) => Effect.succeed<Outcome>(failure)),
    // The operation is not for this seller or marketplace, and so says nothing.
    Effect.catchTag("RequestRefused", () => Effect.succeed<Outcome>("nobody"))
  )

const isAnswer = (outcome: Outcome): outcome is Identity.Answer =>
  outcome !== "nobody" && outcome._tag !== "PermissionMissing" && outcome._tag !== "Temporary"

/** What the outcomes come to when none of them is an answer. */
const without = (outcomes: ReadonlyArray<Outcome>): Effect.Effect<Identity.Answer, Failure.Temporary> => {
  const silent = outcomes.find((outcome) => outcome instanceof Failure.Temporary)
  if (silent instanceof Failure.Temporary) return Effect.fail(silent)
  const missing = outcomes.flatMap((outcome) => (outcome instanceof Failure.PermissionMissing ? [outcome.missing] : []))
  return Effect.succeed(
    missing.length === outcomes.length
      ? unproven("right-missing", missing[0] ?? "")
      : unproven("not-named", "Amazon's answers name no seller")
  )
}

/**
 * Asks the three operations, one after the other, until one answers: a role that one lacks another may have. Vendors
 * have none of them.
 */
export const sellingPartner = (send: Send, asin: string) =>
  Effect.fn("AmazonApi.prove.sp")(function* (access: ProviderApi.Access) {
    if (access.accountType !== "seller") {
      return unproven("not-offered", "no operation names the vendor group behind a consent")
    }
    const claimed = access.grantor ?? ""
    const outcomes: Array<Outcome> = []
    for (const question of [
      fees(send, asin, access, claimed),
      listings(send, access, claimed),
      transactions(send, access, claimed)
    ]) {
      const outcome = yield* outcomeOf(question)
      if (isAnswer(outcome)) return outcome
      outcomes.push(outcome)
    }
    return yield* without(outcomes)
  })

/**
 * Advertising: the login behind a token, by the user profile, where the scope allows it. Profiles themselves need no
 * proof: the Ads API lists them for the login.
 */
export const login = (
  { settings }: AmazonTransport,
  userOf: (accessToken: ProviderApi.Access["accessToken"]) => Effect.Effect<Option.Option<string>>
) =>
  Effect.fn("AmazonApi.prove.ads")(function* ({ accessToken, grantor }: ProviderApi.Access) {
    if (grantor === undefined || !settings.assumptions.adsScope.some((scope) => scope.startsWith("profile"))) {
      return unproven("not-offered", "the consent does not include the login's user id")
    }
    const user = yield* userOf(accessToken)
    if (Option.isNone(user)) return unproven("not-named", "the user profile names no login")
    return user.value === grantor ? named("user profile") : contradicted("user profile")
  })
