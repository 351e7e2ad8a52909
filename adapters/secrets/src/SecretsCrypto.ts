/**
 * The `Secrets` port on the platform's cryptography. It keeps no state, so all processes that hold the same deployment
 * secret derive the same values.
 */
import { createHash, createHmac, randomBytes } from "node:crypto"
import { Id } from "@portolan/domain"
import { Secrets } from "@portolan/ports"
import { Clock, Effect, Layer, Redacted } from "effect"

/** A random token has 256 bits. */
const tokenBytes = 32

const sha256 = (text: Redacted.Redacted<string>) => createHash("sha256").update(Redacted.value(text))

/**
 * Derives with HMAC-SHA-256, keyed with the deployment secret (RFC 2104).
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
const derive = (secret: Redacted.Redacted<string>, purpose: Secrets.Purpose, input: string) =>
  // A purpose has no colon, so no two pairs of purpose and input give the same message.
  Redacted.make(createHmac("sha256", Redacted.value(secret)).update(`${purpose}:${input}`).digest("base64url"))

/** Builds the service. The deployment secret keys all derived secrets. */
export const make = (secret: Redacted.Redacted<string>): Secrets.Secrets["Service"] => ({
  id: (kind) => Effect.map(Clock.currentTimeMillis, (millis) => Id.make(kind, millis, randomBytes(Id.entropyBytes))),
  token: Effect.sync(() => Redacted.make(randomBytes(tokenBytes).toString("base64url"))),
  derive: (purpose, input) => Effect.sync(() => derive(secret, purpose, input)),
  digest: (text) => Effect.sync(() => sha256(text).digest("hex")),
  codeChallenge: (verifier) => Effect.sync(() => sha256(verifier).digest("base64url")),
  unit: Effect.sync(() => randomBytes(4).readUInt32BE() / 2 ** 32)
})

/**
 * Secrets from real randomness.
 * @param secret the deployment secret, at least 32 characters; anybody who holds it can derive every link
 */
export const layer = (secret: Redacted.Redacted<string>): Layer.Layer<Secrets.Secrets> =>
  Layer.succeed(Secrets.Secrets, make(secret))
