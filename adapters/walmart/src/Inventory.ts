/**
 * Stock by article: `GET /v3/inventories` for all at once, else `GET /v3/inventory?sku=` for each
 * (https://developer.walmart.com/us-marketplace/docs; highsidelabs/walmart-api-php, US schemas).
 */
import { Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Quarantine, Rows } from "@portolan/wire"
import { Effect, Schema } from "effect"
import * as Items from "./Items.ts"
import * as Pages from "./Pages.ts"
import type { Send } from "./Seller.ts"
import type { WalmartTransport } from "./Token.ts"

const path = "/v3/inventories"
const perPage = 50
const rest = [Schema.Record(Schema.String, Schema.Json)] as const
const Stock = Schema.StructWithRest(Schema.Struct({ sku: Schema.NonEmptyString }), rest)

const Page = Schema.NullOr(
  Schema.Struct({
    meta: Schema.optionalKey(
      Schema.NullOr(Schema.Struct({ totalCount: Pages.totalField, nextCursor: Pages.cursorField }))
    ),
    elements: Schema.optionalKey(
      Schema.NullOr(Schema.Struct({ inventories: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Unknown))) }))
    ),
    /** Ours: the market has no such call. */
    unknown: Schema.optionalKey(Schema.Literal(true))
  })
)

const unknown = (): typeof Page.Type => ({ unknown: true })

class NoList extends Schema.TaggedError<NoList>()("NoList", {}) {}

const failed = (detail: string) => new Failure.Temporary({ detail: `getInventory: ${detail}`, throttled: false })

const skuOf = (item: unknown) => Quarantine.fieldOf(item, "sku")

/** The stock of all articles at once; fails where the market has no such call. */
const listed = ({ settings }: WalmartTransport, send: Send, access: ProviderApi.Access) =>
  Pages.all(
    Pages.walk(settings.limits, "getInventories", skuOf),
    { first: `${path}?limit=${perPage}`, after: (cursor) => Pages.after(path, perPage, cursor) },
    (address) =>
      send(access, {
        operation: "getInventories",
        scope: "inventory",
        path: address,
        schema: Page,
        nothing: { elements: { inventories: [] } },
        blank: null,
        noSuchCall: unknown()
      }).pipe(
        Effect.flatMap((page) => {
          if (page?.unknown === true) return Effect.fail(new NoList())
          const total = Pages.total(page?.meta?.totalCount)
          const items = page?.elements?.inventories
          const isVague = !Array.isArray(items) && total !== 0
          return Effect.succeed({ items: items ?? [], total, next: page?.meta?.nextCursor, isVague })
        })
      )
  )

/** The stock article by article. */
const single = (transport: WalmartTransport, send: Send) => {
  const { singleSkus } = transport.settings.limits
  const listItems = Items.list(transport, send)
  return Effect.fnUntraced(function* (access: ProviderApi.Access) {
    const { good, isVague, odd } = yield* listItems(access)
    if (good.length > singleSkus) return yield* failed(`there are more than ${singleSkus} articles to ask for`)
    const found = yield* Effect.forEach(good, ({ sku }) =>
      send(access, {
        operation: "getInventory",
        scope: "inventory",
        schema: Schema.Unknown,
        path: `/v3/inventory?sku=${encodeURIComponent(sku)}`,
        // The article went away between the two calls.
        nothing: null
      })
    )
    return { items: found.filter((one) => one !== null), isVague, odd }
  })
}

/** Loads the stock as it is now, one row an article; a call for each article only where there is no list. */
export const load = (transport: WalmartTransport, send: Send) => {
  const oneByOne = single(transport, send)
  return Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const stock = yield* Effect.map(listed(transport, send, access), (list) => ({ ...list, odd: [] })).pipe(
        Effect.catchTag("NoList", () => oneByOne(access))
      )
      if (stock.isVague) return Rows.empty("Walmart's answer held no list of stock")
      const { good, odd } = Quarantine.each(stock.items, Stock, { what: "getInventory", keyOf: skuOf })
      const rows = good.map((data): ProviderApi.Row => ({ key: Rows.key(data.sku), day: request.from, data }))
      return yield* Effect.fromResult(
        Rows.land({ what: "getInventory", rows, odd: [...stock.odd, ...odd], twice: "apart" })
      )
    },
    Pages.inTime(transport.settings.limits, "getInventory")
  )
}
