/** Reading, storing and removing secrets. */
import type { Id } from "@portolan/domain"
import { TokenUse, TokenVault } from "@portolan/ports"
import { DateTime, Effect, type Redacted } from "effect"
import { CompiledQuery, sql } from "kysely"
import { writeActor } from "../codec.ts"
import { stripped } from "../DatabaseError.ts"
import type { Key } from "../Seal.ts"
import {
  check,
  checkReference,
  columnOf,
  only,
  openSecret,
  type Row,
  type SecretName,
  type VaultContext
} from "./rows.ts"
import { replace, writeNext } from "./write.ts"

const { KeyUnavailable, SecretCorrupted, SecretNotFound, VaultUnavailable } = TokenVault

/** Opens a data key that is not open yet, by one statement; makes it when asked to and there is none. */
export const openKey = (
  { keys, store }: VaultContext,
  organizationId: Id.OrganizationId,
  keyId: string,
  makes = false
): Promise<Key> => keys.open(store.database.kysely, organizationId, keyId, makes)

/**
 * The text of the statement that reads a secret and records the read; kysely compiles it once, because nothing is read
 * more often.
 */
export const readingText = ({ store }: VaultContext): string =>
  sql<Row>`select * from portolan.read_token(${""}, ${""}, ${""}, ${""}, ${""}, ${""}, ${""})`.compile(
    store.database.kysely
  ).sql

const read = async (
  context: VaultContext,
  reading: string,
  name: SecretName,
  { actor, connectionId, jobId, operation }: TokenUse.Use
): Promise<TokenVault.Stored> => {
  const { organizationId, reference } = name
  const query = CompiledQuery.raw(reading, [
    organizationId,
    columnOf(reference),
    actor._tag,
    writeActor(actor),
    operation,
    connectionId ?? null,
    jobId ?? null
  ])
  const { rows } = await context.store.database.kysely.executeQuery(query)
  const row = (rows as ReadonlyArray<Row>)[0]
  if (row === undefined || row.sealed === null) throw new SecretNotFound({ reference })
  const keyId = row.key_id ?? ""
  const key = context.keys.cached(organizationId, keyId) ?? (await openKey(context, organizationId, keyId))
  const secret = openSecret(key, name, row)
  if (secret === undefined) throw new SecretCorrupted({ reference })
  return { secret, version: Number(row.version), updatedAt: DateTime.makeUnsafe(row.updated_at) }
}

/** Reads a secret, and records who read it and why. */
export const get = Effect.fn("TokenVault.get")(function* (context: VaultContext, reading: string, name: SecretName) {
  yield* Effect.annotateCurrentSpan("db.system.name", "postgresql")
  const use = yield* TokenUse.TokenUse
  return yield* Effect.tryPromise({
    try: () => read(context, reading, name, use),
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
  yield* checkReference(name.reference)
  yield* check(name.reference, secret)
  return yield* writeNext(context, name, "create", secret).pipe(only("SecretExists", "KeyUnavailable"))
})

/** Stores a secret, in place of an earlier one. */
export const put = Effect.fn("TokenVault.put")(function* (
  context: VaultContext,
  name: SecretName,
  secret: Redacted.Redacted<string>
) {
  yield* checkReference(name.reference)
  yield* check(name.reference, secret)
  return yield* writeNext(context, name, "put", secret).pipe(only("KeyUnavailable"))
})

/** Replaces a secret whose version is still the expected one. */
export const compareAndSwap = Effect.fn("TokenVault.compareAndSwap")(function* (
  context: VaultContext,
  name: SecretName,
  secret: Redacted.Redacted<string>,
  expectation: { readonly expected: number; readonly fence: number | undefined }
) {
  yield* check(name.reference, secret)
  return yield* replace(context, name, secret, expectation).pipe(
    only("SecretNotFound", "Fenced", "StaleVersion", "KeyUnavailable")
  )
})
