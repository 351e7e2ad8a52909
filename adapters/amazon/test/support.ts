import type { Channel } from "@portolan/domain"
import { Day, Marketplace, Profile } from "@portolan/domain"
import { ProviderApi } from "@portolan/ports"
import { Effect, Layer, Redacted, Result, Schema } from "effect"
import { FetchHttpClient } from "effect/http"
import type { Answer } from "../src/Answer.ts"
import { AmazonApi, type Settings } from "../src/index.ts"

/** An instant in summer. */
export const noon = Date.parse("2026-07-15T12:00:00Z")

export const given: Settings.Given = {
  ads: { clientId: "amzn1.application-oa2-client.ads", clientSecret: Redacted.make("ads-secret-canary") },
  sp: {
    applicationId: "amzn1.sp.solution.1", clientId: "amzn1.application-oa2-client.sp",
    clientSecret: Redacted.make("sp-secret-canary"), draft: false, userAgent: "Portolan/0.1 (Language=TypeScript)"
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
  AmazonApi.layer(settings).pipe(
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

export const US = Schema.decodeSync(Marketplace.Known)("ATVPDKIKX0DER")
export const DE = Schema.decodeSync(Marketplace.Known)("A1PA6795UKMFR9")

export const access = (channel: Channel.Channel, more: Partial<ProviderApi.Access> = {}): ProviderApi.Access => ({
  channel, region: "NA", accountType: "seller", marketplaceId: US, accessToken: Redacted.make("Atza|access-canary"),
  ...(channel === "amazon-sp" ? { grantor: "A1SELLER" } : {}), ...more
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
  codeVerifier: Redacted.make("verifier-canary"), ...(channel === "amazon-sp" ? { grantor: "A1SELLER" } : {})
})

export const tokenBody = { access_token: "Atza|new", refresh_token: "Atzr|new", token_type: "bearer", expires_in: 3600 }

/** The failure of an effect that must fail. */
export const failure = <A, E extends { readonly _tag: string }, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<E, A, R> =>
  Effect.flip(effect)

export const day = Schema.decodeSync(Day.Day)

/** Asks the port of the context. */
export const discover = (of: ProviderApi.Access) =>
  Effect.flatMap(ProviderApi.ProviderApi, (port) => port.discover(of))

/** Asks the port of the context for three days around a change of clocks. */
export const load = (of: ProviderApi.Access, more: Partial<ProviderApi.WindowRequest>) =>
  Effect.flatMap(ProviderApi.ProviderApi, (port) =>
    port.load(of, {
      dataClass: "advertising", profile: of.channel === "amazon-ads" ? adsProfile : partner,
      from: day("2026-03-07"), until: day("2026-03-10"), ...more
    }))
