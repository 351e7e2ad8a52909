/** Every documented body, judged; and that any other is judged too. */
import { describe, expect, it } from "@effect/vitest"
import { Failure } from "@portolan/domain"
import { Option, Redacted, Result, Schema } from "effect"
import fc from "fast-check"
import { judgeAds } from "../src/judgeAds.ts"
import { judgeLwa, judgeUser } from "../src/judgeLwa.ts"
import { judgeSp } from "../src/judgeSp.ts"
import * as Operation from "../src/SpOperation.ts"
import { answer, told, tokenBody } from "./support.ts"

const Anything = Schema.Struct({ ok: Schema.String })
const ads = { operation: "listProfiles", schema: Anything }
const sp = { operation: Operation.participations, schema: Anything }
const html = "<html><body>Service Unavailable</body></html>"

type Judged = { readonly _tag: string; readonly detail: string }

const failureOf = <A, E>(result: Result.Result<A, E>): E => {
  if (Result.isSuccess(result)) throw new Error("it passed")
  return result.failure
}

describe("the token endpoint", () => {
  const lwa = (error: string, error_description?: string) => ({
    error_description,
    error,
    error_index: "1",
    request_id: "r"
  })

  it.each<[string, number, unknown, string, string]>([
    [
      "a code that is late, used or foreign",
      400,
      lwa("invalid_grant", "The request has an invalid grant parameter : code"),
      "CodeRefused",
      "GrantRefused"
    ],
    [
      "the alternative wording",
      400,
      lwa("invalid_grant", "The request has an invalid parameter : code"),
      "CodeRefused",
      "GrantRefused"
    ],
    [
      "a revoked consent",
      400,
      lwa(
        "invalid_grant",
        "The request has an invalid grant parameter : refresh_token. " +
          "User may have revoked or didn't grant the permission."
      ),
      "CodeRefused",
      "GrantRefused"
    ],
    [
      "the older short form",
      400,
      lwa("invalid_grant", "The request has an invalid grant parameter : refresh_token"),
      "CodeRefused",
      "GrantRefused"
    ],
    [
      "a wrong or expired secret",
      401,
      lwa("invalid_client", "Client authentication failed"),
      "ApplicationRejected",
      "ApplicationRejected"
    ],
    [
      "a token of another client",
      400,
      lwa("unauthorized_client", "Not authorized for requested operation"),
      "ApplicationRejected",
      "ApplicationRejected"
    ],
    ["a grant type it does not know", 400, lwa("unsupported_grant_type"), "ApplicationRejected", "ApplicationRejected"],
    [
      "a missing field",
      400,
      lwa("invalid_request", "The request is missing a required parameter : refresh_token"),
      "ApplicationRejected",
      "ApplicationRejected"
    ],
    ["a scope it does not know", 400, lwa("invalid_scope"), "ApplicationRejected", "ApplicationRejected"],
    ["an outage in its own words", 500, lwa("server_error"), "Temporary", "Temporary"],
    ["an outage that quotes invalid_grant", 500, lwa("invalid_grant"), "Temporary", "Temporary"],
    ["a limit that quotes invalid_grant", 429, lwa("invalid_grant"), "Temporary", "Temporary"],
    ["invalid_grant with a status that proves nothing", 403, lwa("invalid_grant"), "Temporary", "Temporary"],
    ["a page of the edge", 503, html, "Temporary", "Temporary"],
    ["a page with 400", 400, html, "Temporary", "Temporary"],
    ["an error it never documented", 400, lwa("invalid_moon"), "Temporary", "Temporary"],
    [
      "another API's gateway",
      403,
      { errors: [{ message: "Access to requested resource is denied.", code: "MissingAuthenticationToken" }] },
      "ApplicationRejected",
      "ApplicationRejected"
    ],
    ["a redirect", 302, "", "Temporary", "Temporary"],
    ["an error with status 200", 200, lwa("invalid_grant"), "Temporary", "Temporary"],
    ["tokens", 200, tokenBody, "value", "value"]
  ])("judges %s", (_name, status, body, onCode, onRefresh) => {
    expect(told(judgeLwa(answer(status, body), "code"))).toBe(onCode)
    expect(told(judgeLwa(answer(status, body), "refresh"))).toBe(onRefresh)
  })

  it.each<[string, unknown, boolean]>([
    ["3600", 3600, true],
    ['"3600"', "3600", true],
    ["1", 1, true],
    ["-1", -1, false],
    ["0", 0, false],
    ["a century", 3_153_600_000, false],
    ["text", "soon", false],
    ["nothing", undefined, false],
    ["null", null, false]
  ])("takes a lifetime of %s only when it makes sense", (_name, expires_in, passes) => {
    const result = judgeLwa(answer(200, { ...tokenBody, expires_in }), "code")
    expect(Result.isSuccess(result)).toBe(passes)
    if (!passes) expect(told(result)).toBe("Temporary")
  })

  it("surfaces a rotated refresh token, tells its absence, and lets no empty one pass", () => {
    const kept = (body: unknown) =>
      Option.map(Result.getOrThrow(judgeLwa(answer(200, body), "refresh")).refreshToken, Redacted.value)
    expect(kept(tokenBody)).toEqual(Option.some("Atzr|new"))
    const { refresh_token: _, ...without } = tokenBody
    expect(kept(without)).toEqual(Option.none())
    expect(told(judgeLwa(answer(200, without), "code"))).toBe("Temporary")
    expect(told(judgeLwa(answer(200, { ...tokenBody, refresh_token: "" }), "refresh"))).toBe("Temporary")
  })

  it("tells a limit, which delays, from an outage", () => {
    expect(failureOf(judgeLwa(answer(429, lwa("x")), "refresh"))).toMatchObject({ throttled: true })
    expect(failureOf(judgeLwa(answer(503, lwa("x")), "refresh"))).toMatchObject({ throttled: false })
  })

  it("names the path of what is wrong and never its value", () => {
    const error = failureOf(judgeLwa(answer(200, { ...tokenBody, access_token: "canary canary" }), "code"))
    expect(error.detail).toContain("access_token")
    expect(JSON.stringify(error)).not.toContain("canary")
  })

  it("reads the user id, and nothing from any refusal", () => {
    const profile = { email: "johndoe@gmail.com", name: "John Doe", user_id: "amzn1.account.K2LI23KL2LK2" }
    expect(judgeUser(answer(200, profile))).toEqual(Option.some("amzn1.account.K2LI23KL2LK2"))
    for (const status of [400, 401, 403, 500]) expect(judgeUser(answer(status, profile))).toEqual(Option.none())
    expect(judgeUser(answer(200, html))).toEqual(Option.none())
  })
})

describe("the Ads API", () => {
  it.each<[string, number, unknown, string]>([
    [
      "a scope that was taken away",
      401,
      { code: "401", details: "Not authorized to access scope 123" },
      "PermissionMissing"
    ],
    ["the same with 403", 403, { code: "403", details: "Not authorized to access scope 123" }, "PermissionMissing"],
    [
      "an unknown profile",
      401,
      { code: "401", details: "No matching advertiser found for scope: 123" },
      "PermissionMissing"
    ],
    ["an unknown vendor", 401, { code: "401", details: "Vendor not found" }, "PermissionMissing"],
    [
      "a view-only login",
      401,
      { code: "401", details: "Not authorized to access this advertiser" },
      "PermissionMissing"
    ],
    ["a dead token", 401, { code: "401", details: "Unauthorized" }, "AccessTokenRefused"],
    ["a dead token in one word", 401, { code: "UNAUTHORIZED" }, "AccessTokenRefused"],
    [
      "a dead token, older",
      401,
      { code: "401", details: "Authentication failed", requestId: "r" },
      "AccessTokenRefused"
    ],
    ["a 401 without a word", 401, "", "AccessTokenRefused"],
    ["a missing header", 401, { code: "401", details: "Scope header is missing" }, "RequestRefused"],
    ["a forbidden resource", 403, { code: "403", details: "Forbidden" }, "PermissionMissing"],
    ["a page with 403", 403, html, "Temporary"],
    [
      "a gateway's header trouble",
      403,
      { message: "Invalid key=value pair (missing equal-sign) in header" },
      "Temporary"
    ],
    ["a gateway's bare word", 403, { Message: "Forbidden" }, "Temporary"],
    ["a gateway's policy", 403, { code: "403", details: "User is not authorized to perform: x" }, "Temporary"],
    ["a client that is not known", 403, { code: "403", details: "Client id is not valid" }, "ApplicationRejected"],
    ["words in a list", 400, [{ code: "400", details: ["one", "two"] }], "RequestRefused"],
    [
      "an agency profile",
      400,
      { code: "400", details: " The request input is invalid. Advertiser ID cannot be decrypted", requestId: "r" },
      "PermissionMissing"
    ],
    [
      "a report vendors do not have",
      400,
      { code: "400", details: "Asins reports not available to Vendors", requestId: "r" },
      "RequestRefused"
    ],
    ["something unknown", 404, { code: "NOT_FOUND", details: "HTTP 404 Not Found" }, "RequestRefused"],
    ["a wrong media type", 415, { code: "415", details: "Unsupported Media Type" }, "RequestRefused"],
    ["wrong parameters", 422, { code: "422", details: "x" }, "RequestRefused"],
    ["a limit", 429, { code: "429", details: "Too Many Requests" }, "Temporary"],
    ["a limit told by a proxy", 429, html, "Temporary"],
    ["an outage", 504, "", "Temporary"],
    ["a redirect", 307, "", "Temporary"],
    ["a page with 200", 200, html, "Temporary"],
    ["a value", 200, { ok: "yes", more: [1] }, "value"]
  ])("judges %s", (_name, status, body, tag) => {
    expect(told(judgeAds(answer(status, body), ads))).toBe(tag)
  })

  it.each([400, 406])("knows data that is too old with status %i", (status) => {
    const error = failureOf(
      judgeAds(answer(status, { code: String(status), details: "Report date is too far in the past." }), ads)
    )
    expect(error).toMatchObject({ _tag: "RequestRefused", beyondRetention: true })
  })

  it("takes the running report's id out of a duplicate", () => {
    const body = { code: "425", detail: "The Request is a duplicate of : a15115d8-3da4-49a4-95d5-cc0a3af5f85d" }
    const call = { ...ads, duplicate: (id: string) => ({ ok: id }) }
    expect(Result.getOrThrow(judgeAds(answer(425, body), call))).toEqual({ ok: "a15115d8-3da4-49a4-95d5-cc0a3af5f85d" })
    expect(told(judgeAds(answer(425, body), ads))).toBe("Temporary")
    expect(told(judgeAds(answer(425, { detail: "a duplicate" }), call))).toBe("Temporary")
  })
})

describe("the Selling Partner API", () => {
  const denied = (details?: string, code = "Unauthorized") => ({
    errors: [{ message: "Access to requested resource is denied.", code, details }]
  })

  it.each<[string, number, unknown, string]>([
    ["a missing token", 403, denied("Access token is missing in the request header."), "AccessTokenRefused"],
    ["an expired token", 403, denied("The access token you provided has expired."), "AccessTokenRefused"],
    [
      "a revoked token",
      403,
      denied("The access token you provided is revoked, malformed or invalid."),
      "AccessTokenRefused"
    ],
    [
      "our own secret past its life",
      403,
      denied("The LWA secret token you provided has expired."),
      "ApplicationRejected"
    ],
    [
      "a marketplace of another region",
      403,
      denied("The marketplaces you provided are not valid for region."),
      "RequestRefused"
    ],
    ["a missing role", 403, denied(""), "PermissionMissing"],
    ["a missing role without details", 403, denied(), "PermissionMissing"],
    [
      "an outage dressed as an expiry",
      403,
      denied("The security token included in the request is expired"),
      "Temporary"
    ],
    ["a gateway that knows no such address", 403, denied(undefined, "MissingAuthenticationToken"), "Temporary"],
    ["a gateway's bare word", 403, { message: "Forbidden" }, "Temporary"],
    ["a signature that a gateway missed", 403, denied(undefined, "IncompleteSignature"), "Temporary"],
    [
      "an expiry that stands in the message",
      403,
      { errors: [{ code: "Unauthorized", message: "The access token expired" }] },
      "AccessTokenRefused"
    ],
    ["half an answer", 200, { ok: "yes", errors: [{ code: "InternalFailure", message: "x" }] }, "Temporary"],
    ["a page with 403", 403, html, "Temporary"],
    ["a 401, never documented", 401, denied("x"), "AccessTokenRefused"],
    [
      "a limit",
      429,
      {
        errors: [{ code: "QuotaExceeded", message: "You exceeded your quota for the requested resource.", details: "" }]
      },
      "Temporary"
    ],
    ["bad input", 400, { errors: [{ code: "InvalidInput", message: "Invalid Input", details: "" }] }, "RequestRefused"],
    [
      "the sandbox without a pair",
      400,
      { errors: [{ code: "InvalidInput", message: "Could not match input arguments" }] },
      "RequestRefused"
    ],
    [
      "the sandbox's numeric code",
      400,
      { errors: [{ code: "400", message: "Invalid input", details: "Invalid input" }] },
      "RequestRefused"
    ],
    ["an unknown id", 404, { errors: [{ code: "NotFound", message: "x" }] }, "RequestRefused"],
    [
      "an outage",
      500,
      { errors: [{ code: "InternalFailure", message: "We encountered an internal error. Please try again." }] },
      "Temporary"
    ],
    ["no errors at all", 400, { errors: [] }, "Temporary"],
    ["a page with 200", 200, html, "Temporary"],
    ["a value", 200, { ok: "yes", more: null }, "value"]
  ])("judges %s", (_name, status, body, tag) => {
    expect(told(judgeSp(answer(status, body), sp))).toBe(tag)
  })

  it.each<[string, Record<string, string>, number]>([
    ["Retry-After when it comes", { "retry-after": "7" }, 7],
    ["the rate that the answer tells", { "x-amzn-ratelimit-limit": "0.5" }, 2],
    ["the published rate otherwise", {}, 63],
    ["the published rate beside garbage", { "retry-after": "soon", "x-amzn-ratelimit-limit": "0" }, 63]
  ])("waits by %s", (_name, headers, seconds) => {
    expect(failureOf(judgeSp(answer(429, {}, headers), sp))).toMatchObject({
      throttled: true,
      retryAfterSeconds: seconds
    })
  })

  it("keeps Amazon's own words, also where they stand in the message alone", () => {
    const message = "Vendor Group amzn1.vg.1234567 is not authorized to access vendor reports"
    const body = { errors: [{ code: "Unauthorized", message, details: "" }] }
    expect(failureOf(judgeSp(answer(403, body, { "x-amzn-requestid": "r-1" }), sp))).toMatchObject({
      _tag: "PermissionMissing",
      detail: message,
      words: { code: "Unauthorized", message, requestId: "r-1", status: 403 }
    })
    const refused = failureOf(
      judgeAds(answer(400, { code: "400", details: "Atza|canary is bad", requestId: "R" }), ads)
    )
    expect(refused).toMatchObject({ words: { code: "400", details: "[secret] is bad", requestId: "R", status: 400 } })
  })

  it("says what is missing in words a person can act on", () => {
    const error = failureOf(judgeSp(answer(403, denied("")), sp))
    expect(error.message).toContain("Product Listing")
  })
})

describe("any answer", () => {
  const status = fc.integer({ min: 100, max: 599 })
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.constantFrom(html, "", "null", "[]", "{}"),
    fc.string({ minLength: 5000, maxLength: 9000 }),
    fc
      .record({
        error: fc.oneof(fc.constantFrom("invalid_grant", "invalid_client", "server_error"), fc.string()),
        error_description: fc.string()
      })
      .map((one) => JSON.stringify(one)),
    fc.record({ code: fc.string(), details: fc.string() }).map((one) => JSON.stringify(one)),
    fc.record({ code: fc.string(), details: fc.option(fc.string()) }).map((one) => JSON.stringify({ errors: [one] }))
  )
  const headers = fc.dictionary(fc.constantFrom("retry-after", "x-amzn-ratelimit-limit", "content-type"), fc.string())

  it("has exactly one meaning, the same each time, in bounded words", () => {
    fc.assert(
      fc.property(status, body, headers, (code, text, head) => {
        const given = answer(code, text, head)
        const judges: ReadonlyArray<() => Result.Result<unknown, Judged>> = [
          () => judgeLwa(given, "code"),
          () => judgeLwa(given, "refresh"),
          () => judgeAds(given, ads),
          () => judgeSp(given, sp)
        ]
        for (const judge of judges) {
          const result = judge()
          expect(told(judge())).toBe(told(result))
          if (Result.isFailure(result)) expect(result.failure.detail.length).toBeLessThan(500)
          else expect(code).toBe(Math.min(299, Math.max(200, code)))
        }
      }),
      { numRuns: 500 }
    )
  })

  it("proves a dead grant only by invalid_grant with status 400 or 401", () => {
    fc.assert(
      fc.property(status, body, (code, text) => {
        const result = judgeLwa(answer(code, text), "refresh")
        if (Result.isFailure(result) && result.failure instanceof Failure.GrantRefused) {
          expect([400, 401]).toContain(code)
          expect(text).toContain("invalid_grant")
        }
      }),
      { numRuns: 500 }
    )
  })
})
