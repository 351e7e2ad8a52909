import { generateKeyPairSync } from "node:crypto"
import type { Channel } from "@portolan/domain"
import { Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Redacted, Schema } from "effect"
import { answered, inTurn } from "../../wire/test/support.ts"
import { type Settings, WalmartApi } from "../src/index.ts"

export { answer, day, failure, json, listening, noon, told } from "../../wire/test/support.ts"

/** A key pair of this run. */
export const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" }
})

export const given: Settings.Given = {
  marketplace: {
    clientId: "66874dfd-1d5a-476b-8a2c-e22046c6727a",
    clientSecret: Redacted.make("secret-canary"),
    channelType: "channel-1"
  },
  connect: {
    consumerId: "consumer-1",
    authToken: Redacted.make("auth-token-canary"),
    privateKey: Redacted.make(keys.privateKey),
    keyVersion: "3"
  }
}

/** The port over a function that answers requests. */
export const api = (fetch: (request: Request) => Response | Promise<Response>, settings: Settings.Given = given) =>
  answered(WalmartApi.layer(settings), fetch)

/** The port, given answers in turn, and what was asked. */
export const scripted = (answers: ReadonlyArray<() => Response>, settings: Settings.Given = given) =>
  inTurn(WalmartApi.layer(settings), answers)

/** A file. */
export const file = (bytes: Uint8Array) => () => new Response(new Uint8Array(bytes))

const marketplace = Schema.decodeSync(Marketplace.Known)
export const US = marketplace("WALMART_US")
export const CA = marketplace("WALMART_CA")
export const CL = marketplace("WALMART_CL")

export const access = (channel: Channel.Channel, more: Partial<ProviderApi.Access> = {}): ProviderApi.Access => ({
  channel,
  region: "WALMART-US",
  accountType: "walmart-3p",
  marketplaceId: US,
  accessToken: Redacted.make(channel === "walmart-connect" ? "" : "eyJraWQiOiJ.access-canary"),
  ...(channel === "walmart-marketplace" ? { grantor: "456782346" } : {}),
  ...more
})

const id = Schema.decodeSync(Profile.ExternalId)

export const seller: Profile.Candidate = {
  _tag: "SellingPartner",
  key: { channel: "walmart-marketplace", region: "WALMART-US", marketplaceId: US, externalId: id("456782346") },
  name: "Walmart seller 456782346",
  countryCode: "US",
  currency: "USD",
  type: "walmart-3p",
  isParticipating: true,
  hasSuspendedListings: false
}

export const advertiser: Profile.Advertiser = {
  _tag: "Advertiser",
  key: { channel: "walmart-connect", region: "WALMART-US", marketplaceId: US, externalId: id("9007199254740993") },
  name: "Lanterns",
  countryCode: "US",
  currency: "USD",
  type: "walmart-3p",
  permission: "edit"
}

/** Asks the port of the context. */
export const ask = <A, E>(question: (port: typeof ProviderApi.ProviderApi.Service) => Effect.Effect<A, E>) =>
  Effect.flatMap(ProviderApi.ProviderApi, question)
