/**
 * Order metrics for sellers and purchase orders for vendors (https://developer-docs.amazon.com/sp-api/docs/sellers-api,
 * https://github.com/amzn/selling-partner-api-models).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Data from "../core/Data.ts"
import type { DayMetrics } from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"

const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)
/** Two years and a day: more than any first load asks for. The provider's own limit is not documented (assumed). */
const longestDays = 731

type Sum = {
  readonly label: string
  readonly orderCount: number
  readonly orderItemCount: number
  readonly unitCount: number
  readonly totalSales: number
}

const granularities: Readonly<Record<string, (day: string, firstMonday: boolean) => string>> = {
  Day: (day) => day,
  Week: (day, firstMonday) => {
    const weekday = new Date(`${day}T00:00:00Z`).getUTCDay()
    return Dates.addDays(day, -(firstMonday ? (weekday + 6) % 7 : weekday))
  },
  Month: (day) => `${day.slice(0, 7)}-01`,
  Year: (day) => `${day.slice(0, 4)}-01-01`,
  Total: () => "total"
}

const group = (
  days: ReadonlyArray<DayMetrics>,
  bucketOf: (day: string) => string
): ReadonlyArray<{ readonly days: ReadonlyArray<DayMetrics> }> => {
  const groups = new Map<string, Array<DayMetrics>>()
  for (const day of days) {
    const bucket = bucketOf(day.day)
    const known = groups.get(bucket)
    if (known === undefined) groups.set(bucket, [day])
    else known.push(day)
  }
  return [...groups.values()].map((days) => ({ days }))
}

const total = (label: string, days: ReadonlyArray<DayMetrics>): Sum => ({
  label,
  orderCount: days.reduce((sum, day) => sum + day.orderCount, 0),
  orderItemCount: days.reduce((sum, day) => sum + day.orderItemCount, 0),
  unitCount: days.reduce((sum, day) => sum + day.unitCount, 0),
  totalSales: days.reduce((sum, day) => sum + day.totalSales, 0)
})

/** An even share of a day: hours of a day always add up to it. */
const hour = (label: string, day: DayMetrics, index: number): Sum => {
  const share = (n: number) => Math.floor((n * (index + 1)) / 24) - Math.floor((n * index) / 24)
  return {
    label,
    orderCount: share(day.orderCount),
    orderItemCount: share(day.orderItemCount),
    unitCount: share(day.unitCount),
    totalSales: share(day.unitCount) * day.unitPrice
  }
}

const show = (sum: Sum, currency: string): unknown => ({
  interval: sum.label,
  unitCount: sum.unitCount,
  orderItemCount: sum.orderItemCount,
  orderCount: sum.orderCount,
  averageUnitPrice: {
    amount: sum.unitCount === 0 ? "0" : Data.money(Math.round(sum.totalSales / sum.unitCount), currency),
    currencyCode: currency
  },
  totalSales: { amount: sum.totalSales === 0 ? "0" : Data.money(sum.totalSales, currency), currencyCode: currency }
})

/**
 * `GET /sales/v1/orderMetrics`. Days are cut in the given zone; a day that the interval touches counts whole (assumed).
 */
export const metrics = (call: Call, partner: Partner): WireReply => {
  const query = new URLSearchParams(call.request.query)
  const ids = (query.get("marketplaceIds") ?? "").split(",").filter((id) => id !== "")
  const marketplaceId = ids[0]
  if (ids.length !== 1 || marketplaceId === undefined) return bad(call, "marketplaceIds takes exactly one marketplace")
  const refused = checkMarketplaces(call, partner, ids)
  if (refused !== undefined) return refused
  const unmodelled = ["buyerType", "fulfillmentNetwork", "asin", "sku"].find(
    (name) => query.has(name) && query.get(name) !== "All"
  )
  if (unmodelled !== undefined) return refuse(call, "SPA-400-03", unmodelled)
  const granularity = query.get("granularity") ?? ""
  if (granularity !== "Hour" && !Object.hasOwn(granularities, granularity)) return bad(call, "granularity")
  const [fromText, toText, ...rest] = (query.get("interval") ?? "").split("--")
  const from = Dates.instant(fromText ?? "")
  const to = Dates.instant(toText ?? "")
  if (from === undefined || to === undefined || rest.length > 0 || to <= from) return bad(call, "interval")
  const zone = query.get("granularityTimeZone")
  if (zone === null && granularity !== "Hour" && granularity !== "Total") {
    return bad(call, "granularityTimeZone is required")
  }
  if (zone !== null && !Dates.isTimeZone(zone)) return bad(call, "granularityTimeZone")
  if (to - from > longestDays * 86_400_000) return bad(call, "interval is too long")
  const timeZone = zone ?? Data.timeZone(marketplaceId)
  const first = Dates.dayIn(timeZone, from)
  const last = Dates.dayIn(timeZone, to - 1)
  const today = Dates.dayIn(timeZone, call.now)
  const days = Dates.days(first, last).map((day) => {
    const metrics = Data.dayMetrics(call.world.seed, partner.account.id, marketplaceId, day)
    return day > today ? { ...metrics, orderCount: 0, orderItemCount: 0, unitCount: 0, totalSales: 0 } : metrics
  })
  const label = (from: string, to: string) =>
    `${Dates.midnight(timeZone, from)}--${Dates.midnight(timeZone, Dates.addDays(to, 1))}`
  const sums =
    granularity === "Hour"
      ? days.flatMap((day) =>
          Array.from({ length: 24 }, (_, index) => {
            const time = (n: number) =>
              Dates.midnight(timeZone, n === 24 ? Dates.addDays(day.day, 1) : day.day).replace(
                "T00:",
                `T${String(n % 24).padStart(2, "0")}:`
              )
            return hour(`${time(index)}--${time(index + 1)}`, day, index)
          })
        )
      : group(days, (day) => granularities[granularity]?.(day, query.get("firstDayOfWeek") !== "Sunday") ?? day).map(
          ({ days }) => total(label(days[0]?.day ?? first, days.at(-1)?.day ?? last), days)
        )
  return Wire.json(200, { payload: sums.map((sum) => show(sum, Data.currency(marketplaceId))) })
}

/** `GET /vendor/orders/v1/purchaseOrders`: at most seven days, of the past six months, 100 a page. */
export const purchaseOrders = (call: Call, partner: Partner): WireReply => {
  const { account } = partner
  if (account.kind !== "vendor") return refuse(call, "SPA-403-07")
  const query = new URLSearchParams(call.request.query)
  const limit = Number(query.get("limit") ?? "100")
  if (!Number.isInteger(limit) || limit < 1 || limit > 100) return bad(call, "limit")
  const after = Dates.instant(query.get("createdAfter") ?? new Date(call.now - 7 * 86_400_000).toISOString())
  const before = Dates.instant(query.get("createdBefore") ?? new Date(call.now).toISOString())
  if (after === undefined || before === undefined || before <= after) return bad(call, "createdAfter, createdBefore")
  if (before - after > 7 * 86_400_000) return bad(call, "the range is longer than 7 days")
  if (call.now - after > 190 * 86_400_000) return bad(call, "data older than 6 months is not available")
  const token = query.get("nextToken")
  const [offset, signature] = token === null ? ["0", ""] : token.split(".")
  const seal = (at: number) => Credentials.sign(call.world, `orders/${account.id}/${after}/${before}/${at}`)
  if (token !== null && (!/^\d{1,9}$/.test(offset ?? "") || signature !== seal(Number(offset)))) {
    return bad(call, "nextToken")
  }
  const day = (at: number) => new Date(at).toISOString().slice(0, 10)
  const all = Dates.days(day(after), day(before))
    .flatMap((one) => Data.purchaseOrders(call.world.seed, account, one))
    .filter(
      (order) =>
        Date.parse(order.placedAt) >= after &&
        Date.parse(order.placedAt) < before &&
        Date.parse(order.placedAt) <= call.now
    )
  const end = Number(offset) + limit
  const details = query.get("includeDetails") !== "false"
  const orders = all
    .slice(Number(offset), end)
    .map((order) => ({
      purchaseOrderNumber: order.number,
      purchaseOrderState: order.state,
      ...(details
        ? {
            orderDetails: {
              purchaseOrderDate: order.placedAt,
              purchaseOrderStateChangedDate: order.placedAt,
              purchaseOrderType: "RegularOrder",
              paymentMethod: "Invoice",
              buyingParty: { partyId: "SIM1" },
              sellingParty: { partyId: account.id },
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
    }))
  return Wire.json(200, {
    payload: { ...(end < all.length ? { pagination: { nextToken: `${end}.${seal(end)}` } } : {}), orders }
  })
}
