/**
 * Orders of the Marketplace API, `GET /v3/orders`, in the shape of Walmart's US schema
 * (highsidelabs/walmart-api-php).
 */
import { Day, Failure, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { DateTime, Effect, Option, Schema } from "effect"
import * as Pages from "./Pages.ts"
import type { Send } from "./Seller.ts"
import type { WalmartTransport } from "./Token.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const json = Schema.optionalKey(Schema.Json)
const path = "/v3/orders"
const perPage = 200

/**
 * What is taken of an order. Names, addresses, phone numbers and e-mail addresses of customers are left where they
 * are: nothing here is for them, and they would have to be guarded ever after.
 */
const Order = Schema.Struct({
  purchaseOrderId: Schema.String,
  customerOrderId: text,
  orderType: text,
  orderDate: Schema.String,
  orderLines: Schema.Struct({
    orderLine: Schema.Array(
      Schema.Struct({
        lineNumber: text,
        item: Schema.optionalKey(Schema.NullOr(Schema.Struct({ productName: text, sku: text }))),
        charges: json,
        orderLineQuantity: json,
        statusDate: text,
        orderLineStatuses: Schema.optionalKey(
          Schema.NullOr(
            Schema.Struct({
              orderLineStatus: Schema.Array(
                Schema.Struct({ status: text, statusQuantity: json, cancellationReason: text })
              )
            })
          )
        )
      })
    )
  })
})
type Order = typeof Order.Type

const Page = Schema.Struct({
  list: Schema.Struct({
    meta: Schema.optionalKey(Schema.NullOr(Schema.Struct({ nextCursor: text }))),
    elements: Schema.optionalKey(
      Schema.NullOr(Schema.Struct({ order: Schema.optionalKey(Schema.NullOr(Schema.Array(Order))) }))
    )
  })
})

/** The instant of an order: milliseconds since 1970, or a date and time. */
export const instant = (text: string): Option.Option<DateTime.Utc> => {
  if (/^\d{12,14}$/.test(text)) return Option.some(DateTime.makeUnsafe(Number(text)))
  return /^\d{4}-\d{2}-\d{2}T/.test(text) ? Option.map(DateTime.make(text), DateTime.toUtc) : Option.none()
}

const startOf = (day: Day.Day, timeZone: string): DateTime.Utc =>
  DateTime.toUtc(
    Option.getOrThrow(
      DateTime.makeZoned(`${day}T00:00:00Z`, { timeZone, adjustForTimeZone: true, disambiguation: "compatible" })
    )
  )

const seconds = (at: DateTime.Utc): string => DateTime.formatIso(at).replace(/\.\d{3}/, "")

/**
 * Loads one row an order, by every way of shipping. A window is asked for day by day, because Walmart cuts long
 * listings; whether it counts the end of a range in is not confirmed, so both midnights are asked for and what belongs
 * to another day is left to that day.
 */
export const load = ({ settings }: WalmartTransport, send: Send) =>
  Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const { timeZone } = Marketplace.get(request.profile.key.marketplaceId)
      const listed = Effect.fnUntraced(function* (day: Day.Day, shipNodeType: string) {
        const range = new URLSearchParams({
          createdStartDate: seconds(startOf(day, timeZone)),
          createdEndDate: seconds(startOf(Day.plus(day, 1), timeZone)),
          limit: String(perPage),
          shipNodeType
        })
        const orders: ReadonlyArray<Order> = yield* Pages.all(settings.limits, "getOrders")(
          `${path}?${range.toString()}`,
          (cursor) => Pages.after(path, perPage, cursor),
          (address) =>
            send(access, {
              operation: "getOrders",
              scope: "orders",
              path: address,
              schema: Page,
              nothing: { list: {} }
            }).pipe(Effect.map(({ list }) => ({ items: list.elements?.order ?? [], next: list.meta?.nextCursor })))
        )
        const rows: Array<ProviderApi.Row> = []
        for (const order of orders) {
          const at = instant(order.orderDate)
          if (Option.isNone(at)) {
            return yield* new Failure.Temporary({
              detail: "getOrders: an order's date is not readable",
              throttled: false
            })
          }
          if (Day.at(at.value, timeZone) === day) rows.push({ key: Rows.key(order.purchaseOrderId), day, data: order })
        }
        return rows
      })
      const length = Day.between(request.from, request.until)
      const days = Array.from({ length }, (_, index) => Day.plus(request.from, index))
      const ofDay = (day: Day.Day) => Effect.forEach(settings.assumptions.shipNodeTypes, (type) => listed(day, type))
      const rows = (yield* Effect.forEach(days, ofDay)).flat(2)
      return { _tag: "Rows", rows: Rows.unique(rows) } satisfies ProviderApi.WindowAnswer
    },
    Pages.inTime(settings.limits, "getOrders")
  )
