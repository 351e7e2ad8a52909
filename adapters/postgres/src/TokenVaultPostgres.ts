/**
 * Keeps secrets sealed in one table. A row holds secret, version and lease, so each change is one statement; the row
 * outlives the secret, so that versions and fences never repeat (laws VAULT-05, VAULT-24). Leases go by the database's
 * clock, whatever the callers' clocks say (law VAULT-23).
 */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { DateTime, Duration, Effect, Layer, Redacted } from "effect"
import { CompiledQuery, sql } from "kysely"
import { DataKeys } from "./DataKeys.ts"
import { stripped } from "./DatabaseError.ts"
import { type Key, open, seal } from "./Seal.ts"
import { Store, transact, type Trx } from "./Store.ts"

const {
  Fenced,
  KeyUnavailable,
  LeaseHeld,
  LeaseLost,
  SecretCorrupted,
  SecretExists,
  SecretNotFound,
  SecretUnacceptable,
  StaleVersion,
  VaultUnavailable
} = TokenVault

type Refusal =
  | TokenVault.Fenced
  | TokenVault.KeyUnavailable
  | TokenVault.LeaseHeld
  | TokenVault.LeaseLost
  | TokenVault.SecretCorrupted
  | TokenVault.SecretExists
  | TokenVault.SecretNotFound
  | TokenVault.StaleVersion

const refusals = [
  Fenced,
  KeyUnavailable,
  LeaseHeld,
  LeaseLost,
  SecretCorrupted,
  SecretExists,
  SecretNotFound,
  StaleVersion
]
const isRefusal = (cause: unknown): cause is Refusal => refusals.some((refusal) => cause instanceof refusal)

interface Row {
  readonly version: number
  readonly sealed: Uint8Array | null
  readonly nonce: Uint8Array | null
  readonly tag: Uint8Array | null
  readonly key_id: string | null
  readonly updated_at: Date
}

interface Full extends Row {
  readonly fence: number
}

/** The largest reference, in characters. */
const referenceLimit = 200

/**
 * A reference as a column can hold it: what text columns refuse (NUL, lone surrogates) is escaped, so different
 * references stay different.
 */
const columnOf = (reference: string): string => JSON.stringify(reference).slice(1, -1)

const check = (reference: string, secret: Redacted.Redacted<string>) => {
  const text = Redacted.value(secret)
  const because =
    text === ""
      ? "empty"
      : !text.isWellFormed()
        ? "not-encodable"
        : Buffer.byteLength(text) > TokenVault.secretLimitBytes
          ? "too-large"
          : undefined
  if (because !== undefined) return Effect.fail(new SecretUnacceptable({ reference, because }))
  return reference.length >= 1 && reference.length <= referenceLimit
    ? Effect.void
    : Effect.die(new Error(`a reference has 1 to ${referenceLimit} characters`))
}

const place = (organizationId: string, reference: string, version: number, keyId: string) => [
  "secret",
  organizationId,
  reference,
  version,
  keyId
]

/** Keeps secrets in `Store`. */
export const layer: Layer.Layer<TokenVault.TokenVault, never, Store | DataKeys> = Layer.effect(
  TokenVault.TokenVault,
  Effect.gen(function* () {
    const store = yield* Store
    const keys = yield* DataKeys
    const { kysely } = store.database
    // Compiled once: reading a secret is the hottest path there is.
    const reading = sql<Row>`select * from portolan.read_secret(${""}, ${""})`.compile(kysely).sql

    const change = <A>(
      doing: string,
      organizationId: Id.OrganizationId,
      work: (trx: Trx) => Promise<A>
    ): Effect.Effect<A, Refusal | TokenVault.VaultUnavailable> =>
      transact(store, doing, { organizationId }, work, isRefusal).pipe(
        Effect.catchTag("StoreUnavailable", ({ cause, doing }) => Effect.fail(new VaultUnavailable({ doing, cause })))
      )

    /** Leaves only the errors that a method names; another one would be a mistake here. */
    const only =
      <Tag extends Refusal["_tag"] = never>(...tags: ReadonlyArray<Tag>) =>
      <A>(effect: Effect.Effect<A, Refusal | TokenVault.VaultUnavailable>) =>
        Effect.catchIf(
          effect,
          (error): error is Exclude<Refusal, { readonly _tag: Tag }> =>
            error._tag !== "VaultUnavailable" && !tags.some((tag) => tag === error._tag),
          (error) => Effect.die(error)
        )

    /** The row, locked until the end of the transaction; made when it is not there yet and `makes` says so. */
    const locked = async (
      trx: Trx,
      organizationId: string,
      reference: string,
      makes: boolean
    ): Promise<Full | undefined> => {
      const select = sql<Full>`select version, sealed, nonce, tag, key_id, updated_at, fence from portolan.vault_secrets
        where organization_id = ${organizationId} and reference = ${columnOf(reference)} for update`
      const found = (await select.execute(trx)).rows[0]
      if (found !== undefined || !makes) return found
      await sql`insert into portolan.vault_secrets (organization_id, reference)
        values (${organizationId}, ${columnOf(reference)}) on conflict do nothing`.execute(trx)
      return (await select.execute(trx)).rows[0]
    }

    const write = async (
      trx: Trx,
      organizationId: Id.OrganizationId,
      reference: string,
      version: number,
      secret: Redacted.Redacted<string>
    ): Promise<number> => {
      const keyId = keys.active()
      const key = await keys.get(trx, organizationId, keyId, true)
      const plain = Buffer.from(Redacted.value(secret))
      const { nonce, tag, text } = seal(key, place(organizationId, reference, version, keyId), plain)
      await sql`update portolan.vault_secrets set version = ${version},
        sealed = ${Buffer.from(text)}, nonce = ${Buffer.from(nonce)}, tag = ${Buffer.from(tag)}, key_id = ${keyId}, updated_at = clock_timestamp()
        where organization_id = ${organizationId} and reference = ${columnOf(reference)}`.execute(trx)
      return version
    }

    const openedOrNothing = (
      key: Key,
      organizationId: string,
      reference: string,
      { key_id: keyId, nonce, sealed, tag, version }: Row
    ): Redacted.Redacted<string> | undefined => {
      const plain =
        keyId === null || nonce === null || sealed === null || tag === null
          ? undefined
          : open(key, place(organizationId, reference, Number(version), keyId), { text: sealed, nonce, tag })
      return plain === undefined ? undefined : Redacted.make(plain.toString("utf8"))
    }
    const opened = (key: Key, organizationId: string, reference: string, row: Row): Redacted.Redacted<string> => {
      const secret = openedOrNothing(key, organizationId, reference, row)
      if (secret === undefined) throw new SecretCorrupted({ reference })
      return secret
    }

    const openKey = async (organizationId: Id.OrganizationId, keyId: string): Promise<Key> => {
      const result = await Effect.runPromise(
        Effect.result(change("opening a key", organizationId, (trx) => keys.get(trx, organizationId, keyId, false)))
      )
      if (result._tag === "Failure") throw result.failure
      return result.success
    }

    const read = async (organizationId: Id.OrganizationId, reference: string): Promise<TokenVault.Stored> => {
      const { rows } = await kysely.executeQuery(CompiledQuery.raw(reading, [organizationId, columnOf(reference)]))
      const row = (rows as ReadonlyArray<Row>)[0]
      if (row === undefined || row.sealed === null) throw new SecretNotFound({ reference })
      const keyId = row.key_id ?? ""
      const key = keys.cached(organizationId, keyId) ?? (await openKey(organizationId, keyId))
      return {
        secret: opened(key, organizationId, reference, row),
        version: Number(row.version),
        updatedAt: DateTime.makeUnsafe(row.updated_at)
      }
    }

    return TokenVault.TokenVault.of({
      features: new Set<TokenVault.VaultFeature>(["leases", "durable", "rollback-protection"]),

      get: Effect.fn("TokenVault.get")(function* (organizationId, reference) {
        return yield* Effect.tryPromise({
          try: () => read(organizationId, reference),
          catch: (cause) =>
            cause instanceof SecretNotFound ||
            cause instanceof SecretCorrupted ||
            cause instanceof KeyUnavailable ||
            cause instanceof VaultUnavailable
              ? cause
              : new VaultUnavailable({ doing: "reading a secret", cause: stripped(cause) })
        })
      }),

      create: Effect.fn("TokenVault.create")(function* (organizationId, reference, secret) {
        yield* check(reference, secret)
        return yield* change("storing a secret", organizationId, async (trx) => {
          const row = await locked(trx, organizationId, reference, true)
          if (row !== undefined && row.sealed !== null)
            throw new SecretExists({ reference, version: Number(row.version) })
          return await write(trx, organizationId, reference, Number(row?.version ?? 0) + 1, secret)
        }).pipe(only("SecretExists", "KeyUnavailable"))
      }),

      put: Effect.fn("TokenVault.put")(function* (organizationId, reference, secret) {
        yield* check(reference, secret)
        return yield* change("storing a secret", organizationId, async (trx) => {
          const row = await locked(trx, organizationId, reference, true)
          return await write(trx, organizationId, reference, Number(row?.version ?? 0) + 1, secret)
        }).pipe(only("KeyUnavailable"))
      }),

      compareAndSwap: Effect.fn("TokenVault.compareAndSwap")(
        function* (organizationId, reference, expected, secret, fence) {
          yield* check(reference, secret)
          return yield* change("replacing a secret", organizationId, async (trx) => {
            const row = await locked(trx, organizationId, reference, false)
            if (row === undefined || row.sealed === null) throw new SecretNotFound({ reference })
            if (fence !== undefined && fence < Number(row.fence)) throw new Fenced({ reference })
            const found = Number(row.version)
            if (found !== expected) throw new StaleVersion({ reference, expected, found })
            return await write(trx, organizationId, reference, found + 1, secret)
          }).pipe(only("SecretNotFound", "Fenced", "StaleVersion", "KeyUnavailable"))
        }
      ),

      remove: Effect.fn("TokenVault.remove")(function* (organizationId, reference) {
        return yield* change("forgetting a secret", organizationId, async (trx) => {
          const { rows } =
            await sql`update portolan.vault_secrets set sealed = null, nonce = null, tag = null, key_id = null,
            lease_fence = null, lease_until = null, updated_at = clock_timestamp()
            where organization_id = ${organizationId} and reference = ${columnOf(reference)} and sealed is not null
            returning 1`.execute(trx)
          return rows.length > 0
        }).pipe(only())
      }),

      acquireLease: Effect.fn("TokenVault.acquireLease")(function* (organizationId, reference, life) {
        return yield* change("taking a lease", organizationId, async (trx) => {
          const here = sql`organization_id = ${organizationId} and reference = ${columnOf(reference)} and sealed is not null`
          const taken = await sql<LeaseRow>`update portolan.vault_secrets
            set fence = fence + 1, lease_fence = fence + 1, lease_until = ${until(life)}
            where ${here} and (lease_until is null or lease_until <= clock_timestamp())
            returning fence, lease_until`.execute(trx)
          const row = taken.rows[0]
          if (row !== undefined) return leaseOf(reference, row)
          // Held a moment ago; when it was given back since, the caller may try again at once.
          const held = (
            await sql<{ readonly held_until: Date }>`select coalesce(lease_until, clock_timestamp()) as held_until
            from portolan.vault_secrets where ${here}`.execute(trx)
          ).rows[0]
          throw held === undefined
            ? new SecretNotFound({ reference })
            : new LeaseHeld({ reference, until: DateTime.makeUnsafe(held.held_until) })
        }).pipe(only("SecretNotFound", "LeaseHeld"))
      }),

      renewLease: Effect.fn("TokenVault.renewLease")(function* (organizationId, lease, life) {
        return yield* change("prolonging a lease", organizationId, async (trx) => {
          const { rows } = await sql<LeaseRow>`update portolan.vault_secrets set lease_until = ${until(life)}
            where ${heldBy(organizationId, lease)} returning lease_fence as fence, lease_until`.execute(trx)
          const row = rows[0]
          if (row === undefined) throw new LeaseLost({ reference: lease.reference })
          return leaseOf(lease.reference, row)
        }).pipe(only("LeaseLost"))
      }),

      releaseLease: Effect.fn("TokenVault.releaseLease")(function* (organizationId, lease) {
        return yield* change("giving a lease back", organizationId, async (trx) => {
          const { rows } = await sql`update portolan.vault_secrets set lease_fence = null, lease_until = null
            where ${heldBy(organizationId, lease)} returning 1`.execute(trx)
          return rows.length > 0
        }).pipe(only())
      }),

      rewrap: Effect.fn("TokenVault.rewrap")(function* (organizationId, limit) {
        return yield* change("sealing secrets anew", organizationId, async (trx) => {
          const active = keys.active()
          const old = sql`organization_id = ${organizationId} and sealed is not null and key_id <> ${active}`
          // Locked rows are being written at this moment, with the active key: they need nothing.
          const { rows } = await sql<Full & { readonly reference: string }>`
            select reference, version, sealed, nonce, tag, key_id, updated_at, fence from portolan.vault_secrets where ${old}
            order by reference limit ${Math.max(0, Math.trunc(limit))} for update skip locked`.execute(trx)
          let rewrapped = 0
          for (const row of rows) {
            const reference = String(JSON.parse(`"${row.reference}"`))
            const key = await keys.get(trx, organizationId, row.key_id ?? "", false)
            const secret = openedOrNothing(key, organizationId, reference, row)
            // A damaged secret stays as it is, for its reader to be told; it does not hold up the others.
            if (secret === undefined) continue
            rewrapped += 1
            const fresh = await keys.get(trx, organizationId, active, true)
            const { nonce, tag, text } = seal(
              fresh,
              place(organizationId, reference, Number(row.version), active),
              Buffer.from(Redacted.value(secret))
            )
            // Version and time stay: the secret is the same.
            await sql`update portolan.vault_secrets set sealed = ${Buffer.from(text)}, nonce = ${Buffer.from(nonce)},
              tag = ${Buffer.from(tag)}, key_id = ${active}
              where organization_id = ${organizationId} and reference = ${row.reference}`.execute(trx)
          }
          const left = await sql<{ readonly count: number }>`
            select count(*)::integer as count from portolan.vault_secrets where ${old}`.execute(trx)
          return { rewrapped, remaining: left.rows[0]?.count ?? 0 }
        }).pipe(only("KeyUnavailable"))
      })
    })
  })
)

interface LeaseRow {
  readonly fence: number
  readonly lease_until: Date
}

const leaseOf = (reference: string, row: LeaseRow): TokenVault.Lease => ({
  reference,
  fence: Number(row.fence),
  expiresAt: DateTime.makeUnsafe(row.lease_until)
})

/** Whole milliseconds, so that what a caller is told is exactly what the database compares with. */
const until = (life: Duration.Duration) =>
  sql`date_trunc('milliseconds', clock_timestamp())
    + make_interval(secs => ${Duration.toMillis(life) / 1000}::double precision)`

const heldBy = (organizationId: string, lease: TokenVault.Lease) =>
  sql`organization_id = ${organizationId} and reference = ${columnOf(lease.reference)} and sealed is not null
    and lease_fence = ${lease.fence} and lease_until > clock_timestamp()`
