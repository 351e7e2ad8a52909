/**
 * Orders of the Marketplace API, `GET /v3/orders`, in the shape of Walmart's US schema
 * (highsidelabs/walmart-api-php).
 */
import { Day, Failure, Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Quarantine, Rows, Values } from "@portolan/wire"
import { DateTime, Effect, Option, Schema } from "effect"
import { Order } from "./Order.ts"
import * as Pages from "./Pages.ts"
import type { Send } from "./Seller.ts"
import type { WalmartTransport } from "./Token.ts"

const path = "/v3/orders"
const perPage = 200
const what = "getOrders"

const Page = Schema.NullOr(
  Schema.Struct({
    list: Schema.optionalKey(
      Schema.NullOr(
        Schema.Struct({
          meta: Schema.optionalKey(
            Schema.NullOr(Schema.Struct({ totalCount: Pages.totalField, nextCursor: Pages.cursorField }))
          ),
          elements: Schema.optionalKey(
            Schema.NullOr(Schema.Struct({ order: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Unknown))) }))
          )
        })
      )
    )
  })
)

const empty: typeof Page.Type = { list: { elements: { order: [] } } }

/**
 * The most orders that one search finds; more is an error
 * (https://developer.walmart.com/global-marketplace/docs/get-all-orders-mp).
 */
const longestSearch = 10_000

/** A search that finds more than it may. */
class TooMany extends Schema.TaggedError<TooMany>()("TooMany", { detail: Schema.String }) {}

const isCap = ({ detail, words }: Failure.RequestRefused): boolean =>
  /\b10[,. ]?000\b|too many|narrow|exceeds? (?:the )?max/i.test(
    [detail, words?.message, words?.details].filter((part) => part !== undefined).join(" ")
  )

/** The shortest stretch that is asked for by itself; a seller with more orders in a minute is none. */
const shortestMillis = 60_000

const startOf = (day: Day.Day, timeZone: string): DateTime.Utc =>
  DateTime.toUtc(
    Option.getOrThrow(
      DateTime.makeZoned(`${day}T00:00:00Z`, { timeZone, adjustForTimeZone: true, disambiguation: "compatible" })
    )
  )

const seconds = (millis: number): string => DateTime.formatIso(DateTime.makeUnsafe(millis)).replace(/\.\d{3}/, "")

/** A stretch of time in which orders were created, in milliseconds since 1970, and by whom they ship. */
interface Stretch {
  readonly from: number
  readonly until: number
  readonly shipNodeType: string
}

interface Found {
  readonly items: ReadonlyArray<unknown>
  readonly isVague: boolean
}

const orderIdOf = (order: unknown) => Quarantine.fieldOf(order, "purchaseOrderId")

/** One search, page by page. */
const search = ({ settings }: WalmartTransport, send: Send, access: ProviderApi.Access, stretch: Stretch) => {
  const query = new URLSearchParams({
    createdStartDate: seconds(stretch.from),
    createdEndDate: seconds(stretch.until),
    limit: String(perPage),
    shipNodeType: stretch.shipNodeType
  })
  const first = `${path}?${query.toString()}`
  return Pages.all(
    Pages.walk(settings.limits, what, orderIdOf),
    { first, after: (cursor) => Pages.after(path, perPage, cursor) },
    (address) =>
      send(access, { operation: what, scope: "orders", path: address, schema: Page, nothing: empty, blank: null }).pipe(
        Effect.catchTag("RequestRefused", (refusal) =>
          Effect.fail(address === first && isCap(refusal) ? new TooMany({ detail: refusal.detail }) : refusal)
        ),
        Effect.flatMap((page) => {
          const total = Pages.total(page?.list?.meta?.totalCount)
          if (total !== undefined && total > longestSearch)
            return Effect.fail(new TooMany({ detail: `${total} orders in one search` }))
          const items = page?.list?.elements?.order
          const isVague = !Array.isArray(items) && total !== 0
          return Effect.succeed({ items: items ?? [], total, next: page?.list?.meta?.nextCursor, isVague })
        })
      )
  )
}

/** A stretch, whole: where Walmart finds more orders than it gives, each half is asked for by itself. */
const ofStretch = (
  transport: WalmartTransport,
  send: Send,
  access: ProviderApi.Access,
  stretch: Stretch
): Effect.Effect<Found, Exclude<Effect.Error<ReturnType<typeof search>>, TooMany> | Failure.RequestRefused> =>
  search(transport, send, access, stretch).pipe(
    Effect.catchTag("TooMany", ({ detail }) => {
      const middle = Math.floor((stretch.from + stretch.until) / 2 / 1000) * 1000
      if (stretch.until - stretch.from < 2 * shortestMillis)
        return Effect.fail(new Failure.RequestRefused({ detail: `${what}: ${detail}`, beyondRetention: false }))
      const halves = [
        { ...stretch, until: middle },
        { ...stretch, from: middle }
      ]
      return Effect.map(
        Effect.forEach(halves, (half) => ofStretch(transport, send, access, half)),
        joined
      )
    })
  )

const joined = (parts: ReadonlyArray<Found>): Found => ({
  items: parts.flatMap(({ items }) => items),
  isVague: parts.some(({ isVague }) => isVague)
})

/** The rows of a day; an order of another day is left to that day. */
const rowsOf = (items: ReadonlyArray<unknown>, day: Day.Day, timeZone: string) => {
  const { good, odd } = Quarantine.each(items, Order, { what, keyOf: orderIdOf })
  const rows: Array<ProviderApi.Row> = []
  const others = [...odd]
  for (const order of good) {
    const at = Values.instant(order.orderDate, { timeZone })
    if (Option.isNone(at)) {
      others.push(Quarantine.apart("The date of an order cannot be read.", order, order.purchaseOrderId))
    } else if (Day.at(at.value, timeZone) === day) rows.push({ key: Rows.key(order.purchaseOrderId), day, data: order })
  }
  return { rows, odd: others }
}

/**
 * Loads one row an order, by every way of shipping. A window is asked for day by day, because Walmart cuts long
 * listings; whether it counts the end of a range in is not confirmed, so both midnights are asked for and what belongs
 * to another day is left to that day.
 */
export const load = (transport: WalmartTransport, send: Send) =>
  Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const { shipNodeTypes } = transport.settings.assumptions
      const { timeZone } = Marketplace.get(request.profile.key.marketplaceId)
      const days = Array.from({ length: Day.between(request.from, request.until) }, (_, n) => Day.plus(request.from, n))
      const found = yield* Effect.forEach(days, (day) => {
        const [from, until] = [day, Day.plus(day, 1)].map((one) => DateTime.toEpochMillis(startOf(one, timeZone)))
        const stretch = (shipNodeType: string) => ({ from: from ?? 0, until: until ?? 0, shipNodeType })
        return Effect.map(
          Effect.forEach(shipNodeTypes, (type) => ofStretch(transport, send, access, stretch(type))),
          (parts) => ({ ...rowsOf(joined(parts).items, day, timeZone), isVague: joined(parts).isVague })
        )
      })
      const rows = found.flatMap((day) => day.rows)
      const odd = found.flatMap((day) => day.odd)
      if (found.some(({ isVague }) => isVague)) {
        return rows.length === 0 && odd.length === 0
          ? Rows.empty("Walmart's answer held no list of orders")
          : yield* new Failure.Temporary({ detail: `${what}: a part of the answer held no list`, throttled: false })
      }
      return yield* Effect.fromResult(Rows.land({ what, rows, odd, twice: "apart" }))
    },
    Pages.inTime(transport.settings.limits, what)
  )
