/**
 * The operations whose answers name, or check, the seller behind a token: fees, listings and transactions
 * (https://developer-docs.amazon.com/sp-api/docs/product-fees-api-v0-reference,
 * https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference,
 * https://developer-docs.amazon.com/sp-api/docs/finances-api-reference). They go by the consent and never by what a
 * callback named.
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Own from "../describe/own.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

type FeesRequest = {
  readonly FeesEstimateRequest: {
    readonly MarketplaceId: string
    readonly Identifier: string
    readonly PriceToEstimateFees: Readonly<Record<string, unknown>>
  }
}

/**
 * No article of this world has an ASIN of the marketplace, so the estimate ends with `ClientError`; the identifier
 * names the seller all the same.
 */
const feesEstimate = (call: Call, partner: Partner, { body, path }: Input): WireReply => {
  const { Identifier, MarketplaceId, PriceToEstimateFees } = (body as FeesRequest).FeesEstimateRequest
  return (
    checkMarketplaces(call, partner, [MarketplaceId]) ??
    Wire.json(200, {
      payload: {
        FeesEstimateResult: {
          Status: "ClientError",
          FeesEstimateIdentifier: {
            MarketplaceId,
            SellerId: partner.account.id,
            IdType: "ASIN",
            IdValue: path.Asin,
            PriceToEstimateFees,
            SellerInputIdentifier: Identifier
          },
          Error: { Type: "Sender", Code: "InvalidParameterValue", Message: "Invalid ASIN.", Detail: [] }
        }
      }
    })
  )
}

/** Refused for another seller than the token's. */
const listings = (call: Call, partner: Partner, { path, query }: Input): WireReply =>
  path.sellerId === partner.account.id
    ? (checkMarketplaces(call, partner, Check.texts(query, "marketplaceIds") ?? []) ??
      Wire.json(200, { numberOfResults: 0, items: [] }))
    : refuse(call, "SPA-403-07")

/** One transaction for a seller that trades, else none. */
const transactions = (call: Call, { account }: Partner): WireReply => {
  const [first] = account.kind === "seller" ? account.participations.filter((one) => one.isParticipating) : []
  const trades = account.kind === "seller" && account.skuCount > 0 && first !== undefined
  return Wire.json(200, {
    payload: {
      transactions: trades
        ? [
            {
              sellingPartnerMetadata: { sellingPartnerId: account.id, marketplaceId: first.marketplaceId },
              transactionType: "Shipment",
              transactionStatus: "RELEASED"
            }
          ]
        : []
    }
  })
}

const money = Own.fields({ "CurrencyCode?": Own.text, "Amount?": { type: "number" } })

/** Operations that name the seller behind a token. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    described: Own.operation("getMyFeesEstimateForASIN", "POST /products/fees/v0/items/{Asin}/feesEstimate", {
      body: Own.json(
        Own.fields({
          FeesEstimateRequest: Own.fields({
            MarketplaceId: Own.text,
            Identifier: Own.text,
            PriceToEstimateFees: Own.fields({ ListingPrice: money, "Shipping?": money, "Points?": { type: "object" } }),
            "IsAmazonFulfilled?": Own.flag,
            "OptionalFulfillmentProgram?": Own.oneOf("FBA_CORE", "FBA_SNL", "FBA_EFN")
          })
        })
      )
    }),
    kind: "seller",
    // Not confirmed: one of the two.
    roles: ["Pricing", "Product Listing"],
    run: feesEstimate
  },
  {
    described: Own.operation("searchListingsItems", "GET /listings/2021-08-01/items/{sellerId}", {
      parameters: [Own.query("marketplaceIds", Own.list(Own.text), { required: true })]
    }),
    kind: "seller",
    roles: ["Product Listing"],
    run: listings
  },
  {
    described: Own.operation("listTransactions", "GET /finances/2024-06-19/transactions", {
      parameters: [Own.query("postedAfter", Own.instant, { required: true })]
    }),
    kind: "seller",
    roles: ["Finance and Accounting"],
    run: transactions
  }
]
