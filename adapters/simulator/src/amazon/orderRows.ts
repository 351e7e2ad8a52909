/** The orders of a seller, as pure functions of seed, seller, marketplace and day: they add up to the day's metrics. */
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import * as Random from "../core/Random.ts"
import type { Seller } from "../core/World.ts"

const HOUR_MS = 3_600_000

/** One order. Amounts in hundredths. */
export type Order = {
  readonly id: string
  readonly marketplaceId: string
  readonly placedAt: number
  /** When it leaves the warehouse; a few orders are cancelled by then. */
  readonly shipsAt: number
  readonly isCancelled: boolean
  readonly items: number
  readonly units: number
  readonly total: number
  readonly unitPrice: number
  readonly currency: string
}

/** The share of a whole that falls on one of several parts, which add up to it. */
const part = (whole: number, index: number, count: number): number =>
  Math.floor((whole * (index + 1)) / count) - Math.floor((whole * index) / count)

const pad = (value: number, length: number): string => String(value % 10 ** length).padStart(length, "0")

/** Three, seven and seven digits; the day and the place in it stand inside. */
const idOf = (name: string, day: string, index: number): string => {
  const noise = Random.hash32(name)
  const number = Dates.daysBetween("2000-01-01", day)
  return `${pad(noise, 3)}-${pad(number, 5)}${pad(noise >>> 10, 2)}-${pad(index, 4)}${pad(noise >>> 16, 3)}`
}

/** The day that stands in the id of an order; undefined for an id of another form. */
export const dayOf = (id: string): string | undefined => {
  const number = /^\d{3}-(\d{5})\d{2}-\d{7}$/.exec(id)?.[1]
  return number === undefined ? undefined : Dates.addDays("2000-01-01", Number(number))
}

/** The orders that were placed on a day of the marketplace, oldest first. */
export const ordersOf = (seed: string, seller: Seller, marketplaceId: string, day: string): ReadonlyArray<Order> => {
  const metrics = Data.dayMetrics(seed, seller.id, marketplaceId, day)
  const { currency, orderCount: count, orderItemCount, unitCount, unitPrice } = metrics
  const zone = Data.timeZone(marketplaceId)
  const first = Dates.startOf(zone, day)
  const length = Dates.startOf(zone, Dates.addDays(day, 1)) - first
  return Array.from({ length: count }, (_, index) => {
    const name = `${seed}/order/${seller.id}/${marketplaceId}/${day}/${index}`
    const draw = Random.stream(name)
    const placedAt = first + Math.floor((length * (index + draw())) / count / 1000) * 1000
    const units = part(unitCount, index, count)
    return {
      id: idOf(name, day, index),
      marketplaceId,
      placedAt,
      shipsAt: placedAt + Math.floor(12 + draw() * 36) * HOUR_MS,
      isCancelled: draw() < 0.03,
      items: Math.min(units, Math.max(1, part(orderItemCount, index, count))),
      units,
      total: units * unitPrice,
      unitPrice,
      currency
    }
  })
}
