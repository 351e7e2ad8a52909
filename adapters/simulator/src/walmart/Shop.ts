/**
 * Orders, items and inventory of Walmart Marketplace, in the shapes of the US schemas (highsidelabs/walmart-api-php:
 * orders, items, inventory).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import * as ShopRows from "./ShopRows.ts"
import type { Seller } from "./Walmart.ts"

const DAY_MS = 86_400_000
/** Orders older than this are not served, and a listing holds at most so many (Walmart's page on orders). */
const orderDays = 180
const mostOrders = 10_000
/** Who ships (US schema of orders); the first is meant when none is given. */
const shipNodeTypes: readonly [string, ...ReadonlyArray<string>] = ["SellerFulfilled", "WFSFulfilled", "3PLFulfilled"]

const bad = (call: Call, name: string): WireReply => refuse(call, "WMP-400-03", name)

const unmodelled = (call: Call, query: URLSearchParams, known: ReadonlyArray<string>): WireReply | undefined => {
  const other = [...query.keys()].find((key) => !known.includes(key))
  return other === undefined ? undefined : refuse(call, "WMP-400-04", other.slice(0, 60))
}

const limitOf = (query: URLSearchParams, usual: number, most: number): number | undefined => {
  const limit = Number(query.get("limit") ?? String(usual))
  return Number.isInteger(limit) && limit >= 1 && limit <= most ? limit : undefined
}

const showOrder = (order: ShopRows.Order): unknown => ({
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

/** `GET /v3/orders`: newest day last; pages follow `nextCursor`, which is a whole query. */
export const orders = (call: Call, seller: Seller): WireReply => {
  const given = new URLSearchParams(call.request.query)
  const cursor = given.get("nextCursor")
  const query = cursor === null ? given : new URLSearchParams(cursor.replace(/^\?/, ""))
  const other = unmodelled(call, query, [
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
  ])
  if (other !== undefined) return other
  const shipNodeType = query.get("shipNodeType") ?? shipNodeTypes[0]
  if (!shipNodeTypes.includes(shipNodeType)) return bad(call, "shipNodeType")
  const limit = limitOf(query, 100, 200)
  if (limit === undefined) return bad(call, "limit")
  const oldest = call.now - orderDays * DAY_MS
  const startText = query.get("createdStartDate")
  const endText = query.get("createdEndDate")
  const start = startText === null ? oldest : Dates.instant(startText)
  const end = endText === null ? call.now : Dates.instant(endText)
  if (start === undefined) return bad(call, "createdStartDate")
  if (end === undefined || end < start) return bad(call, "createdEndDate")
  const from = new Date(Math.max(start, oldest)).toISOString()
  const to = new Date(Math.min(end, call.now)).toISOString()
  const all = Dates.days(from.slice(0, 10), to.slice(0, 10))
    // Every seller here ships what it sells itself.
    .flatMap((day) => (shipNodeType === shipNodeTypes[0] ? ShopRows.orders(call.world.seed, seller, day) : []))
    .filter((one) => one.orderDate >= Math.max(start, oldest) && one.orderDate <= Math.min(end, call.now))
  if (all.length > mostOrders) return bad(call, "createdStartDate: more than 10,000 orders")
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
      elements: { order: all.slice(Number(index), Number(next)).map(showOrder) }
    }
  })
}

/** `GET /v3/items`: by `offset` or by `nextCursor`, which begins with `*`. */
export const items = (call: Call, seller: Seller): WireReply => {
  const query = new URLSearchParams(call.request.query)
  const other = unmodelled(call, query, ["limit", "offset", "nextCursor", "sku"])
  if (other !== undefined) return other
  const limit = limitOf(query, 20, 200)
  if (limit === undefined) return bad(call, "limit")
  const cursor = query.get("nextCursor")
  const first = cursor === null ? (query.get("offset") ?? "0") : "0"
  const [at = "", seal] = cursor === null || cursor === "*" ? [first] : cursor.split(".")
  const sign = (text: string) => Credentials.sign(call.world, `walmart-items/${seller.id}/${text}`)
  if (!/^\d{1,6}$/.test(at)) return bad(call, cursor === null ? "offset" : "nextCursor")
  if (cursor !== null && cursor !== "*" && seal !== sign(at)) return bad(call, "nextCursor")
  const sku = query.get("sku")
  const all = ShopRows.items(call.world.seed, seller).filter((one) => sku === null || one.sku === sku)
  if (sku !== null && all.length === 0) return refuse(call, "WMP-404-01", "sku")
  const next = Number(at) + limit
  return Wire.json(200, {
    ItemResponse: all
      .slice(Number(at), next)
      .map((one) => ({
        mart: `WALMART_${seller.market}`,
        sku: one.sku,
        wpid: one.wpid,
        upc: one.upc,
        gtin: one.gtin,
        productName: one.productName,
        productType: "Home",
        price: { currency: one.currency, amount: Wire.digits(one.price) },
        publishedStatus: "PUBLISHED",
        lifecycleStatus: "ACTIVE"
      })),
    totalItems: all.length,
    ...(cursor !== null && next < all.length ? { nextCursor: `${next}.${sign(String(next))}` } : {})
  })
}

/** `GET /v3/inventory?sku=`. */
export const inventory = (call: Call, seller: Seller): WireReply => {
  const query = new URLSearchParams(call.request.query)
  const other = unmodelled(call, query, ["sku"])
  if (other !== undefined) return other
  const sku = query.get("sku") ?? ""
  if (sku === "") return bad(call, "sku")
  if (!ShopRows.items(call.world.seed, seller).some((one) => one.sku === sku)) return refuse(call, "WMP-404-01", "sku")
  const day = new Date(call.now).toISOString().slice(0, 10)
  return Wire.json(200, { sku, quantity: { unit: "EACH", amount: ShopRows.stock(call.world.seed, seller, sku, day) } })
}

/** `GET /v3/inventories`: all articles, each in one ship node, at most 50 a page. */
export const inventories = (call: Call, seller: Seller): WireReply => {
  const query = new URLSearchParams(call.request.query)
  const other = unmodelled(call, query, ["limit", "nextCursor"])
  if (other !== undefined) return other
  const limit = limitOf(query, 10, 50)
  if (limit === undefined) return bad(call, "limit")
  const sign = (at: string) => `${at}.${Credentials.sign(call.world, `walmart-inventories/${seller.id}/${at}`)}`
  const cursor = query.get("nextCursor")
  const at = cursor?.split(".")[0] ?? "0"
  if (cursor !== null && cursor !== sign(at)) return bad(call, "nextCursor")
  const day = new Date(call.now).toISOString().slice(0, 10)
  const all = ShopRows.items(call.world.seed, seller)
  const next = Number(at) + limit
  return Wire.json(200, {
    meta: { totalCount: all.length, ...(next < all.length ? { nextCursor: sign(String(next)) } : {}) },
    elements: {
      inventories: all.slice(Number(at), next).map(({ sku }) => {
        const quantity = { unit: "EACH", amount: ShopRows.stock(call.world.seed, seller, sku, day) }
        return {
          sku,
          nodes: [
            {
              shipNode: `1000${seller.id}`,
              inputQty: quantity,
              availToSellQty: quantity,
              reservedQty: { unit: "EACH", amount: 0 }
            }
          ]
        }
      })
    }
  })
}
