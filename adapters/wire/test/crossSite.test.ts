import { describe, expect, it } from "@effect/vitest"
import { isCrossSiteWrite } from "../src/crossSite.ts"

const origin = "https://portolan.test"
const write = (headers: { readonly [name: string]: string }, method = "POST") =>
  isCrossSiteWrite({ method, headers: new Headers(headers) }, origin)

describe("the same-origin check", () => {
  it("takes every request that changes nothing", () => {
    for (const method of ["GET", "HEAD", "OPTIONS"])
      expect(write({ "sec-fetch-site": "cross-site" }, method)).toBe(false)
  })

  it("takes a change only when the browser says that a page of the same origin sends it", () => {
    expect(write({ "sec-fetch-site": "same-origin" })).toBe(false)
    for (const site of ["same-site", "cross-site", "none", ""]) expect(write({ "sec-fetch-site": site })).toBe(true)
    expect(write({ "sec-fetch-site": "same-origin" }, "DELETE")).toBe(false)
    expect(write({ "sec-fetch-site": "cross-site" }, "DELETE")).toBe(true)
  })

  it("goes by the origin where a browser sends no fetch metadata, and never against them", () => {
    expect(write({ origin })).toBe(false)
    for (const other of ["https://evil.test", "http://portolan.test", "null", `${origin}.evil.test`])
      expect(write({ origin: other })).toBe(true)
    expect(write({})).toBe(true)
    expect(write({ origin, "sec-fetch-site": "cross-site" })).toBe(true)
  })
})
