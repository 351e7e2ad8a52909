/**
 * The operations whose answers name, or check, the seller behind a token: fees, listings and transactions
 * (https://developer-docs.amazon.com/sp-api/docs/product-fees-api-v0-reference,
 * https://developer-docs.amazon.com/sp-api/docs/listings-items-api-v2021-08-01-reference,
 * https://developer-docs.amazon.com/sp-api/docs/finances-api-reference). They go by the consent and never by what a
 * callback named.
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Own from "../describe/own.ts"
import * as Page from "./Page.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

const DAY_MS = 86_400_000

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

const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)

/** Articles in the order of a search. */
const sorted = (stock: ReadonlyArray<Data.Stock>, sortBy: string, sortOrder: string): ReadonlyArray<Data.Stock> => {
  const keyOf = (item: Data.Stock) => (sortBy === "sku" ? item.sellerSku : item.lastUpdated)
  const rising = stock.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : Number(keyOf(a) > keyOf(b))))
  return sortOrder === "ASC" ? rising : rising.toReversed()
}

const listing = (item: Data.Stock, marketplaceId: string) => ({
  sku: item.sellerSku,
  summaries: [
    {
      marketplaceId,
      asin: item.asin,
      productType: "HOME",
      conditionType: "new_new",
      status: item.fulfillable > 0 ? ["BUYABLE", "DISCOVERABLE"] : ["DISCOVERABLE"],
      itemName: item.productName,
      createdDate: "2023-02-01T00:00:00Z",
      lastUpdatedDate: item.lastUpdated
    }
  ]
})

/** The articles of a seller in a marketplace, a page at a time. Refused for another seller than the token's. */
const listings = (call: Call, { account, ...partner }: Partner, { path, query }: Input): WireReply => {
  if (path.sellerId !== account.id || account.kind !== "seller") return refuse(call, "SPA-403-07")
  const [marketplaceId = "", ...others] = Check.texts(query, "marketplaceIds") ?? []
  if (others.length > 0) return bad(call, "marketplaceIds takes exactly one marketplace")
  const refused = checkMarketplaces(call, { account, ...partner }, [marketplaceId])
  if (refused !== undefined) return refused
  const identifiers = Check.texts(query, "identifiers")
  const identifiersType = Check.text(query, "identifiersType")
  if ((identifiers === undefined) !== (identifiersType === undefined)) {
    return bad(call, "identifiers and identifiersType go together")
  }
  const day = Dates.dayIn(Data.timeZone(marketplaceId), call.now)
  const found = Data.stock(call.world.seed, account, marketplaceId, day).filter(
    (item) => identifiers?.includes(identifiersType === "ASIN" ? item.asin : item.sellerSku) !== false
  )
  const [sortBy, sortOrder] = [
    Check.text(query, "sortBy") ?? "lastUpdatedDate",
    Check.text(query, "sortOrder") ?? "DESC"
  ]
  const page = Page.cut(call, sorted(found, sortBy, sortOrder), {
    subject: `listings/${account.id}/${JSON.stringify({ ...query, pageToken: undefined, pageSize: undefined })}`,
    token: Check.text(query, "pageToken"),
    size: Check.number(query, "pageSize", 10)
  })
  if (page === undefined) return bad(call, "pageToken")
  return Wire.json(200, {
    numberOfResults: found.length,
    ...(page.next === undefined ? {} : { pagination: { nextToken: page.next } }),
    items: page.items.map((item) => listing(item, marketplaceId))
  })
}

/** One transaction for a seller that trades, of the noon before; else none. */
const transactions = (call: Call, { account }: Partner, { query }: Input): WireReply => {
  if (query.nextToken !== undefined) return bad(call, "nextToken")
  const [first] = account.kind === "seller" ? account.participations.filter((one) => one.isParticipating) : []
  const noon = Math.floor(call.now / DAY_MS) * DAY_MS - DAY_MS / 2
  const after = Dates.instant(Check.text(query, "postedAfter") ?? "") ?? 0
  const before = Dates.instant(Check.text(query, "postedBefore") ?? "") ?? Number.POSITIVE_INFINITY
  const trades = account.kind === "seller" && account.skuCount > 0 && first !== undefined
  const isMeant = query.marketplaceId === undefined || query.marketplaceId === first?.marketplaceId
  return Wire.json(200, {
    payload: {
      transactions:
        trades && isMeant && noon >= after && noon < before
          ? [
              {
                sellingPartnerMetadata: { sellingPartnerId: account.id, marketplaceId: first.marketplaceId },
                transactionType: "Shipment",
                transactionStatus: "RELEASED",
                postedDate: new Date(noon).toISOString()
              }
            ]
          : []
    }
  })
}

const money = Own.fields({ "CurrencyCode?": Own.text, "Amount?": { type: "number" } })

const unmodelledSets = [
  "attributes",
  "issues",
  "offers",
  "fulfillmentAvailability",
  "procurement",
  "relationships",
  "productTypes"
]
const dataSets = Own.oneOf("summaries", ...unmodelledSets)

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
      parameters: [
        Own.query("marketplaceIds", Own.list(Own.text), { required: true }),
        Own.query("identifiers", Own.list(Own.text, 1, 20)),
        Own.query("identifiersType", Own.oneOf("ASIN", "EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"), {
          refusedValues: ["EAN", "FNSKU", "GTIN", "ISBN", "JAN", "MINSAN", "UPC"]
        }),
        Own.query("includedData", Own.list(dataSets), { refusedValues: unmodelledSets }),
        Own.query("sortBy", Own.oneOf("sku", "createdDate", "lastUpdatedDate"), { refusedValues: ["createdDate"] }),
        Own.query("sortOrder", Own.oneOf("ASC", "DESC")),
        Own.query("pageSize", Own.whole(1, 20)),
        Own.query("pageToken", Own.text),
        ...(
          "issueLocale variationParentSku packageHierarchySku createdAfter createdBefore lastUpdatedAfter " +
          "lastUpdatedBefore withIssueSeverity withStatus withoutStatus"
        )
          .split(" ")
          .map((name) => Own.refused(name, "listings of this world are not told apart by it"))
      ]
    }),
    kind: "seller",
    roles: ["Product Listing"],
    run: listings
  },
  {
    described: Own.operation("listTransactions", "GET /finances/2024-06-19/transactions", {
      parameters: [
        Own.query("postedAfter", Own.instant, { required: true }),
        Own.query("postedBefore", Own.instant),
        Own.query("marketplaceId", Own.text),
        Own.query("nextToken", Own.text),
        ...["transactionStatus", "relatedIdentifierName", "relatedIdentifierValue"].map((name) =>
          Own.refused(name, "transactions of this world are not told apart by it")
        )
      ]
    }),
    kind: "seller",
    roles: ["Finance and Accounting"],
    run: transactions
  }
]
