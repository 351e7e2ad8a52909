/** What the conformance suite needs to test this adapter: `npm run conformance -- --subject amazon`. */
import { type ChannelCase, defineSubjects, type ProviderInstance, type Subject } from "@portolan/conformance"
import { ProviderApi } from "@portolan/ports"
import { Context, Effect, Layer } from "effect"
import { recorded } from "../wire/test/recorded.ts"
import { AmazonApi } from "./src/index.ts"
import { access, adsProfile, given, partner, tokenBody, US } from "./test/support.ts"

const consent = (channel: "amazon-ads" | "amazon-sp"): ChannelCase["consent"] => ({
  channel,
  accountType: "seller",
  marketplaceId: US,
  redirectUri: "https://app.example/callback?x=1&y=ü",
  codeChallenge: "challenge"
})

const tokens: ChannelCase["tokens"] = ({ access: accessToken, expiresInSeconds, refresh }) => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({
    ...tokenBody,
    access_token: accessToken,
    expires_in: expiresInSeconds,
    refresh_token: refresh
  })
})

const channels: ProviderInstance["channels"] = [
  {
    consent: consent("amazon-ads"),
    access: access("amazon-ads"),
    profile: adsProfile,
    dataClass: "advertising",
    callback: (state, code) => ({ code, scope: "advertising::campaign_management", state }),
    tokens
  },
  {
    consent: consent("amazon-sp"),
    access: access("amazon-sp"),
    profile: partner,
    dataClass: "sales",
    callback: (state, code) => ({ spapi_oauth_code: code, selling_partner_id: "A1SELLER", state }),
    tokens
  }
]

const secrets = ["ads-secret-canary", "sp-secret-canary"]

const makeProvider = Effect.gen(function* () {
  const { layer, wire } = recorded(AmazonApi.layer(given))
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
  name: "amazon",
  version: "0.1.0",
  place: "outside",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(makeProvider)
}

export default defineSubjects({ providerApi })
