/** Reading, storing and removing secrets. */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { DateTime, Effect, type Redacted } from "effect"
import { CompiledQuery, sql } from "kysely"
import { stripped } from "../DatabaseError.ts"
import type { Key } from "../Seal.ts"
import {
  change,
  check,
  checkReference,
  columnOf,
  lock,
  lockOrMake,
  only,
  openSecret,
  type Row,
  type SecretName,
  type VaultContext,
  write
} from "./rows.ts"

const { Fenced, KeyUnavailable, SecretCorrupted, SecretExists, SecretNotFound, StaleVersion, VaultUnavailable } =
  TokenVault

const openKey = async (context: VaultContext, organizationId: Id.OrganizationId, keyId: string): Promise<Key> => {
  const result = await Effect.runPromise(
    Effect.result(
      change(context, "opening a key", organizationId, (trx) => context.keys.get(trx, organizationId, keyId, false))
    )
  )
  if (result._tag === "Failure") throw result.failure
  return result.success
}

/** The text of the statement that reads a secret; kysely compiles it once, because nothing is read more often. */
export const readingText = ({ store }: VaultContext): string =>
  sql<Row>`select * from portolan.read_secret(${""}, ${""})`.compile(store.database.kysely).sql

const read = async (context: VaultContext, reading: string, name: SecretName): Promise<TokenVault.Stored> => {
  const { organizationId, reference } = name
  const query = CompiledQuery.raw(reading, [organizationId, columnOf(reference)])
  const { rows } = await context.store.database.kysely.executeQuery(query)
  const row = (rows as ReadonlyArray<Row>)[0]
  if (row === undefined || row.sealed === null) throw new SecretNotFound({ reference })
  const keyId = row.key_id ?? ""
  const key = context.keys.cached(organizationId, keyId) ?? (await openKey(context, organizationId, keyId))
  const secret = openSecret(key, name, row)
  if (secret === undefined) throw new SecretCorrupted({ reference })
  return { secret, version: Number(row.version), updatedAt: DateTime.makeUnsafe(row.updated_at) }
}

/** Reads a secret. */
export const get = Effect.fn("TokenVault.get")(function* (context: VaultContext, reading: string, name: SecretName) {
  return yield* Effect.tryPromise({
    try: () => read(context, reading, name),
    catch: (cause) =>
      cause instanceof SecretNotFound ||
      cause instanceof SecretCorrupted ||
      cause instanceof KeyUnavailable ||
      cause instanceof VaultUnavailable
        ? cause
        : new VaultUnavailable({ doing: "reading a secret", cause: stripped(cause) })
  })
})

/** Stores a secret under a reference that has none. */
export const create = Effect.fn("TokenVault.create")(function* (
  context: VaultContext,
  name: SecretName,
  secret: Redacted.Redacted<string>
) {
  const { organizationId, reference } = name
  yield* checkReference(reference)
  yield* check(reference, secret)
  return yield* change(context, "storing a secret", organizationId, async (trx) => {
    const row = await lockOrMake(trx, name)
    const version = Number(row?.version ?? 0)
    if (row !== undefined && row.sealed !== null) throw new SecretExists({ reference, version })
    return await write(context, trx, { ...name, version: version + 1 }, secret)
  }).pipe(only("SecretExists", "KeyUnavailable"))
})

/** Stores a secret, in place of an earlier one. */
export const put = Effect.fn("TokenVault.put")(function* (
  context: VaultContext,
  name: SecretName,
  secret: Redacted.Redacted<string>
) {
  yield* checkReference(name.reference)
  yield* check(name.reference, secret)
  return yield* change(context, "storing a secret", name.organizationId, async (trx) => {
    const row = await lockOrMake(trx, name)
    return await write(context, trx, { ...name, version: Number(row?.version ?? 0) + 1 }, secret)
  }).pipe(only("KeyUnavailable"))
})

/** Replaces a secret whose version is still the expected one. */
export const compareAndSwap = Effect.fn("TokenVault.compareAndSwap")(function* (
  context: VaultContext,
  name: SecretName,
  secret: Redacted.Redacted<string>,
  { expected, fence }: { readonly expected: number; readonly fence: number | undefined }
) {
  const { organizationId, reference } = name
  yield* check(reference, secret)
  return yield* change(context, "replacing a secret", organizationId, async (trx) => {
    const row = await lock(trx, name)
    if (row === undefined || row.sealed === null) throw new SecretNotFound({ reference })
    if (fence !== undefined && fence < Number(row.fence)) throw new Fenced({ reference })
    const found = Number(row.version)
    if (found !== expected) throw new StaleVersion({ reference, expected, found })
    return await write(context, trx, { ...name, version: found + 1 }, secret)
  }).pipe(only("SecretNotFound", "Fenced", "StaleVersion", "KeyUnavailable"))
})

/** Deletes a secret. Its row stays, so that versions and fences never repeat. */
export const remove = Effect.fn("TokenVault.remove")(function* (
  context: VaultContext,
  { organizationId, reference }: SecretName
) {
  return yield* change(context, "forgetting a secret", organizationId, async (trx) => {
    const { rows } = await sql`update portolan.vault_secrets
      set sealed = null, nonce = null, tag = null, key_id = null, lease_fence = null, lease_until = null,
        updated_at = clock_timestamp()
      where organization_id = ${organizationId} and reference = ${columnOf(reference)} and sealed is not null
      returning 1`.execute(trx)
    return rows.length > 0
  }).pipe(only())
})
