/** Discovery and the first load of a marketplace seller, over answers in process. */
import { describe, expect, it } from "@effect/vitest"
import type { ProviderApi } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { missingScopes } from "../src/Seller.ts"
import { access, ask, day, failure, given, json, noon, scripted, seller } from "./support.ts"

const of = access("walmart-marketplace")
const discover = (more: Partial<ProviderApi.Access> = {}) => ask((port) => port.discover({ ...of, ...more }))
const load = (more: Partial<ProviderApi.WindowRequest>) =>
  ask((port) =>
    port.load(of, { dataClass: "sales", profile: seller, from: day("2026-07-01"), until: day("2026-07-02"), ...more })
  )
const only = { ...given, assumptions: { shipNodeTypes: ["SellerFulfilled"] } }
const missing = json(404, { error: [{ code: "CONTENT_NOT_FOUND.GMP_ORDER_API" }] })

describe("discovery", () => {
  it.effect("asks with Walmart's own headers, and gives the one seller with what is missing", () => {
    const { asked, layer } = scripted(
      [
        json(200, {
          expire_at: "1560973098000",
          is_valid: true,
          scopes: { orders: "no_access", item: "view_only", inventory: null, price: "no_access" }
        })
      ],
      {
        ...given,
        assumptions: {
          scopes: { orders: "view_only", item: "full_access", inventory: "view_only", content: "view_only" }
        }
      }
    )
    return Effect.gen(function* () {
      expect(yield* discover()).toEqual([{ ...seller, missingScopes: ["orders (no access)", "item (view only)"] }])
      const [request] = asked
      expect(request?.url).toBe("https://marketplace.walmartapis.com/v3/token/detail")
      expect(request?.headers.get("authorization")).toBeNull()
      expect(request?.headers.get("wm_sec.access_token")).toBe("eyJraWQiOiJ.access-canary")
      expect(request?.headers.get("wm_market")).toBe("us")
      expect(request?.headers.get("wm_svc.name")).toBe("Walmart Marketplace")
    }).pipe(Effect.provide(layer))
  })

  it("tells only what Walmart said is missing", () => {
    expect(missingScopes({}, { orders: "full_access" })).toEqual([])
    expect(missingScopes({ orders: "view_only" }, { orders: "view_only" })).toEqual([])
    expect(missingScopes({ orders: "full_access" }, { orders: "full_access" })).toEqual([])
  })

  it.effect("knows a token that is over, whatever the status", () =>
    Effect.gen(function* () {
      for (const answer of [json(200, { is_valid: false }), json(200, { is_valid: "false" }), json(401, "")]) {
        expect((yield* failure(discover()).pipe(Effect.provide(scripted([answer]).layer, { local: true })))._tag).toBe(
          "AccessTokenRefused"
        )
      }
    })
  )

  it.effect("is not asked without a seller, for a supplier, or elsewhere", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      const { grantor: _, ...nobody } = of
      expect((yield* failure(ask((port) => port.discover(nobody))))._tag).toBe("ChannelUnavailable")
      expect((yield* failure(discover({ accountType: "walmart-1p" })))._tag).toBe("ChannelUnavailable")
      expect((yield* failure(discover({ region: "EU" })))._tag).toBe("ChannelUnavailable")
      expect((yield* failure(discover({ channel: "amazon-sp" })))._tag).toBe("ChannelUnavailable")
      expect(yield* ask((port) => port.inspect(of, { marketplaceId: seller.key.marketplaceId }))).toEqual({
        notReported: ["participates"]
      })
      expect(asked).toEqual([])
    }).pipe(Effect.provide(layer))
  })
})

const order = (purchaseOrderId: string, orderDate: string) =>
  `{"purchaseOrderId":"${purchaseOrderId}","customerEmailId":"jane@example.org","orderDate":${orderDate},` +
  (`"shippingInfo":{"phone":"6501234567","postalAddress":{"name":"Jane ` +
    `Doe"}},"orderLines":{"orderLine":[{"lineNumber":"1",`) +
  (`"item":{"productName":"Lamp ` +
    `\\u0000","sku":"L-1"},"charges":{"charge":[{"chargeAmount":{"currency":"USD","amount":555.10}}]},`) +
  `"orderLineQuantity":{"unitOfMeasurement":"EACH","amount":"1"},"orderLineStatuses":{"orderLineStatus":[{"status":"Shipped",` +
  `"trackingInfo":{"trackingNumber":"9110"}}]}}]}}`
const orders = (list: ReadonlyArray<string>, nextCursor?: string, total = list.length) =>
  json(
    200,
    `{"list":{"meta":{"totalCount":${total}${nextCursor === undefined ? "" : `,"nextCursor":${JSON.stringify(nextCursor)}`}},` +
      `"elements":{"order":[${list.join(",")}]}}}`
  )
const at = (text: string) => String(Date.parse(text))

describe("sales", () => {
  it.effect("follows every page, keeps each order on its own day, and leaves customers out", () => {
    const cursor = "?limit=200&hasMoreElements=true&soIndex=200&sellerId=456782346&createdStartDate=2026-07-01"
    const { asked, layer } = scripted(
      [
        orders([order("1", at("2026-07-01T00:00:00Z")), order("2", '"2026-07-01T23:59:59.999Z"')], cursor),
        orders([order("3", at("2026-07-02T00:00:00Z"))]),
        missing
      ],
      only
    )
    return Effect.gen(function* () {
      const answer = yield* load({ until: day("2026-07-03") })
      if (answer._tag !== "Rows") return yield* Effect.die(answer)
      expect(answer.rows.map(({ day, key }) => [key, day])).toEqual([
        ["1", "2026-07-01"],
        ["2", "2026-07-01"]
      ])
      expect(answer.rows[0]?.data["orderLines"]).toEqual({
        orderLine: [
          {
            lineNumber: "1",
            item: { productName: "Lamp ", sku: "L-1" },
            charges: { charge: [{ chargeAmount: { currency: "USD", amount: "555.10" } }] },
            orderLineQuantity: { unitOfMeasurement: "EACH", amount: "1" },
            orderLineStatuses: { orderLineStatus: [{ status: "Shipped" }] }
          }
        ]
      })
      expect(JSON.stringify(answer)).not.toMatch(/Jane|jane|650123|9110/)
      expect(asked.map(({ url }) => url.replace("https://marketplace.walmartapis.com/v3/orders", ""))).toEqual([
        "?createdStartDate=2026-07-01T00%3A00%3A00Z&createdEndDate=2026-07-02T00%3A00%3A00Z&limit=200&shipNodeType=SellerFulfilled",
        cursor,
        "?createdStartDate=2026-07-02T00%3A00%3A00Z&createdEndDate=2026-07-03T00%3A00%3A00Z&limit=200&shipNodeType=SellerFulfilled"
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("asks for everybody who ships", () => {
    const { asked, layer } = scripted([orders([]), orders([order("7", at("2026-07-01T05:00:00Z"))]), missing])
    return Effect.gen(function* () {
      const answer = yield* load({})
      expect(answer._tag === "Rows" && answer.rows.map(({ key }) => key)).toEqual(["7"])
      expect(asked.map(({ url }) => new URL(url).searchParams.get("shipNodeType"))).toEqual([
        "SellerFulfilled",
        "WFSFulfilled",
        "3PLFulfilled"
      ])
    }).pipe(Effect.provide(layer))
  })

  it.effect("is complete or nothing", () =>
    Effect.gen(function* () {
      const fails = (answers: ReadonlyArray<() => Response>, limits = {}) =>
        Effect.map(failure(load({})), ({ _tag }) => _tag).pipe(
          Effect.provide(scripted(answers, { ...only, limits }).layer, { local: true })
        )
      const page = orders([order("1", at("2026-07-01T01:00:00Z"))], "?a=1")
      expect(yield* fails([page, json(500, "")])).toBe("Temporary")
      // After the repetition comes an end, so that only the repetition can be what fails.
      expect(yield* fails([page, page, orders([])])).toBe("Temporary")
      expect(yield* fails([orders([], "?a=1", 9), orders([], "?a=2", 9), orders([], "?a=3", 9)], { pages: 2 })).toBe(
        "Temporary"
      )
      expect(yield* fails([orders([order("1", '"yesterday"')])])).toBe("RequestRefused")
      expect(yield* fails([json(403, { error: [{ code: "FORBIDDEN" }] })])).toBe("PermissionMissing")
    })
  )

  const many = json(400, {
    error: [{ code: "INVALID_REQUEST_PARAM.GMP_ORDER_API", info: "Search returns more than 10000 orders, narrow it" }]
  })
  it.effect("meets the most orders of one search by halves, each order once", () => {
    const morning = [order("1", at("2026-07-01T01:00:00Z")), order("2", at("2026-07-01T12:00:00Z"))]
    const { asked, layer } = scripted(
      [many, orders(morning), orders([], undefined, 10_001), orders(morning.slice(1)), orders([])],
      only
    )
    return Effect.gen(function* () {
      const answer = yield* load({})
      expect(answer._tag === "Rows" && answer.rows.map(({ key }) => key)).toEqual(["1", "2"])
      expect(asked.map(({ url }) => new URL(url).searchParams.get("createdStartDate")?.slice(11, 16))).toEqual([
        "00:00",
        "00:00",
        "12:00",
        "12:00",
        "18:00"
      ])
    }).pipe(Effect.provide(layer))
  })

  const lines = (orderLines: unknown, orderDate: unknown = Date.parse("2026-07-01T01:00:00Z")) =>
    JSON.stringify({ purchaseOrderId: "2", orderDate, orderLines, customerEmailId: "jane@example.org" })
  it.effect.each<[string, string, number, number]>([
    ["one line that is no list", lines({ orderLine: { lineNumber: 1, item: { sku: "S" } } }), 2, 0],
    ["no lines", lines(null), 2, 0],
    ["a date as text, with an offset", lines(null, "2026-07-01T03:00:00.000+0200"), 2, 0],
    ["a date without a zone", lines(null, "2026-07-01T03:00:00"), 2, 0],
    ["a date that is none", lines(null, "yesterday"), 1, 1],
    ["lines that are none", lines({ orderLine: [7] }), 1, 1],
    ["nothing but an address", '{"shippingInfo":{"postalAddress":{"name":"Jane Doe"}}}', 1, 1]
  ])("lands the others beside an order with %s, and keeps no customer", ([, odd, rows, apart]) =>
    Effect.gen(function* () {
      const answer = yield* load({})
      if (answer._tag !== "Rows") return yield* Effect.die(answer)
      expect([answer.rows.length, answer.quarantined?.length ?? 0]).toEqual([rows, apart])
      expect(JSON.stringify(answer)).not.toMatch(/jane|Doe/i)
    }).pipe(Effect.provide(scripted([orders([order("1", at("2026-07-01T01:00:00Z")), odd])], only).layer))
  )

  it.effect.each<[string, () => Response, string]>([
    ["null", json(200, "null"), "Empty"],
    ["nothing", json(200, ""), "Empty"],
    ["204", () => new Response(null, { status: 204 }), "Empty"],
    ["an object without a list", json(200, "{}"), "Empty"],
    ["a list that is null", json(200, { list: { elements: null } }), "Empty"],
    ["a total of none", json(200, { list: { meta: { totalCount: 0 }, elements: null } }), "Rows"],
    ["nothing found", missing, "Rows"]
  ])("tells an empty day from %s", ([, body, tag]) =>
    Effect.gen(function* () {
      expect(yield* load({})).toMatchObject({ _tag: tag, rows: [] })
    }).pipe(Effect.provide(scripted([body], only).layer))
  )

  it.effect("is incomplete when one way of shipping gives no list, or the list ends early", () =>
    Effect.gen(function* () {
      const one = orders([order("1", at("2026-07-01T01:00:00Z"))])
      const fails = (answers: ReadonlyArray<() => Response>) =>
        Effect.provide(failure(load({})), scripted(answers).layer, { local: true })
      expect(yield* fails([one, json(200, "null"), missing])).toMatchObject({ _tag: "Temporary" })
      expect(yield* fails([orders([order("1", at("2026-07-01T01:00:00Z"))], undefined, 2)])).toMatchObject({
        _tag: "Temporary",
        detail: "getOrders: the list ended after 1 of 2"
      })
    })
  )

  it.effect("does not go out again before the bucket has filled", () => {
    const { asked, layer } = scripted([json(429, "", { "X-Next-Replenishment-Time": String(noon + 5000) })], only)
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      expect(yield* failure(load({}))).toMatchObject({ throttled: true, retryAfterSeconds: 5 })
      expect(yield* failure(load({}))).toMatchObject({ throttled: true, retryAfterSeconds: 5 })
      expect(asked.length).toBe(1)
    }).pipe(Effect.provide(layer))
  })
})

describe("articles and stock", () => {
  const present = { from: day("2026-07-15"), until: day("2026-07-16") } as const

  it.effect("follows the cursor from the asterisk", () => {
    const { asked, layer } = scripted([
      json(200, `{"ItemResponse":[{"sku":"a/b","price":{"amount":9007199254740993.10}}],"nextCursor":"x y&z"}`),
      json(200, { ItemResponse: [{ sku: "c" }], totalItems: 2 })
    ])
    return Effect.gen(function* () {
      const answer = yield* load({ ...present, dataClass: "content" })
      if (answer._tag !== "Rows") return yield* Effect.die(answer)
      expect(answer.rows.map(({ key }) => key)).toEqual(["a%2Fb", "c"])
      expect(answer.rows[0]?.data["price"]).toEqual({ amount: "9007199254740993.10" })
      expect(asked.map(({ url }) => new URL(url).searchParams.get("nextCursor"))).toEqual(["*", "x y&z"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("takes an empty catalogue for an answer, and an article without a name for none", () =>
    Effect.gen(function* () {
      const content = load({ ...present, dataClass: "content" })
      expect(yield* content.pipe(Effect.provide(scripted([missing]).layer, { local: true }))).toEqual({
        _tag: "Rows",
        rows: []
      })
      const nameless = scripted([json(200, { ItemResponse: [{ wpid: "1" }] })])
      expect((yield* failure(content).pipe(Effect.provide(nameless.layer, { local: true })))._tag).toBe(
        "RequestRefused"
      )
      const both = scripted([json(200, { ItemResponse: [{ wpid: "1" }, { sku: "a" }], totalItems: 2 })])
      expect(yield* content.pipe(Effect.provide(both.layer, { local: true }))).toMatchObject({
        rows: [{ key: "a" }],
        quarantined: [{ raw: '{"wpid":"1"}' }]
      })
      const short = scripted([json(200, { ItemResponse: [{ sku: "a" }], totalItems: 3 })])
      expect((yield* failure(content).pipe(Effect.provide(short.layer, { local: true })))._tag).toBe("Temporary")
      const kept = scripted([
        json(200, { ItemResponse: [{ sku: "a" }], totalItems: 1, nextCursor: "AoE/x" }),
        json(200, { ItemResponse: [], totalItems: 1, nextCursor: "AoE/x" })
      ])
      expect(yield* content.pipe(Effect.provide(kept.layer, { local: true }))).toMatchObject({ rows: [{ key: "a" }] })
    })
  )

  it.effect("takes stock as a list, and article by article only where there is no list", () =>
    Effect.gen(function* () {
      const stock = load({ ...present, dataClass: "inventory" })
      const listed = scripted([
        json(200, { meta: { nextCursor: "n" }, elements: { inventories: [{ sku: "a", nodes: [{ shipNode: "1" }] }] } }),
        json(200, { meta: {}, elements: { inventories: [{ sku: "b", nodes: [] }] } })
      ])
      const all = yield* stock.pipe(Effect.provide(listed.layer, { local: true }))
      expect(all._tag === "Rows" && all.rows.map(({ key }) => key)).toEqual(["a", "b"])
      const single = scripted([
        json(404, { error: [{ code: "URI_NOT_FOUND" }] }),
        json(200, { ItemResponse: [{ sku: "a b" }, { sku: "gone" }] }),
        json(200, { sku: "a b", quantity: { unit: "EACH", amount: 10 } }),
        missing
      ])
      const each = yield* stock.pipe(Effect.provide(single.layer, { local: true }))
      expect(each._tag === "Rows" && each.rows.map(({ data }) => data)).toEqual([
        { sku: "a b", quantity: { unit: "EACH", amount: "10" } }
      ])
      expect(single.asked[2]?.url).toContain("/v3/inventory?sku=a%20b")
    })
  )

  it.effect("refuses what it has no call for, and what belongs elsewhere", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      const canary = Redacted.make("x")
      for (const more of [
        { dataClass: "reviews" },
        { dataClass: "advertising" },
        { until: day("2026-07-01") },
        { profile: { ...seller, key: { ...seller.key, region: "WALMART-CA" } } },
        { profile: { ...seller, key: { ...seller.key, channel: "walmart-connect" } } }
      ] as const) {
        expect((yield* failure(load(more)))._tag).toBe("RequestRefused")
      }
      const foreign = { ...of, channel: "amazon-sp", accessToken: canary } as const
      expect(
        (yield* failure(
          ask((port) =>
            port.load(foreign, {
              dataClass: "sales",
              profile: seller,
              from: day("2026-07-01"),
              until: day("2026-07-02")
            })
          )
        ))._tag
      ).toBe("ChannelUnavailable")
      expect(asked).toEqual([])
    }).pipe(Effect.provide(layer))
  })
})
