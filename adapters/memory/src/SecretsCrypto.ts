/** Identifiers, tokens and digests from the platform's cryptography. Keeps nothing, so any number of processes agree. */
import { createHash, createHmac, randomBytes } from "node:crypto"
import { Id } from "@portolan/domain"
import { Secrets } from "@portolan/ports"
import { Clock, Effect, Layer, Redacted } from "effect"

/** Where random bytes come from. */
export type Entropy = (bytes: number) => Uint8Array

/** Builds the service from a source of randomness and the secret that derived secrets hang on. */
export const make = (secret: Redacted.Redacted<string>, entropy: Entropy): Secrets.Secrets["Service"] => ({
  id: (kind) => Effect.map(Clock.currentTimeMillis, (millis) => Id.make(kind, millis, entropy(Id.entropyBytes))),
  token: Effect.sync(() => Redacted.make(Buffer.from(entropy(32)).toString("base64url"))),
  derive: (purpose, input) =>
    Effect.sync(() =>
      // A purpose has no colon, so no two pairs of purpose and input read the same.
      Redacted.make(createHmac("sha256", Redacted.value(secret)).update(`${purpose}:${input}`).digest("base64url"))
    ),
  digest: (text) => Effect.sync(() => createHash("sha256").update(Redacted.value(text)).digest("hex")),
  codeChallenge: (verifier) =>
    Effect.sync(() => createHash("sha256").update(Redacted.value(verifier)).digest("base64url")),
  unit: Effect.sync(() => Buffer.from(entropy(4)).readUInt32BE() / 2 ** 32)
})

/** Real randomness. `secret` is the deployment's, at least 32 characters; whoever has it can derive every link. */
export const layer = (secret: Redacted.Redacted<string>): Layer.Layer<Secrets.Secrets> =>
  Layer.succeed(
    Secrets.Secrets,
    make(secret, (bytes) => randomBytes(bytes))
  )
