/**
 * Data keys: one an organization and master key, random, sealed with the master key, never changed once written. Opened
 * keys are kept in a small cache, so reading a secret costs one query.
 */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { Context, Effect, Layer, Redacted } from "effect"
import { sql } from "kysely"
import { type Key, type MasterKeys, MasterKeyUnusable, newKey, open, ring, seal } from "./Seal.ts"
import type { Trx } from "./Store.ts"

/** Opened data keys that are kept. The oldest go first; a key that is gone is opened again. */
const cacheLimit = 10_000

/** The master keys at hand. A deployment whose keys change while it runs replaces what `current` gives. */
export interface KeyRing {
  /** Name of the key that seals. */
  readonly active: string
  readonly keys: ReadonlyMap<string, Key>
}

/** The data keys of all organizations. */
export class DataKeys extends Context.Service<
  DataKeys,
  {
    /** Name of the master key that new secrets hang on. */
    readonly active: () => string
    /** Opens the data key of an organization under a master key; makes it when asked to and there is none. */
    readonly get: (trx: Trx, organizationId: Id.OrganizationId, masterKeyId: string, makes: boolean) => Promise<Key>
    /** The data key when it was opened before and its master key is still at hand. */
    readonly cached: (organizationId: Id.OrganizationId, masterKeyId: string) => Key | undefined
  }
>()("@portolan/postgres/DataKeys") {}

/** Builds the service over a ring that may change. Several services over one database agree. */
export const make = (current: () => KeyRing): DataKeys["Service"] => {
  const cache = new Map<string, Key>()
  /** Transactions that made a key: until they commit, what they see of it may still be undone. */
  const making = new WeakSet<Trx>()
  const nameOf = (organizationId: string, masterKeyId: string) => `${organizationId}/${masterKeyId}`
  const place = (organizationId: string, masterKeyId: string) => ["data-key", organizationId, masterKeyId]

  const stored = async (trx: Trx, organizationId: string, masterKeyId: string): Promise<Uint8Array | undefined> =>
    (
      await sql<{ readonly sealed: Uint8Array }>`select sealed from portolan.vault_keys
      where organization_id = ${organizationId} and master_key_id = ${masterKeyId}`.execute(trx)
    ).rows[0]?.sealed

  const create = async (trx: Trx, organizationId: string, masterKeyId: string, master: Key) => {
    const { nonce, tag, text } = seal(master, place(organizationId, masterKeyId), Redacted.value(newKey()))
    // Of two that make it at once the first wins, and both read what it wrote.
    await sql`insert into portolan.vault_keys (organization_id, master_key_id, sealed)
      values (${organizationId}, ${masterKeyId}, ${Buffer.concat([nonce, tag, text])}) on conflict do nothing`.execute(
      trx
    )
    making.add(trx)
    return await stored(trx, organizationId, masterKeyId)
  }

  return {
    active: () => current().active,
    cached: (organizationId, masterKeyId) =>
      current().keys.has(masterKeyId) ? cache.get(nameOf(organizationId, masterKeyId)) : undefined,
    get: async (trx, organizationId, masterKeyId, makes) => {
      const master = current().keys.get(masterKeyId)
      if (master === undefined) throw new TokenVault.KeyUnavailable({ keyId: masterKeyId })
      const name = nameOf(organizationId, masterKeyId)
      const known = cache.get(name)
      if (known !== undefined) return known
      const sealed =
        (await stored(trx, organizationId, masterKeyId)) ??
        (makes ? await create(trx, organizationId, masterKeyId, master) : undefined)
      const box = sealed === undefined ? undefined : Buffer.from(sealed)
      const opened =
        box === undefined
          ? undefined
          : open(master, place(organizationId, masterKeyId), {
              nonce: box.subarray(0, 12),
              tag: box.subarray(12, 28),
              text: box.subarray(28)
            })
      // The name is right and the key is not: somebody configured another key under the old name.
      if (opened === undefined) throw new TokenVault.KeyUnavailable({ keyId: masterKeyId })
      const key: Key = Redacted.make(opened)
      if (cache.size >= cacheLimit) {
        const [oldest] = cache.keys()
        if (oldest !== undefined) cache.delete(oldest)
      }
      // A key that is remembered and then rolled back would seal secrets that nobody can open.
      if (!making.has(trx)) cache.set(name, key)
      return key
    }
  }
}

/** Data keys under fixed master keys. */
export const layer = (masterKeys: MasterKeys): Layer.Layer<DataKeys, MasterKeyUnusable> =>
  Layer.effect(
    DataKeys,
    Effect.gen(function* () {
      const keys = yield* Effect.try({
        try: () => ring(masterKeys),
        catch: (cause) => {
          if (cause instanceof MasterKeyUnusable) return cause
          throw cause
        }
      })
      return make(() => ({ active: masterKeys.active.id, keys }))
    })
  )
