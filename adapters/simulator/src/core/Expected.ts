/** What a client should have landed, as comparable values: every id and amount is a text, nothing is rounded. */
import * as AdData from "../amazon/AdData.ts"
import * as Data from "./Data.ts"
import * as Dates from "./Dates.ts"
import type { World } from "./World.ts"
import { own } from "./Wire.ts"
import * as WalmartAds from "../walmart/AdRows.ts"
import * as ShopRows from "../walmart/ShopRows.ts"

const textOf = (value: unknown): string | null => {
  if (value === null || value === undefined) return null
  return typeof value === "string" ? value : JSON.stringify(value)
}

/** An advertising row with texts for ids and numbers, exactly as the digits stand in the report. */
export const adRows = (world: World, query: AdData.Query): ReadonlyArray<Readonly<Record<string, string | null>>> =>
  AdData.rows(world, query).map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, textOf(value)]))
  )

/** A day's order metrics as `orderMetrics` serves them. */
export type OrderRow = {
  readonly day: string
  readonly orderCount: number
  readonly orderItemCount: number
  readonly unitCount: number
  readonly totalSales: string
  readonly currency: string
}

const orderRow = (day: Data.DayMetrics): OrderRow => ({
  day: day.day,
  orderCount: day.orderCount,
  orderItemCount: day.orderItemCount,
  unitCount: day.unitCount,
  totalSales: day.totalSales === 0 ? "0" : Data.money(day.totalSales, day.currency),
  currency: day.currency
})

/** Order metrics of each day of a window, both ends included. Amounts are decimal texts. */
export const orderRows = (
  world: World,
  accountId: string,
  marketplaceId: string,
  from: string,
  to: string
): ReadonlyArray<OrderRow> => Data.salesRows(world, accountId, marketplaceId, from, to).map(orderRow)

/** The stock of a seller in a marketplace on a day; empty for an unknown seller. */
export const inventoryRows = (
  world: World,
  sellerId: string,
  marketplaceId: string,
  day: string
): ReadonlyArray<Data.Stock> => {
  const seller = own(world.sellers, sellerId)
  return seller === undefined ? [] : Data.stock(world.seed, seller, marketplaceId, day)
}

/** Purchase orders placed with a vendor on a day; empty for an unknown vendor. */
export const purchaseOrderRows = (world: World, vendorId: string, day: string): ReadonlyArray<Data.PurchaseOrder> => {
  const vendor = own(world.vendors, vendorId)
  return vendor === undefined ? [] : Data.purchaseOrders(world.seed, vendor, day)
}

/** Rows of a Walmart report, every cell the text that stands in the file. Reports of all types agree in total. */
export const walmartAdRows = (world: World, query: WalmartAds.Query): ReadonlyArray<Readonly<Record<string, string>>> =>
  WalmartAds.rows(world, query)

/** An order of a Walmart seller, with the day it belongs to. */
export type WalmartOrder = ShopRows.Order & { readonly day: string }

/** Orders of a Walmart seller placed within days of UTC, both included; empty for an unknown seller. */
export const walmartOrderRows = (
  world: World,
  query: { readonly sellerId: string; readonly from: string; readonly to: string }
): ReadonlyArray<WalmartOrder> => {
  const seller = own(world.walmart.sellers, query.sellerId)
  return seller === undefined
    ? []
    : Dates.days(query.from, query.to).flatMap((day) =>
        ShopRows.orders(world.seed, seller, day).map((order) => ({ ...order, day }))
      )
}

/** The catalogue of a Walmart seller; empty for an unknown one. */
export const walmartItemRows = (world: World, sellerId: string): ReadonlyArray<ShopRows.Item> => {
  const seller = own(world.walmart.sellers, sellerId)
  return seller === undefined ? [] : ShopRows.items(world.seed, seller)
}

/** What a Walmart seller can sell of each article on a day of UTC; empty for an unknown seller. */
export const walmartInventoryRows = (
  world: World,
  sellerId: string,
  day: string
): ReadonlyArray<{ readonly sku: string; readonly amount: number }> => {
  const seller = own(world.walmart.sellers, sellerId)
  return seller === undefined
    ? []
    : ShopRows.items(world.seed, seller).map(({ sku }) => ({
        sku,
        amount: ShopRows.stock(world.seed, seller, sku, day)
      }))
}
