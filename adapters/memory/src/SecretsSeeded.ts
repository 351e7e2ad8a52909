/** The same identifiers and tokens in every run, for tests that must be repeatable. Never for real secrets. */
import { createHash } from "node:crypto"
import type { Secrets as Port } from "@portolan/ports"
import { Secrets } from "@portolan/ports"
import { Layer, Redacted } from "effect"
import { make } from "./SecretsCrypto.ts"

/** Builds a service whose randomness is a hash of the seed and a counter. */
export const seeded = (seed: string): Port.Secrets["Service"] => {
  let counter = 0
  return make(Redacted.make(`derived from ${seed}`), (bytes) => {
    counter += 1
    return createHash("sha512").update(`${seed}/${counter}`).digest().subarray(0, bytes)
  })
}

/** Repeatable secrets; each build of the layer starts over. */
export const layer = (seed = "portolan"): Layer.Layer<Port.Secrets> =>
  Layer.fresh(Layer.sync(Secrets.Secrets, () => seeded(seed)))
