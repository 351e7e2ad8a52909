/** Orders by day from the Sales API (https://github.com/amzn/selling-partner-api-models). */
import { Day, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Quarantine, Rows, Values } from "@portolan/wire"
import { DateTime, Effect, Option, Schema, SchemaGetter } from "effect"
import type { Send } from "./SellingPartner.ts"
import * as Operation from "./SpOperation.ts"

/**
 * An amount. Amazon leaves some out, or writes an empty object in their place
 * (https://github.com/amzn/selling-partner-api-docs/issues/690): the counts beside it hold all the same, and an amount
 * that is not told is null, never nought.
 */
const Amount = Schema.Unknown.pipe(
  Schema.decodeTo(Schema.NullOr(Schema.String), {
    decode: SchemaGetter.transform((value: unknown) => Option.getOrNull(Values.decimal(value))),
    encode: SchemaGetter.passthrough({ strict: false })
  })
)
const Money = Schema.Struct({
  amount: Schema.optionalKey(Amount),
  currencyCode: Schema.optionalKey(Schema.NullOr(Schema.String))
})
const Count = Schema.FiniteFromString
const Interval = Schema.Struct({
  interval: Schema.String,
  unitCount: Count,
  orderItemCount: Count,
  orderCount: Count,
  averageUnitPrice: Schema.optionalKey(Schema.NullOr(Money)),
  totalSales: Schema.optionalKey(Schema.NullOr(Money))
})
const Metrics = Schema.Struct({ payload: Schema.NullOr(Schema.Array(Schema.Unknown)) })

/**
 * The first instant of a day in a time zone, with the offset that holds there and then. Where clocks skip midnight, as
 * in Cairo in spring, the day begins at one.
 */
export const startOf = (day: Day.Day, timeZone: string): string => {
  const start = DateTime.makeZoned(`${day}T00:00:00Z`, {
    timeZone,
    adjustForTimeZone: true,
    disambiguation: "compatible"
  })
  return DateTime.formatIsoOffset(Option.getOrThrow(start)).replace(/\.\d{3}/, "")
}

/**
 * The day that an interval is of. Its own midnight names it, whatever the offset: some marketplaces count in another
 * zone than they advertise in (https://github.com/amzn/selling-partner-api-docs/issues/2030).
 */
const dayOf = (interval: string, timeZone: string): Option.Option<Day.Day> => {
  const [start = ""] = interval.split("--")
  const isLocalMidnight = /^\d{4}-\d{2}-\d{2}T00:00(?::00(?:\.0+)?)?[+-]\d{2}:?\d{2}$/.test(start)
  return Values.day(isLocalMidnight ? start.slice(0, 10) : start, { timeZone })
}

const read = (items: ReadonlyArray<unknown>, { from, until }: ProviderApi.WindowRequest, timeZone: string) => {
  const keyOf = (item: unknown) => Quarantine.fieldOf(item, "interval")
  const { good, odd } = Quarantine.each(items, Interval, { what: "getOrderMetrics", keyOf })
  const rows: Array<ProviderApi.Row> = []
  const others = [...odd]
  for (const { averageUnitPrice, totalSales, interval, ...counts } of good) {
    const day = dayOf(interval, timeZone)
    const isOurs = Option.isSome(day) && day.value >= from && day.value < until
    if (!isOurs) others.push(Quarantine.apart("An interval is of no day that was asked for.", { interval }, interval))
    else {
      const data = { interval, ...counts, averageUnitPrice: averageUnitPrice ?? null, totalSales: totalSales ?? null }
      rows.push({ key: day.value, day: day.value, data })
    }
  }
  return { rows, odd: others }
}

/** Loads one row a day. A day is the marketplace's own, cut in its time zone. */
export const load = (send: Send) =>
  Effect.fnUntraced(function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
    const { id, timeZone } = Marketplace.get(request.profile.key.marketplaceId)
    const { payload } = yield* send(access, {
      operation: Operation.orderMetrics,
      path: "/sales/v1/orderMetrics",
      query: {
        marketplaceIds: id,
        interval: `${startOf(request.from, timeZone)}--${startOf(request.until, timeZone)}`,
        granularity: "Day",
        granularityTimeZone: timeZone
      },
      schema: Metrics
    })
    // Amazon lists every day, those without orders with noughts, so an answer without any day proves nothing.
    if (payload === null || payload.length === 0) return Rows.empty("Amazon listed no day of the window")
    const { odd, rows } = read(payload, request, timeZone)
    const today = Day.at(yield* DateTime.now, timeZone)
    const days = Array.from({ length: Day.between(request.from, request.until) }, (_, n) => Day.plus(request.from, n))
    const missing = odd.length > 0 ? [] : days.filter((day) => day < today && rows.every((row) => row.day !== day))
    return yield* Effect.fromResult(Rows.land({ what: "getOrderMetrics", rows, odd, missing, twice: "refuse" }))
  })
