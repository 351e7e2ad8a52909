/** What a seller offers: `GET /v3/items`, in the shape of Walmart's US schema (highsidelabs/walmart-api-php). */
import type { ProviderApi } from "@portolan/ports"
import { Quarantine, Rows } from "@portolan/wire"
import { Effect, Schema } from "effect"
import * as Pages from "./Pages.ts"
import type { Send } from "./Seller.ts"
import type { WalmartTransport } from "./Token.ts"

const path = "/v3/items"
const perPage = 200
const what = "getItems"

const Item = Schema.StructWithRest(Schema.Struct({ sku: Schema.NonEmptyString }), [
  Schema.Record(Schema.String, Schema.Json)
])

const Page = Schema.NullOr(
  Schema.Struct({
    ItemResponse: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Unknown))),
    totalItems: Pages.totalField,
    nextCursor: Pages.cursorField
  })
)

const skuOf = (item: unknown) => Quarantine.fieldOf(item, "sku")

/** Every article as it comes, numbers as text. The first cursor is an asterisk. */
const listed =
  ({ settings }: WalmartTransport, send: Send) =>
  (access: ProviderApi.Access) =>
    Pages.all(
      Pages.walk(settings.limits, what, skuOf),
      { first: Pages.after(path, perPage, "*"), after: (cursor) => Pages.after(path, perPage, cursor) },
      (address) =>
        send(access, {
          operation: what,
          scope: "item",
          path: address,
          schema: Page,
          nothing: { ItemResponse: [] },
          blank: null
        }).pipe(
          Effect.map((page) => {
            const total = Pages.total(page?.totalItems)
            const items = page?.ItemResponse ?? []
            return { items, total, next: page?.nextCursor, isVague: !Array.isArray(page?.ItemResponse) && total !== 0 }
          })
        )
    )

/** The articles of a seller: those that can be read, and those that cannot. */
export const list = (transport: WalmartTransport, send: Send) => {
  const ofSeller = listed(transport, send)
  return (access: ProviderApi.Access) =>
    Effect.map(ofSeller(access), ({ isVague, items }) => ({
      ...Quarantine.each(items, Item, { what, keyOf: skuOf }),
      isVague
    }))
}

/** Loads the articles as they are now, one row each. */
export const load = (transport: WalmartTransport, send: Send) => {
  const ofSeller = list(transport, send)
  return Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const { good, isVague, odd } = yield* ofSeller(access)
      if (isVague) return Rows.empty("Walmart's answer held no list of articles")
      const rows = good.map((data): ProviderApi.Row => ({ key: Rows.key(data.sku), day: request.from, data }))
      return yield* Effect.fromResult(Rows.land({ what, rows, odd, twice: "apart" }))
    },
    Pages.inTime(transport.settings.limits, what)
  )
}
