/** Discovery through the port, over answers in process. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { access, api, DE, discover, failure, json, load, noon, scripted, US } from "./support.ts"

const denied = json(403, {
  errors: [{ message: "Access to requested resource is denied.", code: "Unauthorized", details: "" }]
})

describe("discovery of advertising profiles", () => {
  const profile = (profileId: string, more = "") =>
    `{"profileId":${profileId},"countryCode":"US","currencyCode":"USD","dailyBudget":340.50,` +
    `"timezone":"America/Los_Angeles","accountInfo":{"marketplaceStringId":"ATVPDKIKX0DER","id":"A1SELLER",` +
    `"type":"seller"${more}}}`

  it.effect("keeps every digit, and tells view from edit", () => {
    const other = ',"name":"Other","validPaymentMethod":false'
    const { asked, layer } = scripted([
      json(200, `[${profile("9007199254740993")}]`),
      json(200, `[${profile("9007199254740993")},${profile("1234567890123456789", other)}]`)
    ])
    return Effect.gen(function* () {
      const found = yield* discover(access("amazon-ads"))
      expect(found.map((one) => [one.key.externalId, one._tag === "AdvertisingProfile" ? one.permission : ""])).toEqual(
        [
          ["9007199254740993", "edit"],
          ["1234567890123456789", "view"]
        ]
      )
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
    const one = (id: number, info: object, more: object = {}) => ({
      profileId: id,
      ...more,
      accountInfo: { id: "ENTITY1", type: "vendor", ...info }
    })
    const body = [
      one(1, { marketplaceStringId: "A1F83G8C2ARO7P" }, { countryCode: "UK" }),
      one(2, {}, { countryCode: "UK" }),
      one(3, {}, { countryCode: "GB" }),
      one(4, { marketplaceStringId: "A0NEWMARKET" }, { countryCode: "DE" }),
      one(5, { type: "publisher", marketplaceStringId: DE }),
      one(6, { marketplaceStringId: US }),
      one(7, { type: "agency", marketplaceStringId: DE, name: null, subType: "KDP_AUTHOR" })
    ]
    return Effect.gen(function* () {
      const found = yield* discover(access("amazon-ads", { region: "EU" }))
      expect(found.map((found) => [found.key.externalId, found.countryCode, found.type])).toEqual([
        ["1", "GB", "vendor"],
        ["2", "GB", "vendor"],
        ["3", "GB", "vendor"],
        ["7", "DE", "agency"]
      ])
    }).pipe(Effect.provide(scripted([json(200, body), json(200, [])]).layer))
  })

  it.effect("takes an empty list for an answer", () =>
    Effect.gen(function* () {
      expect(yield* discover(access("amazon-ads"))).toEqual([])
    }).pipe(Effect.provide(scripted([json(200, []), json(200, [])]).layer))
  )

  it.effect("is complete or nothing: a list that fails, or lacks a need, fails the whole", () =>
    Effect.gen(function* () {
      const half = yield* failure(discover(access("amazon-ads"))).pipe(
        Effect.provide(scripted([json(200, []), json(500, "")]).layer, { local: true })
      )
      expect(half._tag).toBe("Temporary")
      const lacking = yield* failure(discover(access("amazon-ads"))).pipe(
        Effect.provide(scripted([json(200, [{ countryCode: "US", accountInfo: { id: "A", type: "seller" } }])]).layer, {
          local: true
        })
      )
      expect(lacking).toMatchObject({ _tag: "Temporary", detail: expect.stringContaining("0.profileId") as string })
    })
  )
})

describe("discovery of selling partners", () => {
  it.effect("finds a seller's marketplaces under the seller's id, without the pseudo ones", () => {
    const one = (id: string, storeName: string | null, isParticipating = true, hasSuspendedListings = false) => ({
      marketplace: {
        id,
        name: "x",
        countryCode: "GB",
        defaultCurrencyCode: "USD",
        defaultLanguageCode: "en_US",
        domainName: "x"
      },
      storeName,
      participation: { isParticipating, hasSuspendedListings }
    })
    const { asked, layer } = scripted([
      json(200, {
        payload: [
          one(US, "Lan\u202eterns\u0000"),
          one("A2EUQ1WTGCTBG2", null, false, true),
          one("A6W85IYQ5WB1C", "Non-Amazon"),
          one(DE, "other region")
        ]
      })
    ])
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const found = yield* discover(access("amazon-sp"))
      expect(found).toMatchObject([
        {
          key: { externalId: "A1SELLER", marketplaceId: US, region: "NA" },
          name: "Lanterns",
          isParticipating: true,
          type: "seller"
        },
        {
          key: { marketplaceId: "A2EUQ1WTGCTBG2" },
          name: "A1SELLER",
          isParticipating: false,
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
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const found = yield* discover(
        access("amazon-sp", { accountType: "vendor", grantor: "ABCDE", region: "EU", marketplaceId: DE })
      )
      expect(found).toMatchObject([
        { key: { externalId: "ABCDE", marketplaceId: DE }, type: "vendor", countryCode: "DE" }
      ])
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
    Effect.gen(function* () {
      const error = yield* failure(discover(access("amazon-sp", { accountType: "vendor" })))
      expect(error._tag === "PermissionMissing" && error.missing).toContain("vendor's consent")
    }).pipe(Effect.provide(scripted([denied]).layer))
  )

  it.effect("needs the seller's id", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      const { grantor: _, ...without } = access("amazon-sp")
      expect((yield* failure(discover(without)))._tag).toBe("ChannelUnavailable")
      expect(asked.length).toBe(0)
    }).pipe(Effect.provide(layer))
  })
})

it.effect("one seller's limit holds up nobody else's calls, and no other call of the same seller", () => {
  const layer = api((request) =>
    request.headers.get("x-amz-access-token") === "T1" && request.url.includes("marketplaceParticipations")
      ? json(429, { errors: [{ code: "QuotaExceeded", message: "x" }] })()
      : json(200, { payload: [] })()
  )
  return Effect.gen(function* () {
    const one = access("amazon-sp", { accessToken: Redacted.make("T1"), grantor: "A1" })
    expect(yield* failure(discover(one))).toMatchObject({ throttled: true, retryAfterSeconds: 63 })
    expect(yield* failure(discover(one))).toMatchObject({ throttled: true, retryAfterSeconds: 63 })
    expect((yield* load(one, { dataClass: "sales" }))._tag).toBe("Rows")
    expect(yield* discover(access("amazon-sp", { accessToken: Redacted.make("T2"), grantor: "A2" }))).toEqual([])
    expect((yield* failure(discover({ ...one, region: "EU" })))._tag).toBe("Temporary")
  }).pipe(Effect.provide(layer))
})
