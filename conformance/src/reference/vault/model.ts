/** What the model vault works on, and how it gets at it. */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { DateTime, Effect, Redacted } from "effect"
import { clear, type FaultPoints } from "./faultPoints.ts"
import type { Keys } from "./Keys.ts"
import type { BackendAway, MemoryBackend, Row } from "./MemoryBackend.ts"

/** Everything a vault works on. */
export interface Model {
  readonly backend: MemoryBackend
  readonly keys: Keys
  readonly faultPoints: FaultPoints
  readonly features: ReadonlySet<TokenVault.VaultFeature>
  /** The storage's own time, in milliseconds since 1970, whatever clock the caller goes by. */
  readonly now: Effect.Effect<number>
}

/** Where a secret belongs. */
export interface Location {
  readonly organizationId: Id.OrganizationId
  readonly reference: string
}

const away = (doing: string) => (cause: BackendAway) => new TokenVault.VaultUnavailable({ doing, cause })

/** Does one thing to storage; what it answers with is run afterwards. */
export const access = <A, E>(model: Model, doing: string, work: (now: number) => Effect.Effect<A, E>) =>
  Effect.gen(function* () {
    const now = yield* model.now
    const answer = yield* Effect.mapError(
      model.backend.access(() => work(now)),
      away(doing)
    )
    return yield* answer
  })

/** The key of a secret in storage. */
export const keyOf = ({ faultPoints }: Model, { organizationId, reference }: Location) =>
  faultPoints.place(organizationId, reference)

/** Says that there is no such secret. */
export const notFound = (reference: string) => Effect.fail(new TokenVault.SecretNotFound({ reference }))

/** Says that a key is not at hand. */
export const noKey = (keyId: string) => Effect.fail(new TokenVault.KeyUnavailable({ keyId }))

/** Seals text for its place; undefined when the active key is not at hand. */
export const sealed = ({ faultPoints, keys }: Model, at: Location, text: string, version: number) => {
  const nonce = faultPoints.nonce(at.organizationId, at.reference)
  return faultPoints.seal(keys, text, faultPoints.bound(at.organizationId, at.reference, version), nonce)
}

/** Puts a secret into its place at the next version. */
export const place = (
  model: Model,
  at: Location,
  text: string,
  now: number
): Effect.Effect<number, TokenVault.KeyUnavailable> => {
  const { backend, keys } = model
  const key = keyOf(model, at)
  const version = (backend.versions.get(key) ?? 0) + 1
  const seal = sealed(model, at, text, version)
  if (seal === undefined) return noKey(keys.active)
  backend.rows.set(key, { ...at, version, updatedAt: now, seal })
  backend.versions.set(key, version)
  return Effect.succeed(version)
}

/** What is stored for a secret, or why it cannot be. */
export const checked = ({ faultPoints }: Model, reference: string, secret: Redacted.Redacted<string>) =>
  Effect.suspend(() => {
    const because = faultPoints.refuse(clear(secret))
    return because === undefined
      ? Effect.succeed(faultPoints.keep(clear(secret)))
      : Effect.fail(new TokenVault.SecretUnacceptable({ reference, because }))
  })

/** Goes on with a text that may name a secret. */
export const named = ({ faultPoints }: Model, reference: string) =>
  Effect.suspend(() =>
    faultPoints.isReference(reference)
      ? Effect.void
      : Effect.fail(new TokenVault.ReferenceUnacceptable({ length: reference.length }))
  )

/** Opens a row. */
export const stored = (
  { faultPoints, keys }: Model,
  row: Row
): Effect.Effect<TokenVault.Stored, TokenVault.SecretCorrupted | TokenVault.KeyUnavailable> => {
  const opening = faultPoints.open(keys, row.seal, faultPoints.bound(row.organizationId, row.reference, row.version))
  switch (opening._tag) {
    case "Opened":
      return Effect.succeed({
        secret: Redacted.make(opening.text),
        version: row.version,
        updatedAt: DateTime.makeUnsafe(row.updatedAt)
      })
    case "NoKey":
      return noKey(row.seal.keyId)
    case "Broken":
      return Effect.fail(new TokenVault.SecretCorrupted({ reference: row.reference }))
  }
}
