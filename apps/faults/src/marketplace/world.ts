/**
 * The world of some starts: the use cases over memory, the Amazon adapter, and a simulated Amazon with a seller that is
 * ours, one that is a rival's, and some that nobody has connected. In every fifth world the application is a draft.
 */
import { AmazonApi, type Settings } from "@portolan/amazon"
import { MemoryAdapters } from "@portolan/memory"
import { Deployment, ProviderApi, useCases } from "@portolan/ports"
import { Preset, Simulator } from "@portolan/simulator"
import { Effect, Layer, Redacted } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import type { Variant } from "../identity/world.ts"

/** Where the installation of a world is reached. */
export const origin = "https://app.example"

/** The console where every seller of a world begins. */
export const console = "https://sellercentral.amazon.com"

/** The sellers that nobody has connected when a world begins. */
export const free = ["nia", "noa", "nils", "nora"] as const

/** A seller, and the person who owns it. */
export type Seller = "olga" | "rita" | (typeof free)[number]

const sellers: ReadonlyArray<Seller> = ["olga", "rita", ...free]

const situation: Preset.Preset = {
  id: "marketplace",
  title: "Sellers who begin their consents at Amazon",
  policy: { quotaScale: 0 },
  accounts: sellers.map((key) => ({
    key,
    kind: "seller",
    name: `Shop of ${key}`,
    region: "NA",
    countries: ["US"],
    skuCount: 1
  })),
  people: sellers.map((id) => ({ id, name: id, role: "owner", owns: [id], edit: [id] }))
}

/** A world that stands. */
export interface World {
  readonly simulator: Simulator.Simulator
  readonly applicationId: string
  readonly isDraft: boolean
  /** The selling partner id of a seller. */
  readonly idOf: (seller: Seller) => string
  readonly layer: ReturnType<typeof layerOf>
}

const layerOf = (simulator: Simulator.Simulator, settings: Settings.Given, variant: Variant) =>
  useCases.pipe(
    Layer.provideMerge(
      MemoryAdapters.layer({
        provider: Layer.effect(
          ProviderApi.ProviderApi,
          Effect.map(HttpClient.HttpClient, (client) => variant(AmazonApi.make(settings, client)))
        ).pipe(
          Layer.provide(FetchHttpClient.layer),
          Layer.provide(
            Layer.succeed(FetchHttpClient.Fetch, (input, init) => simulator.fetch(new Request(input, init)))
          )
        )
      })
    ),
    Layer.provideMerge(Layer.succeed(Deployment.Deployment, { origin }))
  )

/** Puts up the world of a seed. */
export const make = (seed: number, variant: Variant): World => {
  const text = `marketplace-${seed}`
  const simulator = Simulator.make({
    seed: text,
    preset: situation,
    returnUrls: [Deployment.callbackUri(origin, "amazon-sp")]
  })
  simulator.registerLoginUri(Deployment.loginUri(origin, "amazon-sp"))
  const isDraft = seed % 5 === 0
  const application =
    Object.values(simulator.world().applications).find(({ draft }) => draft === isDraft) ?? simulator.application()
  const { clientId, clientSecret, spApplicationId } = application
  const applicationId = spApplicationId ?? ""
  const sp = {
    clientId,
    clientSecret: Redacted.make(clientSecret),
    applicationId,
    draft: isDraft,
    userAgent: "Portolan/0.1 (Language=TypeScript)"
  }
  const idOf = (key: Seller) => Preset.accountId(text, { key, kind: "seller" })
  return { simulator, applicationId, isDraft, idOf, layer: layerOf(simulator, { sp }, variant) }
}
