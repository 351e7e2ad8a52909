import { createHash } from "node:crypto"
import { describe, expect, test } from "vitest"
import { Rule } from "../src/index.ts"
import type { Simulator } from "../src/index.ts"
import {
  ads,
  adsTokens,
  codeOf,
  consentUrl,
  exchange,
  form,
  fresh,
  lastRule,
  returnUrl,
  sellerTokens,
  sp,
  token
} from "./support.ts"

type Case = readonly [rule: string, situation: string, send: (simulator: Simulator.Simulator) => Promise<Response>]

const callback = (simulator: Simulator.Simulator, extra: Record<string, string> = {}) =>
  simulator.consent({ as: "ada", url: consentUrl(simulator, extra) })
const spend = (simulator: Simulator.Simulator, url: string, extra: Record<string, string> = {}) =>
  token(simulator, { grant_type: "authorization_code", code: codeOf(url), redirect_uri: returnUrl, ...extra })
const other = (simulator: Simulator.Simulator) => {
  const [, second] = Object.values(simulator.world().applications)
  return { client_id: second?.clientId ?? "", client_secret: second?.clientSecret ?? "" }
}

const cases: ReadonlyArray<Case> = [
  ["LWA-TOK-01", "no grant type", (s) => token(s, {})],
  ["LWA-TOK-01", "no client id", (s) => token(s, { grant_type: "refresh_token", client_id: "-" })],
  ["LWA-TOK-01", "no refresh token", (s) => token(s, { grant_type: "refresh_token" })],
  ["LWA-TOK-01", "no code", (s) => token(s, { grant_type: "authorization_code", redirect_uri: returnUrl })],
  [
    "LWA-TOK-01",
    "no return address, where it is required",
    async (s) => {
      s.act({ kind: "policy", policy: { codeRedirectUri: "required" } })
      return spend(s, await callback(s), { redirect_uri: "-" })
    }
  ],
  ["LWA-TOK-02", "an unknown grant type", (s) => token(s, { grant_type: "password" })],
  [
    "LWA-TOK-02",
    "a body of another content type",
    (s) =>
      s.fetch(new Request("https://api.amazon.com/auth/o2/token", { method: "POST", body: "grant_type=refresh_token" }))
  ],
  [
    "LWA-TOK-03",
    "an unknown client",
    (s) => token(s, { grant_type: "refresh_token", refresh_token: "x", client_id: "nobody" })
  ],
  [
    "LWA-TOK-03",
    "a wrong secret",
    (s) => token(s, { grant_type: "refresh_token", refresh_token: "x", client_secret: "wrong" })
  ],
  [
    "LWA-TOK-04",
    "a secret that was rotated away",
    async (s) => {
      const { clientSecret, clientId } = s.application()
      s.act({ kind: "rotate-secret", clientId, overlapSeconds: 60 })
      s.advance(61_000)
      return token(s, { grant_type: "refresh_token", refresh_token: "x", client_secret: clientSecret })
    }
  ],
  ["LWA-TOK-05", "an unknown code", (s) => spend(s, `${returnUrl}?code=ANnobody`)],
  [
    "LWA-TOK-06",
    "a code after five minutes",
    async (s) => {
      const url = await callback(s)
      s.advance(300_001)
      return spend(s, url)
    }
  ],
  [
    "LWA-TOK-07",
    "a code used twice",
    async (s) => {
      const url = await callback(s)
      await spend(s, url)
      return spend(s, url)
    }
  ],
  ["LWA-TOK-08", "a code of another client", async (s) => spend(s, await callback(s), other(s))],
  ["LWA-TOK-09", "another return address", async (s) => spend(s, await callback(s), { redirect_uri: `${returnUrl}/` })],
  [
    "LWA-TOK-10",
    "a wrong verifier",
    async (s) =>
      spend(s, await callback(s, { code_challenge: "c".repeat(43), code_challenge_method: "S256" }), {
        code_verifier: "v".repeat(43)
      })
  ],
  ["LWA-TOK-10", "a missing verifier", async (s) => spend(s, await callback(s, { code_challenge: "c".repeat(43) }))],
  [
    "LWA-TOK-11",
    "an unknown refresh token",
    (s) => token(s, { grant_type: "refresh_token", refresh_token: "Atzr|nonsense" })
  ],
  [
    "LWA-TOK-11",
    "a truncated refresh token",
    async (s) =>
      token(s, { grant_type: "refresh_token", refresh_token: (await adsTokens(s)).refresh_token.slice(0, -1) })
  ],
  [
    "LWA-TOK-12",
    "a revoked consent",
    async (s) => {
      const { refresh_token } = await adsTokens(s)
      s.revoke("ada")
      return token(s, { grant_type: "refresh_token", refresh_token })
    }
  ],
  [
    "LWA-TOK-13",
    "a consent of last year",
    async (s) => {
      const { refresh_token } = await adsTokens(s)
      s.advance(365 * 86_400_000)
      return token(s, { grant_type: "refresh_token", refresh_token })
    }
  ],
  [
    "LWA-TOK-14",
    "a refresh token of another client",
    async (s) =>
      token(s, { grant_type: "refresh_token", refresh_token: (await adsTokens(s)).refresh_token, ...other(s) })
  ],
  [
    "LWA-TOK-15",
    "an unknown grantless scope",
    (s) => token(s, { grant_type: "client_credentials", scope: "everything" })
  ],
  ["LWA-TOK-16", "a GET", (s) => s.fetch(new Request("https://api.amazon.com/auth/o2/token"))]
]

describe("the token endpoint refuses", () => {
  test.each(cases)("%s: %s", async (rule, _, send) => {
    const simulator = fresh()
    const response = await send(simulator)
    const { status, code } = Rule.get(rule)
    expect([lastRule(simulator), response.status]).toEqual([rule, status])
    const body = (await response.json()) as Record<string, string>
    expect(body.error).toBe(code)
    expect(typeof body.error_description).toBe("string")
  })

  test("every documented token rule has a case here", () => {
    const covered = new Set(cases.map(([rule]) => rule))
    const missing = Rule.all
      .filter((rule) => rule.id.startsWith("LWA-TOK-") && !covered.has(rule.id))
      .map((rule) => rule.id)
    // A rotated token needs a policy of its own, below.
    expect(missing).toEqual(["LWA-TOK-17"])
  })
})

describe("the token endpoint accepts", () => {
  test("a code up to the last millisecond of its five minutes, on any region's host", async () => {
    for (const host of ["api.amazon.com", "api.amazon.co.uk", "api.amazon.co.jp"]) {
      const simulator = fresh()
      const url = await callback(simulator)
      simulator.advance(300_000)
      const response = await token(
        simulator,
        { grant_type: "authorization_code", code: codeOf(url), redirect_uri: returnUrl },
        host
      )
      expect(response.status).toBe(200)
      const body = (await response.json()) as Record<string, unknown>
      expect(body).toMatchObject({ token_type: "bearer", expires_in: 3600 })
      expect(body.access_token).toMatch(/^Atza\|[\w-]{348}$/)
      expect(body.refresh_token).toMatch(/^Atzr\|/)
    }
  })

  test("a code with its verifier, hashed or plain", async () => {
    const simulator = fresh()
    const verifier = "v".repeat(64)
    const hashed = createHash("sha256").update(verifier).digest("base64url")
    for (const extra of [
      { code_challenge: hashed, code_challenge_method: "S256" },
      { code_challenge: verifier, code_challenge_method: "plain" }
    ]) {
      expect((await spend(simulator, await callback(simulator, extra), { code_verifier: verifier })).status).toBe(200)
    }
  })

  test("the same refresh token again and again, without rotating it, and older access tokens live on", async () => {
    const simulator = fresh()
    const first = await adsTokens(simulator)
    const again = (await (
      await token(simulator, { grant_type: "refresh_token", refresh_token: first.refresh_token })
    ).json()) as typeof first
    expect(again.refresh_token).toBe(first.refresh_token)
    expect(again.access_token).not.toBe(first.access_token)
    expect((await ads(simulator, first, "/v2/profiles")).status).toBe(200)
  })

  test("an older consent's refresh token after a new consent", async () => {
    const simulator = fresh()
    const older = await adsTokens(simulator)
    await adsTokens(simulator)
    expect((await token(simulator, { grant_type: "refresh_token", refresh_token: older.refresh_token })).status).toBe(
      200
    )
  })

  test("JSON bodies and basic authentication", async () => {
    const simulator = fresh()
    const { clientId, clientSecret } = simulator.application()
    const { refresh_token } = await adsTokens(simulator)
    const asJson = await simulator.fetch(
      new Request("https://api.amazon.com/auth/o2/token", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({
          grant_type: "refresh_token",
          refresh_token,
          client_id: clientId,
          client_secret: clientSecret
        })
      })
    )
    const init = form({ grant_type: "refresh_token", refresh_token })
    const asBasic = await simulator.fetch(
      new Request("https://api.amazon.com/auth/o2/token", {
        ...init,
        headers: {
          ...(init.headers as Record<string, string>),
          authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`
        }
      })
    )
    expect([asJson.status, asBasic.status]).toEqual([200, 200])
  })

  test("both secrets while a rotation overlaps", async () => {
    const simulator = fresh()
    const { refresh_token } = await adsTokens(simulator)
    const { clientId, clientSecret } = simulator.application()
    simulator.act({ kind: "rotate-secret", clientId, overlapSeconds: 7 * 86_400 })
    const old = await token(simulator, { grant_type: "refresh_token", refresh_token, client_secret: clientSecret })
    const current = await token(simulator, { grant_type: "refresh_token", refresh_token })
    expect([old.status, current.status, simulator.application().clientSecret === clientSecret]).toEqual([
      200,
      200,
      false
    ])
  })
})

describe("with rotation (which Amazon does not do)", () => {
  test("strict: the old refresh token dies at once, the new one works", async () => {
    const simulator = fresh({ preset: "rotation-strict" })
    const first = await adsTokens(simulator)
    const second = (await (
      await token(simulator, { grant_type: "refresh_token", refresh_token: first.refresh_token })
    ).json()) as typeof first
    expect(second.refresh_token).not.toBe(first.refresh_token)
    expect((await token(simulator, { grant_type: "refresh_token", refresh_token: first.refresh_token })).status).toBe(
      400
    )
    expect(lastRule(simulator)).toBe("LWA-TOK-17")
    expect((await token(simulator, { grant_type: "refresh_token", refresh_token: second.refresh_token })).status).toBe(
      200
    )
  })

  test("grace: a caller that lost the answer gets the newest token once more", async () => {
    const simulator = fresh({ preset: "rotation-on" })
    const first = await adsTokens(simulator)
    const second = (await (
      await token(simulator, { grant_type: "refresh_token", refresh_token: first.refresh_token })
    ).json()) as typeof first
    const repeated = (await (
      await token(simulator, { grant_type: "refresh_token", refresh_token: first.refresh_token })
    ).json()) as typeof first
    expect(repeated.refresh_token).toBe(second.refresh_token)
    simulator.advance(120_000)
    expect((await token(simulator, { grant_type: "refresh_token", refresh_token: first.refresh_token })).status).toBe(
      400
    )
  })
})

describe("access tokens", () => {
  test("die after an hour: 401 at the Ads API, 403 with 'expired' at the Selling Partner API", async () => {
    const simulator = fresh()
    const [advertising, selling] = [await adsTokens(simulator), await sellerTokens(simulator)]
    simulator.advance(3_599_999)
    expect((await ads(simulator, advertising, "/v2/profiles")).status).toBe(200)
    simulator.advance(1)
    expect((await ads(simulator, advertising, "/v2/profiles")).status).toBe(401)
    const refused = await sp(simulator, selling, "/sellers/v1/marketplaceParticipations")
    expect([refused.status, await refused.json()]).toEqual([
      403,
      {
        errors: [
          {
            code: "Unauthorized",
            message: "Access to requested resource is denied.",
            details: "The access token you provided has expired."
          }
        ]
      }
    ])
  })

  test("end with their consent, however young they are", async () => {
    const simulator = fresh()
    const first = await adsTokens(simulator)
    const seller = await sellerTokens(simulator)
    simulator.advance(365 * 86_400_000 - 60_000)
    const renew = async ({ refresh_token }: typeof first) =>
      (await (await token(simulator, { grant_type: "refresh_token", refresh_token })).json()) as typeof first
    const [young, youngSeller] = [await renew(first), await renew(seller)]
    expect((await ads(simulator, young, "/v2/profiles")).status).toBe(200)
    simulator.advance(60_000)
    expect((await ads(simulator, young, "/v2/profiles")).status).toBe(401)
    expect((await sp(simulator, youngSeller, "/sellers/v1/marketplaceParticipations")).status).toBe(403)
  })

  test("can be made to expire early, and a new one works", async () => {
    const simulator = fresh()
    const tokens = await adsTokens(simulator)
    expect(simulator.act({ kind: "expire-tokens" })).toBe(1)
    expect((await ads(simulator, tokens, "/v2/profiles")).status).toBe(401)
    const next = (await (
      await token(simulator, { grant_type: "refresh_token", refresh_token: tokens.refresh_token })
    ).json()) as typeof tokens
    expect((await ads(simulator, next, "/v2/profiles")).status).toBe(200)
  })

  test("stop at once when the person revokes, at the Selling Partner API with 'revoked, malformed or invalid'", async () => {
    const simulator = fresh()
    const tokens = await sellerTokens(simulator)
    simulator.revoke("ada")
    const refused = await sp(simulator, tokens, "/sellers/v1/marketplaceParticipations")
    expect(refused.status).toBe(403)
    expect(await refused.text()).toContain("revoked, malformed or invalid")
  })

  test("of a grantless exchange carry no refresh token and open no seller's data", async () => {
    const simulator = fresh()
    const body = (await (
      await token(simulator, { grant_type: "client_credentials", scope: "sellingpartnerapi::notifications" })
    ).json()) as Record<string, string>
    expect(Object.keys(body).toSorted()).toEqual(["access_token", "expires_in", "token_type"])
    const refused = await sp(
      simulator,
      { access_token: body.access_token ?? "", refresh_token: "" },
      "/sellers/v1/marketplaceParticipations"
    )
    expect([refused.status, lastRule(simulator)]).toEqual([403, "SPA-403-07"])
  })

  test("open the user profile only with a profile scope", async () => {
    const simulator = fresh()
    const get = async (scope: string) => {
      const tokens = await exchange(
        simulator,
        await simulator.consent({ as: "ada", url: consentUrl(simulator, { scope }) })
      )
      const response = await simulator.fetch(
        new Request("https://api.amazon.com/user/profile", {
          headers: { authorization: `Bearer ${tokens.access_token}` }
        })
      )
      return [response.status, Object.keys((await response.json()) as object)]
    }
    expect(await get("profile:user_id")).toEqual([200, ["user_id"]])
    expect(await get("profile")).toEqual([200, ["email", "name", "user_id"]])
    expect((await get("advertising::campaign_management"))[0]).toBe(403)
  })
})
