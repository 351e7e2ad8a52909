/**
 * Orders of sellers, version 0 (https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference). They add up to
 * the order metrics; buyers are not told, as for an application without a restricted data token.
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Seller } from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Own from "../describe/own.ts"
import { dayOf, type Order, ordersOf } from "./orderRows.ts"
import * as Page from "./Page.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

const DAY_MS = 86_400_000
/** How far back orders are found (assumed). */
const oldestDays = 731
/** Orders of the last two minutes are not found yet (the description of `CreatedBefore`). */
const lagMs = 120_000

const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)

const statusOf = ({ isCancelled, placedAt, shipsAt }: Order, now: number): string => {
  if (now < placedAt + 30 * 60_000) return "Pending"
  if (now < shipsAt) return "Unshipped"
  return isCancelled ? "Canceled" : "Shipped"
}

const updatedAt = (order: Order, now: number): number => {
  if (now >= order.shipsAt) return order.shipsAt
  return now < order.placedAt + 30 * 60_000 ? order.placedAt : order.placedAt + 30 * 60_000
}

const time = (at: number): string => new Date(at).toISOString().replace(".000Z", "Z")

const money = (hundredths: number, code: string) => ({ CurrencyCode: code, Amount: Data.money(hundredths, code) })

const show = (order: Order, now: number): unknown => {
  const status = statusOf(order, now)
  const shipped = status === "Shipped" ? order.units : 0
  return {
    AmazonOrderId: order.id,
    SellerOrderId: order.id,
    PurchaseDate: time(order.placedAt),
    LastUpdateDate: time(updatedAt(order, now)),
    OrderStatus: status,
    FulfillmentChannel: "AFN",
    MarketplaceId: order.marketplaceId,
    OrderType: "StandardOrder",
    ShipServiceLevel: "Standard",
    ShipmentServiceLevelCategory: "Standard",
    NumberOfItemsShipped: shipped,
    NumberOfItemsUnshipped: status === "Canceled" ? 0 : order.units - shipped,
    ...(status === "Pending" || status === "Canceled" ? {} : { OrderTotal: money(order.total, order.currency) }),
    EarliestShipDate: time(order.placedAt),
    LatestShipDate: time(order.shipsAt),
    IsBusinessOrder: false,
    IsPrime: false,
    IsPremiumOrder: false,
    IsReplacementOrder: false
  }
}

type Filter = {
  readonly CreatedAfter?: string
  readonly CreatedBefore?: string
  readonly LastUpdatedAfter?: string
  readonly LastUpdatedBefore?: string
  readonly OrderStatuses?: ReadonlyArray<string>
  readonly MarketplaceIds: ReadonlyArray<string>
  readonly FulfillmentChannels?: ReadonlyArray<string>
  readonly AmazonOrderIds?: ReadonlyArray<string>
  readonly MaxResultsPerPage?: number
}

/** What is wrong with a question that has no page token. */
const misasked = (call: Call, filter: Filter): string | undefined => {
  const { AmazonOrderIds, CreatedAfter, CreatedBefore, LastUpdatedAfter, LastUpdatedBefore } = filter
  const isOfTime = CreatedAfter !== undefined || LastUpdatedAfter !== undefined
  if (!isOfTime && AmazonOrderIds === undefined) return "CreatedAfter or LastUpdatedAfter is required"
  if (CreatedAfter !== undefined && LastUpdatedAfter !== undefined) {
    return "CreatedAfter and LastUpdatedAfter cannot be combined"
  }
  if (LastUpdatedBefore !== undefined && LastUpdatedAfter === undefined)
    return "LastUpdatedBefore needs LastUpdatedAfter"
  const [after, before] = [CreatedAfter ?? LastUpdatedAfter, CreatedBefore ?? LastUpdatedBefore].map((text) =>
    text === undefined ? undefined : Dates.instant(text)
  )
  if (after !== undefined && after > call.now) return "the time after which orders are asked for lies ahead"
  return after !== undefined && before !== undefined && before <= after ? "the window ends before it begins" : undefined
}

const found = (call: Call, seller: Seller, filter: Filter): ReadonlyArray<Order> => {
  const { now } = call
  const at = (text: string | undefined, otherwise: number) =>
    text === undefined ? otherwise : (Dates.instant(text) ?? otherwise)
  const created = { after: at(filter.CreatedAfter, 0), before: at(filter.CreatedBefore, now - lagMs) }
  const updated = { after: at(filter.LastUpdatedAfter, 0), before: at(filter.LastUpdatedBefore, now - lagMs) }
  // An order changes for the last time two days after it was placed.
  const from = Math.max(created.after, updated.after - 3 * DAY_MS, now - oldestDays * DAY_MS)
  return filter.MarketplaceIds.flatMap((marketplaceId) => {
    const zone = Data.timeZone(marketplaceId)
    return Dates.days(Dates.dayIn(zone, from), Dates.dayIn(zone, created.before)).flatMap((day) =>
      ordersOf(call.world.seed, seller, marketplaceId, day)
    )
  }).filter((order) => {
    const changed = updatedAt(order, now)
    return (
      order.placedAt >= created.after &&
      order.placedAt < created.before &&
      changed >= updated.after &&
      (filter.LastUpdatedAfter === undefined || changed < updated.before) &&
      filter.OrderStatuses?.includes(statusOf(order, now)) !== false &&
      filter.AmazonOrderIds?.includes(order.id) !== false &&
      filter.FulfillmentChannels?.includes("AFN") !== false
    )
  })
}

const list = (call: Call, partner: Partner, { query }: Input): WireReply => {
  const { account } = partner
  if (account.kind !== "seller") return refuse(call, "SPA-403-07")
  const { NextToken: _, ...given } = query
  const token = Check.text(query, "NextToken")
  const turn =
    token === undefined ? { filter: given as Filter, from: 0 } : Page.open<Filter>(call, `orders/${account.id}`, token)
  if (turn === undefined) return bad(call, "NextToken")
  const wrong = token === undefined ? misasked(call, turn.filter) : undefined
  if (wrong !== undefined) return bad(call, wrong)
  const refused = checkMarketplaces(call, partner, turn.filter.MarketplaceIds)
  if (refused !== undefined) return refused
  const all = found(call, account, turn.filter).toSorted((a, b) => a.placedAt - b.placedAt)
  const end = turn.from + (turn.filter.MaxResultsPerPage ?? 100)
  const before = turn.filter.LastUpdatedAfter === undefined ? "CreatedBefore" : "LastUpdatedBefore"
  const next = Page.seal(call, `orders/${account.id}`, { filter: turn.filter, from: end })
  return Wire.json(200, {
    payload: {
      Orders: all.slice(turn.from, end).map((order) => show(order, call.now)),
      ...(end < all.length ? { NextToken: next } : {}),
      [before]: turn.filter[before] ?? time(call.now - lagMs)
    }
  })
}

const byId = (call: Call, { account }: Partner, id: string | undefined): Order | undefined => {
  const day = dayOf(id ?? "")
  if (account.kind !== "seller" || day === undefined) return undefined
  return account.participations
    .flatMap(({ marketplaceId }) => ordersOf(call.world.seed, account, marketplaceId, day))
    .find((order) => order.id === id && order.placedAt < call.now - lagMs)
}

const one = (call: Call, partner: Partner, { path }: Input): WireReply => {
  const order = byId(call, partner, path.orderId)
  return order === undefined
    ? refuse(call, "SPA-404-01", "orderId")
    : Wire.json(200, { payload: show(order, call.now) })
}

/** One item an order with all its units: articles of this world are not told apart by their sales. */
const items = (call: Call, partner: Partner, { path, query }: Input): WireReply => {
  const { account } = partner
  const order = byId(call, partner, path.orderId)
  if (order === undefined || account.kind !== "seller") return refuse(call, "SPA-404-01", "orderId")
  if (query.NextToken !== undefined) return bad(call, "NextToken")
  const stock = Data.stock(call.world.seed, account, order.marketplaceId, Dates.dayIn("UTC", order.placedAt))
  const article = stock[Number(order.id.slice(-7, -3)) % Math.max(1, stock.length)]
  const isShipped = statusOf(order, call.now) === "Shipped"
  return Wire.json(200, {
    payload: {
      AmazonOrderId: order.id,
      OrderItems: [
        {
          ASIN: article?.asin ?? "B000000000",
          SellerSKU: article?.sellerSku ?? "SKU-0000",
          Title: article?.productName ?? "Article",
          OrderItemId: order.id.replaceAll("-", "").slice(0, 14),
          QuantityOrdered: order.units,
          QuantityShipped: isShipped ? order.units : 0,
          ItemPrice: money(order.total, order.currency)
        }
      ]
    }
  })
}

const alike = "orders of this world are not told apart by it"
const common = { kind: "seller", roles: ["Inventory and Order Tracking"] } as const
const statuses = [
  "PendingAvailability",
  "Pending",
  "Unshipped",
  "PartiallyShipped",
  "Shipped",
  "InvoiceUnconfirmed",
  "Canceled",
  "Unfulfillable"
]

const refusedNames = (
  "PaymentMethods BuyerEmail SellerOrderId EasyShipShipmentStatuses ElectronicInvoiceStatuses " +
  "ActualFulfillmentSupplySourceId IsISPU StoreChainStoreId EarliestDeliveryDateBefore EarliestDeliveryDateAfter " +
  "LatestDeliveryDateBefore LatestDeliveryDateAfter"
).split(" ")

/** Operations of the Orders API, version 0. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    ...common,
    described: Own.operation("getOrders", "GET /orders/v0/orders", {
      parameters: [
        Own.query("MarketplaceIds", Own.list(Own.text, 1, 50), { required: true }),
        Own.query("CreatedAfter", Own.instant),
        Own.query("CreatedBefore", Own.instant),
        Own.query("LastUpdatedAfter", Own.instant),
        Own.query("LastUpdatedBefore", Own.instant),
        Own.query("OrderStatuses", Own.list(Own.oneOf(...statuses))),
        Own.query("FulfillmentChannels", Own.list(Own.oneOf("AFN", "MFN"))),
        Own.query("AmazonOrderIds", Own.list(Own.text, 1, 50)),
        Own.query("MaxResultsPerPage", Own.whole(1, 100)),
        Own.query("NextToken", Own.text),
        ...refusedNames.map((name) => Own.refused(name, alike))
      ]
    }),
    run: list
  },
  { ...common, described: Own.operation("getOrder", "GET /orders/v0/orders/{orderId}"), run: one },
  {
    ...common,
    described: Own.operation("getOrderItems", "GET /orders/v0/orders/{orderId}/orderItems", {
      parameters: [Own.query("NextToken", Own.text)]
    }),
    run: items
  }
]
