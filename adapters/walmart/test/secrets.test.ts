/** Two keys and two secrets side by side, against the simulated Walmart. */
import { generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "@effect/vitest"
import { type Applications } from "@portolan/ports"
import { Simulator } from "@portolan/simulator"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { type Settings, WalmartApplications } from "../src/index.ts"
import { api, ask, noon } from "./support.ts"

const keyOf = () => {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 })
  return {
    privateKey: Redacted.make(privateKey.export({ type: "pkcs8", format: "pem" })),
    publicKey: publicKey.export({ type: "spki", format: "pem" })
  }
}

const made = () => {
  const simulator = Simulator.make({
    preset: "demo",
    clock: { manual: noon },
    policy: { walmartSnapshot: { pendingSeconds: 0, processingSeconds: 0 } }
  })
  const { authToken, consumerId, keyVersion, privateKey } = simulator.walmartPartner()
  const { clientId, clientSecret } = simulator.walmartApplication()
  const settings: Settings.Given = {
    marketplace: { clientId, clientSecret: Redacted.make(clientSecret) },
    connect: { consumerId, keyVersion, authToken: Redacted.make(authToken), privateKey: Redacted.make(privateKey) },
    addresses: (host) => `https://${host}`
  }
  return { simulator, settings, first: { secret: Redacted.make(privateKey), label: keyVersion } }
}

describe("secrets of Walmart", () => {
  it.effect("a key that is not uploaded yet gives way to the one before, and is used once it is", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(noon)
      const { first, settings, simulator } = made()
      const next = keyOf()
      const second = { secret: next.privateKey, label: "2" }
      const reports: Array<string | undefined> = []
      const secrets: Applications.SecretSource = {
        candidates: () => Effect.succeed(reports.length === 0 ? [second, first] : [first, second]),
        report: (_, { accepted }) => Effect.sync(() => void reports.push(accepted.label))
      }
      const look = ask((port) => port.advertisers("WALMART-US")).pipe(
        Effect.provide(api(simulator.fetch, { ...settings, secrets }), { local: true })
      )
      expect((yield* look).length).toBeGreaterThan(0)
      expect(reports).toEqual([first.label])
      reports.length = 0
      simulator.act({ kind: "walmart-key", version: "2", publicKey: next.publicKey })
      simulator.act({ kind: "walmart-key", version: first.label, publicKey: null })
      expect((yield* look).length).toBeGreaterThan(0)
      expect(reports).toEqual([])
    })
  )

  it.effect("are tried without a seller; of a key only its form can be", () =>
    Effect.gen(function* () {
      const { first, settings, simulator } = made()
      const answer: typeof globalThis.fetch = (input, init) => simulator.fetch(new Request(input, init))
      const fetch = Layer.succeed(FetchHttpClient.Fetch, answer)
      const client = yield* Effect.provide(HttpClient.HttpClient, Layer.provide(FetchHttpClient.layer, fetch))
      const [marketplace, connect] = WalmartApplications.make(settings, client)
      const outcomes = yield* Effect.all([
        marketplace!.attempt(marketplace!.given),
        marketplace!.attempt({ secret: Redacted.make("wrong") }),
        connect!.attempt(first),
        connect!.attempt({ secret: Redacted.make("wrong") })
      ])
      expect(outcomes.map(({ outcome }) => outcome)).toEqual(["accepted", "refused", "unclear", "refused"])
      expect(JSON.stringify(outcomes)).not.toContain("PRIVATE")
    })
  )
})
