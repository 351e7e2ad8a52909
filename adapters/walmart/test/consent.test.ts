/** Consent addresses and callbacks of the Marketplace API. */
import { describe, expect, it } from "@effect/vitest"
import { ProviderApi } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import fc from "fast-check"
import { authorize } from "../src/authorize.ts"
import { readCallback } from "../src/readCallback.ts"
import * as Settings from "../src/Settings.ts"
import { access, ask, CA, CL, failure, given, scripted, told, US } from "./support.ts"

const settings = Settings.resolve(given)
const clientId = given.marketplace?.clientId ?? ""
const request: ProviderApi.ConsentRequest = {
  channel: "walmart-marketplace",
  accountType: "walmart-3p",
  marketplaceId: US,
  state: Redacted.make("state-1"),
  redirectUri: "https://app.example/resource/landing",
  codeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
}
const asking = (more: Partial<ProviderApi.ConsentRequest>, of = settings) => authorize(of, { ...request, ...more })
const address = (more: Partial<ProviderApi.ConsentRequest>, of = settings): URL => {
  const result = asking(more, of)
  if (result._tag === "Failure") throw result.failure
  return result.success
}

describe("a consent address", () => {
  it("is Walmart's own, parameter by parameter, with the return address as it was registered", () => {
    expect(address({}).href).toBe(
      `https://login.account.wal-mart.com/authorize?responseType=code&clientId=${clientId}` +
        "&redirectUri=https://app.example/resource/landing&nonce=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM" +
        "&state=state-1&clientType=seller"
    )
    expect(address({ marketplaceId: CA }).searchParams.get("clientType")).toBe("seller-ca")
    const encoded = Settings.resolve({ ...given, assumptions: { encodeRedirectUri: true } })
    expect(address({}, encoded).href).toContain("redirectUri=https%3A%2F%2Fapp.example%2F")
  })

  it("gives back state and return address whatever they hold", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).map((one) => one.toWellFormed())
    const state = fc.oneof(text, fc.constantFrom("&state=2", "a b+c%20#/?=;", "ü&clientType=x"))
    const path = fc.oneof(fc.webPath(), fc.constantFrom("/a%20b?x=1&y=ü", "/cb#no", "/a+b%2B"))
    const either = fc.constantFrom(settings, Settings.resolve({ ...given, assumptions: { encodeRedirectUri: true } }))
    fc.assert(
      fc.property(state, path, either, (secret, path, of) => {
        const redirectUri = `https://app.example${path}`
        const url = address({ state: Redacted.make(secret), redirectUri }, of)
        expect(url.searchParams.getAll("state")).toEqual([secret])
        expect(url.searchParams.getAll("redirectUri")).toEqual([redirectUri])
        expect([...url.searchParams.keys()]).toEqual([
          "responseType",
          "clientId",
          "redirectUri",
          "nonce",
          "state",
          "clientType"
        ])
        expect(url.hash).toBe("")
      })
    )
  })

  it.each<[string, Partial<ProviderApi.ConsentRequest>]>([
    ["Walmart Connect, which has none", { channel: "walmart-connect" }],
    ["a channel of somebody else", { channel: "amazon-ads" }],
    ["suppliers, who have no marketplace", { accountType: "walmart-1p" }],
    ["a market without a documented page", { marketplaceId: CL }]
  ])("is not made for %s", (_name, more) => {
    expect(told(asking(more))).toBe("ChannelUnavailable")
  })

  it("needs an application, and an operator may open a market", () => {
    expect(told(asking({}, Settings.resolve({})))).toBe("ChannelUnavailable")
    const open = Settings.resolve({ ...given, assumptions: { clientTypes: { WALMART_CL: "seller-cl" } } })
    expect(address({ marketplaceId: CL }, open).searchParams.get("clientType")).toBe("seller-cl")
  })
})

const read = (query: string, of = settings) => readCallback(of)("walmart-marketplace", new URLSearchParams(query))
const good = `code=65CA5DA313A549D4&type=auth&clientId=${clientId}&state=s&sellerId=456782346`

describe("a callback", () => {
  it("tells code, state and seller", () => {
    const callback = read(good)
    if (callback._tag !== "Consented") throw new Error(callback._tag)
    expect([Redacted.value(callback.code), Redacted.value(callback.state), callback.grantor]).toEqual([
      "65CA5DA313A549D4",
      "s",
      "456782346"
    ])
    expect(read(good.replace("&type=auth", ""))._tag).toBe("Consented")
  })

  it.each<[string, string, string]>([
    ["no state", good.replace("&state=s", ""), "Incomplete"],
    ["two states", `${good}&state=t`, "Incomplete"],
    ["no code", good.replace("code=65CA5DA313A549D4&", ""), "Incomplete"],
    ["another application's id", good.replace(clientId, "other"), "Incomplete"],
    ["no application's id", good.replace(`&clientId=${clientId}`, ""), "Incomplete"],
    ["another type", good.replace("auth", "logout"), "Incomplete"],
    ["no seller", good.replace("&sellerId=456782346", ""), "Incomplete"],
    ["a seller's id that is none", good.replace("456782346", "4 5/6"), "Incomplete"],
    ["a seller's id twice", `${good}&sellerId=1`, "Incomplete"],
    ["a state without end", good.replace("state=s", `state=${"s".repeat(3000)}`), "Incomplete"],
    ["a no", "error=access_denied&state=s", "Declined"],
    ["a no in other words", "errorCode=USER_CANCELLED&state=s", "Declined"],
    ["an error", "error=server_error&error_description=later&state=s", "Refused"],
    ["an error beside a code", `${good}&error=access_denied`, "Declined"],
    ["two errors", "error=a&error=b&state=s", "Incomplete"],
    ["nothing", "", "Incomplete"]
  ])("with %s is understood", (_name, query, expected) => {
    expect(read(query)._tag).toBe(expected)
  })

  it("takes names of refusals from the operator", () => {
    const of = Settings.resolve({ ...given, assumptions: { refusalParameters: ["denied"] } })
    expect(read("denied=rejected&state=s", of)._tag).toBe("Declined")
    expect(read("error=access_denied&state=s", of)._tag).toBe("Incomplete")
  })

  it("has one meaning for any query, and never quotes a code", () => {
    const name = fc.constantFrom("code", "state", "type", "clientId", "sellerId", "error", "errorCode", "x")
    const value = fc.oneof(fc.string(), fc.constantFrom(clientId, "auth", "456782346", "code-canary"))
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value), { maxLength: 9 }), (pairs) => {
        const callback = read(new URLSearchParams(pairs).toString())
        if ("detail" in callback) expect(callback.detail.length).toBeLessThan(400)
        if (callback._tag === "Incomplete") expect(callback.detail).not.toContain("canary")
      })
    )
    expect(readCallback(settings)("walmart-connect", new URLSearchParams(good))._tag).toBe("Incomplete")
    expect(readCallback(settings)("amazon-sp", new URLSearchParams(good))._tag).toBe("Incomplete")
  })
})

describe("what has no consent", () => {
  it.effect("is not exchanged, refreshed or discovered, and nothing is sent", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      const port = yield* ProviderApi.ProviderApi
      const code = {
        region: "WALMART-US",
        code: Redacted.make("c"),
        redirectUri: "https://app.example/",
        codeVerifier: Redacted.make("v"),
        grantor: "1"
      } as const
      const refresh = { region: "WALMART-US", refreshToken: Redacted.make("r"), grantor: "1" } as const
      for (const channel of ["walmart-connect", "amazon-ads"] as const) {
        expect((yield* failure(port.exchange({ ...code, channel })))._tag).toBe("ChannelUnavailable")
        expect((yield* failure(port.refresh({ ...refresh, channel })))._tag).toBe("ChannelUnavailable")
      }
      expect((yield* failure(port.exchange({ ...code, channel: "walmart-marketplace", region: "NA" })))._tag).toBe(
        "ChannelUnavailable"
      )
      const { grantor: _, ...nobody } = refresh
      expect((yield* failure(port.refresh({ ...nobody, channel: "walmart-marketplace" })))._tag).toBe(
        "ChannelUnavailable"
      )
      const look = yield* failure(port.discover(access("walmart-connect")))
      expect(look.message).toContain("advertisers")
      expect(asked).toEqual([])
    }).pipe(Effect.provide(layer))
  })

  it.effect("says where access can be ended, and asks nobody", () => {
    const { asked, layer } = scripted([])
    return Effect.gen(function* () {
      const of = {
        region: "WALMART-US",
        accountType: "walmart-3p",
        marketplaceId: US,
        refreshToken: Redacted.make("canary")
      } as const
      const revoke = (channel: "walmart-marketplace" | "walmart-connect" | "amazon-sp", marketplaceId = US) =>
        ask((port) => port.revoke({ ...of, channel, marketplaceId }))
      const marketplace = yield* revoke("walmart-marketplace")
      expect(marketplace).toMatchObject({ outcome: "not-offered" })
      expect(marketplace.detail).toContain("Seller Center (seller.walmart.com)")
      expect((yield* revoke("walmart-marketplace", CA)).detail).toContain("Seller Center.")
      expect((yield* revoke("walmart-connect")).detail).toContain("advertising.walmart.com")
      expect((yield* revoke("amazon-sp")).outcome).toBe("failed")
      expect(asked).toEqual([])
    }).pipe(Effect.provide(layer))
  })
})
