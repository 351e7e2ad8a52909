/** What a seller offers: `GET /v3/items`, in the shape of Walmart's US schema (highsidelabs/walmart-api-php). */
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { Effect, Schema } from "effect"
import * as Pages from "./Pages.ts"
import type { Send } from "./Seller.ts"
import type { WalmartTransport } from "./Token.ts"

const path = "/v3/items"
const perPage = 200

const Item = Schema.StructWithRest(Schema.Struct({ sku: Schema.NonEmptyString }), [
  Schema.Record(Schema.String, Schema.Json)
])

const Page = Schema.Struct({
  ItemResponse: Schema.optionalKey(Schema.NullOr(Schema.Array(Item))),
  nextCursor: Schema.optionalKey(Schema.NullOr(Schema.String))
})

/** Every article, in Walmart's own fields; numbers as text. The first cursor is an asterisk. */
export const list =
  ({ settings }: WalmartTransport, send: Send) =>
  (access: ProviderApi.Access) =>
    Pages.all(settings.limits, "getItems")(
      Pages.after(path, perPage, "*"),
      (cursor) => Pages.after(path, perPage, cursor),
      (address) =>
        send(access, { operation: "getItems", scope: "item", path: address, schema: Page, nothing: {} }).pipe(
          Effect.map(({ ItemResponse, nextCursor }) => ({ items: ItemResponse ?? [], next: nextCursor }))
        )
    )

/** Loads the articles as they are now, one row each. */
export const load = (transport: WalmartTransport, send: Send) =>
  Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const items = yield* list(transport, send)(access)
      const rows = items.map((data): ProviderApi.Row => ({ key: Rows.key(data.sku), day: request.from, data }))
      return { _tag: "Rows", rows: Rows.unique(rows) } satisfies ProviderApi.WindowAnswer
    },
    Pages.inTime(transport.settings.limits, "getItems")
  )
