import { describe, expect, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import * as RateLimit from "../src/RateLimit.ts"
import { makeWorld } from "./support/world.ts"

const digest = (text: Redacted.Redacted<string>) => Effect.succeed(`digest of ${Redacted.value(text)}`)

const key = (name: string) => new Headers({ authorization: `Bearer ${name}` })

describe("calls of a key", () => {
  it.effect("are counted for each key, in windows", () =>
    Effect.gen(function* () {
      const { count } = RateLimit.make({ calls: 2, windowSeconds: 60 }, { digest })
      expect(yield* count(new Headers())).toBeUndefined()
      expect(yield* count(key("a"))).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 60 })
      yield* TestClock.adjust("10 seconds")
      expect(yield* count(key("a"))).toEqual({ allowed: true, limit: 2, remaining: 0, resetSeconds: 50 })
      expect(yield* count(key("a"))).toEqual({ allowed: false, limit: 2, remaining: 0, resetSeconds: 50 })
      expect((yield* count(key("b")))?.allowed).toBe(true)
      yield* TestClock.adjust("50 seconds")
      expect(yield* count(key("a"))).toEqual({ allowed: true, limit: 2, remaining: 1, resetSeconds: 60 })
    })
  )

  it.live("beyond the limit are refused with the time to wait, and every answer says how the key stands", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const world = yield* makeWorld({}, { rateLimit: { calls: 3, windowSeconds: 60 } })
        const headers = { authorization: `Bearer ${world.keys.get("viewer")}` }
        const ask = (path: string) =>
          Effect.promise(async () => world.app.request(`http://127.0.0.1${path}`, { headers }))
        const first = yield* ask("/v1/companies")
        expect([first.status, first.headers.get("ratelimit-limit"), first.headers.get("ratelimit-remaining")]).toEqual([
          200,
          "3",
          "2"
        ])
        expect(Number(first.headers.get("ratelimit-reset"))).toBeGreaterThan(0)
        const missing = yield* ask("/v1/companies/none")
        expect(missing.headers.get("ratelimit-remaining")).toBe("1")
        yield* ask("/v1/companies")
        const refused = yield* ask("/v1/companies")
        expect([refused.status, refused.headers.get("ratelimit-remaining")]).toEqual([429, "0"])
        expect(refused.headers.get("retry-after")).toBe(refused.headers.get("ratelimit-reset"))
        expect(yield* Effect.promise(async () => refused.json())).toMatchObject({ type: "/problems/rate-limited" })
        const other = yield* Effect.promise(async () =>
          world.app.request("http://127.0.0.1/v1/companies", {
            headers: { authorization: `Bearer ${world.keys.get("owner")}` }
          })
        )
        expect(other.status).toBe(200)
      })
    )
  )
})
