/** Exchange and refresh through the port, over answers in process. */
import { describe, expect, it } from "@effect/vitest"
import { ProviderApi } from "@portolan/ports"
import { DateTime, Deferred, Effect, Fiber, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Settings } from "../src/index.ts"
import { api, exchangeRequest, failure, given, json, noon, scripted, tokenBody } from "./support.ts"

const user = json(200, { user_id: "amzn1.account.ADA" })

const exchange = (request = exchangeRequest("amazon-ads")) =>
  Effect.flatMap(ProviderApi.ProviderApi, (port) => port.exchange(request))

const refresh = (channel: "amazon-ads" | "amazon-sp" | "walmart-connect" = "amazon-ads") =>
  Effect.flatMap(ProviderApi.ProviderApi, (port) =>
    port.refresh({ channel, region: "FE", refreshToken: Redacted.make("Atzr|refresh-canary") })
  )

describe("exchange", () => {
  it.effect("sends one well-formed form to the region's host and tells who consented", () => {
    const { asked, layer } = scripted([json(200, tokenBody), user])
    return Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const consent = yield* exchange()
      expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
        "POST https://api.amazon.co.uk/auth/o2/token",
        "GET https://api.amazon.com/user/profile"
      ])
      expect(asked[0]?.headers.get("content-type")).toMatch(/^application\/x-www-form-urlencoded;\s*charset=utf-8$/i)
      expect(asked[0]?.headers.get("traceparent")).toBeNull()
      const form = new URLSearchParams(yield* Effect.promise(() => asked[0]?.text() ?? Promise.resolve("")))
      expect(Object.fromEntries(form)).toEqual({
        grant_type: "authorization_code",
        code: "code-canary",
        redirect_uri: "https://app.example/callback?x=1&y=ü",
        code_verifier: "verifier-canary",
        client_id: "amzn1.application-oa2-client.ads",
        client_secret: "ads-secret-canary"
      })
      expect(asked[1]?.headers.get("authorization")).toBe("Bearer Atza|new")
      expect(consent.grantor).toBe("amzn1.account.ADA")
      expect(Redacted.value(consent.accessToken)).toBe("Atza|new")
      expect(Redacted.value(consent.refreshToken)).toBe("Atzr|new")
      expect(DateTime.toEpochMillis(consent.accessExpiresAt)).toBe(noon + 3_600_000)
      expect(consent.expiresAt && DateTime.toEpochMillis(consent.expiresAt)).toBe(noon + 365 * 86_400_000)
    }).pipe(Effect.provide(layer))
  })

  it.effect("of a selling partner goes to the global host without a verifier, and keeps the callback's seller", () => {
    const { asked, layer } = scripted([json(200, { ...tokenBody, expires_in: "3600" })], {
      ...given,
      assumptions: { spConsentDays: null }
    })
    return Effect.gen(function* () {
      const consent = yield* exchange(exchangeRequest("amazon-sp"))
      expect(asked.map(({ url }) => url)).toEqual(["https://api.amazon.com/auth/o2/token"])
      const form = new URLSearchParams(yield* Effect.promise(() => asked[0]?.text() ?? Promise.resolve("")))
      expect(form.has("code_verifier")).toBe(false)
      expect(consent.grantor).toBe("A1SELLER")
      expect("expiresAt" in consent).toBe(false)
    }).pipe(Effect.provide(layer))
  })

  it.effect.each([
    ["the profile is refused", json(403, { error: "insufficient_scope" })],
    ["the profile is down", json(503, "<html></html>")],
    ["the profile is junk", json(200, "<html></html>")]
  ] as const)("keeps the consent when %s", ([, second]) => {
    const { layer } = scripted([json(200, tokenBody), second])
    return Effect.gen(function* () {
      const consent = yield* exchange()
      expect("grantor" in consent).toBe(false)
      expect(Redacted.value(consent.refreshToken)).toBe("Atzr|new")
    }).pipe(Effect.provide(layer))
  })

  it.effect("keeps the consent when the profile's connection breaks", () => {
    const layer = api((request) =>
      request.url.endsWith("/user/profile") ? Promise.reject(new TypeError("reset")) : json(200, tokenBody)()
    )
    return Effect.gen(function* () {
      const consent = yield* exchange()
      expect("grantor" in consent).toBe(false)
      expect(Redacted.value(consent.refreshToken)).toBe("Atzr|new")
    }).pipe(Effect.provide(layer))
  })

  it.effect("does not ask for a user that no scope allows", () => {
    const { asked, layer } = scripted([json(200, tokenBody)], {
      ...given,
      assumptions: { adsScope: ["advertising::campaign_management"] }
    })
    return Effect.gen(function* () {
      yield* exchange()
      expect(asked.length).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect.each([
    [
      "a refusal",
      json(400, { error: "invalid_grant", error_description: "The request has an invalid grant parameter : code" }),
      "CodeRefused"
    ],
    ["an outage", json(500, { error: "server_error" }), "Temporary"],
    ["a limit", json(429, ""), "Temporary"],
    ["junk", json(200, '{"access_token":"Atza|new","refr'), "Temporary"],
    ["a bad client", json(401, { error: "invalid_client" }), "ApplicationRejected"]
  ] as const)("sends a code once, whatever comes back: %s", ([, first, tag]) => {
    const { asked, layer } = scripted([first])
    return Effect.gen(function* () {
      expect((yield* failure(exchange()))._tag).toBe(tag)
      expect(asked.length).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("sends a code once when the connection breaks, too, and says nothing of what was sent", () => {
    let sent = 0
    const layer = api(() => {
      sent++
      return Promise.reject(new TypeError("fetch failed for code-canary"))
    })
    return Effect.gen(function* () {
      const error = yield* failure(exchange())
      expect(error).toMatchObject({ _tag: "Temporary", throttled: false })
      expect(JSON.stringify(error) + String(error)).not.toContain("canary")
      expect(sent).toBe(1)
    }).pipe(Effect.provide(layer))
  })

  it.effect("counts the token's life from before sending, however slow the answer", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const arrived = yield* Deferred.make<void>()
      const answered = Promise.withResolvers<Response>()
      const layer = api(() => {
        Deferred.doneUnsafe(arrived, Effect.void)
        return answered.promise
      })
      const fiber = yield* Effect.forkChild(Effect.provide(refresh(), layer))
      yield* Deferred.await(arrived)
      yield* TestClock.adjust("20 seconds")
      answered.resolve(json(200, tokenBody)())
      const tokens = yield* Fiber.join(fiber)
      expect(DateTime.toEpochMillis(tokens.accessExpiresAt)).toBe(noon + 3_600_000)
    })
  )

  it.effect("keeps a code's answer when its caller is interrupted meanwhile", () =>
    Effect.gen(function* () {
      const arrived = yield* Deferred.make<void>()
      const answered = Promise.withResolvers<Response>()
      let kept = ""
      const layer = api((request) => {
        if (request.url.endsWith("/user/profile")) return user()
        Deferred.doneUnsafe(arrived, Effect.void)
        return answered.promise
      })
      const work = Effect.uninterruptible(
        Effect.tap(exchange(), (consent) =>
          Effect.sync(() => {
            kept = Redacted.value(consent.refreshToken)
          })
        )
      )
      const fiber = yield* Effect.forkChild(Effect.provide(work, layer))
      yield* Deferred.await(arrived)
      const interrupting = yield* Effect.forkChild(Fiber.interrupt(fiber))
      yield* Effect.yieldNow
      answered.resolve(json(200, tokenBody)())
      yield* Fiber.join(interrupting)
      expect(kept).toBe("Atzr|new")
    })
  )

  it.effect("ends by its deadline even inside uninterruptible work", () =>
    Effect.gen(function* () {
      const arrived = yield* Deferred.make<void>()
      let aborted = false
      const layer = api((request) => {
        request.signal.addEventListener("abort", () => {
          aborted = true
        })
        Deferred.doneUnsafe(arrived, Effect.void)
        return new Promise<Response>(() => {})
      })
      const fiber = yield* Effect.forkChild(Effect.provide(Effect.uninterruptible(failure(exchange())), layer))
      yield* Deferred.await(arrived)
      yield* TestClock.adjust("30 seconds")
      expect((yield* Fiber.join(fiber))._tag).toBe("Temporary")
      expect(aborted).toBe(true)
    })
  )
})

describe("refresh", () => {
  it.effect("keeps the token that was sent when none comes back", () => {
    const { refresh_token: _, ...without } = tokenBody
    const { asked, layer } = scripted([json(200, without)])
    return Effect.gen(function* () {
      expect(Redacted.value((yield* refresh()).refreshToken)).toBe("Atzr|refresh-canary")
      expect(asked.map(({ url }) => url)).toEqual(["https://api.amazon.co.jp/auth/o2/token"])
    }).pipe(Effect.provide(layer))
  })

  it.effect("surfaces a rotated token", () =>
    Effect.gen(function* () {
      expect(Redacted.value((yield* refresh()).refreshToken)).toBe("Atzr|new")
    }).pipe(Effect.provide(scripted([json(200, tokenBody)]).layer))
  )

  it.effect("tells a revoked consent once, without trying again, and without a secret", () => {
    const echo = "invalid grant parameter : refresh_token Atzr|refresh-canary / ads-secret-canary / ads-secret-canary"
    const { asked, layer } = scripted([json(400, { error: "invalid_grant", error_description: echo })])
    return Effect.gen(function* () {
      const error = yield* failure(refresh())
      expect(error._tag).toBe("GrantRefused")
      expect(asked.length).toBe(1)
      expect(JSON.stringify(error) + String(error)).not.toContain("canary")
    }).pipe(Effect.provide(layer))
  })

  it.effect("does not go out again before the time it was told", () => {
    const { asked, layer } = scripted([json(429, "", { "retry-after": "30" }), json(200, tokenBody)])
    return Effect.gen(function* () {
      expect(yield* failure(refresh())).toMatchObject({ throttled: true, retryAfterSeconds: 30 })
      yield* TestClock.adjust("29 seconds")
      expect(yield* failure(refresh())).toMatchObject({ throttled: true, retryAfterSeconds: 1 })
      expect(asked.length).toBe(1)
      yield* TestClock.adjust("1 second")
      yield* refresh()
      expect(asked.length).toBe(2)
    }).pipe(Effect.provide(layer))
  })

  it.effect("is not kept for a day from the door that all tenants share, whatever one answer says", () => {
    const { asked, layer } = scripted([json(429, "", { "retry-after": "99999999" }), json(200, tokenBody)])
    return Effect.gen(function* () {
      yield* failure(refresh())
      yield* TestClock.adjust("599 seconds")
      yield* failure(refresh())
      expect(asked.length).toBe(1)
      yield* TestClock.adjust("1 second")
      yield* refresh()
      expect(asked.length).toBe(2)
    }).pipe(Effect.provide(layer))
  })

  it.effect("is refused without a request where there is no application, region or channel", () => {
    const { ads: _, ...withoutAds } = given
    const { asked, layer } = scripted([], withoutAds)
    return Effect.gen(function* () {
      expect((yield* failure(refresh("amazon-ads")))._tag).toBe("ChannelUnavailable")
      expect((yield* failure(refresh("walmart-connect")))._tag).toBe("ChannelUnavailable")
      expect(asked.length).toBe(0)
    }).pipe(Effect.provide(layer))
  })
})

describe("settings", () => {
  it("decode from plain configuration, and hide the secrets", () => {
    const decoded = Settings.decode({
      ads: { clientId: "c", clientSecret: "canary" },
      assumptions: { adsConsentDays: null }
    })
    expect(JSON.stringify(decoded)).not.toContain("canary")
    expect(Settings.resolve(decoded).assumptions.adsConsentDays).toBeNull()
    expect(Settings.resolve(decoded).assumptions.spConsentDays).toBe(365)
    expect(() => Settings.decode({ limits: { pages: 0 } })).toThrow("pages")
  })
})
