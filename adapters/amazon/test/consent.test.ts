/** Consent addresses and what comes back from them. */
import { describe, expect, it } from "@effect/vitest"
import { Marketplace } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Redacted, Result } from "effect"
import fc from "fast-check"
import { authorize } from "../src/authorize.ts"
import { readCallback } from "../src/readCallback.ts"
import { Settings } from "../src/index.ts"
import { given, told, US } from "./support.ts"

const settings = Settings.resolve(given)

const ask = (more: Partial<ProviderApi.ConsentRequest> = {}): ProviderApi.ConsentRequest => ({
  channel: "amazon-ads",
  accountType: "seller",
  marketplaceId: US,
  state: Redacted.make("s-1"),
  redirectUri: "https://app.example/callback",
  codeChallenge: "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
  ...more
})

const hosts: { readonly [country: string]: readonly [ads: string, seller: string, vendor: string] } = {
  US: ["www.amazon.com", "sellercentral.amazon.com", "vendorcentral.amazon.com"],
  CA: ["www.amazon.com", "sellercentral.amazon.ca", "vendorcentral.amazon.ca"],
  MX: ["www.amazon.com", "sellercentral.amazon.com.mx", "vendorcentral.amazon.com.mx"],
  BR: ["www.amazon.com", "sellercentral.amazon.com.br", "vendorcentral.amazon.com.br"],
  GB: ["eu.account.amazon.com", "sellercentral-europe.amazon.com", "vendorcentral.amazon.co.uk"],
  DE: ["eu.account.amazon.com", "sellercentral-europe.amazon.com", "vendorcentral.amazon.de"],
  FR: ["eu.account.amazon.com", "sellercentral-europe.amazon.com", "vendorcentral.amazon.fr"],
  IT: ["eu.account.amazon.com", "sellercentral-europe.amazon.com", "vendorcentral.amazon.it"],
  ES: ["eu.account.amazon.com", "sellercentral-europe.amazon.com", "vendorcentral.amazon.es"],
  NL: ["eu.account.amazon.com", "sellercentral.amazon.nl", "vendorcentral.amazon.nl"],
  SE: ["eu.account.amazon.com", "sellercentral.amazon.se", "vendorcentral.amazon.se"],
  PL: ["eu.account.amazon.com", "sellercentral.amazon.pl", "vendorcentral.amazon.pl"],
  BE: ["eu.account.amazon.com", "sellercentral.amazon.com.be", "vendorcentral.amazon.com.be"],
  IE: ["eu.account.amazon.com", "sellercentral.amazon.ie", "vendorcentral.amazon.ie"],
  TR: ["eu.account.amazon.com", "sellercentral.amazon.com.tr", "vendorcentral.amazon.com.tr"],
  AE: ["eu.account.amazon.com", "sellercentral.amazon.ae", "vendorcentral.amazon.me"],
  SA: ["eu.account.amazon.com", "sellercentral.amazon.sa", "vendorcentral.amazon.me"],
  EG: ["eu.account.amazon.com", "sellercentral.amazon.eg", "vendorcentral.amazon.me"],
  IN: ["eu.account.amazon.com", "sellercentral.amazon.in", "www.vendorcentral.in"],
  ZA: ["eu.account.amazon.com", "sellercentral.amazon.co.za", "vendorcentral.amazon.co.za"],
  JP: ["apac.account.amazon.com", "sellercentral.amazon.co.jp", "vendorcentral.amazon.co.jp"],
  AU: ["apac.account.amazon.com", "sellercentral.amazon.com.au", "vendorcentral.amazon.com.au"],
  SG: ["apac.account.amazon.com", "sellercentral.amazon.sg", "vendorcentral.amazon.com.sg"]
}

describe("the consent address", () => {
  const amazon = Marketplace.all.filter(({ provider }) => provider === "amazon")

  it("is known for every marketplace of Amazon", () => {
    expect(amazon.map(({ countryCode }) => countryCode).toSorted()).toEqual(Object.keys(hosts).toSorted())
  })

  const each = amazon.map((one) => [one.countryCode, one.id] as const)
  it.each(each)("stands at the right hosts for %s", (country, marketplaceId) => {
    const [ads, seller, vendor] = hosts[country] ?? ["", "", ""]
    for (const accountType of ["seller", "vendor"] as const) {
      const consent = Result.getOrThrow(authorize(settings, ask({ marketplaceId, accountType })))
      expect(consent.href).toBe(
        `https://${ads}/ap/oa?client_id=amzn1.application-oa2-client.ads` +
          "&scope=advertising%3A%3Acampaign_management+profile%3Auser_id&response_type=code" +
          "&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback&state=s-1" +
          "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
      )
      const central = Result.getOrThrow(authorize(settings, ask({ channel: "amazon-sp", marketplaceId, accountType })))
      expect(central.href).toBe(
        `https://${accountType === "seller" ? seller : vendor}/apps/authorize/consent` +
          "?application_id=amzn1.sp.solution.1&state=s-1&redirect_uri=https%3A%2F%2Fapp.example%2Fcallback"
      )
    }
  })

  it("says version=beta for a draft, and only then", () => {
    if (given.sp === undefined) throw new Error("no application")
    const draft = Settings.resolve({ ...given, sp: { ...given.sp, draft: true } })
    const url = Result.getOrThrow(authorize(draft, ask({ channel: "amazon-sp" })))
    expect(url.searchParams.getAll("version")).toEqual(["beta"])
  })

  it("gives back exactly what went in, once each, whatever it is made of", () => {
    const text = fc.string({ unit: "grapheme", minLength: 1, maxLength: 60 }).map((one) => one.toWellFormed())
    const state = fc.oneof(text, fc.constantFrom("&state=2", "a b+c%20#/?=;", "ü&code=1"))
    fc.assert(
      fc.property(state, text, fc.constantFrom("amazon-ads", "amazon-sp"), (secret, path, channel) => {
        const redirectUri = `https://app.example/${encodeURIComponent(path)}?q=${encodeURIComponent(path)}`
        const request = ask({ channel, state: Redacted.make(secret), redirectUri })
        const url = Result.getOrThrow(authorize(settings, request))
        expect(url.href).toBe(Result.getOrThrow(authorize(settings, request)).href)
        const query = new URL(url.href).searchParams
        expect(query.getAll("state")).toEqual([secret])
        expect(query.getAll("redirect_uri")).toEqual([redirectUri])
        expect(new Set(query.keys()).size).toBe([...query.keys()].length)
        expect(url.href).not.toContain("secret-canary")
      })
    )
  })

  it("is refused before any request for what Amazon does not have, and never guessed", () => {
    const { ads: _, ...withoutAds } = given
    const { sp: __, ...withoutSp } = given
    const walmart = Marketplace.all.find(({ provider }) => provider === "walmart")
    if (walmart === undefined) throw new Error("no Walmart")
    expect(told(authorize(Settings.resolve(withoutAds), ask()))).toBe("ChannelUnavailable")
    expect(told(authorize(Settings.resolve(withoutSp), ask({ channel: "amazon-sp" })))).toBe("ChannelUnavailable")
    expect(told(authorize(settings, ask({ channel: "walmart-connect" })))).toBe("ChannelUnavailable")
    expect(told(authorize(settings, ask({ marketplaceId: walmart.id })))).toBe("ChannelUnavailable")
    expect(told(authorize(settings, ask({ accountType: "walmart-3p" })))).toBe("ChannelUnavailable")
  })

  it("stands below another address when an operator says so", () => {
    const moved = Settings.resolve({ ...given, addresses: (host) => `http://127.0.0.1:4010/${host}/` })
    const { href } = Result.getOrThrow(authorize(moved, ask()))
    expect(href.startsWith("http://127.0.0.1:4010/www.amazon.com/ap/oa?")).toBe(true)
    const one = Settings.resolve({ ...given, addresses: { "www.amazon.com": "http://sim" } })
    expect(Result.getOrThrow(authorize(one, ask())).origin).toBe("http://sim")
  })
})

describe("a callback", () => {
  const read = (channel: "amazon-ads" | "amazon-sp" | "walmart-connect", query: string) =>
    readCallback(channel, new URLSearchParams(query))

  it.each([
    ["a consent", "amazon-ads", "code=c&scope=advertising%3A%3Acampaign_management&state=s", "Consented"],
    [
      "a seller's consent",
      "amazon-sp",
      "state=s&selling_partner_id=A1&mws_auth_token=x&spapi_oauth_code=c",
      "Consented"
    ],
    ["a cancel", "amazon-ads", "error=access_denied&error_description=Access+not+permitted.&state=s", "Declined"],
    [
      "an unapproved client",
      "amazon-ads",
      "error=invalid_scope&error_description=An+unknown+scope+was+requested&state=s",
      "Refused"
    ],
    ["an outage", "amazon-sp", "error=temporarily_unavailable&state=s", "Refused"],
    ["an error beside a code", "amazon-ads", "error=access_denied&code=c&state=s", "Declined"],
    ["no code", "amazon-ads", "state=s", "Incomplete"],
    ["an empty code", "amazon-ads", "state=s&code=", "Incomplete"],
    ["no state", "amazon-ads", "code=c", "Incomplete"],
    ["an error without a state", "amazon-ads", "error=access_denied", "Incomplete"],
    ["a doubled state", "amazon-ads", "code=c&state=s&state=t", "Incomplete"],
    ["the same query twice", "amazon-ads", "code=c&state=s&code=c&state=s", "Consented"],
    ["a doubled code", "amazon-ads", "code=c&code=d&state=s", "Incomplete"],
    ["a doubled error", "amazon-ads", "error=a&error=b&state=s", "Incomplete"],
    ["the other channel's code", "amazon-sp", "code=c&state=s&selling_partner_id=A1", "Incomplete"],
    ["a seller without a name", "amazon-sp", "spapi_oauth_code=c&state=s", "Incomplete"],
    [
      "a seller with an impossible name",
      "amazon-sp",
      "spapi_oauth_code=c&state=s&selling_partner_id=..%2F..%2F+x",
      "Incomplete"
    ],
    ["an endless code", "amazon-ads", `code=${"c".repeat(5000)}&state=s`, "Incomplete"],
    ["another provider's", "walmart-connect", "code=c&state=s", "Incomplete"],
    ["nothing", "amazon-sp", "", "Incomplete"]
  ] as const)("of %s is told apart", (_name, channel, query, tag) => {
    expect(read(channel, query)._tag).toBe(tag)
  })

  it("carries state, code and seller unchanged, as secrets", () => {
    const callback = read("amazon-sp", "spapi_oauth_code=a%2Bb%2F%3D&state=x%26y&selling_partner_id=A2ZHJGTE3AX8V")
    if (callback._tag !== "Consented") throw new Error(callback._tag)
    expect(Redacted.value(callback.code)).toBe("a+b/=")
    expect(Redacted.value(callback.state)).toBe("x&y")
    expect(callback.grantor).toBe("A2ZHJGTE3AX8V")
    expect(JSON.stringify(callback)).not.toContain("a+b")
  })

  it("has one meaning for any query, and never quotes a code", () => {
    const name = fc.oneof(
      fc.constantFrom("code", "state", "error", "error_description", "spapi_oauth_code", "selling_partner_id"),
      fc.string()
    )
    fc.assert(
      fc.property(
        fc.array(fc.tuple(name, fc.string({ unit: "binary" }))),
        fc.constantFrom("amazon-ads", "amazon-sp"),
        (pairs, channel) => {
          const query = new URLSearchParams([
            ...pairs.map(([key, value]) => [key, value.toWellFormed()] as [string, string]),
            ["code", "code-canary"]
          ])
          const callback = readCallback(channel, query)
          expect(["Consented", "Declined", "Refused", "Incomplete"]).toContain(callback._tag)
          if (callback._tag !== "Consented") {
            expect(callback.detail.length).toBeLessThanOrEqual(300)
            expect(callback.detail).not.toContain("code-canary")
          }
        }
      )
    )
  })
})
