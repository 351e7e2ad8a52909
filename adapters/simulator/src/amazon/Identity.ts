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
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"

const parse = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

type FeesRequest = {
  readonly MarketplaceId: string
  readonly Identifier: string
  readonly PriceToEstimateFees: { readonly ListingPrice: unknown }
}

const isFeesRequest = (value: unknown): value is { readonly FeesEstimateRequest: FeesRequest } => {
  const request = (value as { readonly FeesEstimateRequest?: Partial<FeesRequest> } | undefined)?.FeesEstimateRequest
  return (
    typeof request?.MarketplaceId === "string" &&
    typeof request.Identifier === "string" &&
    typeof request.PriceToEstimateFees?.ListingPrice === "object"
  )
}

/**
 * `POST /products/fees/v0/items/{Asin}/feesEstimate`: no article of this world has an ASIN, so the estimate ends with
 * `ClientError`; the identifier names the seller all the same.
 */
export const feesEstimate = (call: Call, partner: Partner, asin: string): WireReply => {
  const body = parse(call.request.body)
  if (!isFeesRequest(body)) return refuse(call, "SPA-400-01", "FeesEstimateRequest")
  const { Identifier, MarketplaceId, PriceToEstimateFees } = body.FeesEstimateRequest
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
            IdValue: asin,
            PriceToEstimateFees,
            SellerInputIdentifier: Identifier
          },
          Error: { Type: "Sender", Code: "InvalidParameterValue", Message: "Invalid ASIN.", Detail: [] }
        }
      }
    })
  )
}

/** `GET /listings/2021-08-01/items/{sellerId}`: refused for another seller than the token's. */
export const listings = (call: Call, partner: Partner, sellerId: string): WireReply => {
  const ids = (new URLSearchParams(call.request.query).get("marketplaceIds") ?? "").split(",").filter((id) => id !== "")
  if (ids.length === 0) return refuse(call, "SPA-400-01", "marketplaceIds")
  if (sellerId !== partner.account.id) return refuse(call, "SPA-403-07")
  return checkMarketplaces(call, partner, ids) ?? Wire.json(200, { numberOfResults: 0, items: [] })
}

/** `GET /finances/2024-06-19/transactions`: one transaction for a seller that trades, else none. */
export const transactions = (call: Call, { account }: Partner): WireReply => {
  const after = new URLSearchParams(call.request.query).get("postedAfter")
  if (after === null || Number.isNaN(Date.parse(after))) return refuse(call, "SPA-400-01", "postedAfter")
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
