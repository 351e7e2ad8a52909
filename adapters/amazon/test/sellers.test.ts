/** Sellers' sales, inventory and content through the port, over answers in process. */
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Day } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Effect, Fiber, Result } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import * as Headings from "../src/listingHeadings.ts"
import { readListings } from "../src/readListings.ts"
import { startOf } from "../src/Sales.ts"
import { Settings } from "../src/index.ts"
import { access, api, day, DE, failure, given, json, load, noon, partner, scripted, US } from "./support.ts"

type Rows = Extract<ProviderApi.WindowAnswer, { readonly _tag: "Rows" }>

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

describe("sales of odd kinds", () => {
  const one = (day: string, more: object = {}) => ({
    interval: `${day}T00:00-08:00--x`,
    unitCount: 1,
    orderItemCount: 1,
    orderCount: 1,
    averageUnitPrice: { amount: 1, currencyCode: "USD" },
    totalSales: { amount: 1, currencyCode: "USD" },
    ...more
  })
  const answer = (payload: unknown) =>
    Effect.provide(
      Effect.result(load(access("amazon-sp"), { dataClass: "sales" })),
      scripted([json(200, payload)]).layer,
      { local: true }
    )

  it.effect("lands the days that hold, an amount that is not there as none, and keeps the others apart", () =>
    Effect.gen(function* () {
      const payload = [
        one("2026-03-07", { totalSales: { amount: {}, currencyCode: "USD" } }),
        one("2026-03-08", { orderCount: "many" }),
        one("2026-03-09", { interval: "2026-03-09T00:00-06:00--x" })
      ]
      const found = yield* answer({ payload })
      expect(found).toMatchObject({
        success: {
          rows: [
            { key: "2026-03-07", data: { unitCount: 1, totalSales: { amount: null, currencyCode: "USD" } } },
            { key: "2026-03-09" }
          ],
          quarantined: [{ key: "2026-03-08T00:00-08:00--x" }]
        }
      })
    })
  )

  it.effect("says which days are missing, and takes no day at all for no proof", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      expect(yield* answer({ payload: [one("2026-03-08")] })).toMatchObject({
        success: { _tag: "Rows", missing: ["2026-03-07", "2026-03-09"] }
      })
      for (const payload of [[], null]) expect(yield* answer({ payload })).toMatchObject({ success: { _tag: "Empty" } })
      const twice = [one("2026-03-07"), one("2026-03-07", { unitCount: 2 }), one("2026-03-08")]
      expect(yield* answer({ payload: twice })).toMatchObject({ failure: { _tag: "RequestRefused" } })
      expect(yield* answer({ payload: [], errors: [{ code: "InternalFailure", message: "x" }] })).toMatchObject({
        failure: { _tag: "Temporary", words: { code: "InternalFailure", status: 200 } }
      })
    })
  )
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
      page([item("a")], "t2"),
      page([item("d", 5)])
    ])
    return Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(load(access("amazon-sp"), window))
      yield* TestClock.adjust("2 seconds")
      const answer = yield* Fiber.join(fiber)
      expect(answer._tag === "Rows" && answer.rows.map(({ data, key }) => [key, data["totalQuantity"]])).toEqual([
        ["a/X%2F1/NewItem", 1],
        ["b%2Fc/X%2F1/NewItem", 1],
        ["d/X%2F1/NewItem", 5]
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

  it.effect("begins the list anew when a page token died, and gives up after a while", () => {
    const dead = json(400, { errors: [{ code: "InvalidInput", message: "Next token is invalid or expired" }] })
    const ends = scripted([page([item("a")], "t1"), dead, page([item("a")], "t2"), page([item("b")])])
    const dies = scripted([page([item("a")], "t1"), dead, page([item("a")], "t2"), dead, page([item("a")], "t3"), dead])
    return Effect.gen(function* () {
      const within = <A, E>(effect: Effect.Effect<A, E>) =>
        Effect.flatMap(Effect.forkChild(effect), (fiber) =>
          Effect.andThen(TestClock.adjust("60 seconds"), Fiber.join(fiber))
        )
      const answer = yield* within(Effect.provide(load(access("amazon-sp"), window), ends.layer, { local: true }))
      expect(answer._tag === "Rows" && answer.rows.map(({ key }) => key)).toEqual([
        "a/X%2F1/NewItem",
        "b/X%2F1/NewItem"
      ])
      const error = yield* within(
        Effect.provide(failure(load(access("amazon-sp"), window)), dies.layer, { local: true })
      )
      expect(error).toMatchObject({ _tag: "Temporary", words: { code: "InvalidInput", status: 400 } })
      expect(dies.asked.length).toBe(6)
    })
  })

  it.effect.each<[string, unknown, string]>([
    ["no list", { payload: null }, "Empty"],
    ["a list that is null", { payload: { inventorySummaries: null } }, "Empty"],
    ["a list without items", { payload: { inventorySummaries: [] } }, "Rows"]
  ])("tells an empty stock from %s", ([, body, tag]) =>
    Effect.gen(function* () {
      expect((yield* load(access("amazon-sp"), window))._tag).toBe(tag)
    }).pipe(Effect.provide(scripted([json(200, body)]).layer))
  )

  it.effect("keeps an item apart that nobody could name, or whose number is none", () =>
    Effect.gen(function* () {
      const answer = yield* load(access("amazon-sp"), window)
      expect(answer).toMatchObject({ _tag: "Rows", quarantined: [{}, { key: "b/X%2F1/NewItem" }] })
      expect(answer._tag === "Rows" && answer.rows.length).toBe(30)
    }).pipe(
      Effect.provide(
        scripted([
          page([
            ...Array.from({ length: 30 }, (_, n) => item(`s${n}`)),
            { asin: "B0" },
            { ...item("b"), totalQuantity: "x" }
          ])
        ]).layer
      )
    )
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
  const text = 'item-name\tseller-sku\tprice\r\nTée "big"\tsku/1\t9.90\r\n\r\nLamp\tsku 2\t\r\n'

  it.effect("orders the report of one marketplace", () => {
    const { asked, layer } = scripted([json(202, { reportId: "ID323" })])
    return Effect.gen(function* () {
      expect(yield* load(access("amazon-sp"), window)).toEqual({
        _tag: "NotReady",
        ticket: "ID323",
        retryAfterSeconds: 60
      })
      const body: unknown = yield* Effect.promise(() => asked[0]?.json() ?? Promise.resolve({}))
      expect(body).toEqual({
        reportType: "GET_MERCHANT_LISTINGS_ALL_DATA",
        marketplaceIds: [US],
        reportOptions: { preferredReportDocumentLocale: "en_US" }
      })
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
    ["was cancelled, which proves nothing", [state("CANCELLED")], "Empty"],
    ["has an empty document", [state("DONE", "d"), document(), () => new Response("")], "Empty"],
    [
      "has nothing but headings",
      [state("DONE", "d"), document(), () => new Response("item-name\tseller-sku\n")],
      "Rows"
    ],
    ["is refused", [json(400, { errors: [{ code: "InvalidInput", message: "x" }] })], "Lost"],
    ["has a document that is refused", [state("DONE", "d"), json(404, { errors: [{ code: "NotFound" }] })], "Lost"],
    ["failed", [state("FATAL", "why")], "Lost"],
    ["is gone", [json(404, { errors: [{ code: "NotFound", message: "x" }] })], "Lost"]
  ] as const)("tells when the report %s", ([, answers, tag]) =>
    Effect.gen(function* () {
      expect((yield* load(access("amazon-sp"), { ...window, ticket: "R1" }))._tag).toBe(tag)
    }).pipe(Effect.provide(scripted(answers).layer))
  )

  const listing = (text: string | Uint8Array, marketplaceId: string = US, charset?: string) =>
    readListings({ bytes: Buffer.from(text), ...(charset === undefined ? {} : { charset }) }, Settings.assumptions, {
      from: day("2026-03-07"),
      profile: { ...partner, key: { ...partner.key, marketplaceId: marketplaceId as typeof US } }
    })
  const read = (...given: Parameters<typeof listing>) => {
    const { _tag, ...answer } = Result.getOrThrow(listing(...given))
    const { quarantined = [], rows = [] } = _tag === "Rows" ? (answer as Partial<Rows>) : {}
    return { rows: rows.map(({ data, key }) => [key, data["item-name"], data["price"]]), odd: quarantined }
  }

  it.each<[string, string]>([
    ["English, in other letters", "Item-Name\tSELLER-SKU\tPrice"],
    ["German", "Artikelbezeichnung\tHändler-SKU\tPreis"],
    ["French", "nom-produit\tsku-vendeur\tprix"],
    ["Italian", "Nome dell'articolo\tSKU venditore\tPrezzo"],
    ["Spanish", "Título del producto\tSKU del vendedor\tPrecio"],
    ["Polish", "nazwa-produktu\tsku-sprzedawcy\tcena"],
    ["Turkish", "item-name (ürün adı)\tseller-sku (satıcı sku)\tprice (fiyat)"],
    ["Arabic", "اسم-المنتج\tsku-البائع\tالسعر"],
    ["Japanese", "商品名\t出品者SKU\t価格"],
    ["Chinese", "商品名称\t卖家 SKU\t价格"]
  ])("is kept under English names when its headings are %s", (_name, head) => {
    expect(read(`\ufeff${head}\r\nLamp\tL-1\t9.90\r\n`)).toEqual({ rows: [["L-1", "Lamp", "9.90"]], odd: [] })
  })

  it("is known by the one heading with SKU in it, else by the place that Amazon keeps for it", () => {
    expect(Headings.read(["naam", "SKU van verkoper"]).sku).toBe(1)
    expect(Headings.read(["sku", "other sku"]).sku).toBeUndefined()
    const head = Array.from({ length: 29 }, (_, n) => (n === 16 ? "ASIN 1" : `kolom ${n}`))
    expect(Headings.read(head)).toMatchObject({ sku: 3, isEnglish: false })
    expect(Headings.read(head).names.slice(0, 5)).toEqual([
      "item-name",
      "item-description",
      "listing-id",
      "seller-sku",
      "price"
    ])
    expect(Headings.read(["a", "mine"], ["Mine"]).sku).toBe(1)
    const unknown = listing("naam\tprijs\nLamp\t9,90\n")
    expect(unknown).toMatchObject({ failure: { _tag: "RequestRefused", words: { message: "naam | prijs" } } })
  })

  it.each<[string, Uint8Array, string, string | undefined, string]>([
    ["UTF-8, whatever it says", Buffer.from("Tée"), DE, "ISO-8859-1", "Tée"],
    ["the set that it says", Buffer.from("T\xe9e", "latin1"), DE, "cp1252", "Tée"],
    ["the set of western marketplaces", Buffer.from("T\xe9e", "latin1"), DE, undefined, "Tée"],
    ["Shift_JIS in Japan", Buffer.from([0x83, 0x89, 0x83, 0x93, 0x83, 0x76]), "A1VC38T7YXB528", undefined, "ランプ"]
  ])("is read in %s", (_name, name, marketplace, charset, expected) => {
    const text = Buffer.concat([Buffer.from("item-name\tseller-sku\n"), name, Buffer.from("\tL-1\n")])
    expect(read(text, marketplace, charset).rows).toEqual([["L-1", expected, undefined]])
  })

  it("is refused in a character set that nobody names, instead of being made letters of", () => {
    const text = Buffer.concat([
      Buffer.from("item-name\tseller-sku\n"),
      Buffer.from([0xc3, 0x28]),
      Buffer.from("\tL\n")
    ])
    expect(listing(text, "A33AVAJ2PDY3EV")).toMatchObject({ failure: { _tag: "RequestRefused" } })
  })

  it("has prices without the signs of the country that its headings are in", () => {
    const german = (price: string) =>
      read(`Artikelbezeichnung\tHändler-SKU\tPreis\nLampe\tL\t${price}\n`, DE).rows[0]?.[2]
    expect([german("1.234,56"), german("9,90"), german("1,234"), german("auf Anfrage")]).toEqual([
      "1234.56",
      "9.90",
      "1.234",
      "auf Anfrage"
    ])
    expect(read("item-name\tseller-sku\tprice\nLamp\tL\t1,234\n", DE).rows[0]?.[2]).toBe("1234")
  })

  const good = Array.from({ length: 20 }, (_, n) => `Lamp\tL-${n}\t1`).join("\n")
  it("keeps odd lines apart, in reason and as they came, and the others land", () => {
    const { odd, rows } = read(`item-name\tseller-sku\tprice\n${good}\nNo sku\t\t1\nShort\tS\n`)
    expect(rows.length).toBe(20)
    expect(odd.map(({ raw }) => raw)).toEqual(["Short\tS", "No sku\t\t1"])
    const twice = read(`item-name\tseller-sku\tprice\n${good}\nLamp\tL-1\t2\nLamp\tL-2\t1\n`)
    expect([twice.rows.length, twice.odd.map(({ key }) => key)]).toEqual([19, ["L-1"]])
  })

  it("is no answer when it was cut, and refused when too much of it is odd", () => {
    expect(listing(`item-name\tseller-sku\tprice\n${good}\nLamp\tL`)).toMatchObject({ failure: { _tag: "Temporary" } })
    expect(listing("item-name\tseller-sku\nA\t1\nB\t\nC\t\nD\t2\n")).toMatchObject({
      failure: { _tag: "RequestRefused" }
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
