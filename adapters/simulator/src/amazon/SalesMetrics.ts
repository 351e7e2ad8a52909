/**
 * Order metrics for sellers (https://developer-docs.amazon.com/sp-api/docs/sales-api-v1-reference). Orders of a day are
 * spread over its hours, so hours add up to days, and a window is the sum of the hours that it touches.
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import type { DayMetrics } from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Own from "../describe/own.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { SpOperation } from "./SpOperation.ts"

const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)
/** Two years and a day: more than any first load asks for (two years back is the documented end). */
const longestDays = 731
/** How far back hours may be asked for (https://developer-docs.amazon.com/sp-api/docs/sales-api-v1-reference). */
const hourlyDays = 30
const HOUR_MS = 3_600_000

/** What happened in one hour. Amounts in hundredths. */
type Hour = {
  readonly at: number
  readonly day: string
  readonly orderCount: number
  readonly orderItemCount: number
  readonly unitCount: number
  readonly totalSales: number
}

/** A window on the clock, and the hours inside. */
type Bucket = { readonly from: number; readonly to: number; readonly hours: ReadonlyArray<Hour> }

const granularities: Readonly<Record<string, (hour: Hour, firstMonday: boolean) => string>> = {
  Hour: ({ at }) => String(at),
  Day: ({ day }) => day,
  Week: ({ day }, firstMonday) => {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
    return Dates.addDays(day, -(firstMonday ? (weekday + 6) % 7 : weekday))
  },
  Month: ({ day }) => day.slice(0, 7),
  Year: ({ day }) => day.slice(0, 4),
  Total: () => "total"
}

/** The hours of a day; a day on which clocks change has 23 or 25. Hours of a day always add up to it. */
const hoursOf = (timeZone: string, day: DayMetrics): ReadonlyArray<Hour> => {
  const first = Dates.startOf(timeZone, day.day)
  const count = Math.round((Dates.startOf(timeZone, Dates.addDays(day.day, 1)) - first) / HOUR_MS)
  return Array.from({ length: count }, (_, index) => {
    const share = (n: number) => Math.floor((n * (index + 1)) / count) - Math.floor((n * index) / count)
    const unitCount = share(day.unitCount)
    return {
      at: first + index * HOUR_MS,
      day: day.day,
      orderCount: share(day.orderCount),
      orderItemCount: share(day.orderItemCount),
      unitCount,
      totalSales: unitCount * day.unitPrice
    }
  })
}

const group = (
  hours: ReadonlyArray<Hour>,
  window: { readonly from: number; readonly to: number },
  keyOf: (hour: Hour) => string
): ReadonlyArray<Bucket> => {
  const groups = new Map<string, Array<Hour>>()
  for (const hour of hours) {
    const key = keyOf(hour)
    const known = groups.get(key)
    if (known === undefined) groups.set(key, [hour])
    else known.push(hour)
  }
  return [...groups.values()].map((own) => ({
    from: Math.max(window.from, own[0]?.at ?? window.from),
    to: Math.min(window.to, (own.at(-1)?.at ?? window.to) + HOUR_MS),
    hours: own
  }))
}

const show = (bucket: Bucket, timeZone: string, currency: string): unknown => {
  const sum = (of: (hour: Hour) => number) => bucket.hours.reduce((all, hour) => all + of(hour), 0)
  const [units, sales] = [sum((hour) => hour.unitCount), sum((hour) => hour.totalSales)]
  return {
    interval: `${Dates.label(timeZone, bucket.from)}--${Dates.label(timeZone, bucket.to)}`,
    unitCount: units,
    orderItemCount: sum((hour) => hour.orderItemCount),
    orderCount: sum((hour) => hour.orderCount),
    averageUnitPrice: {
      amount: units === 0 ? "0" : Data.money(Math.round(sales / units), currency),
      currencyCode: currency
    },
    totalSales: { amount: sales === 0 ? "0" : Data.money(sales, currency), currencyCode: currency }
  }
}

type Window = { readonly from: number; readonly to: number; readonly timeZone: string }

/** The window that a call asks for, or what is wrong with it. */
const windowOf = (call: Call, query: Input["query"], marketplaceId: string): Window | string => {
  const granularity = Check.text(query, "granularity")
  const [fromText = "", toText = "", ...rest] = (Check.text(query, "interval") ?? "").split("--")
  const [from, to] = [Dates.instant(fromText), Dates.instant(toText)]
  if (from === undefined || to === undefined || rest.length > 0 || to <= from) return "interval"
  const zone = Check.text(query, "granularityTimeZone")
  if (zone === undefined && granularity !== "Hour" && granularity !== "Total") return "granularityTimeZone is required"
  if (zone !== undefined && !Dates.isTimeZone(zone)) return "granularityTimeZone"
  if (to - from > longestDays * 24 * HOUR_MS) return "interval is too long"
  if (granularity === "Hour" && call.now - from > hourlyDays * 24 * HOUR_MS) {
    return `interval begins more than ${hourlyDays} days ago, which granularity Hour does not allow`
  }
  return { from, to, timeZone: zone ?? Data.timeZone(marketplaceId) }
}

/** `GET /sales/v1/orderMetrics`. Days are cut in the given zone. */
const metrics = (call: Call, partner: Partner, { query }: Input): WireReply => {
  const [marketplaceId = "", ...others] = Check.texts(query, "marketplaceIds") ?? []
  if (marketplaceId === "" || others.length > 0) return bad(call, "marketplaceIds takes exactly one marketplace")
  const refused = checkMarketplaces(call, partner, [marketplaceId])
  if (refused !== undefined) return refused
  const window = windowOf(call, query, marketplaceId)
  if (typeof window === "string") return bad(call, window)
  const { from, timeZone, to } = window
  const hours = Dates.days(Dates.dayIn(timeZone, from), Dates.dayIn(timeZone, to - 1))
    .flatMap((day) => hoursOf(timeZone, Data.dayMetrics(call.world.seed, partner.account.id, marketplaceId, day)))
    .filter(({ at }) => at + HOUR_MS > from && at < to)
    .map((hour) =>
      hour.day > Dates.dayIn(timeZone, call.now)
        ? { ...hour, orderCount: 0, orderItemCount: 0, unitCount: 0, totalSales: 0 }
        : hour
    )
  const keyOf = granularities[Check.text(query, "granularity") ?? ""] ?? (({ day }: Hour) => day)
  const buckets = group(hours, window, (hour) => keyOf(hour, query.firstDayOfWeek !== "Sunday"))
  return Wire.json(200, { payload: buckets.map((bucket) => show(bucket, timeZone, Data.currency(marketplaceId))) })
}

const everything = "orders of this world are not told apart by it"

/** Operations of the Sales API. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    described: Own.operation("getOrderMetrics", "GET /sales/v1/orderMetrics", {
      parameters: [
        Own.query("marketplaceIds", Own.list(Own.text), { required: true }),
        Own.query("interval", Own.text, { required: true }),
        Own.query("granularity", Own.oneOf(...Object.keys(granularities)), { required: true }),
        Own.query("granularityTimeZone", Own.text),
        Own.query("firstDayOfWeek", Own.oneOf("Monday", "Sunday")),
        Own.query("buyerType", Own.oneOf("B2B", "B2C", "All"), { refusedValues: ["B2B", "B2C"] }),
        Own.refused("fulfillmentNetwork", everything),
        Own.refused("asin", everything),
        Own.refused("sku", everything),
        Own.refused("amazonProgram", everything)
      ]
    }),
    kind: "seller",
    roles: ["Inventory and Order Tracking", "Pricing", "Finance and Accounting", "Selling Partner Insights"],
    run: metrics
  }
]
