/** Consents that begin at Amazon: what is read of the log-in URI, and where a browser is sent from it. */
import { describe, expect, it } from "@effect/vitest"
import { Marketplace } from "@portolan/domain"
import { Redacted, Result } from "effect"
import fc from "fast-check"
import { authorize } from "../src/authorize.ts"
import { Settings } from "../src/index.ts"
import { readStart } from "../src/start.ts"
import { given, US } from "./support.ts"

const settings = Settings.resolve(given)
const applicationId = given.sp?.applicationId ?? ""
const page = (host: string, id = applicationId) => `https://${host}/apps/authorize/confirm/${id}`
const start = (more: { readonly [name: string]: string | ReadonlyArray<string> } = {}) => {
  const all = {
    amazon_callback_uri: page("amazon.com"),
    amazon_state: "their state & more",
    selling_partner_id: "A2EUQ1WTGCTBG2",
    ...more
  }
  return new URLSearchParams(
    Object.entries(all).flatMap(([name, values]) => [values].flat().map((value) => [name, value]))
  )
}
const read = (query: URLSearchParams, of = settings) => readStart(of)("amazon-sp", query)
const follow = (query: URLSearchParams, of = settings) =>
  authorize(of, {
    channel: "amazon-sp",
    accountType: "seller",
    marketplaceId: US,
    state: Redacted.make("ours"),
    redirectUri: "https://app.example/callback",
    codeChallenge: "challenge",
    start: query
  })

describe("a consent that begins at Amazon", () => {
  it("goes on at Amazon's confirmation page, with Amazon's state, ours and the redirect address", () => {
    expect(read(start())).toEqual({ _tag: "Begun", grantor: "A2EUQ1WTGCTBG2", isDraft: false })
    const url = Result.getOrThrow(follow(start()))
    expect(`${url.origin}${url.pathname}`).toBe(page("amazon.com"))
    expect(Object.fromEntries(url.searchParams)).toEqual({
      amazon_state: "their state & more",
      state: "ours",
      redirect_uri: "https://app.example/callback"
    })
  })

  it("keeps version=beta of a draft, and adds it where the application is one", () => {
    const beta = start({ version: "beta" })
    expect(read(beta)).toMatchObject({ isDraft: true })
    expect(Result.getOrThrow(follow(beta)).searchParams.get("version")).toBe("beta")
    const draft = Settings.resolve({
      ...given,
      ...(given.sp === undefined ? {} : { sp: { ...given.sp, draft: true } })
    })
    expect(Result.getOrThrow(follow(start(), draft)).searchParams.get("version")).toBe("beta")
  })

  it("takes the consoles of every marketplace, and is reached where the deployment says", () => {
    for (const { sellerCentral, vendorCentral } of Marketplace.all.filter(({ provider }) => provider === "amazon")) {
      expect(read(start({ amazon_callback_uri: page(sellerCentral) }))).toMatchObject({ _tag: "Begun" })
      expect(read(start({ amazon_callback_uri: page(vendorCentral) }))).toMatchObject({ _tag: "Begun" })
    }
    const mapped = Settings.resolve({ ...given, addresses: (host) => `http://127.0.0.1:4010/${host}` })
    const query = start({ amazon_callback_uri: page("sellercentral.amazon.com") })
    expect(Result.getOrThrow(follow(query, mapped)).href).toContain(
      `http://127.0.0.1:4010/sellercentral.amazon.com/apps/authorize/confirm/${applicationId}?amazon_state=`
    )
  })

  it.each([
    `http://amazon.com/apps/authorize/confirm/${applicationId}`,
    page("evil.example"),
    page("amazon.com.evil.example"),
    page("notamazon.com"),
    page("sellercentral.amazon.com@evil.example"),
    page("evil.example#@amazon.com"),
    page("amazon.com:8443"),
    page("user@amazon.com"),
    "https://amazon.com/ap/signin",
    `https://amazon.com/redirect/apps/authorize/confirm/${applicationId}`,
    `${page("amazon.com")}?next=https://evil.example/`,
    `${page("amazon.com")}#https://evil.example/`,
    `https:\\\\amazon.com\\apps\\authorize\\confirm\\${applicationId}`,
    `https://amazon.com/apps/authorize/confirm/../../../ap/signin`,
    `//evil.example/apps/authorize/confirm/${applicationId}`,
    "javascript:alert(1)//apps/authorize/confirm/",
    `https://amazоn.com/apps/authorize/confirm/${applicationId}`,
    `\thttps://evil.example/apps/authorize/confirm/${applicationId}`
  ])("sends nobody to %j", (amazon_callback_uri) => {
    const query = start({ amazon_callback_uri })
    expect(read(query)).toMatchObject({ _tag: "Unacceptable", problem: "foreign-address" })
    expect(Result.isFailure(follow(query))).toBe(true)
  })

  it("sends nobody anywhere but to Amazon's confirmation page of this application, whatever the address", () => {
    const host = fc.constantFrom("amazon.com", "sellercentral.amazon.com", "evil.example", "amazon.com.evil.example")
    const near = fc
      .tuple(fc.constantFrom("https://", "http://", "//", ""), host, fc.string(), fc.constantFrom("", applicationId))
      .map(([scheme, at, junk, id]) => `${scheme}${junk}${at}/apps/authorize/confirm/${id}`)
    fc.assert(
      fc.property(fc.oneof(near, fc.webUrl(), fc.string()), (amazon_callback_uri) => {
        const followed = follow(start({ amazon_callback_uri }))
        if (Result.isFailure(followed)) return
        expect(["amazon.com", "sellercentral.amazon.com"]).toContain(followed.success.host)
        expect(followed.success.pathname).toBe(`/apps/authorize/confirm/${applicationId}`)
      })
    )
  })

  it.each([
    ["incomplete", { amazon_state: "" }],
    ["incomplete", { amazon_state: "x".repeat(1025) }],
    ["incomplete", { amazon_state: ["one", "two"] }],
    ["incomplete", { selling_partner_id: "" }],
    ["incomplete", { selling_partner_id: "<script>" }],
    ["incomplete", { amazon_callback_uri: "" }],
    ["incomplete", { amazon_callback_uri: [page("amazon.com"), page("evil.example")] }],
    ["incomplete", { version: ["beta", "other"] }],
    ["other-application", { amazon_callback_uri: page("amazon.com", "amzn1.sp.solution.other") }]
  ])("is %s without what it needs: %j", (problem, more) => {
    const answer = read(start(more))
    expect(answer).toMatchObject({ _tag: "Unacceptable", problem })
    expect(JSON.stringify(answer)).not.toMatch(/script|evil|xxxx/)
  })

  it("is not offered for advertising, nor without an application", () => {
    expect(readStart(settings)("amazon-ads", start())._tag).toBe("NotOffered")
    const { sp: _sp, ...without } = given
    expect(readStart(Settings.resolve(without))("amazon-sp", start())._tag).toBe("NotOffered")
  })
})
