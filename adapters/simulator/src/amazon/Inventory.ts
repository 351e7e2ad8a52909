/**
 * `GET /fba/inventory/v1/summaries`: 50 a page, page tokens that live for 30 seconds
 * (https://github.com/amzn/selling-partner-api-models).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Data from "../core/Data.ts"
import type { Stock } from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import * as Odd from "../core/Odd.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Own from "../describe/own.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

const pageSize = 50
const tokenMs = 30_000
const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)

const show = (item: Stock, withDetails: boolean) => ({
  asin: item.asin,
  fnSku: item.fnSku,
  sellerSku: item.sellerSku,
  condition: "NewItem",
  ...(withDetails
    ? {
        inventoryDetails: {
          fulfillableQuantity: item.fulfillable,
          inboundWorkingQuantity: 0,
          inboundShippedQuantity: item.inbound,
          inboundReceivingQuantity: 0,
          reservedQuantity: {
            totalReservedQuantity: item.reserved,
            pendingCustomerOrderQuantity: item.reserved,
            pendingTransshipmentQuantity: 0,
            fcProcessingQuantity: 0
          }
        }
      }
    : {}),
  lastUpdatedTime: item.lastUpdated,
  productName: item.productName,
  totalQuantity: item.fulfillable + item.inbound + item.reserved,
  stores: []
})

type Page = { readonly offset: string; readonly day: string }

/** Where a page begins, and of which day it is; undefined for a token that is unknown or too old. */
const pageOf = (call: Call, account: string, marketplaceId: string, token: string | undefined): Page | undefined => {
  if (token === undefined) return { offset: "0", day: Dates.dayIn(Data.timeZone(marketplaceId), call.now) }
  const [offset = "", day = "", issued = "", signature] = token.split("~")
  const isGood = signature === sealOf(call, account, marketplaceId, [offset, day, issued])
  return isGood && call.now - Number(issued) <= tokenMs ? { offset, day } : undefined
}

const sealOf = (call: Call, account: string, marketplaceId: string, parts: ReadonlyArray<string>): string =>
  Credentials.sign(call.world, `stock/${account}/${marketplaceId}/${parts.join("/")}`)

/** A page of a seller's stock, as it stood on the provider's day when the first page was asked for. */
const summaries = (call: Call, { account }: Partner, { query }: Input): WireReply => {
  if (account.kind !== "seller") return refuse(call, "SPA-403-07")
  const [marketplaceId = ""] = Check.texts(query, "marketplaceIds") ?? []
  if (query.granularityId !== marketplaceId) {
    return bad(call, "granularityId and marketplaceIds must name the same marketplace")
  }
  const refused = checkMarketplaces(call, { account }, [marketplaceId])
  if (refused !== undefined) return refused
  const since = Check.text(query, "startDateTime")
  const from = since === undefined ? 0 : Dates.instant(since)
  if (from === undefined || (since !== undefined && call.now - from > 549 * 86_400_000)) {
    return bad(call, "startDateTime lies at most 18 months back")
  }
  const skus = Check.texts(query, "sellerSkus")
  const page = pageOf(call, account.id, marketplaceId, Check.text(query, "nextToken"))
  if (page === undefined) return bad(call, "nextToken is unknown or older than 30 seconds")
  if (query.nextToken !== undefined && Odd.isDead(call)) return refuse(call, "SPA-400-04")
  const all = Data.stock(call.world.seed, account, marketplaceId, page.day).filter(
    (item) =>
      skus?.includes(item.sellerSku) !== false &&
      (query.sellerSku === undefined || item.sellerSku === query.sellerSku) &&
      Date.parse(item.lastUpdated) >= from
  )
  const end = Number(page.offset) + pageSize
  const next = [String(end), page.day, String(call.now)]
  return Wire.json(200, {
    payload: {
      granularity: { granularityType: "Marketplace", granularityId: marketplaceId },
      inventorySummaries: Odd.entries(
        call,
        all.slice(Number(page.offset), end).map((item) => show(item, query.details === true)),
        { totalQuantity: "unknown" },
        Number(page.offset)
      )
    },
    ...(end < all.length
      ? { pagination: { nextToken: [...next, sealOf(call, account.id, marketplaceId, next)].join("~") } }
      : {})
  })
}

/** Operations of the FBA Inventory API. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    described: Own.operation("getInventorySummaries", "GET /fba/inventory/v1/summaries", {
      parameters: [
        Own.query("granularityType", Own.oneOf("Marketplace"), { required: true }),
        Own.query("granularityId", Own.text, { required: true }),
        Own.query("marketplaceIds", Own.list(Own.text, 1, 1), { required: true }),
        Own.query("details", Own.flag),
        Own.query("startDateTime", Own.instant),
        Own.query("sellerSkus", Own.list(Own.text, 1, 50)),
        Own.query("sellerSku", Own.text),
        Own.query("nextToken", Own.text)
      ]
    }),
    kind: "seller",
    roles: ["Amazon Fulfillment", "Product Listing", "Inventory and Order Tracking"],
    run: summaries
  }
]
