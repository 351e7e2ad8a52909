/** Every documented body, judged; and that any other is judged too. */
import { describe, expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { Option, Redacted, Result, Schema } from "effect"
import fc from "fast-check"
import { judgeConnect } from "../src/judgeConnect.ts"
import { judgeMarketplace } from "../src/judgeMarketplace.ts"
import { judgeToken } from "../src/judgeToken.ts"
import { readErrors } from "../src/readErrors.ts"
import { assumptions } from "../src/Settings.ts"
import { answer, noon, told } from "./support.ts"

const Anything = Schema.Struct({ ok: Schema.String })
const marketplace = { operation: "getOrders", scope: "orders", schema: Anything }
const connect = { operation: "getReport", schema: Anything }
const html = "<html><body>Service Unavailable</body></html>"

const failureOf = <A, E>(result: Result.Result<A, E>): E => {
  if (Result.isSuccess(result)) throw new Error("it passed")
  return result.failure
}

const one = (code: string, more: object = {}) => ({
  code,
  field: code.split(".")[0],
  description: "",
  severity: "ERROR",
  category: "DATA",
  causes: [],
  errorIdentifiers: {},
  ...more
})
const error = (code: string, more: object = {}) => ({ error: [one(code, more)] })
const older = (code: string) => ({ errors: { error: [one(code)] } })
const xml = (code: string) =>
  `<?xml version="1.0" encoding="UTF-8"?><ns2:errors ` +
  `xmlns:ns2="http://walmart.com/"><ns2:error><ns2:code>${code}</ns2:code>` +
  "<ns2:field>x</ns2:field><ns2:description>why &amp; how</ns2:description></ns2:error></ns2:errors>"

const unauthorized = error("UNAUTHORIZED.GMP_GATEWAY_API", {
  description: "Unauthorized",
  info: "Unauthorized token or incorrect authorization header."
})

describe("errors of Walmart", () => {
  it.each<[string, unknown]>([
    ["the form of today", error("INVALID_TOKEN.GMP_GATEWAY_API")],
    ["the older wrapping", older("INVALID_TOKEN.GMP_GATEWAY_API")],
    ["one error without a list", { error: one("INVALID_TOKEN.GMP_GATEWAY_API") }],
    ["a list right away", { errors: [one("INVALID_TOKEN.GMP_GATEWAY_API")] }],
    ["XML", xml("INVALID_TOKEN.GMP_GATEWAY_API")],
    ["the form of RFC 6749", { error: "invalid_token", error_description: "over" }],
    ["an error alone", { code: "INVALID_TOKEN", details: "over" }]
  ])("are read in %s", (_name, body) => {
    expect(readErrors(answer(401, body)).map(({ code }) => code)).toEqual(["INVALID_TOKEN"])
  })

  it("are none where there are none", () => {
    for (const body of ["", "Bad Request", html, "{}", "[]", "null", { error: [] }, { errors: {} }, { error: null }]) {
      expect(readErrors(answer(400, body))).toEqual([])
    }
  })
})

describe("the token endpoint", () => {
  const tokens = { access_token: "eyJ.a", refresh_token: "APXc1", token_type: "Bearer", expires_in: 900 }

  it.each<[string, number, unknown, string, string]>([
    ["tokens", 200, tokens, "value", "value"],
    [
      "tokens without a refresh token",
      200,
      { access_token: "eyJ.a", token_type: "Bearer", expires_in: 900 },
      "Temporary",
      "value"
    ],
    ["a refresh token that is null", 200, { ...tokens, refresh_token: null }, "Temporary", "value"],
    ["a life in text", 200, { ...tokens, expires_in: "900" }, "value", "value"],
    ["a life of nothing", 200, { ...tokens, expires_in: 0 }, "Temporary", "Temporary"],
    ["another kind of token", 200, { ...tokens, token_type: "mac" }, "Temporary", "Temporary"],
    ["an error with status 200", 200, error("INVALID_TOKEN"), "Temporary", "Temporary"],
    ["a dead token", 400, error("INVALID_TOKEN.GMP_GATEWAY_API"), "CodeRefused", "GrantRefused"],
    ["the same in the older wrapping", 401, older("INVALID_TOKEN.GMP_GATEWAY_API"), "CodeRefused", "GrantRefused"],
    ["the same in XML", 400, xml("INVALID_TOKEN.GMP_GATEWAY_API"), "CodeRefused", "GrantRefused"],
    ["the standard's words", 400, { error: "invalid_grant" }, "CodeRefused", "GrantRefused"],
    ["a parameter that is the code", 400, error("INVALID_REQUEST_PARAM", { info: "code" }), "CodeRefused", "Temporary"],
    [
      "a parameter that is another",
      400,
      error("INVALID_REQUEST_PARAM", { info: "barcode" }),
      "ApplicationRejected",
      "Temporary"
    ],
    [
      "a seller that is not the code's",
      400,
      error("INVALID_REQUEST_HEADER", { info: "WM_PARTNER.ID" }),
      "CodeRefused",
      "ApplicationRejected"
    ],
    ["credentials, ours or not", 401, unauthorized, "ApplicationRejected", "Unclear"],
    ["a missing header", 400, error("MISSING_REQUEST_HEADER"), "ApplicationRejected", "ApplicationRejected"],
    ["a form that is none", 415, error("UNSUPPORTED_MEDIA_TYPE"), "ApplicationRejected", "ApplicationRejected"],
    ["a bare refusal", 400, "Bad Request", "Temporary", "Temporary"],
    ["a page with 401", 401, html, "Temporary", "Temporary"],
    ["an outage that quotes a dead token", 500, error("INVALID_TOKEN"), "Temporary", "Temporary"],
    ["a limit that quotes a dead token", 429, error("INVALID_TOKEN"), "Temporary", "Temporary"],
    ["a dead token with a status that proves nothing", 403, error("INVALID_TOKEN"), "Temporary", "Temporary"],
    ["a redirect", 302, "", "Temporary", "Temporary"]
  ])("judges %s", (_name, status, body, onCode, onRefresh) => {
    expect(told(judgeToken(answer(status, body), "code", assumptions))).toBe(onCode)
    expect(told(judgeToken(answer(status, body), "refresh", assumptions))).toBe(onRefresh)
  })

  it("keeps tokens to themselves", () => {
    const result = judgeToken(answer(200, tokens), "code", assumptions)
    if (Result.isFailure(result)) throw new Error("it failed")
    expect(JSON.stringify(result.success)).not.toContain("APXc1")
    expect(Option.map(result.success.refreshToken, Redacted.value)).toEqual(Option.some("APXc1"))
    const echoed = failureOf(
      judgeToken(answer(400, error("INVALID_TOKEN", { info: "eyJraWQiOiJhYmNkZWYi.xyz" })), "refresh", assumptions)
    )
    expect(echoed.detail).not.toContain("eyJraWQ")
  })
})

describe("the Marketplace API", () => {
  it.each<[string, number, unknown, string]>([
    ["an answer", 200, { ok: "1" }, "value"],
    ["an answer that lacks a need", 200, { fine: "1" }, "Temporary"],
    ["half an answer", 206, { ok: "1" }, "Temporary"],
    ["an old access token", 401, error("INVALID_TOKEN.GMP_GATEWAY_API"), "AccessTokenRefused"],
    ["the same as in former years", 400, older("INVALID_TOKEN.GMP_GATEWAY_API"), "AccessTokenRefused"],
    ["the same in XML", 400, xml("INVALID_TOKEN.GMP_GATEWAY_API"), "AccessTokenRefused"],
    ["a token of the other environment", 401, unauthorized, "AccessTokenRefused"],
    ["401 without a word", 401, "", "AccessTokenRefused"],
    ["a missing scope", 403, error("FORBIDDEN.GMP_GATEWAY_API"), "PermissionMissing"],
    ["403 of something in between", 403, html, "Temporary"],
    ["a gateway's bare word", 403, { message: "Forbidden" }, "Temporary"],
    ["a gateway's error", 403, { code: "Forbidden", message: "x" }, "Temporary"],
    ["a store's error", 403, "<Error><Code>AccessDenied</Code></Error>", "Temporary"],
    ["a bad parameter", 400, error("INVALID_REQUEST_PARAM"), "RequestRefused"],
    ["nothing there", 404, error("CONTENT_NOT_FOUND.GMP_ORDER_API"), "RequestRefused"],
    ["no such address", 404, error("URI_NOT_FOUND"), "Temporary"],
    ["a lock", 423, error("RESOURCE_IS_LOCKED.GMP_RECEIVER_API"), "Temporary"],
    ["an outage", 504, error("DOWNSTREAM_SYSTEM_TIME_OUT"), "Temporary"],
    ["a redirect", 301, "", "Temporary"]
  ])("judges %s", (_name, status, body, expected) => {
    expect(told(judgeMarketplace(answer(status, body), marketplace, assumptions))).toBe(expected)
  })

  it("takes nothing for an answer where that is one", () => {
    const call = { ...marketplace, nothing: { ok: "none" }, noSuchCall: { ok: "no call" } }
    const value = (code: string) => Result.getOrThrow(judgeMarketplace(answer(404, error(code)), call, assumptions)).ok
    expect(value("CONTENT_NOT_FOUND.GMP_ORDER_API")).toBe("none")
    expect(value("URI_NOT_FOUND")).toBe("no call")
  })

  it.each<[string, Record<string, string>, number]>([
    ["the instant of the next refill", { "x-next-replenish-time": String(noon + 12_345) }, 13],
    ["the same in the other spelling", { "x-next-replenishment-time": String(noon + 90_000) }, 90],
    ["an instant that is over", { "x-next-replenish-time": "1700000000000" }, 0],
    ["seconds", { "retry-after": "7" }, 7],
    ["nothing", {}, 60],
    ["nonsense", { "x-next-replenish-time": "soon" }, 60]
  ])("waits after 429 by %s", (_name, headers, expected) => {
    const limited = failureOf(
      judgeMarketplace(answer(429, error("REQUEST_THRESHOLD_VIOLATED"), headers), marketplace, assumptions)
    )
    expect(limited).toMatchObject({ _tag: "Temporary", throttled: true, retryAfterSeconds: expected })
  })

  it("keeps Walmart's own words", () => {
    const headers = { "wm_qos.correlation_id": "c-1" }
    const body = error("INVALID_REQUEST_PARAM.GMP_ORDER_API", { description: "bad", info: "limit" })
    expect(failureOf(judgeMarketplace(answer(400, body, headers), marketplace, assumptions))).toMatchObject({
      words: {
        code: "INVALID_REQUEST_PARAM.GMP_ORDER_API",
        message: "bad",
        details: "limit",
        requestId: "c-1",
        status: 400
      }
    })
  })

  it("names the scope that is missing", () => {
    const lacking = failureOf(judgeMarketplace(answer(403, error("FORBIDDEN")), marketplace, assumptions))
    expect(lacking).toBeInstanceOf(Failure.PermissionMissing)
    expect(lacking.message).toContain("orders")
  })
})

describe("Walmart Connect", () => {
  it.each<[string, number, unknown, string, string]>([
    ["an answer", 200, { ok: "1" }, "value", "value"],
    [
      "bad credentials or missing access",
      403,
      { code: "USER_AUTHENTICATION_ERROR" },
      "PermissionMissing",
      "ApplicationRejected"
    ],
    [
      "read access where write is needed",
      403,
      { code: "USER_ACCESS_PERMISSIONS_ERROR", details: "x" },
      "PermissionMissing",
      "ApplicationRejected"
    ],
    ["a missing token", 403, { code: "MISSING_ACCESS_TOKEN" }, "ApplicationRejected", "ApplicationRejected"],
    ["a missing header", 403, { code: "MISSING_AUTH_FIELD" }, "ApplicationRejected", "ApplicationRejected"],
    ["403 in plain words", 403, "Unauthorized, invalid credentials", "PermissionMissing", "ApplicationRejected"],
    ["403 without a word", 403, "", "Temporary", "ApplicationRejected"],
    ["401, which its table does not know", 401, "", "Temporary", "ApplicationRejected"],
    ["a gateway's bare word", 403, { message: "Forbidden" }, "Temporary", "ApplicationRejected"],
    [
      "a gateway's word with its status",
      403,
      { code: "403", message: "Forbidden" },
      "Temporary",
      "ApplicationRejected"
    ],
    ["a proxy's rule", 403, "RBAC: access denied", "Temporary", "ApplicationRejected"],
    [
      "a signature that does not hold",
      403,
      { code: "USER_AUTHENTICATION_ERROR", details: "The signature could not be verified." },
      "ApplicationRejected",
      "ApplicationRejected"
    ],
    ["403 of something in between", 403, `<!DOCTYPE html>${html}`, "Temporary", "Temporary"],
    ["a bad request", 400, { code: "INVALID_REQUEST_BODY" }, "RequestRefused", "RequestRefused"],
    ["what cannot be processed", 422, { code: "UNPROCESSABLE" }, "RequestRefused", "RequestRefused"],
    ["nothing there", 404, { code: "NOT_FOUND" }, "RequestRefused", "RequestRefused"],
    ["an internal error", 520, "", "Temporary", "Temporary"],
    ["a refused origin", 521, html, "Temporary", "Temporary"]
  ])("judges %s", (_name, status, body, ofOne, ofNone) => {
    expect(told(judgeConnect(answer(status, body), { ...connect, advertiserId: "1" }, assumptions))).toBe(ofOne)
    expect(told(judgeConnect(answer(status, body), connect, assumptions))).toBe(ofNone)
  })

  it("waits ten minutes after 429, or as long as it is told", () => {
    const wait = (headers: Record<string, string>) =>
      failureOf(judgeConnect(answer(429, "", headers), connect, assumptions))
    expect(wait({})).toMatchObject({ _tag: "Temporary", throttled: true, retryAfterSeconds: 600 })
    expect(wait({ "retry-after": "30" })).toMatchObject({ retryAfterSeconds: 30 })
  })

  it("knows when a request reached too far back", () => {
    const judge = (details: string) =>
      failureOf(judgeConnect(answer(400, { code: "INVALID_REQUEST_BODY", details }), connect, assumptions))
    expect(judge("only the last 90 days are available")).toMatchObject({
      _tag: "RequestRefused",
      beyondRetention: true
    })
    expect(judge("reportType is not valid")).toMatchObject({ beyondRetention: false })
  })
})

describe("any answer", () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(html, xml("INVALID_TOKEN"), JSON.stringify(unauthorized)),
    fc
      .record({ error: fc.array(fc.record({ code: fc.string(), info: fc.string(), field: fc.string() })) })
      .map((one) => JSON.stringify(one))
  )
  const headers = fc.dictionary(
    fc.constantFrom("retry-after", "x-next-replenish-time"),
    fc.oneof(fc.string(), fc.nat().map(String))
  )

  it("has exactly one meaning, the same each time, in bounded words", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, headers, (status, text, given) => {
        const of = answer(status, text, given)
        const judges: ReadonlyArray<() => Result.Result<unknown, { readonly _tag: string; readonly detail: string }>> =
          [
            () => judgeToken(of, "code", assumptions),
            () => judgeToken(of, "refresh", assumptions),
            () => judgeMarketplace(of, marketplace, assumptions),
            () => judgeConnect(of, connect, assumptions),
            () => judgeConnect(of, { ...connect, advertiserId: "1" }, assumptions)
          ]
        for (const judge of judges) {
          const result = judge()
          expect(told(judge())).toBe(told(result))
          if (Result.isFailure(result)) {
            expect(result.failure.detail.length).toBeLessThan(500)
            const wait = result.failure instanceof Failure.Temporary ? result.failure.retryAfterSeconds : undefined
            if (wait !== undefined) expect(wait >= 0 && wait <= 86_400).toBe(true)
          }
        }
      })
    )
  })

  it("ends a consent only with 400 or 401 and words about a token", () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 599 }), body, (status, text) => {
        const result = judgeToken(answer(status, text), "refresh", assumptions)
        if (Result.isFailure(result) && result.failure._tag === "GrantRefused") expect([400, 401]).toContain(status)
      })
    )
  })
})
