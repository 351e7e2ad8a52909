/** Orders of Walmart Marketplace, in the shape of the US schema (highsidelabs/walmart-api-php: orders). */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Dates from "../core/Dates.ts"
import * as Odd from "../core/Odd.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import { bad, limitOf, short, unmodelled } from "./listing.ts"
import * as ShopRows from "./ShopRows.ts"
import type { Seller } from "./Walmart.ts"

const DAY_MS = 86_400_000
/** Orders older than this are not served (Walmart's page on orders). */
const orderDays = 180
/** Who ships (US schema of orders); the first is meant when none is given. */
const shipNodeTypes: readonly [string, ...ReadonlyArray<string>] = ["SellerFulfilled", "WFSFulfilled", "3PLFulfilled"]

const showOrder = (order: ShopRows.Order) => ({
  purchaseOrderId: order.purchaseOrderId,
  customerOrderId: order.customerOrderId,
  customerEmailId: "customer@relay.example",
  orderDate: order.orderDate,
  shippingInfo: {
    phone: "0000000000",
    estimatedDeliveryDate: order.orderDate + 5 * DAY_MS,
    estimatedShipDate: order.orderDate + DAY_MS,
    methodCode: "Standard",
    postalAddress: {
      name: "Simulated Customer",
      address1: "1 Example Street",
      address2: null,
      city: "Bentonville",
      state: "AR",
      postalCode: "72712",
      country: "USA",
      addressType: "RESIDENTIAL"
    }
  },
  orderLines: {
    orderLine: [
      {
        lineNumber: "1",
        item: { productName: order.productName, sku: order.sku },
        charges: {
          charge: [
            {
              chargeType: "PRODUCT",
              chargeName: "ItemPrice",
              chargeAmount: { currency: order.currency, amount: Wire.digits(order.total) },
              tax: null
            }
          ]
        },
        orderLineQuantity: { unitOfMeasurement: "EACH", amount: String(order.quantity) },
        statusDate: order.orderDate,
        orderLineStatuses: {
          orderLineStatus: [
            { status: "Created", statusQuantity: { unitOfMeasurement: "EACH", amount: String(order.quantity) } }
          ]
        }
      }
    ]
  }
})

/** The stretch that a search is of, as instants and as text; the name of the parameter that is wrong. */
const rangeOf = ({ now }: Call, query: URLSearchParams) => {
  const oldest = now - orderDays * DAY_MS
  const [startText, endText] = [query.get("createdStartDate"), query.get("createdEndDate")]
  const start = startText === null ? oldest : Dates.instant(startText)
  const end = endText === null ? now : Dates.instant(endText)
  if (start === undefined) return "createdStartDate"
  if (end === undefined || end < start) return "createdEndDate"
  const [first, last] = [Math.max(start, oldest), Math.min(end, now)]
  return { start: first, end: last, from: new Date(first).toISOString(), to: new Date(last).toISOString() }
}

const parameters = [
  "limit",
  "createdStartDate",
  "createdEndDate",
  "soIndex",
  "poIndex",
  "hasMoreElements",
  "partnerId",
  "sellerId",
  "productInfo",
  "replacementInfo",
  "incentiveInfo",
  "shipNodeType"
]

/** `GET /v3/orders`: newest day last; pages follow `nextCursor`, which is a whole query. */
export const orders = (call: Call, seller: Seller): WireReply => {
  const given = new URLSearchParams(call.request.query)
  const cursor = given.get("nextCursor")
  const query = cursor === null ? given : new URLSearchParams(cursor.replace(/^\?/, ""))
  const other = unmodelled(call, query, parameters)
  if (other !== undefined) return other
  const extra = ["productInfo", "replacementInfo", "incentiveInfo"].find((name) => query.get(name) === "true")
  if (extra !== undefined) return refuse(call, "WMP-400-04", extra)
  const shipNodeType = query.get("shipNodeType") ?? shipNodeTypes[0]
  if (!shipNodeTypes.includes(shipNodeType)) return bad(call, "shipNodeType")
  const limit = limitOf(query, 100, 200)
  if (limit === undefined) return bad(call, "limit")
  const range = rangeOf(call, query)
  if (typeof range === "string") return bad(call, range)
  const { end, from, start, to } = range
  const all = Dates.days(from.slice(0, 10), to.slice(0, 10))
    // Every seller here ships what it sells itself.
    .flatMap((day) => (shipNodeType === shipNodeTypes[0] ? ShopRows.orders(call.world.seed, seller, day) : []))
    .filter((one) => one.orderDate >= start && one.orderDate <= end)
  const most = call.world.policy.walmartOrdersLimit
  if (all.length > most) return refuse(call, "WMP-400-05", String(most))
  if (cursor !== null && Odd.isDead(call)) return refuse(call, "WMP-400-06")
  const index = query.get("poIndex") ?? "0"
  if (!/^\d{1,6}$/.test(index)) return bad(call, "nextCursor")
  const next = String(Number(index) + limit)
  const more = Number(next) < all.length
  const nextCursor = `?${new URLSearchParams({
    limit: String(limit),
    hasMoreElements: "true",
    soIndex: String(all.length),
    poIndex: next,
    partnerId: seller.id,
    sellerId: seller.id,
    createdStartDate: from,
    createdEndDate: to,
    shipNodeType
  }).toString()}`
  return Wire.json(200, {
    list: {
      meta: { totalCount: all.length, limit, ...(more ? { nextCursor } : {}) },
      elements: {
        order: Odd.entries(
          call,
          short(call, all).slice(Number(index), Number(next)).map(showOrder),
          { orderDate: "unknown" },
          Number(index)
        )
      }
    }
  })
}
