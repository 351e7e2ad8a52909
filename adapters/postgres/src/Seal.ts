/**
 * Envelope encryption. A secret is sealed with a data key of its organization, a data key with a master key of the
 * deployment, both by AES-256-GCM with a fresh 96-bit random nonce. What a seal is for (organization, reference,
 * version, key) is bound to it as associated data, so a sealed text that was changed, moved or put back does not open.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto"
import { Redacted, Schema } from "effect"
import * as KeyTree from "./KeyTree.ts"

const algorithm = "aes-256-gcm"
const keyBytes = 32
const nonceBytes = 12
const tagBytes = 16

/** A text under seal. */
export interface Sealed {
  readonly text: Uint8Array
  readonly nonce: Uint8Array
  readonly tag: Uint8Array
}

/** A key that is ready for use. */
export type Key = Redacted.Redacted<Buffer>

/** Makes a new random key. */
export const newKey = (): Key => Redacted.make(randomBytes(keyBytes))

/** Seals bytes for one place. */
export const seal = (key: Key, place: ReadonlyArray<string | number>, plain: Uint8Array): Sealed => {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv(algorithm, Redacted.value(key), nonce, { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(JSON.stringify(place)))
  const text = Buffer.concat([cipher.update(plain), cipher.final()])
  return { text, nonce, tag: cipher.getAuthTag() }
}

/** Opens bytes sealed for this place; nothing when they were changed, moved, or sealed with another key. */
export const open = (
  key: Key,
  place: ReadonlyArray<string | number>,
  { nonce, tag, text }: Sealed
): Buffer | undefined => {
  if (nonce.length !== nonceBytes || tag.length !== tagBytes) return undefined
  try {
    const decipher = createDecipheriv(algorithm, Redacted.value(key), nonce, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(JSON.stringify(place)))
    decipher.setAuthTag(tag)
    return Buffer.concat([decipher.update(text), decipher.final()])
  } catch {
    return undefined
  }
}

/** A master key as the deployment gives it. */
export interface MasterKey {
  /** Names the key on every row sealed with it; 1 to 64 characters of a-z, A-Z, 0-9, dot, dash and underscore. */
  readonly id: string
  /** 32 bytes as base64, base64url or hexadecimal; or a tree, which can lose the keys of single organizations. */
  readonly key: Redacted.Redacted<string>
}

/** The master keys of a deployment: one that seals, and any number that only open what was sealed before. */
export interface MasterKeys {
  readonly active: MasterKey
  readonly retired?: ReadonlyArray<MasterKey>
}

/** A master key is not 32 bytes long, has no proper name, or shares its name with another. */
export class MasterKeyUnusable extends Schema.TaggedError<MasterKeyUnusable>()("MasterKeyUnusable", {
  keyId: Schema.String,
  because: Schema.String
}) {
  override get message(): string {
    return `The master key "${this.keyId}" cannot be used: ${this.because}.`
  }
}

const bytesOf = (text: string): Buffer =>
  /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, "hex") : Buffer.from(text, "base64")

/** A master key that is ready for use: one key for all owners, or one for each. */
export type Material = Key | KeyTree.Tree

/** The key with which a master key seals for one owner; nothing when that was destroyed. */
export const keyFor = (material: Material, owner: ReadonlyArray<string>): Key | undefined =>
  Redacted.isRedacted(material) ? material : KeyTree.keyOf(material, owner)

const treeOf = (id: string, text: string): KeyTree.Tree => {
  const tree = KeyTree.decode(text)
  if (tree === undefined) throw new MasterKeyUnusable({ keyId: id, because: "its text is cut off or changed" })
  return tree
}

const plainOf = (id: string, text: string): Key => {
  const bytes = bytesOf(text)
  if (bytes.length === keyBytes) return Redacted.make(bytes)
  throw new MasterKeyUnusable({ keyId: id, because: `it has ${bytes.length} bytes instead of ${keyBytes}` })
}

/** The keys by name, ready for use. Throws `MasterKeyUnusable`. */
export const ring = ({ active, retired = [] }: MasterKeys): ReadonlyMap<string, Material> => {
  const keys = new Map<string, Material>()
  for (const { id, key } of [active, ...retired]) {
    if (!/^[\w.-]{1,64}$/.test(id))
      throw new MasterKeyUnusable({ keyId: id.slice(0, 64), because: "its name is malformed" })
    if (keys.has(id)) throw new MasterKeyUnusable({ keyId: id, because: "another key has the same name" })
    const text = Redacted.value(key).trim()
    keys.set(id, KeyTree.isEncoded(text) ? treeOf(id, text) : plainOf(id, text))
  }
  return keys
}
