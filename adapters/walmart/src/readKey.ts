/** The private key that signs requests to Walmart Connect. */
import { createPrivateKey, type KeyObject } from "node:crypto"
import { Redacted, Schema } from "effect"

/** Settings that cannot work. Says nothing of the key's content. */
export class UnusableKey extends Schema.TaggedError<UnusableKey>()("UnusableKey", { detail: Schema.String }) {
  override get message(): string {
    return `The private key for Walmart Connect cannot be used: ${this.detail}.`
  }
}

/**
 * Reads a private key; throws `UnusableKey`. A wrong key would answer 403 to every call and look like withdrawn access,
 * so it is found before the first (field problem 58).
 */
export const readKey = (pem: Redacted.Redacted<string>): KeyObject => {
  let key: KeyObject
  try {
    // Environment variables often carry the line breaks as two characters.
    key = createPrivateKey(Redacted.value(pem).replaceAll("\\n", "\n"))
  } catch {
    throw new UnusableKey({ detail: "it is no private key in PEM form without a passphrase" })
  }
  if (key.asymmetricKeyType !== "rsa") throw new UnusableKey({ detail: "it is not an RSA key" })
  return key
}
