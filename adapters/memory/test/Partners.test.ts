import { describe, expect, it } from "@effect/vitest"
import { Day, Failure, Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { MemoryAdapters, ProviderScript } from "../src/index.ts"

const marketplaceId = Marketplace.MarketplaceId.make("WALMART_US")

const keyOf = (externalId: string): Profile.Key => ({
  channel: "walmart-connect",
  region: "WALMART-US",
  marketplaceId,
  externalId: Profile.ExternalId.make(externalId)
})

const acme = ProviderScript.advertiser(keyOf("1"), { name: "Acme" })

/** A partnership has no tokens. */
const access: ProviderApi.Access = {
  channel: "walmart-connect",
  region: "WALMART-US",
  accountType: "walmart-3p",
  accessToken: Redacted.make(""),
  marketplaceId
}

const windowOf = (profile: Profile.Candidate): ProviderApi.WindowRequest => ({
  dataClass: "advertising",
  profile,
  from: Day.Day.make("2026-05-01"),
  until: Day.Day.make("2026-05-03")
})

describe("the scripted provider", () => {
  it.effect("shows who lists us as partner, without a token, and loads for them only", () =>
    Effect.gen(function* () {
      const script = yield* ProviderScript.ProviderScript
      const api = yield* ProviderApi.ProviderApi
      expect(yield* api.advertisers("WALMART-US")).toEqual([])
      yield* script.partners("WALMART-US", [acme])
      expect(yield* api.advertisers("WALMART-US")).toEqual([acme])
      expect(yield* api.advertisers("WALMART-CA")).toEqual([])
      expect(yield* api.discover(access)).toEqual([acme])
      expect(yield* api.load(access, windowOf(acme))).toMatchObject({ _tag: "Rows", rows: [{}, {}] })
      const stranger = ProviderScript.advertiser(keyOf("2"))
      expect((yield* Effect.flip(api.load(access, windowOf(stranger))))._tag).toBe("PermissionMissing")
      yield* script.fail("advertisers", new Failure.Temporary({ detail: "503", throttled: false }))
      expect((yield* Effect.flip(api.advertisers("WALMART-US")))._tag).toBe("Temporary")
      expect((yield* script.calls).map(({ operation }) => operation)).toEqual([
        "advertisers",
        "advertisers",
        "advertisers",
        "discover",
        "load",
        "load",
        "advertisers"
      ])
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("tells nothing when inspected, until told what to tell", () =>
    Effect.gen(function* () {
      const script = yield* ProviderScript.ProviderScript
      const api = yield* ProviderApi.ProviderApi
      expect(yield* api.inspect(access, { marketplaceId })).toEqual({})
      yield* script.facts(({ profile }) => ({ profileVisible: profile !== undefined }))
      expect(yield* api.inspect(access, { marketplaceId, profile: keyOf("1") })).toEqual({ profileVisible: true })
      expect(
        (yield* Effect.flip(api.inspect({ ...access, channel: "amazon-ads", region: "NA" }, { marketplaceId })))._tag
      ).toBe("AccessTokenRefused")
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("ends a consent when asked to, unless it says that it did not", () =>
    Effect.gen(function* () {
      const script = yield* ProviderScript.ProviderScript
      const api = yield* ProviderApi.ProviderApi
      const channel = { channel: "amazon-ads", region: "NA" } as const
      yield* script.consents("code", { ...channel, candidates: [] })
      const { refreshToken } = yield* api.exchange({
        ...channel,
        code: Redacted.make("code"),
        redirectUri: "https://here",
        codeVerifier: Redacted.make("verifier")
      })
      const request = {
        ...channel,
        accountType: "seller",
        marketplaceId: Marketplace.MarketplaceId.make("ATVPDKIKX0DER"),
        refreshToken
      } as const
      yield* script.revokes({ outcome: "not-offered", detail: "In the seller's settings." })
      expect(yield* api.revoke(request)).toEqual({ outcome: "not-offered", detail: "In the seller's settings." })
      yield* api.refresh({ ...channel, refreshToken })
      yield* script.revokes({ outcome: "revoked", detail: "" })
      expect((yield* api.revoke(request)).outcome).toBe("revoked")
      expect((yield* Effect.flip(api.refresh({ ...channel, refreshToken })))._tag).toBe("GrantRefused")
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )
})
