/** The provider out of a table, as the conformance suite tests it. */
import type { ProviderInstance, Subject } from "@portolan/conformance"
import { Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Context, Effect, Layer, Redacted, Schema } from "effect"
import * as ProviderApiMemory from "../../src/ProviderApiMemory.ts"
import * as ProviderScript from "../../src/ProviderScript.ts"

const marketplaceId = Schema.decodeSync(Marketplace.Known)("ATVPDKIKX0DER")

const key = {
  channel: "amazon-ads",
  region: "NA",
  marketplaceId,
  externalId: Schema.decodeSync(Profile.ExternalId)("9007199254740993")
} as const

const channels: ProviderInstance["channels"] = [
  {
    consent: {
      channel: "amazon-ads",
      accountType: "seller",
      marketplaceId,
      redirectUri: "https://app.example/callback",
      codeChallenge: "challenge"
    },
    access: {
      channel: "amazon-ads",
      region: "NA",
      accountType: "seller",
      marketplaceId,
      accessToken: Redacted.make("")
    },
    profile: ProviderScript.candidate(key),
    dataClass: "advertising",
    callback: (state, code) => ({ state, code }),
    tokens: () => ({ status: 200, headers: {}, body: "" })
  }
]

/** Answers from a script. */
export const providerApi: Subject<ProviderInstance> = {
  name: "memory",
  version: "0.1.0",
  place: "in-process",
  manifest: {
    features: [],
    clock: "effect",
    notVerified: { wire: "its answers come from a table: there is no HTTP, and nothing to judge" }
  },
  open: Effect.succeed(
    Effect.map(
      Layer.build(Layer.fresh(ProviderApiMemory.layer.pipe(Layer.provide(ProviderScript.layer)))),
      (services): ProviderInstance => ({
        api: Context.get(services, ProviderApi.ProviderApi),
        channels,
        secrets: [],
        probes: {}
      })
    )
  )
}
