/** Exchange and refresh over answers in process. */
import { describe, expect, it } from "@effect/vitest"
import { DateTime, Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { ask, failure, given, json, noon, scripted } from "./support.ts"

const unauthorized = json(401, {
  error: [{ code: "UNAUTHORIZED.GMP_GATEWAY_API", field: "UNAUTHORIZED", description: "Unauthorized" }]
})
const dead = json(400, {
  error: [{ code: "INVALID_TOKEN.GMP_GATEWAY_API", field: "INVALID_TOKEN", description: "Invalid Token" }]
})
const tokens = json(200, { access_token: "eyJ.new", refresh_token: "APXcNew", token_type: "Bearer", expires_in: 900 })
const again = json(200, { access_token: "eyJ.next", token_type: "Bearer", expires_in: 900 })

const exchange = ask((port) =>
  port.exchange({
    channel: "walmart-marketplace",
    region: "WALMART-CA",
    code: Redacted.make("code-canary"),
    redirectUri: "https://app.example/callback?x=1&y=ü",
    codeVerifier: Redacted.make("verifier-canary"),
    grantor: "456782346"
  })
)
const refresh = ask((port) =>
  port.refresh({
    channel: "walmart-marketplace",
    region: "WALMART-US",
    refreshToken: Redacted.make("refresh-canary"),
    grantor: "456782346"
  })
)

describe("exchanging a code", () => {
  it.effect("sends every header, once, and counts from when it was sent", () => {
    const { asked, layer } = scripted([tokens])
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const got = yield* exchange
      const [request] = asked
      expect(request?.method).toBe("POST")
      expect(request?.url).toBe("https://marketplace.walmartapis.com/v3/token")
      const header = (name: string) => request?.headers.get(name)
      expect(header("authorization")).toBe(
        `Basic ${Buffer.from(`${given.marketplace?.clientId}:secret-canary`).toString("base64")}`
      )
      expect(header("wm_svc.name")).toBe("Walmart Marketplace")
      expect(header("wm_qos.correlation_id")).toMatch(/^[0-9a-f-]{36}$/)
      expect(header("accept")).toBe("application/json")
      expect(header("wm_partner.id")).toBe("456782346")
      expect(header("wm_consumer.channel.type")).toBe("channel-1")
      expect(header("wm_market")).toBe("ca")
      expect(header("content-type")).toContain("application/x-www-form-urlencoded")
      const form = new URLSearchParams(yield* Effect.promise(async () => request?.text() ?? ""))
      expect(Object.fromEntries(form)).toEqual({
        grant_type: "authorization_code",
        code: "code-canary",
        redirect_uri: "https://app.example/callback?x=1&y=ü"
      })
      expect(Redacted.value(got.refreshToken)).toBe("APXcNew")
      expect(got.grantor).toBe("456782346")
      expect(DateTime.toEpochMillis(got.accessExpiresAt)).toBe(noon + 900_000)
      expect(got.expiresAt === undefined ? 0 : DateTime.toEpochMillis(got.expiresAt)).toBe(noon + 365 * 86_400_000)
      expect(asked.length).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("knows no end of a consent where the operator says so", () =>
    Effect.gen(function* () {
      expect(yield* exchange).not.toHaveProperty("expiresAt")
    }).pipe(Effect.provide(scripted([tokens], { ...given, assumptions: { consentDays: null } }).layer))
  )

  it.effect("is not tried again, and is never unclear", () =>
    Effect.gen(function* () {
      for (const [answer, expected] of [
        [unauthorized, "ApplicationRejected"],
        [dead, "CodeRefused"],
        [json(500, ""), "Temporary"]
      ] as const) {
        const { asked, layer } = scripted([answer])
        expect((yield* failure(exchange).pipe(Effect.provide(layer, { local: true })))._tag).toBe(expected)
        expect(asked.length).toBe(1)
      }
    })
  )

  it.effect("never repeats a secret that a refusal echoes", () => {
    const echo = json(400, {
      error: [{ code: "INVALID_REQUEST_PARAM", info: "code code-canary of secret-canary is not valid" }]
    })
    return Effect.gen(function* () {
      const refused = yield* failure(exchange)
      expect(JSON.stringify(refused)).not.toContain("canary")
      expect(refused._tag).toBe("CodeRefused")
    }).pipe(Effect.provide(scripted([echo]).layer))
  })
})

describe("refreshing", () => {
  it.effect("keeps the refresh token, and takes a new one if there ever is one", () =>
    Effect.gen(function* () {
      const { asked, layer } = scripted([again, tokens])
      const [first, second] = yield* Effect.all([refresh, refresh]).pipe(Effect.provide(layer, { local: true }))
      expect(Redacted.value(first.refreshToken)).toBe("refresh-canary")
      expect(Redacted.value(second.refreshToken)).toBe("APXcNew")
      expect(asked[0]?.headers.get("wm_partner.id")).toBe("456782346")
      expect(yield* Effect.promise(async () => asked[0]?.text())).toBe(
        "grant_type=refresh_token&refresh_token=refresh-canary"
      )
    })
  )

  it.effect("asks for a token of our own when a refusal is unclear", () =>
    Effect.gen(function* () {
      const outcome = (second: () => Response, assumptions = {}) => {
        const { asked, layer } = scripted([unauthorized, second], { ...given, assumptions })
        return Effect.map(failure(refresh), (error) => [error._tag, asked.length] as const).pipe(
          Effect.provide(layer, { local: true })
        )
      }
      expect(yield* outcome(again)).toEqual(["GrantRefused", 2])
      expect(yield* outcome(unauthorized)).toEqual(["ApplicationRejected", 2])
      expect(yield* outcome(json(503, ""))).toEqual(["Temporary", 2])
      expect(yield* outcome(again, { probeOwnCredentials: false })).toEqual(["ApplicationRejected", 1])
      const { asked, layer } = scripted([unauthorized, again])
      yield* failure(refresh).pipe(Effect.provide(layer, { local: true }))
      expect(yield* Effect.promise(async () => asked[1]?.text())).toBe("grant_type=client_credentials")
      expect(asked[1]?.headers.get("wm_partner.id")).toBeNull()
    })
  )

  it.effect("does not go out again before a wait is over", () => {
    const limited = json(429, "", { "x-next-replenish-time": String(noon + 30_000) })
    const { asked, layer } = scripted([limited, again])
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      expect(yield* failure(refresh)).toMatchObject({ _tag: "Temporary", throttled: true, retryAfterSeconds: 30 })
      expect(yield* failure(refresh)).toMatchObject({ _tag: "Temporary", throttled: true, retryAfterSeconds: 30 })
      expect(asked.length).toBe(1)
      yield* TestClock.adjust("30 seconds")
      yield* refresh
      expect(asked.length).toBe(2)
    }).pipe(Effect.provide(layer))
  })
})
