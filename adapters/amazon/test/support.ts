import type { Channel } from "@portolan/domain"
import { Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Redacted, Schema } from "effect"
import { answered, day, inTurn } from "../../wire/test/support.ts"
import { AmazonApi, type Settings } from "../src/index.ts"

export { answer, day, failure, json, listening, noon, told } from "../../wire/test/support.ts"

export const given: Settings.Given = {
  ads: { clientId: "amzn1.application-oa2-client.ads", clientSecret: Redacted.make("ads-secret-canary") },
  sp: {
    applicationId: "amzn1.sp.solution.1",
    clientId: "amzn1.application-oa2-client.sp",
    clientSecret: Redacted.make("sp-secret-canary"),
    draft: false,
    userAgent: "Portolan/0.1 (Language=TypeScript)"
  }
}

/** The port over a function that answers requests. */
export const api = (fetch: (request: Request) => Response | Promise<Response>, settings: Settings.Given = given) =>
  answered(AmazonApi.layer(settings), fetch)

/** The port, given answers in turn, and what was asked. */
export const scripted = (answers: ReadonlyArray<() => Response>, settings: Settings.Given = given) =>
  inTurn(AmazonApi.layer(settings), answers)

export const US = Schema.decodeSync(Marketplace.Known)("ATVPDKIKX0DER")
export const DE = Schema.decodeSync(Marketplace.Known)("A1PA6795UKMFR9")

export const access = (channel: Channel.Channel, more: Partial<ProviderApi.Access> = {}): ProviderApi.Access => ({
  channel,
  region: "NA",
  accountType: "seller",
  marketplaceId: US,
  accessToken: Redacted.make("Atza|access-canary"),
  ...(channel === "amazon-sp" ? { grantor: "A1SELLER" } : {}),
  ...more
})

const id = Schema.decodeSync(Profile.ExternalId)

export const adsProfile: Profile.Candidate = {
  _tag: "AdvertisingProfile",
  key: { channel: "amazon-ads", region: "NA", marketplaceId: US, externalId: id("9007199254740993") },
  name: "Lanterns",
  countryCode: "US",
  currency: "USD",
  timeZone: "America/Los_Angeles",
  ownerId: "A1SELLER",
  type: "seller",
  permission: "edit"
}

export const partner: Profile.Candidate = {
  _tag: "SellingPartner",
  key: { channel: "amazon-sp", region: "NA", marketplaceId: US, externalId: id("A1SELLER") },
  name: "Lanterns",
  countryCode: "US",
  currency: "USD",
  type: "seller",
  isParticipating: true,
  hasSuspendedListings: false
}

export const exchangeRequest = (channel: Channel.Channel) => ({
  channel,
  region: "EU" as const,
  code: Redacted.make("code-canary"),
  redirectUri: "https://app.example/callback?x=1&y=ü",
  codeVerifier: Redacted.make("verifier-canary"),
  ...(channel === "amazon-sp" ? { grantor: "A1SELLER" } : {})
})

export const tokenBody = { access_token: "Atza|new", refresh_token: "Atzr|new", token_type: "bearer", expires_in: 3600 }

/** Asks the port of the context. */
export const discover = (of: ProviderApi.Access) => Effect.flatMap(ProviderApi.ProviderApi, (port) => port.discover(of))

/** Asks the port of the context for three days around a change of clocks. */
export const load = (of: ProviderApi.Access, more: Partial<ProviderApi.WindowRequest>) =>
  Effect.flatMap(ProviderApi.ProviderApi, (port) =>
    port.load(of, {
      dataClass: "advertising",
      profile: of.channel === "amazon-ads" ? adsProfile : partner,
      from: day("2026-03-07"),
      until: day("2026-03-10"),
      ...more
    })
  )
