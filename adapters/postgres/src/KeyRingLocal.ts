/**
 * A key ring whose master keys are in the memory of this process: from the settings, or from a file that may be changed
 * while the process runs.
 */
import { KeyRing, TokenVault } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { keyFor, type MasterKeys, MasterKeyUnusable, type Material, open, ring, seal, type Sealed } from "./Seal.ts"

/** Master keys that are ready for use. */
export interface Ready {
  /** Name of the key that seals. */
  readonly active: string
  readonly keys: ReadonlyMap<string, Material>
}

/** Makes keys ready for use; fails when one of them is no key. */
export const ready = (masterKeys: MasterKeys): Effect.Effect<Ready, MasterKeyUnusable> =>
  Effect.try({
    try: () => ({ active: masterKeys.active.id, keys: ring(masterKeys) }),
    catch: (cause) => {
      if (cause instanceof MasterKeyUnusable) return cause
      throw cause
    }
  })

const nonceBytes = 12
const tagBytes = 16

const boxOf = ({ nonce, tag, text }: Sealed): Uint8Array => Buffer.concat([nonce, tag, text])

const unboxed = (bytes: Uint8Array): Sealed => {
  const box = Buffer.from(bytes)
  return {
    nonce: box.subarray(0, nonceBytes),
    tag: box.subarray(nonceBytes, nonceBytes + tagBytes),
    text: box.subarray(nonceBytes + tagBytes)
  }
}

const known = new WeakMap<Ready, KeyRing.Known>()

/** The names of keys; made once for each set of keys, because every secret that is opened asks for them. */
const knownOf = (keys: Ready): KeyRing.Known => {
  const made = known.get(keys) ?? {
    active: keys.active,
    others: new Set([...keys.keys.keys()].filter((id) => id !== keys.active))
  }
  known.set(keys, made)
  return made
}

/** How a ring learns of changes, and makes them. A ring of fixed keys does neither. */
export interface Source {
  /** Brings what `current` gives up to date. */
  readonly reload: Effect.Effect<unknown, KeyRing.KeyRingUnavailable>
  /** Takes the keys of an owner out of where the master keys are kept. Gives the names of those that have no such. */
  readonly destroy: KeyRing.KeyRing["Service"]["destroy"]
}

/** A ring over what `current` gives at each call. */
export const make = (current: () => Ready, source?: Partial<Source>): KeyRing.KeyRing["Service"] => {
  const { reload = Effect.void, destroy = () => Effect.sync(() => [...current().keys.keys()]) } = source ?? {}
  const keyOf = (keyId: string, place: KeyRing.Place) => {
    const material = current().keys.get(keyId)
    if (material === undefined) return Effect.fail(new TokenVault.KeyUnavailable({ keyId }))
    const key = keyFor(material, KeyRing.ownerOf(place))
    return key === undefined
      ? Effect.fail(new TokenVault.KeyUnavailable({ keyId, isDestroyed: true }))
      : Effect.succeed(key)
  }
  return {
    known: () => knownOf(current()),
    refresh: Effect.map(reload, () => knownOf(current())),
    destroy,
    seal: (keyId, place, dataKey) =>
      Effect.map(keyOf(keyId, place), (key) => boxOf(seal(key, place, Redacted.value(dataKey)))),
    open: (keyId, place, sealed) =>
      Effect.flatMap(keyOf(keyId, place), (key) => {
        const opened = open(key, place, unboxed(sealed))
        // The name is right and the key is not: somebody configured another key under the old name.
        return opened === undefined
          ? Effect.fail(new TokenVault.KeyUnavailable({ keyId }))
          : Effect.succeed(Redacted.make<Uint8Array>(opened))
      })
  }
}

/** A ring of fixed master keys. */
export const layer = (masterKeys: MasterKeys): Layer.Layer<KeyRing.KeyRing, MasterKeyUnusable> =>
  Layer.effect(
    KeyRing.KeyRing,
    Effect.map(ready(masterKeys), (keys) => make(() => keys))
  )
