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
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"

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

/** A page of a seller's stock, as it stood on the provider's day when the first page was asked for. */
export const summaries = (call: Call, partner: Partner): WireReply => {
  const { account } = partner
  if (account.kind !== "seller") return refuse(call, "SPA-403-07")
  const query = new URLSearchParams(call.request.query)
  const ids = (query.get("marketplaceIds") ?? "").split(",").filter((id) => id !== "")
  const marketplaceId = ids[0]
  if (query.get("granularityType") !== "Marketplace") return bad(call, "granularityType")
  if (ids.length !== 1 || marketplaceId === undefined || query.get("granularityId") !== marketplaceId) {
    return bad(call, "granularityId and marketplaceIds must name the same marketplace")
  }
  const refused = checkMarketplaces(call, partner, ids)
  if (refused !== undefined) return refused
  const since = query.get("startDateTime")
  const from = since === null ? 0 : Dates.instant(since)
  if (from === undefined || (since !== null && call.now - from > 549 * 86_400_000)) {
    return bad(call, "startDateTime lies at most 18 months back")
  }
  const skus = query.get("sellerSkus")?.split(",")
  if (skus !== undefined && skus.length > 50) return bad(call, "sellerSkus takes at most 50")
  const seal = (at: string, day: string, issued: string) =>
    Credentials.sign(call.world, `stock/${account.id}/${marketplaceId}/${at}/${day}/${issued}`)
  const token = query.get("nextToken")
  const [offset = "0", day = Dates.dayIn(Data.timeZone(marketplaceId), call.now), issued = "", signature = ""] =
    token === null ? [] : token.split("~")
  if (token !== null && (signature !== seal(offset, day, issued) || call.now - Number(issued) > tokenMs)) {
    return bad(call, "nextToken is unknown or older than 30 seconds")
  }
  if (token !== null && Odd.isDead(call)) return refuse(call, "SPA-400-04")
  const all = Data.stock(call.world.seed, account, marketplaceId, day).filter(
    (item) => (skus === undefined || skus.includes(item.sellerSku)) && Date.parse(item.lastUpdated) >= from
  )
  const end = Number(offset) + pageSize
  const next = [String(end), day, String(call.now)] as const
  return Wire.json(200, {
    payload: {
      granularity: { granularityType: "Marketplace", granularityId: marketplaceId },
      inventorySummaries: Odd.entries(
        call,
        all.slice(Number(offset), end).map((item) => ({ ...show(item, query.get("details") === "true") })),
        { totalQuantity: "unknown" },
        Number(offset)
      )
    },
    ...(end < all.length ? { pagination: { nextToken: [...next, seal(...next)].join("~") } } : {})
  })
}
