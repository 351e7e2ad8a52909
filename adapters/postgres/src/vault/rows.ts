/** Rows of `vault_secrets`: how a secret is locked, written and opened. */
import type { Id } from "@portolan/domain"
import { type StoreUnavailable, TokenVault } from "@portolan/ports"
import { Effect, Redacted } from "effect"
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

/** Recognises a refusal among what is thrown. */
export const isRefusal = (cause: unknown): cause is Refusal => refusals.some((refusal) => cause instanceof refusal)

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
  asVaultError(transact(store, { doing, scope: { organizationId }, isRefusal, outcomeMatters: true }, work))

/** Says that the vault is away when the store is. */
export const asVaultError = <A>(
  effect: Effect.Effect<A, Refusal | StoreUnavailable.StoreUnavailable>
): Effect.Effect<A, Refusal | TokenVault.VaultUnavailable> =>
  Effect.catchTag(effect, "StoreUnavailable", ({ cause, doing }) => Effect.fail(new VaultUnavailable({ doing, cause })))

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

/** What a sealed secret is bound to, so that it cannot be moved to another row, version or key. */
const bindingOf = ({ organizationId, reference }: SecretName, version: number, keyId: string) => [
  "secret",
  organizationId,
  reference,
  version,
  keyId
]

/** A secret as it is stored. */
export interface Sealed {
  readonly keyId: string
  readonly nonce: Buffer
  readonly tag: Buffer
  readonly sealed: Buffer
}

/** Seals a secret with a data key. */
export const sealSecret = (
  key: Key,
  keyId: string,
  name: SecretName & { readonly version: number },
  secret: Redacted.Redacted<string>
): Sealed => {
  const { nonce, tag, text } = seal(key, bindingOf(name, name.version, keyId), Buffer.from(Redacted.value(secret)))
  return { keyId, nonce: Buffer.from(nonce), tag: Buffer.from(tag), sealed: Buffer.from(text) }
}

/** Opens a secret; nothing when it is damaged. */
export const openSecret = (
  key: Key,
  name: SecretName,
  { key_id: keyId, nonce, sealed, tag, version }: Omit<Row, "updated_at">
): Redacted.Redacted<string> | undefined => {
  if (keyId === null || nonce === null || sealed === null || tag === null) return undefined
  const plain = open(key, bindingOf(name, Number(version), keyId), { text: sealed, nonce, tag })
  return plain === undefined ? undefined : Redacted.make(plain.toString("utf8"))
}
