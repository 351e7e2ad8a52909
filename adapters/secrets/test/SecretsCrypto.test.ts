/** The port's promises, checked against published test vectors where there are some. */
import { describe, expect, it } from "@effect/vitest"
import { Id } from "@portolan/domain"
import { Secrets } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { SecretsCrypto } from "../src/index.ts"

const deployment = Redacted.make("a deployment secret for tests, 32 or more")
const secretsOf = (secret: Redacted.Redacted<string>) =>
  Effect.provide(
    Effect.gen(function* () {
      return yield* Secrets.Secrets
    }),
    SecretsCrypto.layer(secret)
  )

describe("secrets from the platform's cryptography", () => {
  it.effect("have SHA-256 digests", () =>
    Effect.gen(function* () {
      const secrets = yield* secretsOf(deployment)
      // FIPS 180-2, appendix B.1.
      expect(yield* secrets.digest(Redacted.make("abc"))).toBe(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
      )
      // RFC 7636, appendix B.
      expect(yield* secrets.codeChallenge(Redacted.make("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"))).toBe(
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
      )
    })
  )

  it.effect("derive the same value in every process with the same deployment secret, and no other", () =>
    Effect.gen(function* () {
      const [one, other] = [yield* secretsOf(deployment), yield* secretsOf(deployment)]
      const stranger = yield* secretsOf(Redacted.make("another deployment secret, 32 or more"))
      const value = Redacted.value(yield* one.derive("state", "x"))
      expect(value).toMatch(/^[\w-]{43}$/)
      expect(Redacted.value(yield* other.derive("state", "x"))).toBe(value)
      const unrelated = [
        yield* one.derive("browser", "x"),
        yield* one.derive("state", "y"),
        yield* stranger.derive("state", "x")
      ]
      expect(new Set([value, ...unrelated.map(Redacted.value)]).size).toBe(4)
    })
  )

  it.effect("are 256 random bits, never the same twice", () =>
    Effect.gen(function* () {
      const secrets = yield* secretsOf(deployment)
      const tokens = (yield* Effect.all(Array.from({ length: 100 }, () => secrets.token))).map(Redacted.value)
      expect(new Set(tokens).size).toBe(100)
      for (const token of tokens) expect(token).toMatch(/^[\w-]{43}$/)
    })
  )

  it.effect("name things in the order of time", () =>
    Effect.gen(function* () {
      const secrets = yield* secretsOf(deployment)
      const earlier = yield* secrets.id("company")
      yield* TestClock.adjust("1 milli")
      const later = yield* secrets.id("company")
      expect(earlier < later).toBe(true)
      expect(Id.millis(later) - Id.millis(earlier)).toBe(1)
    })
  )

  it.effect("scatter over the whole interval from 0 to 1", () =>
    Effect.gen(function* () {
      const secrets = yield* secretsOf(deployment)
      const units = yield* Effect.all(Array.from({ length: 1_000 }, () => secrets.unit))
      expect(units.every((unit) => unit >= 0 && unit < 1)).toBe(true)
      // One of ten parts stays empty in less than one of 10^44 runs.
      expect(new Set(units.map((unit) => Math.trunc(unit * 10))).size).toBe(10)
    })
  )
})
