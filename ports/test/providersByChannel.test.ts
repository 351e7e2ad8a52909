import { describe, expect, it } from "@effect/vitest"
import { Marketplace, type Region } from "@portolan/domain"
import { type ProviderApi, providersByChannel } from "@portolan/ports"
import { Effect, Redacted, Schema } from "effect"

type Api = typeof ProviderApi.ProviderApi.Service

const US = Schema.decodeSync(Marketplace.Known)("ATVPDKIKX0DER")

/** Answers everything with its own name. */
const named = (name: string): Api => ({
  authorizeUrl: () => Effect.succeed(new URL(`https://${name}.example/`)),
  readCallback: () => ({ _tag: "Incomplete", detail: name }),
  readStart: () => ({ _tag: "Unacceptable", problem: "incomplete", detail: name }),
  exchange: () => Effect.die(name),
  refresh: () => Effect.die(name),
  prove: () => Effect.die(name),
  discover: () => Effect.die(name),
  advertisers: () => Effect.die(name),
  inspect: () => Effect.die(name),
  revoke: () => Effect.succeed({ outcome: "not-offered", detail: name }),
  load: () => Effect.die(name)
})

const two = providersByChannel({ "amazon-sp": named("amazon"), "walmart-connect": named("walmart") })

const consent = {
  accountType: "seller",
  marketplaceId: US,
  state: Redacted.make("s"),
  redirectUri: "https://x.example/",
  codeChallenge: "c"
} as const
const revocation = { region: "NA", accountType: "seller", marketplaceId: US, refreshToken: Redacted.make("r") } as const
const access = { region: "NA", accountType: "seller", marketplaceId: US, accessToken: Redacted.make("a") } as const

const asked = <A, E extends { readonly _tag: string }>(effect: Effect.Effect<A, E>) =>
  effect.pipe(
    Effect.match({ onFailure: (error) => error._tag, onSuccess: () => "answer" }),
    Effect.catchDefect(Effect.succeed)
  )

describe("providers by channel", () => {
  it.effect("asks the adapter of the channel, and nobody where there is none", () =>
    Effect.gen(function* () {
      expect((yield* two.authorizeUrl({ ...consent, channel: "amazon-sp" })).hostname).toBe("amazon.example")
      expect(two.readCallback("walmart-connect", new URLSearchParams())).toEqual({
        _tag: "Incomplete",
        detail: "walmart"
      })
      expect(two.readStart("amazon-sp", new URLSearchParams())).toMatchObject({ detail: "amazon" })
      expect((yield* two.revoke({ ...revocation, channel: "amazon-sp" })).detail).toBe("amazon")
      const code = {
        region: "NA",
        code: Redacted.make("c"),
        redirectUri: "https://x.example/",
        codeVerifier: Redacted.make("v")
      } as const
      for (const [channel, who] of [
        ["amazon-sp", "amazon"],
        ["walmart-connect", "walmart"],
        ["amazon-ads", "ChannelUnavailable"],
        ["walmart-marketplace", "ChannelUnavailable"]
      ] as const) {
        expect(yield* asked(two.exchange({ ...code, channel }))).toBe(who)
        expect(yield* asked(two.refresh({ region: "NA", refreshToken: Redacted.make("r"), channel }))).toBe(who)
        expect(yield* asked(two.discover({ ...access, channel }))).toBe(who)
        expect(yield* asked(two.inspect({ ...access, channel }, { marketplaceId: US }))).toBe(who)
      }
    })
  )

  it.effect("says that a channel has no adapter, where the port promises an answer", () =>
    Effect.gen(function* () {
      expect(two.readCallback("amazon-ads", new URLSearchParams("code=1"))._tag).toBe("Incomplete")
      expect(two.readStart("amazon-ads", new URLSearchParams())._tag).toBe("NotOffered")
      const revoked = yield* two.revoke({ ...revocation, channel: "amazon-ads" })
      expect(revoked.outcome).toBe("failed")
      expect(revoked.detail).toContain("no adapter")
      expect(yield* asked(two.authorizeUrl({ ...consent, channel: "amazon-ads" }))).toBe("ChannelUnavailable")
    })
  )

  it.effect("looks for advertisers where access comes by partnership", () =>
    Effect.gen(function* () {
      const look = (region: Region.Region, api = two) => asked(api.advertisers(region))
      for (const region of ["WALMART-US", "WALMART-CA", "WALMART-MX", "WALMART-CL"] as const) {
        expect(yield* look(region)).toBe("walmart")
      }
      expect(yield* look("EU")).toBe("ChannelUnavailable")
      expect(yield* look("WALMART-US", providersByChannel({}))).toBe("ChannelUnavailable")
    })
  )
})
