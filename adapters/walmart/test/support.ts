import { generateKeyPairSync } from "node:crypto"
import type { Channel } from "@portolan/domain"
import { Day, Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Layer, Redacted, Result, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import type { Answer } from "../src/Answer.ts"
import { type Settings, WalmartApi } from "../src/index.ts"

/** An instant in summer. */
export const noon = Date.parse("2026-07-15T12:00:00Z")

/** A key pair of this run. */
export const keys = generateKeyPairSync("rsa", {
  modulusLength: 2048, privateKeyEncoding: { type: "pkcs8", format: "pem" }, publicKeyEncoding: { type: "spki", format: "pem" }
})

export const given: Settings.Given = {
  marketplace: { clientId: "66874dfd-1d5a-476b-8a2c-e22046c6727a", clientSecret: Redacted.make("secret-canary"), channelType: "channel-1" },
  connect: {
    consumerId: "consumer-1", authToken: Redacted.make("auth-token-canary"), privateKey: Redacted.make(keys.privateKey), keyVersion: "3"
  }
}

export const answer = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  status, headers, text: typeof body === "string" ? body : JSON.stringify(body), atMillis: noon
})

/** What a result is, in a form that a table can hold. */
export const told = <A, E extends { readonly _tag: string }>(result: Result.Result<A, E>): string =>
  Result.isSuccess(result) ? "value" : result.failure._tag

/** The port over a function that answers requests. */
export const api = (
  fetch: (request: Request) => Response | Promise<Response>, settings: Settings.Given = given
): Layer.Layer<ProviderApi.ProviderApi> =>
  WalmartApi.layer(settings).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, async (input, init) => fetch(new Request(input, init))))
  )

/** The port, given answers in turn, and what was asked. */
export const scripted = (
  answers: ReadonlyArray<() => Response>, settings: Settings.Given = given
): { readonly layer: Layer.Layer<ProviderApi.ProviderApi>; readonly asked: Array<Request> } => {
  const asked: Array<Request> = []
  return {
    asked,
    layer: api((request) => {
      asked.push(request)
      return answers[asked.length - 1]?.() ?? new Response("the script is over", { status: 599 })
    }, settings)
  }
}

export const json = (status: number, body: unknown, headers: Record<string, string> = {}) => () =>
  new Response(
    typeof body === "string" ? body : JSON.stringify(body),
    { status, headers: { "content-type": "application/json", ...headers } }
  )

/** A file. */
export const file = (bytes: Uint8Array) => () => new Response(new Uint8Array(bytes))

const marketplace = Schema.decodeSync(Marketplace.Known)
export const US = marketplace("WALMART_US")
export const CA = marketplace("WALMART_CA")
export const CL = marketplace("WALMART_CL")

export const access = (channel: Channel.Channel, more: Partial<ProviderApi.Access> = {}): ProviderApi.Access => ({
  channel, region: "WALMART-US", accountType: "walmart-3p", marketplaceId: US,
  accessToken: Redacted.make(channel === "walmart-connect" ? "" : "eyJraWQiOiJ.access-canary"),
  ...(channel === "walmart-marketplace" ? { grantor: "456782346" } : {}), ...more
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

/** The failure of an effect that must fail. */
export const failure = <A, E extends { readonly _tag: string }, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<E, A, R> =>
  Effect.flip(effect)

export const day = Schema.decodeSync(Day.Day)

/** Asks the port of the context. */
export const ask = <A, E>(question: (port: typeof ProviderApi.ProviderApi.Service) => Effect.Effect<A, E>) =>
  Effect.flatMap(ProviderApi.ProviderApi, question)
