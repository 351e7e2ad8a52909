/**
 * Stock at Amazon's warehouses (https://github.com/amzn/selling-partner-api-models): a snapshot, over as many pages as
 * there are.
 */
import { Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { Effect, Schema } from "effect"
import type { AmazonTransport } from "./Login.ts"
import type { Send } from "./SellingPartner.ts"
import * as Operation from "./SpOperation.ts"

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

const Page = Schema.Struct({
  payload: Schema.Struct({
    inventorySummaries: Schema.Array(
      Schema.Struct({
        sellerSku: text,
        fnSku: text,
        condition: text,
        asin: text,
        productName: text,
        lastUpdatedTime: text,
        totalQuantity: Schema.optionalKey(Schema.NullOr(Schema.FiniteFromString)),
        // Nested counts by where the stock stands; kept as they come, their numbers as text.
        inventoryDetails: Schema.optionalKey(Schema.Json)
      })
    )
  }),
  pagination: Schema.optionalKey(Schema.NullOr(Schema.Struct({ nextToken: text })))
})

const failed = (detail: string) =>
  new Failure.Temporary({ detail: `getInventorySummaries: ${detail}`, throttled: false })

/** Loads every page; a list that does not end, or repeats itself, is no answer. */
export const load = ({ settings }: AmazonTransport, send: Send) => {
  const { limits } = settings
  // Page tokens live 30 seconds and the bucket holds two calls, so pages keep the published pace instead of hitting
  // 429.
  const pause = `${Math.ceil(1000 / Operation.inventorySummaries.perSecond)} millis` as const

  return Effect.fnUntraced(
    function* (access: ProviderApi.Access, request: ProviderApi.WindowRequest) {
      const { marketplaceId } = request.profile.key
      const rows: Array<ProviderApi.Row> = []
      const seen = new Set<string>()
      let token: string | undefined
      do {
        if (token !== undefined) yield* Effect.sleep(pause)
        const { pagination, payload } = yield* send(access, {
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
        })
        for (const data of payload.inventorySummaries) {
          const key = Rows.key(data.sellerSku ?? "", data.fnSku ?? "", data.condition ?? "")
          rows.push({ key, day: request.from, data })
        }
        token = pagination?.nextToken || undefined
        if (token !== undefined && seen.has(token)) return yield* failed("the pages repeat themselves")
        if (token !== undefined) seen.add(token)
        if (seen.size >= limits.pages) return yield* failed(`there are more than ${limits.pages} pages`)
      } while (token !== undefined)
      return { _tag: "Rows", rows: Rows.unique(rows) } satisfies ProviderApi.WindowAnswer
    },
    Effect.timeoutOrElse({
      duration: `${limits.listSeconds} seconds`,
      orElse: () => Effect.fail(failed(`the list did not end within ${limits.listSeconds} seconds`))
    })
  )
}
