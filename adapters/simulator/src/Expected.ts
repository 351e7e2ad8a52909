/** What a client should have landed, as comparable values: every id and amount is a text, nothing is rounded. */
import * as AdData from "./AdData.ts"
import * as Data from "./Data.ts"
import type { World } from "./World.ts"
import { own } from "./Wire.ts"

/** An advertising row with texts for ids and numbers, exactly as the digits stand in the report. */
export const adRows = (world: World, query: AdData.Query): ReadonlyArray<Readonly<Record<string, string | null>>> =>
  AdData.rows(world, query).map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) =>
    [name, value === null || value === undefined ? null : typeof value === "string" ? value : JSON.stringify(value)])))

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
  day: day.day, orderCount: day.orderCount, orderItemCount: day.orderItemCount, unitCount: day.unitCount,
  totalSales: day.totalSales === 0 ? "0" : Data.money(day.totalSales, day.currency), currency: day.currency
})

/** Order metrics of each day of a window, both ends included. Amounts are decimal texts. */
export const orderRows = (
  world: World, accountId: string, marketplaceId: string, from: string, to: string
): ReadonlyArray<OrderRow> => Data.salesRows(world, accountId, marketplaceId, from, to).map(orderRow)

/** The stock of a seller in a marketplace on a day; empty for an unknown seller. */
export const inventoryRows = (
  world: World, sellerId: string, marketplaceId: string, day: string
): ReadonlyArray<Data.Stock> => {
  const seller = own(world.sellers, sellerId)
  return seller === undefined ? [] : Data.stock(world.seed, seller, marketplaceId, day)
}

/** Purchase orders placed with a vendor on a day; empty for an unknown vendor. */
export const purchaseOrderRows = (world: World, vendorId: string, day: string): ReadonlyArray<Data.PurchaseOrder> => {
  const vendor = own(world.vendors, vendorId)
  return vendor === undefined ? [] : Data.purchaseOrders(world.seed, vendor, day)
}
