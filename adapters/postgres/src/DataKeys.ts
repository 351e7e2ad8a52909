/**
 * Data keys: random, of one organization, sealed by the key ring with a master key. Secrets are sealed with the data
 * key that bears the name of the master key that was active when it was made. When a master key is changed, data keys
 * that exist are sealed anew, so that what a backup holds still opens. Opened keys are kept in a small cache, so that
 * reading a secret costs one query.
 */
import type { Id } from "@portolan/domain"
import { KeyRing, TokenVault } from "@portolan/ports"
import { Context, Effect, Layer, Redacted } from "effect"
import { type QueryExecutorProvider, sql } from "kysely"
import { type Key, newKey } from "./Seal.ts"
import type { Trx } from "./Store.ts"

/** Opened data keys that are kept. The oldest go first; a key that is gone is opened again. */
const cacheLimit = 10_000

/** The data keys of all organizations. */
export class DataKeys extends Context.Service<
  DataKeys,
  {
    /** Name of the master key that new secrets hang on. */
    readonly active: () => string
    /** Opens a data key of an organization by its name; makes it when asked to and there is none. */
    readonly get: (trx: Trx, organizationId: Id.OrganizationId, name: string, makes: boolean) => Promise<Key>
    /**
     * The same by one statement outside of a transaction, and by a second one for a key that is made. Nothing when the
     * key was opened before.
     */
    readonly open: (
      kysely: QueryExecutorProvider,
      organizationId: Id.OrganizationId,
      name: string,
      makes: boolean
    ) => Promise<Key>
    /** The data key when it was opened before and its master key is still at hand. */
    readonly cached: (organizationId: Id.OrganizationId, name: string) => Key | undefined
    /** Seals a data key anew with the active master key. Says whether it was under another one. */
    readonly reseal: (trx: Trx, organizationId: Id.OrganizationId, name: string) => Promise<boolean>
    /**
     * Makes the ring unable to open the data keys of an organization, and forgets those that are open. Gives the names
     * of master keys that still open a copy.
     */
    readonly destroy: (
      organizationId: Id.OrganizationId
    ) => Effect.Effect<ReadonlyArray<string>, TokenVault.VaultUnavailable>
    /** The ring that seals them. */
    readonly ring: Ring
  }
>()("@portolan/postgres/DataKeys") {}

type Ring = KeyRing.KeyRing["Service"]

interface Row {
  readonly sealed: Uint8Array
  readonly sealed_by: string
}

interface Opened {
  readonly key: Key
  readonly sealedBy: string
}

const ownerOf = (organizationId: string): KeyRing.Owner => ["data-key", organizationId]
const place = (organizationId: string, name: string): KeyRing.Place => [...ownerOf(organizationId), name]

/** Runs a call of the ring. A ring that is away makes the vault unavailable. */
const runRing = async <A>(
  call: Effect.Effect<A, TokenVault.KeyUnavailable | KeyRing.KeyRingUnavailable>
): Promise<A> => {
  const result = await Effect.runPromise(Effect.result(call))
  if (result._tag === "Success") return result.success
  if (result.failure._tag === "KeyUnavailable") throw result.failure
  throw new TokenVault.VaultUnavailable({ doing: result.failure.doing, cause: result.failure.cause })
}

/** Opens a data key. A ring that does not know the master key is asked anew: it may have been added since. */
const opening = (ring: Ring, at: KeyRing.Place, { sealed, sealed_by: keyId }: Row) =>
  Effect.catchTag(ring.open(keyId, at, sealed), "KeyUnavailable", (error) =>
    KeyRing.isKnown(ring.known(), keyId)
      ? Effect.fail(error)
      : Effect.flatMap(ring.refresh, () => ring.open(keyId, at, sealed))
  )

const stored = async (trx: Trx, organizationId: string, name: string): Promise<Row | undefined> =>
  (
    await sql<Row>`select sealed, coalesce(sealed_by, master_key_id) as sealed_by
      from portolan.vault_keys where organization_id = ${organizationId} and master_key_id = ${name}`.execute(trx)
  ).rows[0]

/** Of two that make a key at once the first wins, and both read what it wrote. */
const create = async (ring: Ring, trx: Trx, organizationId: string, name: string) => {
  const sealed = await newSealed(ring, organizationId, name)
  await sql`insert into portolan.vault_keys (organization_id, master_key_id, sealed, sealed_by)
    values (${organizationId}, ${name}, ${sealed}, ${name}) on conflict do nothing`.execute(trx)
  return await stored(trx, organizationId, name)
}

/** Reads a data key, or keeps the one that is offered where there is none. */
const storedOrOffered = async (
  kysely: QueryExecutorProvider,
  organizationId: string,
  name: string,
  offered: Buffer | null
): Promise<Row | undefined> =>
  (
    await sql<Row>`select sealed, sealed_by
      from portolan.data_key(${organizationId}, ${name}, ${offered}::bytea)`.execute(kysely)
  ).rows[0]

/** A new data key, sealed. */
const newSealed = async (ring: Ring, organizationId: string, name: string): Promise<Buffer> => {
  const plain = Redacted.make<Uint8Array>(Redacted.value(newKey()))
  return Buffer.from(await runRing(ring.seal(name, place(organizationId, name), plain)))
}

const open = async (ring: Ring, organizationId: string, name: string, row: Row): Promise<Key> =>
  Redacted.make(Buffer.from(Redacted.value(await runRing(opening(ring, place(organizationId, name), row)))))

/** Seals a data key with the active master key. Says whether it was under another one. */
const resealIn = async (ring: Ring, trx: Trx, organizationId: string, name: string) => {
  const row = await stored(trx, organizationId, name)
  const next = ring.known().active
  if (row === undefined || row.sealed_by === next) return false
  const plain = Redacted.make<Uint8Array>(Redacted.value(await open(ring, organizationId, name, row)))
  const sealed = Buffer.from(await runRing(ring.seal(next, place(organizationId, name), plain)))
  const { numAffectedRows } = await sql`update portolan.vault_keys set sealed = ${sealed}, sealed_by = ${next}
    where organization_id = ${organizationId} and master_key_id = ${name}
      and coalesce(sealed_by, master_key_id) = ${row.sealed_by}`.execute(trx)
  return numAffectedRows !== undefined && numAffectedRows > 0n
}

/** Opened keys by name; the oldest go first. */
class Cache {
  readonly #opened = new Map<string, Opened>()

  get(organizationId: string, name: string): Opened | undefined {
    return this.#opened.get(`${organizationId}/${name}`)
  }

  keep(organizationId: string, name: string, opened: Opened): void {
    if (this.#opened.size >= cacheLimit) {
      const [oldest] = this.#opened.keys()
      if (oldest !== undefined) this.#opened.delete(oldest)
    }
    this.#opened.set(`${organizationId}/${name}`, opened)
  }

  /** Forgets one key, or every key of an organization. */
  forget(organizationId: string, name = ""): void {
    const start = `${organizationId}/${name}`
    for (const key of this.#opened.keys()) if (key.startsWith(start)) this.#opened.delete(key)
  }
}

/** Builds the service over a ring. Several services over one database agree. */
export const make = (ring: Ring): DataKeys["Service"] => {
  const cache = new Cache()
  const cached = (organizationId: string, name: string): Key | undefined => {
    const known = cache.get(organizationId, name)
    return known !== undefined && KeyRing.isKnown(ring.known(), known.sealedBy) ? known.key : undefined
  }
  /** Transactions that made a key: until they commit, what they see of it may still be undone. */
  const making = new WeakSet<Trx>()
  return {
    ring,
    active: () => ring.known().active,
    cached,
    destroy: (organizationId) =>
      ring.destroy(ownerOf(organizationId)).pipe(
        Effect.tap(Effect.sync(() => cache.forget(organizationId))),
        Effect.mapError(({ cause, doing }) => new TokenVault.VaultUnavailable({ doing, cause }))
      ),
    get: async (trx, organizationId, name, makes) => {
      const known = cached(organizationId, name)
      if (known !== undefined) return known
      let row = await stored(trx, organizationId, name)
      if (row === undefined && makes) {
        row = await create(ring, trx, organizationId, name)
        making.add(trx)
      }
      if (row === undefined) throw new TokenVault.KeyUnavailable({ keyId: name })
      const key = await open(ring, organizationId, name, row)
      // A key that is remembered and then rolled back would seal secrets that nobody can open.
      if (!making.has(trx)) cache.keep(organizationId, name, { key, sealedBy: row.sealed_by })
      return key
    },
    open: async (kysely, organizationId, name, makes) => {
      const known = cached(organizationId, name)
      if (known !== undefined) return known
      const there = await storedOrOffered(kysely, organizationId, name, null)
      const row =
        there ??
        (makes
          ? await storedOrOffered(kysely, organizationId, name, await newSealed(ring, organizationId, name))
          : undefined)
      if (row === undefined) throw new TokenVault.KeyUnavailable({ keyId: name })
      const key = await open(ring, organizationId, name, row)
      // One that was just made is opened once more before it is remembered, so that it is known to open.
      if (there !== undefined) cache.keep(organizationId, name, { key, sealedBy: row.sealed_by })
      return key
    },
    reseal: async (trx, organizationId, name) => {
      const isDone = await resealIn(ring, trx, organizationId, name)
      if (isDone) cache.forget(organizationId, name)
      return isDone
    }
  }
}

/** Data keys over the key ring. */
export const layer: Layer.Layer<DataKeys, never, KeyRing.KeyRing> = Layer.effect(
  DataKeys,
  Effect.map(KeyRing.KeyRing, make)
)
