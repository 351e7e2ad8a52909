/** Rows of `vault_secrets`: how a secret is locked, written and opened. */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { Effect, Redacted } from "effect"
import { sql } from "kysely"
import type { DataKeys } from "../DataKeys.ts"
import { type Key, open, seal } from "../Seal.ts"
import { type Store, transact, type Trx } from "../Store.ts"

const {
  Fenced,
  KeyUnavailable,
  LeaseHeld,
  LeaseLost,
  ReferenceUnacceptable,
  SecretCorrupted,
  SecretExists,
  SecretNotFound,
  SecretUnacceptable,
  StaleVersion,
  VaultUnavailable
} = TokenVault

/** What a change of the vault may throw to roll back. */
export type Refusal =
  | TokenVault.Fenced
  | TokenVault.KeyUnavailable
  | TokenVault.LeaseHeld
  | TokenVault.LeaseLost
  | TokenVault.SecretCorrupted
  | TokenVault.SecretExists
  | TokenVault.SecretNotFound
  | TokenVault.StaleVersion
  | TokenVault.VaultUnavailable

const refusals = [
  Fenced,
  KeyUnavailable,
  LeaseHeld,
  LeaseLost,
  SecretCorrupted,
  SecretExists,
  SecretNotFound,
  StaleVersion,
  VaultUnavailable
]
const isRefusal = (cause: unknown): cause is Refusal => refusals.some((refusal) => cause instanceof refusal)

/** What the vault works with. */
export interface VaultContext {
  readonly store: Store["Service"]
  readonly keys: DataKeys["Service"]
}

/** Names a secret. */
export interface SecretName {
  readonly organizationId: Id.OrganizationId
  readonly reference: string
}

/** A secret as it is read. */
export interface Row {
  readonly version: number
  readonly sealed: Uint8Array | null
  readonly nonce: Uint8Array | null
  readonly tag: Uint8Array | null
  readonly key_id: string | null
  readonly updated_at: Date
}

/** A secret as it is changed. */
export interface FencedRow extends Row {
  readonly fence: number
}

/**
 * A reference as a column can hold it: what text columns refuse (NUL, lone surrogates) is escaped, so different
 * references stay different.
 */
export const columnOf = (reference: string): string => JSON.stringify(reference).slice(1, -1)

/** The reference of a column's value. */
export const referenceOf = (column: string): string => String(JSON.parse(`"${column}"`))

const obstacleOf = (text: string) => {
  if (text === "") return "empty"
  if (!text.isWellFormed()) return "not-encodable"
  return Buffer.byteLength(text) > TokenVault.secretLimitBytes ? "too-large" : undefined
}

/** Fails for a secret that cannot be stored. */
export const check = (reference: string, secret: Redacted.Redacted<string>) => {
  const because = obstacleOf(Redacted.value(secret))
  return because === undefined ? Effect.void : Effect.fail(new SecretUnacceptable({ reference, because }))
}

/** Fails for a text that names no secret. */
export const checkReference = (reference: string) =>
  TokenVault.isReference(reference) ? Effect.void : Effect.fail(new ReferenceUnacceptable({ length: reference.length }))

/** Runs a change of an organization's secrets in one transaction. */
export const change = <A>(
  { store }: VaultContext,
  doing: string,
  organizationId: Id.OrganizationId,
  work: (trx: Trx) => Promise<A>
): Effect.Effect<A, Refusal | TokenVault.VaultUnavailable> =>
  transact(store, { doing, scope: { organizationId }, isRefusal, outcomeMatters: true }, work).pipe(
    Effect.catchTag("StoreUnavailable", ({ cause, doing }) => Effect.fail(new VaultUnavailable({ doing, cause })))
  )

/** Leaves only the errors that a method names; another one would be a mistake here. */
export const only =
  <Tag extends Refusal["_tag"] = never>(...tags: ReadonlyArray<Tag>) =>
  <A>(effect: Effect.Effect<A, Refusal | TokenVault.VaultUnavailable>) =>
    Effect.catchIf(
      effect,
      (error): error is Exclude<Refusal, { readonly _tag: Tag }> =>
        error._tag !== "VaultUnavailable" && !tags.some((tag) => tag === error._tag),
      (error) => Effect.die(error)
    )

/** Reads a row and locks it until the end of the transaction. */
export const lock = async (trx: Trx, { organizationId, reference }: SecretName): Promise<FencedRow | undefined> =>
  (
    await sql<FencedRow>`select version, sealed, nonce, tag, key_id, updated_at, fence from portolan.vault_secrets
      where organization_id = ${organizationId} and reference = ${columnOf(reference)} for update`.execute(trx)
  ).rows[0]

/** The same; makes the row when there is none. */
export const lockOrMake = async (trx: Trx, name: SecretName): Promise<FencedRow | undefined> => {
  const found = await lock(trx, name)
  if (found !== undefined) return found
  await sql`insert into portolan.vault_secrets (organization_id, reference)
    values (${name.organizationId}, ${columnOf(name.reference)}) on conflict do nothing`.execute(trx)
  return await lock(trx, name)
}

/** What a sealed secret is bound to, so that it cannot be moved to another row, version or key. */
const bindingOf = ({ organizationId, reference }: SecretName, version: number, keyId: string) => [
  "secret",
  organizationId,
  reference,
  version,
  keyId
]

/** Seals a secret with the active key. */
export const sealSecret = async (
  { keys }: VaultContext,
  trx: Trx,
  name: SecretName & { readonly version: number },
  secret: Redacted.Redacted<string>
) => {
  const keyId = keys.active()
  const key = await keys.get(trx, name.organizationId, keyId, true)
  const { nonce, tag, text } = seal(key, bindingOf(name, name.version, keyId), Buffer.from(Redacted.value(secret)))
  return { keyId, nonce: Buffer.from(nonce), tag: Buffer.from(tag), sealed: Buffer.from(text) }
}

/** Writes a new version of a secret. */
export const write = async (
  context: VaultContext,
  trx: Trx,
  name: SecretName & { readonly version: number },
  secret: Redacted.Redacted<string>
): Promise<number> => {
  const { keyId, nonce, sealed, tag } = await sealSecret(context, trx, name, secret)
  await sql`update portolan.vault_secrets set version = ${name.version}, sealed = ${sealed}, nonce = ${nonce},
    tag = ${tag}, key_id = ${keyId}, updated_at = clock_timestamp()
    where organization_id = ${name.organizationId} and reference = ${columnOf(name.reference)}`.execute(trx)
  return name.version
}

/** Opens a secret; nothing when it is damaged. */
export const openSecret = (
  key: Key,
  name: SecretName,
  { key_id: keyId, nonce, sealed, tag, version }: Row
): Redacted.Redacted<string> | undefined => {
  if (keyId === null || nonce === null || sealed === null || tag === null) return undefined
  const plain = open(key, bindingOf(name, Number(version), keyId), { text: sealed, nonce, tag })
  return plain === undefined ? undefined : Redacted.make(plain.toString("utf8"))
}
