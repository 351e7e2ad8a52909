/** Orders by day from the Sales API (https://github.com/amzn/selling-partner-api-models). */
import { Day, Failure, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Send } from "./SellingPartner.ts"
import * as Operation from "./SpOperation.ts"

const Money = Schema.Struct({ amount: Schema.String, currencyCode: Schema.String })
const Count = Schema.FiniteFromString
const Metrics = Schema.Struct({
  payload: Schema.Array(
    Schema.Struct({
      interval: Schema.String,
      unitCount: Count,
      orderItemCount: Count,
      orderCount: Count,
      averageUnitPrice: Schema.optionalKey(Money),
      totalSales: Money
    })
  )
})

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

const dayOf = (interval: string, timeZone: string): Option.Option<Day.Day> =>
  Option.map(DateTime.make(interval.split("--")[0] ?? ""), (start) => Day.at(DateTime.toUtc(start), timeZone))

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
    const rows: Array<ProviderApi.Row> = []
    for (const { interval, ...data } of payload) {
      const day = dayOf(interval, timeZone)
      if (Option.isNone(day)) {
        return yield* new Failure.Temporary({
          detail: "getOrderMetrics: an interval is not readable",
          throttled: false
        })
      }
      rows.push({ key: day.value, day: day.value, data: { interval, ...data } })
    }
    return { _tag: "Rows", rows: Rows.unique(rows) } satisfies ProviderApi.WindowAnswer
  })
