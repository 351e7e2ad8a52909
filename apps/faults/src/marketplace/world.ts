/**
 * The world of some starts: the use cases over memory, the adapter of one provider, and that provider simulated, with a
 * seller that is ours, one that is a rival's, and some that nobody has connected. Every third world is Walmart's.
 */
import { MemoryAdapters } from "@portolan/memory"
import { Deployment, ProviderApi, useCases } from "@portolan/ports"
import type { Simulator } from "@portolan/simulator"
import { Effect, Layer } from "effect"
import { FetchHttpClient, HttpClient } from "effect/http"
import type { Variant } from "../identity/world.ts"
import { amazon } from "./amazon.ts"
import { type Door, origin, type Seller } from "./door.ts"
import { walmart } from "./walmart.ts"

/** A world that stands. */
export interface World {
  readonly simulator: Simulator.Simulator
  readonly door: Door
  /** The provider's id of a seller. */
  readonly idOf: (seller: Seller) => string
  readonly layer: ReturnType<typeof layerOf>
}

const layerOf = (simulator: Simulator.Simulator, { api }: Door, variant: Variant) =>
  useCases.pipe(
    Layer.provideMerge(
      MemoryAdapters.layer({
        provider: Layer.effect(
          ProviderApi.ProviderApi,
          Effect.map(HttpClient.HttpClient, (client) => variant(api(client)))
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
  const { door, idOf, simulator } = seed % 3 === 0 ? walmart(seed) : amazon(seed)
  return { simulator, door, idOf, layer: layerOf(simulator, door, variant) }
}
