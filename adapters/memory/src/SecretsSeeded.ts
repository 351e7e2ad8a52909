/** Identifiers and tokens that are the same in every run, for repeatable tests. Never use them as real secrets. */
import { createHash } from "node:crypto"
import { Id } from "@portolan/domain"
import { Secrets } from "@portolan/ports"
import { Clock, Effect, Layer, Redacted } from "effect"

const sha256 = (text: string) => createHash("sha256").update(text)

/** Builds a service whose randomness is a hash of the seed and a counter. */
export const seeded = (seed: string): Secrets.Secrets["Service"] => {
  let counter = 0
  const entropy = (bytes: number) => {
    counter += 1
    return createHash("sha512").update(`${seed}/${counter}`).digest().subarray(0, bytes)
  }
  return {
    id: (kind) => Effect.map(Clock.currentTimeMillis, (millis) => Id.make(kind, millis, entropy(Id.entropyBytes))),
    token: Effect.sync(() => Redacted.make(entropy(32).toString("base64url"))),
    // Neither the seed's length nor a colon in it lets two derivations meet: the first hash has a fixed length.
    derive: (purpose, input) =>
      Effect.sync(() => Redacted.make(sha256(`${sha256(seed).digest("hex")}:${purpose}:${input}`).digest("base64url"))),
    digest: (text) => Effect.sync(() => sha256(Redacted.value(text)).digest("hex")),
    codeChallenge: (verifier) => Effect.sync(() => sha256(Redacted.value(verifier)).digest("base64url")),
    unit: Effect.sync(() => entropy(4).readUInt32BE() / 2 ** 32)
  }
}

/** Repeatable secrets; each build of the layer starts over. */
export const layer = (seed = "portolan"): Layer.Layer<Secrets.Secrets> =>
  Layer.fresh(Layer.sync(Secrets.Secrets, () => seeded(seed)))
