/** What the conformance suite needs to test this adapter: `npm run conformance -- --subject walmart`. */
import { defineSubjects, type ProviderInstance, type Subject } from "@portolan/conformance"
import { ProviderApi } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"
import { recorded } from "../wire/test/recorded.ts"
import { WalmartApi } from "./src/index.ts"
import { access, given, seller, US } from "./test/support.ts"

const channels: ProviderInstance["channels"] = [
  {
    consent: {
      channel: "walmart-marketplace",
      accountType: "walmart-3p",
      marketplaceId: US,
      redirectUri: "https://app.example/callback",
      codeChallenge: "challenge"
    },
    access: access("walmart-marketplace"),
    profile: seller,
    dataClass: "sales",
    callback: (state, code) => ({
      code,
      type: "auth",
      clientId: given.marketplace?.clientId ?? "",
      state,
      sellerId: "456782346"
    }),
    tokens: ({ access: accessToken, expiresInSeconds, refresh }) => ({
      status: 200,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        access_token: accessToken,
        refresh_token: refresh,
        token_type: "Bearer",
        expires_in: expiresInSeconds
      })
    })
  }
]

const secrets = ["secret-canary", "auth-token-canary"]

const makeProvider = Effect.gen(function* () {
  const { layer, wire } = recorded(WalmartApi.layer(given))
  const services = yield* Layer.build(Layer.fresh(layer))
  const instance: ProviderInstance = {
    api: Context.get(services, ProviderApi.ProviderApi),
    channels,
    secrets,
    probes: { wire }
  }
  return instance
})

const providerApi: Subject<ProviderInstance> = {
  name: "walmart",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(makeProvider)
}

export default defineSubjects({ providerApi })
