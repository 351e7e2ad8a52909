/**
 * Purchase orders of vendors (https://developer-docs.amazon.com/sp-api/docs/vendor-orders-api-v1-reference): at most
 * seven days, of the past six months, 100 a page.
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import type { PurchaseOrder } from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Vendor } from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Own from "../describe/own.ts"
import * as Page from "./Page.ts"
import type { Partner } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

const DAY_MS = 86_400_000
const longestDays = 7
/** Six months, and a few days for months of 31. */
const oldestDays = 190

const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)

type Window = { readonly after: number; readonly before: number }

/** The window of two instants of a query, or what is wrong with it; undefined when neither is given. */
const windowOf = (call: Call, query: Input["query"], kind: "created" | "changed"): Window | string | undefined => {
  const [afterText, beforeText] = [Check.text(query, `${kind}After`), Check.text(query, `${kind}Before`)]
  if (afterText === undefined && beforeText === undefined) return undefined
  const before = beforeText === undefined ? call.now : Dates.instant(beforeText)
  const after = afterText === undefined ? (before ?? 0) - longestDays * DAY_MS : Dates.instant(afterText)
  if (after === undefined || before === undefined || before <= after) return `${kind}After, ${kind}Before`
  if (before - after > longestDays * DAY_MS) return `the range is longer than ${longestDays} days`
  return call.now - after > oldestDays * DAY_MS ? "data older than 6 months is not available" : { after, before }
}

const isIn = (instant: string | null, window: Window | undefined): boolean =>
  window === undefined ||
  (instant !== null && Date.parse(instant) >= window.after && Date.parse(instant) < window.before)

/** When Amazon changed an order, as far as it has happened. */
const changed = (order: PurchaseOrder, now: number): string | null =>
  order.changedAt !== null && Date.parse(order.changedAt) <= now ? order.changedAt : null

const ordersBetween = (call: Call, vendor: Vendor, window: Window): ReadonlyArray<PurchaseOrder> => {
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  return Dates.days(day(window.after), day(window.before))
    .flatMap((one) => Data.purchaseOrders(call.world.seed, vendor, one))
    .filter((order) => isIn(order.placedAt, window) && Date.parse(order.placedAt) <= call.now)
}

const show = (call: Call, vendor: Vendor, order: PurchaseOrder, details: boolean): unknown => {
  const changedAt = changed(order, call.now)
  return {
    purchaseOrderNumber: order.number,
    purchaseOrderState: order.state,
    ...(details
      ? {
          orderDetails: {
            purchaseOrderDate: order.placedAt,
            ...(changedAt === null ? {} : { purchaseOrderChangedDate: changedAt }),
            purchaseOrderStateChangedDate: order.placedAt,
            purchaseOrderType: "RegularOrder",
            paymentMethod: "Invoice",
            buyingParty: { partyId: "SIM1" },
            sellingParty: { partyId: vendor.id },
            shipToParty: { partyId: "SIM1" },
            billToParty: { partyId: "SIM1" },
            items: [
              {
                itemSequenceNumber: "1",
                amazonProductIdentifier: order.asin,
                orderedQuantity: { amount: order.amount, unitOfMeasure: "Eaches", unitSize: 1 },
                isBackOrderAllowed: false,
                netCost: { amount: order.netCost, currencyCode: order.currency }
              }
            ]
          }
        }
      : {})
  }
}

const list = (call: Call, { account }: Partner, { query }: Input): WireReply => {
  if (account.kind !== "vendor") return refuse(call, "SPA-403-07")
  const created = windowOf(call, query, "created")
  const change = windowOf(call, query, "changed")
  if (typeof created === "string") return bad(call, created)
  if (typeof change === "string") return bad(call, change)
  const lastDays = change === undefined ? longestDays : oldestDays
  const placed = created ?? { after: call.now - lastDays * DAY_MS, before: call.now + 1 }
  const all = ordersBetween(call, account, placed).filter((order) => {
    const changedAt = changed(order, call.now)
    return (
      isIn(changedAt, change) &&
      (query.isPOChanged !== "true" || changedAt !== null) &&
      (query.purchaseOrderState === undefined || order.state === query.purchaseOrderState) &&
      (query.orderingVendorCode === undefined || account.id === query.orderingVendorCode)
    )
  })
  const sorted = query.sortOrder === "DESC" ? all.toReversed() : all
  const page = Page.cut(call, sorted, {
    subject: `orders/${account.id}/${JSON.stringify({ ...query, nextToken: undefined, limit: undefined })}`,
    token: Check.text(query, "nextToken"),
    size: Check.number(query, "limit", 100)
  })
  if (page === undefined) return bad(call, "nextToken")
  return Wire.json(200, {
    payload: {
      ...(page.next === undefined ? {} : { pagination: { nextToken: page.next } }),
      orders: page.items.map((order) => show(call, account, order, query.includeDetails !== "false"))
    }
  })
}

const one = (call: Call, { account }: Partner, { path }: Input): WireReply => {
  if (account.kind !== "vendor") return refuse(call, "SPA-403-07")
  const window = { after: call.now - oldestDays * DAY_MS, before: call.now + 1 }
  const order = ordersBetween(call, account, window).find(({ number }) => number === path.purchaseOrderNumber)
  return order === undefined
    ? refuse(call, "SPA-404-01", "purchaseOrderNumber")
    : Wire.json(200, { payload: show(call, account, order, true) })
}

/** Texts that stand for true or false, as this API writes them. */
const flagText = Own.oneOf("true", "false")
const roles = ["Inventory and Order Tracking", "Amazon Fulfillment"]

/** Operations of the Vendor Orders API. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    described: Own.operation("getPurchaseOrders", "GET /vendor/orders/v1/purchaseOrders", {
      parameters: [
        Own.query("limit", Own.whole(1, 100)),
        Own.query("createdAfter", Own.instant),
        Own.query("createdBefore", Own.instant),
        Own.query("changedAfter", Own.instant),
        Own.query("changedBefore", Own.instant),
        Own.query("sortOrder", Own.oneOf("ASC", "DESC")),
        Own.query("nextToken", Own.text),
        Own.query("includeDetails", flagText),
        Own.query("isPOChanged", flagText),
        Own.query("purchaseOrderState", Own.oneOf("New", "Acknowledged", "Closed")),
        Own.query("orderingVendorCode", Own.text),
        Own.refused("poItemState", "no item of this world is cancelled by itself")
      ]
    }),
    kind: "vendor",
    roles,
    run: list
  },
  {
    described: Own.operation("getPurchaseOrder", "GET /vendor/orders/v1/purchaseOrders/{purchaseOrderNumber}"),
    kind: "vendor",
    roles,
    run: one
  }
]
