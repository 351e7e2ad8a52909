/** Seals with AES-256-GCM, and keeps the keys that secrets are sealed with. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import type { Seal } from "./MemoryBackend.ts"

/** The keys of the model vault. */
export interface Keys {
  active: string
  readonly held: Map<string, Uint8Array>
  readonly withdrawn: Map<string, Uint8Array>
}

/** What opening a seal gives. */
export type Opening =
  | { readonly _tag: "Opened"; readonly text: string }
  | { readonly _tag: "NoKey" }
  | { readonly _tag: "Broken" }

const tagBytes = 16
const nonceBytes = 12

/** Makes a ring with one key. */
export const make = (): Keys => ({ active: "key-1", held: new Map([["key-1", randomBytes(32)]]), withdrawn: new Map() })

/** Adds a key and makes it the active one; gives the identifier of the one before. */
export const rotate = (keys: Keys): string => {
  const before = keys.active
  keys.active = `key-${keys.held.size + keys.withdrawn.size + 1}`
  keys.held.set(keys.active, randomBytes(32))
  return before
}

/** Moves a key from one ring to the other. */
export const move = (from: Map<string, Uint8Array>, to: Map<string, Uint8Array>, keyId: string) => {
  const key = from.get(keyId)
  if (key === undefined) return
  from.delete(keyId)
  to.set(keyId, key)
}

/** Draws a nonce. */
export const nonce = (): Uint8Array => randomBytes(nonceBytes)

/** Seals text with the active key, bound to `bound`; undefined when the key is not at hand. */
export const seal = (keys: Keys, text: string, bound: string, nonce: Uint8Array): Seal | undefined => {
  const key = keys.held.get(keys.active)
  if (key === undefined) return
  const cipher = createCipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(bound))
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()])
  return { keyId: keys.active, nonce, body }
}

/** Opens a seal that was bound to `bound`. */
export const open = (keys: Keys, sealed: Seal, bound: string): Opening => {
  const key = keys.held.get(sealed.keyId)
  if (key === undefined) return { _tag: "NoKey" }
  const end = sealed.body.length - tagBytes
  if (end < 0 || sealed.nonce.length !== nonceBytes) return { _tag: "Broken" }
  try {
    const decipher = createDecipheriv("aes-256-gcm", key, sealed.nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(bound))
    decipher.setAuthTag(sealed.body.subarray(end))
    const text = Buffer.concat([decipher.update(sealed.body.subarray(0, end)), decipher.final()])
    return { _tag: "Opened", text: text.toString("utf8") }
  } catch {
    return { _tag: "Broken" }
  }
}
