/** Discovery through the port, over answers in process. */
import { describe, expect, it } from "@effect/vitest"
import { LeftOut } from "@portolan/ports"
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
      const nameless = json(200, [{ countryCode: "US", accountInfo: { id: "A", type: "seller" } }])
      const half = yield* failure(discover(access("amazon-ads"))).pipe(
        Effect.provide(scripted([json(200, []), json(500, "")]).layer, { local: true })
      )
      expect(half._tag).toBe("Temporary")
      const lacking = yield* failure(discover(access("amazon-ads"))).pipe(
        Effect.provide(scripted([nameless, nameless]).layer, { local: true })
      )
      expect(lacking).toMatchObject({ _tag: "Temporary", detail: expect.stringContaining("profileId") as string })
    })
  )

  const good = {
    profileId: 1001,
    countryCode: "US",
    currencyCode: "USD",
    timezone: "America/Los_Angeles",
    accountInfo: { marketplaceStringId: US, id: "A1SELLER", type: "seller", name: "Lanterns" }
  }
  const info = (more: object) => ({ ...good, profileId: 2, accountInfo: { ...good.accountInfo, ...more } })
  it.effect.each<[string, unknown, ReadonlyArray<string>, string | undefined]>([
    ["no currency", { ...good, profileId: 2, currencyCode: null }, ["1001", "2"], undefined],
    ["a zone that is none", { ...good, profileId: 2, timezone: "AmericaiLos_Angeles" }, ["1001", "2"], undefined],
    [
      "its marketplace under another name",
      info({ marketplaceStringId: null, marketplaceStringid: US }),
      ["1001", "2"],
      undefined
    ],
    ["no account", { ...good, profileId: 2, accountInfo: null }, ["1001"], "2"],
    ["no owner", info({ id: null }), ["1001"], "2"],
    ["no kind", info({ type: null }), ["1001"], "2"],
    ["a kind that is new", info({ type: "author" }), ["1001"], "2"],
    ["a marketplace that is new", info({ marketplaceStringId: "A0NEW" }), ["1001"], "2"],
    ["no id", { ...good, profileId: null }, ["1001"], undefined],
    ["nothing that could be one", "a profile", ["1001"], undefined]
  ])("hides none behind one with %s, and reports what it left out", ([, odd, ids, key]) =>
    Effect.gen(function* () {
      const [found, leftOut] = yield* LeftOut.collect(discover(access("amazon-ads")))
      expect(found.map((one) => one.key.externalId)).toEqual(ids)
      expect(leftOut.length).toBe(2 - ids.length)
      if (key !== undefined) expect(leftOut[0]?.key).toBe(key)
      for (const one of found)
        if (one._tag === "AdvertisingProfile") expect([one.currency, one.timeZone]).toEqual(["USD", good.timezone])
    }).pipe(Effect.provide(scripted([json(200, [good, odd]), json(200, [good])]).layer))
  )

  it.effect("meets the longest list that Amazon gives by asking for less at a time", () => {
    const full = Array.from({ length: 5000 }, (_, n) => ({ ...good, profileId: n + 1 }))
    const asked: Array<string> = []
    const layer = api(({ url }) => {
      const { search } = new URL(url)
      asked.push(search)
      if (search.includes("accessLevel")) return json(200, [])()
      if (search === "" || search === "?profileTypeFilter=seller") return json(200, full)()
      return json(200, search.includes("=false") ? [{ ...good, profileId: 9999 }] : [])()
    })
    return Effect.gen(function* () {
      const [found, leftOut] = yield* LeftOut.collect(discover(access("amazon-ads")))
      expect(found.length).toBe(5001)
      expect(leftOut).toEqual([])
      expect(asked).toContain("?profileTypeFilter=seller&validPaymentMethodFilter=false")
    }).pipe(Effect.provide(layer))
  })
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
    }).pipe(Effect.provide(scripted([denied, denied]).layer))
  )

  it.effect("knows a vendor who only ships for Amazon, and blames nobody while that cannot be asked", () =>
    Effect.gen(function* () {
      const vendor = access("amazon-sp", { accountType: "vendor", grantor: "ABCDE" })
      const direct = scripted([denied, json(200, { orders: [] })])
      const found = yield* discover(vendor).pipe(Effect.provide(direct.layer, { local: true }))
      expect(found.map(({ key, type }) => [key.externalId, type])).toEqual([["ABCDE", "vendor"]])
      expect(direct.asked[1]?.url).toContain("/vendor/directFulfillment/orders/2021-12-28/purchaseOrders?")
      const silent = scripted([denied, json(503, "")])
      expect((yield* failure(discover(vendor)).pipe(Effect.provide(silent.layer, { local: true })))._tag).toBe(
        "Temporary"
      )
    })
  )

  it.effect("offers the marketplaces that can be read beside one that cannot", () =>
    Effect.gen(function* () {
      const one = (id: string, participation: unknown) => ({ marketplace: { id }, storeName: null, participation })
      const body = { payload: [one(US, { isParticipating: true }), one("A2EUQ1WTGCTBG2", null), { marketplace: null }] }
      const [found, leftOut] = yield* LeftOut.collect(discover(access("amazon-sp"))).pipe(
        Effect.provide(scripted([json(200, body)]).layer, { local: true })
      )
      expect(found).toMatchObject([{ key: { marketplaceId: US }, hasSuspendedListings: false }])
      expect(leftOut.map(({ key }) => key)).toEqual(["A2EUQ1WTGCTBG2", undefined])
      const none = scripted([json(200, { payload: [one(US, null)] })])
      expect(
        (yield* failure(discover(access("amazon-sp"))).pipe(Effect.provide(none.layer, { local: true })))._tag
      ).toBe("Temporary")
    })
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
    expect((yield* load(one, { dataClass: "sales" }))._tag).toBe("Empty")
    expect(yield* discover(access("amazon-sp", { accessToken: Redacted.make("T2"), grantor: "A2" }))).toEqual([])
    expect((yield* failure(discover({ ...one, region: "EU" })))._tag).toBe("Temporary")
  }).pipe(Effect.provide(layer))
})
