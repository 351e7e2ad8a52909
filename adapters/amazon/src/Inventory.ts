/**
 * Stock at Amazon's warehouses (https://github.com/amzn/selling-partner-api-models): a snapshot, over as many pages as
 * there are.
 */
import type { ProviderApi } from "@portolan/ports"
import { Pages, Quarantine, Rows } from "@portolan/wire"
import { Effect, Schema } from "effect"
import type { AmazonTransport } from "./Login.ts"
import type { Send } from "./SellingPartner.ts"
import * as Operation from "./SpOperation.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

const Item = Schema.Struct({
  sellerSku: text,
  fnSku: text,
  condition: text,
  asin: text,
  productName: text,
  lastUpdatedTime: text,
  totalQuantity: Schema.optionalKey(Schema.NullOr(Schema.FiniteFromString)),
  // Nested counts by where the stock stands; kept as they come, their numbers as text.
  inventoryDetails: Schema.optionalKey(Schema.Json)
}).check(
  Schema.makeFilter((item: { readonly sellerSku?: string | null; readonly fnSku?: string | null }) =>
    (item.sellerSku ?? "") === "" && (item.fnSku ?? "") === "" ? "an item without sellerSku and fnSku" : undefined
  )
)

const Page = Schema.Struct({
  payload: Schema.NullOr(
    Schema.Struct({ inventorySummaries: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Unknown))) })
  ),
  pagination: Schema.optionalKey(Schema.NullOr(Schema.Struct({ nextToken: text })))
})

const keyOf = (item: unknown): string => {
  const [sku, fnSku, condition] = ["sellerSku", "fnSku", "condition"].map(
    (name) => Quarantine.fieldOf(item, name) ?? ""
  )
  return Rows.key(sku ?? "", fnSku ?? "", condition ?? "")
}

/** Loads every page; a list that does not end, or repeats itself, is no answer. */
export const load = ({ settings }: AmazonTransport, send: Send) => {
  const { limits } = settings
  const what = Operation.inventorySummaries.name
  const walk: Pages.Walk<unknown> = {
    what,
    pages: limits.pages,
    // Page tokens live 30 seconds and the bucket holds two calls, so pages keep the published pace instead of hitting
    // 429.
    pause: `${Math.ceil(1000 / Operation.inventorySummaries.perSecond)} millis`,
    keyOf
  }

  return Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const { marketplaceId } = request.profile.key
      const page = (token: string | undefined) =>
        Effect.map(
          send(access, {
            operation: Operation.inventorySummaries,
            path: "/fba/inventory/v1/summaries",
            query: {
              details: "true",
              granularityType: "Marketplace",
              granularityId: marketplaceId,
              marketplaceIds: marketplaceId,
              ...(token === undefined ? {} : { nextToken: token })
            },
            schema: Page
          }),
          ({ pagination, payload }): Pages.Page<unknown> => ({
            items: payload?.inventorySummaries ?? [],
            next: pagination?.nextToken,
            isVague: !Array.isArray(payload?.inventorySummaries)
          })
        )
      const { isVague, items } = yield* Pages.all(walk, page)
      if (isVague) return Rows.empty("Amazon's answer held no list of stock")
      const { good, odd } = Quarantine.each(items, Item, { what, keyOf })
      const rows = good.map((data): ProviderApi.Row => ({ key: keyOf(data), day: request.from, data }))
      return yield* Effect.fromResult(Rows.land({ what, rows, odd, twice: "apart" }))
    },
    Pages.inTime(limits.listSeconds, what)
  )
}
