/**
 * What the accounts did, as pure functions of (seed, account, marketplace, day). Nothing is stored: the same window
 * served twice is the same, and a test can ask here what should have landed.
 */
import { Marketplace } from "@portolan/domain"
import { Option } from "effect"
import * as Dates from "./Dates.ts"
import * as Random from "./Random.ts"
import type { Seller, Vendor, World } from "./World.ts"

/** Currency of a marketplace of the catalogue. */
export const currency = (marketplaceId: string): string =>
  Option.match(Marketplace.find(marketplaceId), { onNone: () => "USD", onSome: (one) => one.currency })

/** Advertising time zone of a marketplace. */
export const timeZone = (marketplaceId: string): string =>
  Option.match(Marketplace.find(marketplaceId), { onNone: () => "UTC", onSome: (one) => one.timeZone })

/** Hundredths as a decimal text without trailing noise; yen have no hundredths. */
export const money = (hundredths: number, code: string): string =>
  code === "JPY" ? String(Math.round(hundredths / 100)) : (hundredths / 100).toFixed(2)

/** One seller's sales in one marketplace on one day. Amounts in hundredths. */
export type DayMetrics = {
  readonly day: string
  readonly orderCount: number
  readonly orderItemCount: number
  readonly unitCount: number
  readonly unitPrice: number
  readonly totalSales: number
  readonly sessions: number
  readonly pageViews: number
  readonly currency: string
}

/** Sales of a seller (or shipments of a vendor) on a day. */
export const dayMetrics = (seed: string, account: string, marketplaceId: string, day: string): DayMetrics => {
  const draw = Random.stream(`${seed}/sales/${account}/${marketplaceId}/${day}`)
  const weekend = [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay()) ? 1.3 : 1
  const orderCount = Math.floor(draw() * 60 * weekend)
  const orderItemCount = orderCount + Math.floor(draw() * orderCount * 0.3)
  const unitCount = orderItemCount + Math.floor(draw() * orderItemCount * 0.4)
  const code = currency(marketplaceId)
  const unitPrice = unitCount === 0 ? 0 : Math.round(800 + draw() * 4200) * (code === "JPY" ? 100 : 1)
  const sessions = orderCount * 8 + Math.floor(draw() * 50)
  return {
    day,
    orderCount,
    orderItemCount,
    unitCount,
    unitPrice,
    totalSales: unitCount * unitPrice,
    sessions,
    pageViews: sessions + Math.floor(draw() * sessions),
    currency: code
  }
}

/** One article in Amazon's warehouses. */
export type Stock = {
  readonly asin: string
  readonly fnSku: string
  readonly sellerSku: string
  readonly productName: string
  readonly fulfillable: number
  readonly inbound: number
  readonly reserved: number
  readonly lastUpdated: string
}

const goods = [
  "Desk lamp",
  "Tea tin",
  "Wool blanket",
  "Garden twine",
  "Enamel mug",
  "Rain hat",
  "Bread knife",
  "Map case",
  "Cork board",
  "Linen towel"
]
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"

/** The stock of a seller in a marketplace on a day, in a fixed order. */
export const stock = (
  seed: string,
  seller: Pick<Seller, "id" | "key" | "skuCount">,
  marketplaceId: string,
  day: string
): ReadonlyArray<Stock> =>
  Array.from({ length: seller.skuCount }, (_, index) => {
    const article = `${seed}/article/${seller.id}/${index}`
    const draw = Random.stream(`${article}/${marketplaceId}/${day}`)
    return {
      asin: `B0${Random.letters(seed, article, 8, alphabet)}`,
      fnSku: `X00${Random.letters(seed, `${article}/fn`, 7, alphabet)}`,
      sellerSku: `${seller.key.toUpperCase()}-${String(index + 1).padStart(4, "0")}`,
      productName: `${goods[index % goods.length] ?? "Box"} no. ${index + 1}`,
      fulfillable: Math.floor(draw() * 400),
      inbound: Math.floor(draw() * 60),
      reserved: Math.floor(draw() * 20),
      lastUpdated: `${day}T0${Math.floor(draw() * 9)}:15:00Z`
    }
  })

/** One purchase order of a vendor. */
export type PurchaseOrder = {
  readonly number: string
  readonly state: "New" | "Acknowledged" | "Closed"
  readonly placedAt: string
  /** When Amazon changed it after it was placed; null for most. */
  readonly changedAt: string | null
  readonly asin: string
  readonly amount: number
  readonly netCost: string
  readonly currency: string
}

const placedAt = (day: string, index: number): string => `${day}T${String(6 + index * 4).padStart(2, "0")}:30:00Z`

/** One order in six is changed, six hours to two days after it was placed. */
const changedAt = (name: string, placed: string): string | null => {
  const draw = Random.stream(name)
  if (draw() >= 1 / 6) return null
  return new Date(Date.parse(placed) + Math.floor(6 + draw() * 42) * 3_600_000).toISOString()
}

/** Purchase orders that were placed with a vendor on a day: none to three. */
export const purchaseOrders = (
  seed: string,
  vendor: Pick<Vendor, "id" | "marketplaces">,
  day: string
): ReadonlyArray<PurchaseOrder> => {
  const draw = Random.stream(`${seed}/orders/${vendor.id}/${day}`)
  const code = currency(vendor.marketplaces[0] ?? "")
  return Array.from({ length: Math.floor(draw() * 4) }, (_, index) => ({
    number: Random.letters(seed, `order/${vendor.id}/${day}/${index}`, 8, alphabet),
    state: draw() < 0.5 ? ("New" as const) : ("Acknowledged" as const),
    placedAt: placedAt(day, index),
    changedAt: changedAt(`${seed}/order-change/${vendor.id}/${day}/${index}`, placedAt(day, index)),
    asin: `B0${Random.letters(seed, `order-article/${vendor.id}/${index}`, 8, alphabet)}`,
    amount: 1 + Math.floor(draw() * 200),
    netCost: money(Math.round(500 + draw() * 30_000), code),
    currency: code
  }))
}

/** The metrics of each day of a window, both ends included. What `orderMetrics` by day and the sales report serve. */
export const salesRows = (
  world: World,
  accountId: string,
  marketplaceId: string,
  from: string,
  to: string
): ReadonlyArray<DayMetrics> => Dates.days(from, to).map((day) => dayMetrics(world.seed, accountId, marketplaceId, day))
