/**
 * The world of one interleaving: the use cases over memory, the Amazon adapter, and a simulated Amazon with two
 * sellers. Olga owns the shop that is claimed; Mallory owns another one, may see the advertising of Olga's, and
 * sits at a browser in which every callback can be changed.
 */
import { AmazonApi, type Settings } from "@portolan/amazon"
import { Failure } from "@portolan/domain"
import { MemoryAdapters } from "@portolan/memory"
import { Deployment, ProviderApi, useCases } from "@portolan/ports"
import { Preset, Simulator } from "@portolan/simulator"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"

/** Where the installation of a world is reached. */
export const origin = "https://app.example"

type Api = typeof ProviderApi.ProviderApi.Service

/** What is put between the use cases and the adapter, e.g. to believe every callback. */
export type Variant = (api: Api) => Api

/** The installation as it is. */
export const asItIs: Variant = (api) => api

/** An installation that believes what a callback names, as if the provider had said it. */
export const believing: Variant = (api) => ({
  ...api,
  prove: () => Effect.succeed({ _tag: "Proven", detail: "the callback says so" })
})

const situation: Preset.Preset = {
  id: "identity",
  title: "Two sellers, one of whom claims to be the other",
  policy: { quotaScale: 0 },
  accounts: [
    { key: "olga", kind: "seller", name: "Olga's Lanterns", region: "NA", countries: ["US"], skuCount: 3 },
    { key: "mallory", kind: "seller", name: "Mallory Trading", region: "NA", countries: ["US"], skuCount: 3 }
  ],
  people: [
    { id: "olga", name: "Olga", role: "owner of Olga's Lanterns", owns: ["olga"], edit: ["olga"] },
    { id: "mallory", name: "Mallory", role: "owner of Mallory Trading", owns: ["mallory"], edit: ["mallory", "olga"] }
  ]
}

/** The seller ids of a seed. */
export const sellerId = (seed: string, key: "olga" | "mallory"): string =>
  Preset.accountId(seed, { key, kind: "seller" })

/** What differs between worlds. */
export interface Conditions {
  readonly seed: string
  /** Whether the application has a role with which Amazon names the seller behind a token. */
  readonly mayAsk: boolean
  readonly variant: Variant
}

/** A world that stands, and the two things that can happen to it. */
export interface World {
  readonly simulator: Simulator.Simulator
  /** Whether Amazon fails to answer questions about identity just now. */
  readonly outage: { isOn: boolean }
  readonly layer: ReturnType<typeof layerOf>
}

const settingsOf = (simulator: Simulator.Simulator): Settings.Given => {
  const { clientId, clientSecret, spApplicationId } = simulator.application()
  const client = { clientId, clientSecret: Redacted.make(clientSecret) }
  const userAgent = "Portolan/0.1 (Language=TypeScript)"
  return { ads: client, sp: { ...client, applicationId: spApplicationId ?? "", draft: false, userAgent } }
}

const silent = () => Effect.fail(new Failure.Temporary({ detail: "an outage", throttled: false }))

const providerOf = (simulator: Simulator.Simulator, outage: World["outage"], variant: Variant) =>
  Layer.effect(
    ProviderApi.ProviderApi,
    Effect.map(HttpClient.HttpClient, (client) => {
      const api = AmazonApi.make(settingsOf(simulator), client)
      return variant({ ...api, prove: (access) => (outage.isOn ? silent() : api.prove(access)) })
    })
  ).pipe(
    Layer.provide(FetchHttpClient.layer),
    Layer.provide(Layer.succeed(FetchHttpClient.Fetch, (input, init) => simulator.fetch(new Request(input, init))))
  )

const layerOf = (simulator: Simulator.Simulator, outage: World["outage"], variant: Variant) =>
  useCases.pipe(
    Layer.provideMerge(MemoryAdapters.layer({ provider: providerOf(simulator, outage, variant) })),
    Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin }))
  )

/** Roles with which the list of marketplaces can be read, and nothing that names a seller. */
const insight = ["Selling Partner Insights", "Inventory and Order Tracking"]

/** Puts up a world. */
export const make = ({ mayAsk, seed, variant }: Conditions): World => {
  const returnUrls = [`${origin}/callback/amazon-ads`, `${origin}/callback/amazon-sp`]
  const simulator = Simulator.make({ seed, preset: situation, returnUrls })
  const application = simulator.world().applications[simulator.application().clientId]
  if (application !== undefined) application.roles = mayAsk ? [...insight, "Pricing", "Product Listing"] : insight
  const outage = { isOn: false }
  return { simulator, outage, layer: layerOf(simulator, outage, variant) }
}
