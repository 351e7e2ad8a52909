/**
 * Stock by article: `GET /v3/inventories` for all at once, else `GET /v3/inventory?sku=` for each
 * (https://developer.walmart.com/us-marketplace/docs; highsidelabs/walmart-api-php, US schemas).
 */
import { Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { Effect, Schema } from "effect"
import * as Items from "./Items.ts"
import * as Pages from "./Pages.ts"
import type { Send } from "./Seller.ts"
import type { WalmartTransport } from "./Token.ts"

const path = "/v3/inventories"
const perPage = 50
const rest = [Schema.Record(Schema.String, Schema.Json)] as const
const Stock = Schema.StructWithRest(Schema.Struct({ sku: Schema.NonEmptyString }), rest)

const cursor = Schema.optionalKey(Schema.NullOr(Schema.String))

const Page = Schema.Struct({
  meta: Schema.optionalKey(Schema.NullOr(Schema.Struct({ nextCursor: cursor }))),
  elements: Schema.optionalKey(
    Schema.NullOr(Schema.Struct({ inventories: Schema.optionalKey(Schema.NullOr(Schema.Array(Stock))) }))
  ),
  /** Ours: the market has no such call. */
  unknown: Schema.optionalKey(Schema.Literal(true))
})

const unknown = (): typeof Page.Type => ({ unknown: true })

class NoList extends Schema.TaggedError<NoList>()("NoList", {}) {}

const failed = (detail: string) => new Failure.Temporary({ detail: `getInventory: ${detail}`, throttled: false })

/** Loads the stock as it is now, one row an article; a call for each article only where there is no list. */
export const load = (transport: WalmartTransport, send: Send) => {
  const { limits } = transport.settings
  const listItems = Items.list(transport, send)

  const listed = (access: ProviderApi.Access) =>
    Pages.all(limits, "getInventories")(
      `${path}?limit=${perPage}`,
      (cursor) => Pages.after(path, perPage, cursor),
      (address) =>
        send(access, {
          operation: "getInventories",
          scope: "inventory",
          path: address,
          schema: Page,
          nothing: {},
          noSuchCall: unknown()
        }).pipe(
          Effect.flatMap((page) =>
            page.unknown === true
              ? Effect.fail(new NoList())
              : Effect.succeed({ items: page.elements?.inventories ?? [], next: page.meta?.nextCursor })
          )
        )
    )

  const single = Effect.fnUntraced(function* (access: ProviderApi.Access) {
    const items = yield* listItems(access)
    if (items.length > limits.singleSkus) {
      return yield* failed(`there are more than ${limits.singleSkus} articles to ask for`)
    }
    const found = yield* Effect.forEach(items, ({ sku }) =>
      send(access, {
        operation: "getInventory",
        scope: "inventory",
        schema: Stock,
        path: `/v3/inventory?sku=${encodeURIComponent(sku)}`,
        // The article went away between the two calls.
        nothing: { sku: "" }
      })
    )
    return found.filter(({ sku }) => sku !== "")
  })

  return Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const stock = yield* listed(access).pipe(Effect.catchTag("NoList", () => single(access)))
      const rows = stock.map((data): ProviderApi.Row => ({ key: Rows.key(data.sku), day: request.from, data }))
      return { _tag: "Rows", rows: Rows.unique(rows) } satisfies ProviderApi.WindowAnswer
    },
    Pages.inTime(limits, "getInventory")
  )
}
