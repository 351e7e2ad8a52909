/** The ring over a key management service: versions, places, refusals, and a service that is away. */
import { describe, expect, it } from "@effect/vitest"
import { KeyRing } from "@portolan/ports"
import { Context, Effect, Layer, Redacted } from "effect"
import { KeyRingTransit } from "../src/index.ts"
import { makeTransit } from "./support/transit.ts"

const place: KeyRing.Place = ["data-key", "org_1", "portolan-v1"]
const dataKey = Redacted.make<Uint8Array>(Buffer.from("0123456789abcdef0123456789abcdef"))

const ringOn = (service: ReturnType<typeof makeTransit>, token = "the token") =>
  Effect.map(
    Layer.build(
      KeyRingTransit.layer({ url: "https://kms.example.com", token: Redacted.make(token), fetch: service.fetch })
    ),
    Context.get(KeyRing.KeyRing)
  )

describe("a ring over a key management service", () => {
  it.effect("seals with the latest version, opens with those that are allowed, and hears of changes", () =>
    Effect.gen(function* () {
      const service = makeTransit()
      const ring = yield* ringOn(service)
      expect(ring.known()).toEqual({ active: "portolan-v1", others: new Set() })
      const sealed = yield* ring.seal("portolan-v1", place, dataKey)
      expect(Buffer.from(sealed).toString()).not.toContain("0123456789abcdef")
      service.rotate()
      expect(yield* ring.refresh).toEqual({ active: "portolan-v2", others: new Set(["portolan-v1"]) })
      expect(Redacted.value(yield* ring.open("portolan-v1", place, sealed))).toEqual(Redacted.value(dataKey))
      service.state.first = 2
      yield* ring.refresh
      expect(yield* Effect.flip(ring.open("portolan-v1", place, sealed))).toMatchObject({ _tag: "KeyUnavailable" })
    }).pipe(Effect.scoped)
  )

  it.effect("opens nothing that was changed, moved, or is another version's", () =>
    Effect.gen(function* () {
      const service = makeTransit()
      service.rotate()
      const ring = yield* ringOn(service)
      const sealed = yield* ring.seal("portolan-v2", place, dataKey)
      const changed = new Uint8Array(sealed)
      changed[sealed.length - 6] = sealed.at(-6) === 65 ? 66 : 65
      const tries = [
        ring.open("portolan-v2", ["data-key", "org_2", "portolan-v1"], sealed),
        ring.open("portolan-v2", place, changed),
        ring.open("portolan-v1", place, sealed),
        ring.open("portolan-v9", place, sealed)
      ]
      for (const attempt of tries) expect(yield* Effect.flip(attempt)).toMatchObject({ _tag: "KeyUnavailable" })
    }).pipe(Effect.scoped)
  )

  it.effect("is unavailable while the service is away or refuses us; what it sealed opens later", () =>
    Effect.gen(function* () {
      const service = makeTransit()
      expect(yield* Effect.flip(ringOn(service, "another token"))).toMatchObject({ _tag: "KeyRingUnavailable" })
      const ring = yield* ringOn(service)
      const sealed = yield* ring.seal("portolan-v1", place, dataKey)
      service.state.down = true
      for (const attempt of [ring.open("portolan-v1", place, sealed), ring.refresh]) {
        const error = yield* Effect.flip<unknown, KeyRing.KeyRingUnavailable | { readonly _tag: string }, never>(
          attempt
        )
        expect(error).toMatchObject({ _tag: "KeyRingUnavailable" })
        expect(JSON.stringify(error)).not.toContain("the token")
      }
      service.state.down = false
      expect(Redacted.value(yield* ring.open("portolan-v1", place, sealed))).toEqual(Redacted.value(dataKey))
    }).pipe(Effect.scoped)
  )
})
