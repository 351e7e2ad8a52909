/**
 * A small correct vault: every law passes on it, and the mutants are made from it. It keeps its rows in a `Shelf` that
 * outlives it, does everything to a row in one access, and seals for real, so that laws about bytes have bytes to see.
 */
import type { Id } from "@portolan/domain"
import { TokenVault } from "@portolan/ports"
import { DateTime, Duration, Effect, Redacted } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import type { Keys } from "./Keys.ts"
import { clear, type FaultPoints } from "./faultPoints.ts"
import type { Row, MemoryBackend, BackendAway } from "./MemoryBackend.ts"

type OrganizationId = Id.OrganizationId

/** Everything a vault works on. */
export interface Model {
  readonly backend: MemoryBackend
  readonly keys: Keys
  readonly faultPoints: FaultPoints
  readonly features: ReadonlySet<TokenVault.VaultFeature>
  /** Tells the storage's own time, in milliseconds since 1970, whatever clock the caller goes by. */
  readonly now: Effect.Effect<number>
}

/** The features that the model claims. */
export const features: ReadonlySet<TokenVault.VaultFeature> = new Set(["leases", "durable", "rollback-protection"])

type ReadError = TokenVault.SecretNotFound | TokenVault.SecretCorrupted | TokenVault.KeyUnavailable

const away = (doing: string) => (cause: BackendAway) => new TokenVault.VaultUnavailable({ doing, cause })

/** Makes a vault on these parts. */
export const make = (model: Model): Vault => {
  const { backend, keys, faultPoints } = model

  /** Does one thing to storage; what it answers with is run afterwards. */
  const access = <A, E>(doing: string, work: (now: number) => Effect.Effect<A, E>) =>
    Effect.gen(function* () {
      const now = yield* model.now
      const answer = yield* Effect.mapError(
        backend.access(() => work(now)),
        away(doing)
      )
      return yield* answer
    })

  const notFound = (reference: string) => Effect.fail(new TokenVault.SecretNotFound({ reference }))
  const noKey = (keyId: string) => Effect.fail(new TokenVault.KeyUnavailable({ keyId }))

  const sealed = (organizationId: OrganizationId, reference: string, text: string, version: number) => {
    const nonce = faultPoints.nonce(organizationId, reference)
    return faultPoints.seal(keys, text, faultPoints.bound(organizationId, reference, version), nonce)
  }

  /** Puts a secret into its place at the next version. Answers undefined when the active key is not at hand. */
  const place = (organizationId: OrganizationId, reference: string, text: string, now: number): number | undefined => {
    const key = faultPoints.place(organizationId, reference)
    const version = (backend.versions.get(key) ?? 0) + 1
    const seal = sealed(organizationId, reference, text, version)
    if (seal === undefined) return
    backend.rows.set(key, { organizationId, reference, version, updatedAt: now, seal })
    backend.versions.set(key, version)
    return version
  }

  const written = (version: number | undefined) =>
    version === undefined ? noKey(keys.active) : Effect.succeed(version)

  const checked = (reference: string, secret: Redacted.Redacted<string>) =>
    Effect.suspend(() => {
      const because = faultPoints.refuse(clear(secret))
      return because === undefined
        ? Effect.succeed(faultPoints.keep(clear(secret)))
        : Effect.fail(new TokenVault.SecretUnacceptable({ reference, because }))
    })

  const stored = (row: Row) => {
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

  const lease = (reference: string, fence: number, expiresAt: number): TokenVault.Lease => ({
    reference,
    fence,
    expiresAt: DateTime.makeUnsafe(expiresAt)
  })

  const get: Vault["get"] = (organizationId, reference) =>
    access("get", (): Effect.Effect<TokenVault.Stored, ReadError> => {
      const row = backend.rows.get(faultPoints.place(organizationId, reference))
      return row === undefined ? notFound(reference) : stored(row)
    })

  const create: Vault["create"] = (organizationId, reference, secret) =>
    Effect.flatMap(checked(reference, secret), (text) =>
      access("create", (now): Effect.Effect<number, TokenVault.SecretExists | TokenVault.KeyUnavailable> => {
        const row = backend.rows.get(faultPoints.place(organizationId, reference))
        return row === undefined
          ? written(place(organizationId, reference, text, now))
          : Effect.fail(new TokenVault.SecretExists({ reference, version: row.version }))
      })
    )

  const put: Vault["put"] = (organizationId, reference, secret) =>
    Effect.flatMap(checked(reference, secret), (text) =>
      access("put", (now) => written(place(organizationId, reference, text, now)))
    )

  const compareAndSwap: Vault["compareAndSwap"] = (organizationId, reference, expected, secret, fence) =>
    Effect.flatMap(checked(reference, secret), (text) =>
      access(
        "compareAndSwap",
        (
          now
        ): Effect.Effect<
          number,
          TokenVault.SecretNotFound | TokenVault.StaleVersion | TokenVault.Fenced | TokenVault.KeyUnavailable
        > => {
          const key = faultPoints.place(organizationId, reference)
          const row = backend.rows.get(key)
          if (row === undefined) return notFound(reference)
          if (fence !== undefined && faultPoints.isFenced(fence, backend.fences.get(key) ?? 0)) {
            return Effect.fail(new TokenVault.Fenced({ reference }))
          }
          if (row.version !== expected) {
            return Effect.fail(new TokenVault.StaleVersion({ reference, expected, found: row.version }))
          }
          return written(place(organizationId, reference, text, now))
        }
      )
    )

  const remove: Vault["remove"] = (organizationId, reference) =>
    access("remove", () => {
      const key = faultPoints.place(organizationId, reference)
      backend.leases.delete(key)
      return Effect.succeed(backend.rows.delete(key))
    })

  const acquireLease: Vault["acquireLease"] = (organizationId, reference, life) =>
    access("acquireLease", (now): Effect.Effect<TokenVault.Lease, TokenVault.SecretNotFound | TokenVault.LeaseHeld> => {
      const key = faultPoints.place(organizationId, reference)
      if (!backend.rows.has(key)) return notFound(reference)
      const held = backend.leases.get(key)
      if (held !== undefined && !faultPoints.isOver(held.expiresAt, now)) {
        return Effect.fail(new TokenVault.LeaseHeld({ reference, until: DateTime.makeUnsafe(held.expiresAt) }))
      }
      const fence = (backend.fences.get(key) ?? 0) + 1
      const expiresAt = now + Duration.toMillis(life)
      backend.fences.set(key, fence)
      backend.leases.set(key, { fence, expiresAt })
      return Effect.succeed(lease(reference, fence, expiresAt))
    })

  /** Finds the lease if it is still this caller's. */
  const own = (key: string, fence: number, now: number) => {
    const held = backend.leases.get(key)
    return held !== undefined && held.fence === fence && !faultPoints.isOver(held.expiresAt, now) ? held : undefined
  }

  const renewLease: Vault["renewLease"] = (organizationId, { reference, fence }, life) =>
    access("renewLease", (now) => {
      const key = faultPoints.place(organizationId, reference)
      if (own(key, fence, now) === undefined) return Effect.fail(new TokenVault.LeaseLost({ reference }))
      const expiresAt = now + Duration.toMillis(life)
      backend.leases.set(key, { fence, expiresAt })
      return Effect.succeed(lease(reference, fence, expiresAt))
    })

  const releaseLease: Vault["releaseLease"] = (organizationId, { reference, fence }) =>
    access("releaseLease", (now) => {
      const key = faultPoints.place(organizationId, reference)
      return Effect.succeed(own(key, fence, now) !== undefined && backend.leases.delete(key))
    })

  const oldRows = (organizationId: OrganizationId) =>
    [...backend.rows.values()].filter(
      (row) => row.organizationId === organizationId && faultPoints.isOld(row.seal, keys.active)
    )

  /** Seals one row anew where it lies, in one access: a newer write is seen or comes later. */
  const rewrapOne = (organizationId: OrganizationId, reference: string) =>
    access("rewrap", (): Effect.Effect<boolean, TokenVault.KeyUnavailable> => {
      const key = faultPoints.place(organizationId, reference)
      const row = backend.rows.get(key)
      if (row === undefined || !faultPoints.isOld(row.seal, keys.active)) return Effect.succeed(false)
      const opening = faultPoints.open(keys, row.seal, faultPoints.bound(organizationId, reference, row.version))
      if (opening._tag === "NoKey") return noKey(row.seal.keyId)
      // A seal that is broken stays as it is, to be found by the next read.
      if (opening._tag === "Broken") return Effect.succeed(false)
      const seal = sealed(organizationId, reference, opening.text, row.version)
      if (seal === undefined) return noKey(keys.active)
      backend.rows.set(key, { ...row, seal })
      return Effect.succeed(true)
    })

  const rewrap: Vault["rewrap"] = Effect.fnUntraced(function* (organizationId, limit) {
    const rows = yield* access("rewrap", () => Effect.succeed(oldRows(organizationId).slice(0, limit)))
    let rewrapped = 0
    for (const row of rows) {
      if (yield* rewrapOne(organizationId, row.reference)) rewrapped += 1
    }
    const remaining = yield* access("rewrap", () => Effect.succeed(oldRows(organizationId).length))
    return { rewrapped, remaining }
  })

  return {
    features: model.features,
    get,
    create,
    put,
    compareAndSwap,
    remove,
    acquireLease,
    renewLease,
    releaseLease,
    rewrap
  }
}
