/** Sellers' sales, inventory and content through the port, over answers in process. */
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Day } from "@portolan/domain"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { readLines } from "../src/Listings.ts"
import { startOf } from "../src/Sales.ts"
import { access, api, day, failure, given, json, load, partner, scripted, US } from "./support.ts"

describe("sales", () => {
  it.effect("asks in the marketplace's own days, clocks changed between, and lands a row a day", () => {
    const metric = (interval: string, amount: unknown) => ({
      interval,
      unitCount: 2,
      orderItemCount: 2,
      orderCount: 1,
      averageUnitPrice: { amount: "12.50", currencyCode: "USD" },
      totalSales: { amount, currencyCode: "USD" }
    })
    const { asked, layer } = scripted([
      json(200, {
        payload: [
          metric("2026-03-07T00:00-08:00--2026-03-08T00:00-08:00", "25.00"),
          metric("2026-03-08T08:00Z--2026-03-09T07:00Z", 30.5)
        ]
      })
    ])
    return Effect.gen(function* () {
      const answer = yield* load(access("amazon-sp"), { dataClass: "sales" })
      expect(answer).toMatchObject({
        _tag: "Rows",
        rows: [
          {
            key: "2026-03-07",
            day: "2026-03-07",
            data: { unitCount: 2, totalSales: { amount: "25.00", currencyCode: "USD" } }
          },
          { key: "2026-03-08", day: "2026-03-08", data: { totalSales: { amount: "30.5" } } }
        ]
      })
      expect(Object.fromEntries(new URL(asked[0]?.url ?? "").searchParams)).toEqual({
        marketplaceIds: US,
        granularity: "Day",
        granularityTimeZone: "America/Los_Angeles",
        interval: "2026-03-07T00:00:00-08:00--2026-03-10T00:00:00-07:00"
      })
    }).pipe(Effect.provide(layer))
  })

  it("begins each day at its first instant, in every zone and on every day", () => {
    const zones = fc.constantFrom(
      "America/Los_Angeles",
      "America/Sao_Paulo",
      "Europe/London",
      "Europe/Paris",
      "Africa/Cairo",
      "Asia/Kolkata",
      "Asia/Tokyo",
      "Australia/Sydney",
      "Asia/Riyadh"
    )
    fc.assert(
      fc.property(zones, fc.integer({ min: 17_500, max: 22_000 }), (zone, number) => {
        const at = Date.parse(startOf(Day.fromNumber(number), zone))
        const local = (millis: number) => new Date(millis).toLocaleDateString("sv-SE", { timeZone: zone })
        expect(local(at)).toBe(Day.fromNumber(number))
        expect(local(at - 1000)).toBe(Day.fromNumber(number - 1))
      }),
      { numRuns: 400 }
    )
  })
})

describe("inventory", () => {
  const item = (sellerSku: string, totalQuantity = 1) => ({
    sellerSku,
    fnSku: "X/1",
    condition: "NewItem",
    asin: "B0",
    totalQuantity,
    inventoryDetails: { fulfillableQuantity: 3 }
  })
  const page = (items: ReadonlyArray<object>, nextToken?: string) =>
    json(200, {
      payload: { granularity: {}, inventorySummaries: items },
      ...(nextToken === undefined ? {} : { pagination: { nextToken } })
    })
  const window = { dataClass: "inventory", until: day("2026-03-08") } as const

  it.effect("brings every page at the published pace, each item once", () => {
    const { asked, layer } = scripted([
      page([item("a"), item("b/c")], "t1"),
      page([item("a", 5)], "t2"),
      page([item("d")])
    ])
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(load(access("amazon-sp"), window))
      yield* TestClock.adjust("2 seconds")
      const answer = yield* Fiber.join(fiber)
      expect(answer._tag === "Rows" && answer.rows.map(({ data, key }) => [key, data["totalQuantity"]])).toEqual([
        ["a/X%2F1/NewItem", 5],
        ["b%2Fc/X%2F1/NewItem", 1],
        ["d/X%2F1/NewItem", 1]
      ])
      expect(asked.map(({ url }) => new URL(url).searchParams.get("nextToken"))).toEqual([null, "t1", "t2"])
      expect(new URL(asked[0]?.url ?? "").searchParams.get("granularityId")).toBe(US)
    }).pipe(Effect.provide(layer))
  })

  it.effect("takes out of a text what a database refuses", () =>
    Effect.gen(function* () {
      const answer = yield* load(access("amazon-sp"), window)
      expect(answer._tag === "Rows" && answer.rows[0]?.data["inventoryDetails"]).toEqual({ note: ["a\ufffdb"] })
    }).pipe(
      Effect.provide(scripted([page([{ ...item("a"), inventoryDetails: { "no\u0000te": ["a\ud800b\u0000"] } }])]).layer)
    )
  )

  it.effect.each([
    ["loops", () => page([item("a")], "t1")()],
    [
      "never ends",
      (() => {
        let n = 0
        return () => page([item("a")], `t${n++}`)()
      })()
    ]
  ] as const)("is no answer when it %s", ([, respond]) =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(failure(load(access("amazon-sp"), window)))
      yield* TestClock.adjust("60 seconds")
      expect((yield* Fiber.join(fiber))._tag).toBe("Temporary")
    }).pipe(Effect.provide(api(respond, { ...given, limits: { pages: 20 } })))
  )

  it.effect("fails whole when a page fails", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(failure(load(access("amazon-sp"), window)))
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "Temporary", throttled: true })
    }).pipe(
      Effect.provide(
        scripted([page([item("a")], "t1"), json(429, { errors: [{ code: "QuotaExceeded", message: "x" }] })]).layer
      )
    )
  )
})

describe("content", () => {
  const window = { dataClass: "content", until: day("2026-03-08") } as const
  const document = (more: object = {}) =>
    json(200, { reportDocumentId: "d", url: "https://d34o8swod1owfl.cloudfront.net/r.txt", ...more })
  const state = (processingStatus: string, reportDocumentId?: string) =>
    json(200, { reportId: "R1", processingStatus, reportDocumentId })
  const text = 'item-name\tseller-sku\tprice\r\nTée "big"\tsku/1\t9.90\r\n\r\nNo sku\t\t1\r\nLamp\tsku 2\r\n'

  it.effect("orders the report of one marketplace", () => {
    const { asked, layer } = scripted([json(202, { reportId: "ID323" })])
    return Effect.gen(function* () {
      expect(yield* load(access("amazon-sp"), window)).toEqual({
        _tag: "NotReady",
        ticket: "ID323",
        retryAfterSeconds: 60
      })
      const body: unknown = yield* Effect.promise(() => asked[0]?.json() ?? Promise.resolve({}))
      expect(body).toEqual({ reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [US] })
    }).pipe(Effect.provide(layer))
  })

  const files: ReadonlyArray<readonly [string, () => Response]> = [
    ["plain", () => new Response(text)],
    ["compressed", () => new Response(gzipSync(text))],
    ["in an older character set", () => new Response(Buffer.from(text, "latin1"))],
    [
      "in a character set that it tells",
      () =>
        new Response(Buffer.from(text, "latin1"), { headers: { "content-type": 'text/plain; charset="ISO-8859-1"' } })
    ]
  ]
  it.effect.each(files)("reads the report when it comes %s", ([, file]) =>
    Effect.gen(function* () {
      expect(yield* load(access("amazon-sp"), { ...window, ticket: "R1" })).toEqual({
        _tag: "Rows",
        rows: [
          {
            key: "sku%2F1",
            day: "2026-03-07",
            data: { "item-name": 'Tée "big"', "seller-sku": "sku/1", price: "9.90" }
          },
          { key: "sku%202", day: "2026-03-07", data: { "item-name": "Lamp", "seller-sku": "sku 2", price: "" } }
        ]
      })
    }).pipe(Effect.provide(scripted([state("DONE", "d"), document(), file]).layer))
  )

  it.effect.each([
    ["waits", [state("IN_QUEUE")], "NotReady"],
    ["is being made", [state("IN_PROGRESS")], "NotReady"],
    ["was cancelled because there is nothing", [state("CANCELLED")], "Rows"],
    ["failed", [state("FATAL", "why")], "Lost"],
    ["is gone", [json(404, { errors: [{ code: "NotFound", message: "x" }] })], "Lost"]
  ] as const)("tells when the report %s", ([, answers, tag]) =>
    Effect.gen(function* () {
      expect((yield* load(access("amazon-sp"), { ...window, ticket: "R1" }))._tag).toBe(tag)
    }).pipe(Effect.provide(scripted(answers).layer))
  )

  it("keeps the last line of a listing, and needs a column that names it", () => {
    const rows = readLines("Seller-SKU\tq\na\t1\na\t2", { listingKeys: ["seller-sku"] }, day("2026-03-07"))
    expect(rows).toMatchObject({ success: [{ key: "a", data: { q: "2" } }] })
    expect(readLines("", { listingKeys: ["seller-sku"] }, day("2026-03-07"))).toMatchObject({
      failure: { _tag: "Temporary" }
    })
  })
})

describe("a request that makes no sense", () => {
  it.effect.each([
    ["another channel's profile", access("amazon-ads"), { profile: partner }, "RequestRefused"],
    ["another region's profile", access("amazon-ads", { region: "EU" }), {}, "RequestRefused"],
    ["an empty window", access("amazon-ads"), { until: day("2026-03-07") }, "RequestRefused"],
    ["data the channel does not give", access("amazon-ads"), { dataClass: "sales" }, "RequestRefused"],
    ["reviews, for which no call is known", access("amazon-sp"), { dataClass: "reviews" }, "RequestRefused"],
    ["a vendor's stock", access("amazon-sp", { accountType: "vendor" }), { dataClass: "inventory" }, "RequestRefused"],
    ["another provider's channel", access("walmart-connect"), {}, "ChannelUnavailable"]
  ] as const)("is refused without asking: %s", ([, of, more, tag]) => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      expect((yield* failure(load(of, more)))._tag).toBe(tag)
      expect(asked.length).toBe(0)
    }).pipe(Effect.provide(layer))
  })
})
