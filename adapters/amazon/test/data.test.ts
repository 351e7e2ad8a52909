/** Discovery and loads through the port, over answers in process. */
import { gzipSync } from "node:zlib"
import { describe, expect, it } from "@effect/vitest"
import { Day } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Fiber, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { readLines } from "../src/Listings.ts"
import { Settings } from "../src/index.ts"
import { mayFetch } from "../src/Report.ts"
import { startOf } from "../src/Sales.ts"
import { access, adsProfile, api, DE, failure, given, json, noon, partner, scripted, US } from "./support.ts"

const day = Schema.decodeSync(Day.Day)
const discover = (of: ProviderApi.Access) => Effect.flatMap(ProviderApi.ProviderApi, (port) => port.discover(of))
const load = (of: ProviderApi.Access, more: Partial<ProviderApi.WindowRequest>) =>
  Effect.flatMap(ProviderApi.ProviderApi, (port) =>
    port.load(of, {
      dataClass: "advertising", profile: of.channel === "amazon-ads" ? adsProfile : partner,
      from: day("2026-03-07"), until: day("2026-03-10"), ...more
    }))

const denied = json(
  403, { errors: [{ message: "Access to requested resource is denied.", code: "Unauthorized", details: "" }] }
)

describe("discovery of advertising profiles", () => {
  const profile = (profileId: string, more = "") =>
    `{"profileId":${profileId},"countryCode":"US","currencyCode":"USD","dailyBudget":340.50,` +
    `"timezone":"America/Los_Angeles","accountInfo":{"marketplaceStringId":"ATVPDKIKX0DER","id":"A1SELLER",` +
    `"type":"seller"${more}}}`

  it.effect("keeps every digit, and tells view from edit", () => {
    const other = ",\"name\":\"Other\",\"validPaymentMethod\":false"
    const { asked, layer } = scripted([
      json(200, `[${profile("9007199254740993")}]`),
      json(200, `[${profile("9007199254740993")},${profile("1234567890123456789", other)}]`)
    ])
    return Effect.gen(function*() {
      const found = yield* discover(access("amazon-ads"))
      expect(
        found.map((one) => [one.key.externalId, one._tag === "AdvertisingProfile" ? one.permission : ""])
      ).toEqual([
        ["9007199254740993", "edit"], ["1234567890123456789", "view"]
      ])
      expect(found[0]).toMatchObject({ name: "A1SELLER", ownerId: "A1SELLER", currency: "USD" })
      expect(found[0]).not.toHaveProperty("validPayment")
      expect(found[1]).toMatchObject({ name: "Other", validPayment: false })
      expect(asked.map(({ url }) => url)).toEqual([
        "https://advertising-api.amazon.com/v2/profiles",
        "https://advertising-api.amazon.com/v2/profiles?accessLevel=view"
      ])
      expect(asked[0]?.headers.get("authorization")).toBe("Bearer Atza|access-canary")
      expect(asked[0]?.headers.get("amazon-advertising-api-clientid")).toBe("amzn1.application-oa2-client.ads")
      expect(asked[0]?.headers.get("amazon-advertising-api-scope")).toBeNull()
    }).pipe(Effect.provide(layer))
  })

  it.effect("knows Britain in both spellings, and passes over what it does not know", () => {
    const one = (id: number, info: object, more: object = {}) => (
      { profileId: id, ...more, accountInfo: { id: "ENTITY1", type: "vendor", ...info } }
    )
    const body = [
      one(1, { marketplaceStringId: "A1F83G8C2ARO7P" }, { countryCode: "UK" }),
      one(2, {}, { countryCode: "UK" }),
      one(3, {}, { countryCode: "GB" }),
      one(4, { marketplaceStringId: "A0NEWMARKET" }, { countryCode: "DE" }),
      one(5, { type: "publisher", marketplaceStringId: DE }),
      one(6, { marketplaceStringId: US }),
      one(7, { type: "agency", marketplaceStringId: DE, name: null, subType: "KDP_AUTHOR" })
    ]
    return Effect.gen(function*() {
      const found = yield* discover(access("amazon-ads", { region: "EU" }))
      expect(found.map((found) => [found.key.externalId, found.countryCode, found.type])).toEqual([
        ["1", "GB", "vendor"], ["2", "GB", "vendor"], ["3", "GB", "vendor"], ["7", "DE", "agency"]
      ])
    }).pipe(Effect.provide(scripted([json(200, body), json(200, [])]).layer))
  })

  it.effect("takes an empty list for an answer", () =>
    Effect.gen(function*() {
      expect(yield* discover(access("amazon-ads"))).toEqual([])
    }).pipe(Effect.provide(scripted([json(200, []), json(200, [])]).layer)))

  it.effect("is complete or nothing: a list that fails, or lacks a need, fails the whole", () =>
    Effect.gen(function*() {
      const half = yield* failure(discover(access("amazon-ads"))).pipe(
        Effect.provide(scripted([json(200, []), json(500, "")]).layer, { local: true })
      )
      expect(half._tag).toBe("Temporary")
      const lacking = yield* failure(discover(access("amazon-ads"))).pipe(
        Effect.provide(
          scripted([json(200, [{ countryCode: "US", accountInfo: { id: "A", type: "seller" } }])]).layer,
          { local: true }
        )
      )
      expect(lacking).toMatchObject({ _tag: "Temporary", detail: expect.stringContaining("0.profileId") as string })
    }))
})

describe("discovery of selling partners", () => {
  it.effect("finds a seller's marketplaces under the seller's id, without the pseudo ones", () => {
    const one = (id: string, storeName: string | null, isParticipating = true, hasSuspendedListings = false) => ({
      marketplace: {
        id, name: "x", countryCode: "GB", defaultCurrencyCode: "USD", defaultLanguageCode: "en_US", domainName: "x"
      },
      storeName, participation: { isParticipating, hasSuspendedListings }
    })
    const { asked, layer } = scripted(
      [
        json(
          200,
          {
            payload: [
              one(US, "Lan\u202eterns\u0000"), one("A2EUQ1WTGCTBG2", null, false, true),
              one("A6W85IYQ5WB1C", "Non-Amazon"), one(DE, "other region")
            ]
          }
        )
      ]
    )
    return Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const found = yield* discover(access("amazon-sp"))
      expect(found).toMatchObject([
        {
          key: { externalId: "A1SELLER", marketplaceId: US, region: "NA" }, name: "Lanterns", isParticipating: true,
          type: "seller"
        },
        {
          key: { marketplaceId: "A2EUQ1WTGCTBG2" }, name: "A1SELLER", isParticipating: false,
          hasSuspendedListings: true
        }
      ])
      expect(found.length).toBe(2)
      expect(asked[0]?.url).toBe("https://sellingpartnerapi-na.amazon.com/sellers/v1/marketplaceParticipations")
      expect(asked[0]?.headers.get("x-amz-access-token")).toBe("Atza|access-canary")
      expect(asked[0]?.headers.get("x-amz-date")).toBe("20260715T120000Z")
      expect(asked[0]?.headers.get("user-agent")).toBe("Portolan/0.1 (Language=TypeScript)")
      expect(asked[0]?.headers.get("authorization")).toBeNull()
    }).pipe(Effect.provide(layer))
  })

  it.effect("proves a vendor by one call, within seven days", () => {
    const { asked, layer } = scripted([json(200, { payload: { orders: [] } })])
    return Effect.gen(function*() {
      yield* TestClock.setTime(noon)
      const found = yield* discover(
        access("amazon-sp", { accountType: "vendor", grantor: "ABCDE", region: "EU", marketplaceId: DE })
      )
      expect(found).toMatchObject(
        [{ key: { externalId: "ABCDE", marketplaceId: DE }, type: "vendor", countryCode: "DE" }]
      )
      const url = new URL(asked[0]?.url ?? "")
      expect(url.host + url.pathname).toBe("sellingpartnerapi-eu.amazon.com/vendor/orders/v1/purchaseOrders")
      expect(url.searchParams.get("limit")).toBe("1")
      const at = (name: string) => Date.parse(url.searchParams.get(name) ?? "")
      const range = at("createdBefore") - at("createdAfter")
      expect(range).toBeGreaterThan(6 * 86_400_000)
      expect(range).toBeLessThanOrEqual(7 * 86_400_000)
    }).pipe(Effect.provide(layer))
  })

  it.effect("says what a consent lacks", () =>
    Effect.gen(function*() {
      const error = yield* failure(discover(access("amazon-sp", { accountType: "vendor" })))
      expect(error._tag === "PermissionMissing" && error.missing).toContain("vendor's consent")
    }).pipe(Effect.provide(scripted([denied]).layer)))

  it.effect("needs the seller's id", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function*() {
      const { grantor: _, ...without } = access("amazon-sp")
      expect((yield* failure(discover(without)))._tag).toBe("ChannelUnavailable")
      expect(asked.length).toBe(0)
    }).pipe(Effect.provide(layer))
  })
})

describe("advertising", () => {
  const id = "a15115d8-3da4-49a4-95d5-cc0a3af5f85d"
  const link = "https://offline-report-storage-us-east-1-prod.s3.amazonaws.com/r.json.gz?X-Amz-Signature=link-canary"
  const done = (url: string | null = link) => json(200, { reportId: id, status: "COMPLETED", url, failureReason: null })
  const file = (text: string) => () => new Response(gzipSync(text))
  const ads = access("amazon-ads")

  it.effect("asks for the window in whole days, end included, and gives a ticket", () => {
    const { asked, layer } = scripted([json(200, { reportId: id, status: "PENDING" })])
    return Effect.gen(function*() {
      expect(yield* load(ads, {})).toEqual({ _tag: "NotReady", ticket: id, retryAfterSeconds: 120 })
      expect(asked[0]?.headers.get("content-type")).toBe("application/vnd.createasyncreportrequest.v3+json")
      expect(asked[0]?.headers.get("amazon-advertising-api-scope")).toBe("9007199254740993")
      const body: unknown = yield* Effect.promise(() => asked[0]?.json() ?? Promise.resolve({}))
      expect(body).toMatchObject({
        startDate: "2026-03-07", endDate: "2026-03-09",
        configuration: {
          adProduct: "SPONSORED_PRODUCTS", groupBy: ["campaign"], reportTypeId: "spCampaigns", timeUnit: "DAILY",
          format: "GZIP_JSON"
        }
      })
    }).pipe(Effect.provide(layer))
  })

  it.effect("takes a duplicate's id as its ticket", () =>
    Effect.gen(function*() {
      expect(yield* load(ads, {})).toMatchObject({ _tag: "NotReady", ticket: id })
    }).pipe(
      Effect.provide(scripted([json(425, { code: "425", detail: `The Request is a duplicate of : ${id}` })]).layer)
    ))

  it.effect("lands a line a day and campaign: ids and money as text, counts as numbers, the last of a key", () => {
    const first = "\"date\":\"2026-03-07\",\"campaignId\":9007199254740993"
    const text = `[{${first},"impressions":10,"clicks":2,"cost":1.10,"purchases1d":1,"new":{"a":[1.50]}},` +
      `{${first},"impressions":11,"clicks":2,"cost":1.20,"purchases1d":null},` +
      `{"date":"2026-03-08","campaignId":"5","impressions":0,"clicks":0,"cost":0,"purchases1d":0}]`
    const { asked, layer } = scripted([done(), file(text)])
    return Effect.gen(function*() {
      expect(yield* load(ads, { ticket: id })).toEqual({ _tag: "Rows", rows: [
        {
          key: "2026-03-07/9007199254740993", day: "2026-03-07",
          data: {
            date: "2026-03-07", campaignId: "9007199254740993", impressions: 11, clicks: 2, cost: "1.20",
            purchases1d: null
          }
        },
        {
          key: "2026-03-08/5", day: "2026-03-08",
          data: { date: "2026-03-08", campaignId: "5", impressions: 0, clicks: 0, cost: "0", purchases1d: 0 }
        }
      ] })
      expect(asked[0]?.url).toBe(`https://advertising-api.amazon.com/reporting/reports/${id}`)
      expect(asked[1]?.headers.get("authorization")).toBeNull()
      expect(asked[1]?.headers.get("amazon-advertising-api-clientid")).toBeNull()
    }).pipe(Effect.provide(layer))
  })

  it.effect.each([
    ["is being made", [json(200, { status: "PROCESSING", url: null })], "NotReady"],
    ["failed", [json(200, { status: "FAILED", failureReason: "x" })], "Lost"],
    ["is gone", [json(404, { code: "NOT_FOUND", details: "HTTP 404 Not Found" })], "Lost"]
  ] as const)("tells when the report %s", ([, answers, tag]) =>
    Effect.gen(function*() {
      expect((yield* load(ads, { ticket: id }))._tag).toBe(tag)
    }).pipe(Effect.provide(scripted(answers).layer)))

  it.effect.each([
    ["has an unknown status", [json(200, { status: "PAUSED" })], "Temporary"],
    ["has no link", [done(null)], "Temporary"],
    ["has an old link", [done(), () => new Response("<Error/>", { status: 403 })], "Temporary"],
    [
      "redirects", [done(), () => new Response(null, { status: 302, headers: { location: "http://127.0.0.1/" } })],
      "Temporary"
    ],
    ["is cut", [done(), () => new Response(gzipSync("[]").subarray(0, 12))], "Temporary"],
    ["is cut inside", [done(), file("[{\"date\":\"2026-03-07\"")], "Temporary"],
    ["is a page", [done(), file("<html></html>")], "Temporary"],
    ["has an impossible day", [done(), file("[{\"date\":\"2026-02-30\",\"campaignId\":1}]")], "Temporary"],
    ["is too large unpacked", [done(), file("[" + " ".repeat(5000) + "]")], "RequestRefused"],
    ["is too large", [done(), () => new Response(new Uint8Array(3000))], "RequestRefused"]
  ] as const)("never passes a report that %s, and tells no link", ([, answers, tag]) =>
    Effect.gen(function*() {
      const error = yield* failure(load(ads, { ticket: id }))
      expect(error._tag).toBe(tag)
      expect(JSON.stringify(error) + String(error)).not.toContain("canary")
    }).pipe(Effect.provide(scripted(answers, { ...given, limits: { reportBytes: 4000, downloadBytes: 2000 } }).layer)))

  const trusted = Settings.resolve(given)
  const moved = Settings.resolve({ ...given, addresses: (host) => `http://127.0.0.1:4010/${host}` })
  it.each([
    [link, true],
    ["https://d34o8swod1owfl.cloudfront.net/r.txt", true],
    ["https://amazonaws.com/r", true],
    ["http://offline.s3.amazonaws.com/r", false],
    ["https://evilamazonaws.com/r", false],
    ["https://amazonaws.com.evil.example/r", false],
    ["https://s3.amazonaws.com:8443/r", false],
    ["https://user:word@s3.amazonaws.com/r", false],
    ["https://advertising-api.amazon.com/v2/profiles", false],
    ["http://169.254.169.254/latest/meta-data", false],
    ["http://127.0.0.1:4010/x", false],
    ["file:///etc/passwd", false],
    ["r.json.gz", false]
  ])("fetches no report from a place that is not allowed: %s", (url, may) => {
    expect(mayFetch(trusted, url)).toBe(may)
  })

  it("fetches from the simulator's own origin when the operator moved Amazon there, and from no other port", () => {
    expect(mayFetch(moved, "http://127.0.0.1:4010/offline.s3.amazonaws.com/r?X=1")).toBe(true)
    expect(mayFetch(moved, "http://127.0.0.1:4011/offline.s3.amazonaws.com/r?X=1")).toBe(false)
  })

  it.effect("asks no place that is not allowed", () => {
    const { asked, layer } = scripted([done("http://169.254.169.254/latest"), file("[]")])
    return Effect.gen(function*() {
      expect((yield* failure(load(ads, { ticket: id })))._tag).toBe("Temporary")
      expect(asked.length).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("calls a ticket of somebody else lost, without asking", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function*() {
      expect((yield* load(ads, { ticket: "../../v2/profiles" }))._tag).toBe("Lost")
      expect(asked.length).toBe(0)
    }).pipe(Effect.provide(layer))
  })
})

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
    const { asked, layer } = scripted([json(200, { payload: [
      metric("2026-03-07T00:00-08:00--2026-03-08T00:00-08:00", "25.00"),
      metric("2026-03-08T08:00Z--2026-03-09T07:00Z", 30.5)
    ] })])
    return Effect.gen(function*() {
      const answer = yield* load(access("amazon-sp"), { dataClass: "sales" })
      expect(answer).toMatchObject({ _tag: "Rows", rows: [
        {
          key: "2026-03-07", day: "2026-03-07",
          data: { unitCount: 2, totalSales: { amount: "25.00", currencyCode: "USD" } }
        },
        { key: "2026-03-08", day: "2026-03-08", data: { totalSales: { amount: "30.5" } } }
      ] })
      expect(Object.fromEntries(new URL(asked[0]?.url ?? "").searchParams)).toEqual({
        marketplaceIds: US, granularity: "Day", granularityTimeZone: "America/Los_Angeles",
        interval: "2026-03-07T00:00:00-08:00--2026-03-10T00:00:00-07:00"
      })
    }).pipe(Effect.provide(layer))
  })

  it("begins each day at its first instant, in every zone and on every day", () => {
    const zones = fc.constantFrom(
      "America/Los_Angeles", "America/Sao_Paulo", "Europe/London", "Europe/Paris", "Africa/Cairo", "Asia/Kolkata",
      "Asia/Tokyo", "Australia/Sydney", "Asia/Riyadh"
    )
    fc.assert(fc.property(zones, fc.integer({ min: 17_500, max: 22_000 }), (zone, number) => {
      const at = Date.parse(startOf(Day.fromNumber(number), zone))
      const local = (millis: number) => new Date(millis).toLocaleDateString("sv-SE", { timeZone: zone })
      expect(local(at)).toBe(Day.fromNumber(number))
      expect(local(at - 1000)).toBe(Day.fromNumber(number - 1))
    }), { numRuns: 400 })
  })
})

describe("inventory", () => {
  const item = (sellerSku: string, totalQuantity = 1) => (
    {
      sellerSku, fnSku: "X/1", condition: "NewItem", asin: "B0", totalQuantity,
      inventoryDetails: { fulfillableQuantity: 3 }
    }
  )
  const page = (items: ReadonlyArray<object>, nextToken?: string) =>
    json(
      200,
      {
        payload: { granularity: {}, inventorySummaries: items },
        ...(nextToken === undefined ? {} : { pagination: { nextToken } })
      }
    )
  const window = { dataClass: "inventory", until: day("2026-03-08") } as const

  it.effect("brings every page at the published pace, each item once", () => {
    const { asked, layer } = scripted(
      [page([item("a"), item("b/c")], "t1"), page([item("a", 5)], "t2"), page([item("d")])]
    )
    return Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(load(access("amazon-sp"), window))
      yield* TestClock.adjust("2 seconds")
      const answer = yield* Fiber.join(fiber)
      expect(answer._tag === "Rows" && answer.rows.map(({ data, key }) => [key, data["totalQuantity"]])).toEqual([
        ["a/X%2F1/NewItem", 5], ["b%2Fc/X%2F1/NewItem", 1], ["d/X%2F1/NewItem", 1]
      ])
      expect(asked.map(({ url }) => new URL(url).searchParams.get("nextToken"))).toEqual([null, "t1", "t2"])
      expect(new URL(asked[0]?.url ?? "").searchParams.get("granularityId")).toBe(US)
    }).pipe(Effect.provide(layer))
  })

  it.effect("takes out of a text what a database refuses", () =>
    Effect.gen(function*() {
      const answer = yield* load(access("amazon-sp"), window)
      expect(answer._tag === "Rows" && answer.rows[0]?.data["inventoryDetails"]).toEqual({ "note": ["a\ufffdb"] })
    }).pipe(Effect.provide(scripted([
      page([{ ...item("a"), inventoryDetails: { "no\u0000te": ["a\ud800b\u0000"] } }])
    ]).layer)))

  it.effect.each([
    ["loops", () => page([item("a")], "t1")()],
    ["never ends", (() => {
      let n = 0
      return () => page([item("a")], `t${n++}`)()
    })()]
  ] as const)("is no answer when it %s", ([, respond]) =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(failure(load(access("amazon-sp"), window)))
      yield* TestClock.adjust("60 seconds")
      expect((yield* Fiber.join(fiber))._tag).toBe("Temporary")
    }).pipe(Effect.provide(api(respond, { ...given, limits: { pages: 20 } }))))

  it.effect("fails whole when a page fails", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(failure(load(access("amazon-sp"), window)))
      yield* TestClock.adjust("2 seconds")
      expect(yield* Fiber.join(fiber)).toMatchObject({ _tag: "Temporary", throttled: true })
    }).pipe(
      Effect.provide(
        scripted([page([item("a")], "t1"), json(429, { errors: [{ code: "QuotaExceeded", message: "x" }] })]).layer
      )
    ))
})

describe("content", () => {
  const window = { dataClass: "content", until: day("2026-03-08") } as const
  const document = (more: object = {}) => json(
    200, { reportDocumentId: "d", url: "https://d34o8swod1owfl.cloudfront.net/r.txt", ...more }
  )
  const state = (processingStatus: string, reportDocumentId?: string) => json(
    200, { reportId: "R1", processingStatus, reportDocumentId }
  )
  const text = "item-name\tseller-sku\tprice\r\nTée \"big\"\tsku/1\t9.90\r\n\r\nNo sku\t\t1\r\nLamp\tsku 2\r\n"

  it.effect("orders the report of one marketplace", () => {
    const { asked, layer } = scripted([json(202, { reportId: "ID323" })])
    return Effect.gen(function*() {
      expect(yield* load(access("amazon-sp"), window)).toEqual(
        { _tag: "NotReady", ticket: "ID323", retryAfterSeconds: 60 }
      )
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
      () => new Response(
        Buffer.from(text, "latin1"), { headers: { "content-type": "text/plain; charset=\"ISO-8859-1\"" } }
      )
    ]
  ]
  it.effect.each(files)("reads the report when it comes %s", ([, file]) =>
    Effect.gen(function*() {
      expect(yield* load(access("amazon-sp"), { ...window, ticket: "R1" })).toEqual({ _tag: "Rows", rows: [
        {
          key: "sku%2F1", day: "2026-03-07", data: { "item-name": "Tée \"big\"", "seller-sku": "sku/1", price: "9.90" }
        },
        { key: "sku%202", day: "2026-03-07", data: { "item-name": "Lamp", "seller-sku": "sku 2", price: "" } }
      ] })
    }).pipe(Effect.provide(scripted([state("DONE", "d"), document(), file]).layer)))

  it.effect.each([
    ["waits", [state("IN_QUEUE")], "NotReady"],
    ["is being made", [state("IN_PROGRESS")], "NotReady"],
    ["was cancelled because there is nothing", [state("CANCELLED")], "Rows"],
    ["failed", [state("FATAL", "why")], "Lost"],
    ["is gone", [json(404, { errors: [{ code: "NotFound", message: "x" }] })], "Lost"]
  ] as const)("tells when the report %s", ([, answers, tag]) =>
    Effect.gen(function*() {
      expect((yield* load(access("amazon-sp"), { ...window, ticket: "R1" }))._tag).toBe(tag)
    }).pipe(Effect.provide(scripted(answers).layer)))

  it("keeps the last line of a listing, and needs a column that names it", () => {
    const rows = readLines("Seller-SKU\tq\na\t1\na\t2", { listingKeys: ["seller-sku"] }, day("2026-03-07"))
    expect(rows).toMatchObject({ success: [{ key: "a", data: { q: "2" } }] })
    expect(
      readLines("", { listingKeys: ["seller-sku"] }, day("2026-03-07"))
    ).toMatchObject({ failure: { _tag: "Temporary" } })
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
    return Effect.gen(function*() {
      expect((yield* failure(load(of, more)))._tag).toBe(tag)
      expect(asked.length).toBe(0)
    }).pipe(Effect.provide(layer))
  })
})

it.effect("one seller's limit holds up nobody else's calls, and no other call of the same seller", () => {
  const layer = api((request) =>
    request.headers.get("x-amz-access-token") === "T1" && request.url.includes("marketplaceParticipations")
      ? json(429, { errors: [{ code: "QuotaExceeded", message: "x" }] })()
      : json(200, { payload: [] })())
  return Effect.gen(function*() {
    const one = access("amazon-sp", { accessToken: Redacted.make("T1"), grantor: "A1" })
    expect(yield* failure(discover(one))).toMatchObject({ throttled: true, retryAfterSeconds: 63 })
    expect(yield* failure(discover(one))).toMatchObject({ throttled: true, retryAfterSeconds: 63 })
    expect((yield* load(one, { dataClass: "sales" }))._tag).toBe("Rows")
    expect(yield* discover(access("amazon-sp", { accessToken: Redacted.make("T2"), grantor: "A2" }))).toEqual([])
    expect((yield* failure(discover({ ...one, region: "EU" })))._tag).toBe("Temporary")
  }).pipe(Effect.provide(layer))
})

it.effect("a token never travels with another account's header, however calls mix", () => {
  const pairs = new Set<string>()
  const layer = api((request) => {
    pairs.add(`${request.headers.get("authorization")} ${request.headers.get("amazon-advertising-api-scope")}`)
    return json(200, { reportId: "r" })()
  })
  return Effect.gen(function*() {
    yield* Effect.forEach(Array.from({ length: 40 }, (_, n) => n), (n) =>
      load(access("amazon-ads", { accessToken: Redacted.make(`T${n}`) }), {
        profile: {
          ...adsProfile, key: { ...adsProfile.key, externalId: String(n) as typeof adsProfile.key.externalId }
        }
      }), { concurrency: 10 })
    expect([...pairs].toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => `Bearer T${n} ${n}`).toSorted())
  }).pipe(Effect.provide(layer))
})
