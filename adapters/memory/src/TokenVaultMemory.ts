/**
 * Keeps secrets in memory. Nothing is at rest, so nothing is sealed: for tests and trials only. Leases go by Effect's
 * clock, and versions and fences outlive a removal, as they do in a database (laws VAULT-05, VAULT-24).
 */
import type { Id } from "@portolan/domain"
import { type AuditLog, TokenUse, TokenVault } from "@portolan/ports"
import { DateTime, Effect, HashMap, Layer, Option, Redacted, Result } from "effect"
import { type Contents, Memory, type Place, tenant, withTenant, write } from "./Memory.ts"

const {
  Fenced,
  LeaseHeld,
  LeaseLost,
  ReferenceUnacceptable,
  SecretExists,
  SecretNotFound,
  SecretUnacceptable,
  StaleVersion
} = TokenVault

const obstacleOf = (text: string) => {
  if (text === "") return "empty"
  if (!text.isWellFormed()) return "not-encodable"
  return Buffer.byteLength(text) > TokenVault.secretLimitBytes ? "too-large" : undefined
}

const check = (reference: string, secret: Redacted.Redacted<string>) => {
  const because = obstacleOf(Redacted.value(secret))
  return because === undefined ? Effect.void : Effect.fail(new SecretUnacceptable({ reference, because }))
}

const checkReference = (reference: string) =>
  TokenVault.isReference(reference) ? Effect.void : Effect.fail(new ReferenceUnacceptable({ length: reference.length }))

const placeOf = (contents: Contents, organizationId: Id.OrganizationId, reference: string): Place | undefined =>
  Option.getOrUndefined(HashMap.get(tenant(contents, organizationId).vault, reference))

const stores = (place: Place | undefined): place is Place & { readonly secret: Redacted.Redacted<string> } =>
  place?.secret !== undefined

const holds = (place: Place | undefined, lease: TokenVault.Lease, now: DateTime.Utc): boolean =>
  place?.lease?.fence === lease.fence && DateTime.isGreaterThan(place.lease.expiresAt, now)

/** One step on one place: an answer, and the place as it is then when it changes. */
const step = <A, E>(
  memory: Memory["Service"],
  organizationId: Id.OrganizationId,
  reference: string,
  judge: (place: Place | undefined) => Result.Result<readonly [A, Place?], E>
): Effect.Effect<A, E> =>
  Effect.flatMap(
    write<Result.Result<A, E>>(memory, (contents) => {
      const own = tenant(contents, organizationId)
      const verdict = judge(placeOf(contents, organizationId, reference))
      if (Result.isFailure(verdict)) return [Result.fail(verdict.failure), contents]
      const [answer, next] = verdict.success
      return [
        Result.succeed(answer),
        next === undefined
          ? contents
          : withTenant(contents, organizationId, { ...own, vault: HashMap.set(own.vault, reference, next) })
      ]
    }),
    Effect.fromResult
  )

const stored = (place: Place | undefined, secret: Redacted.Redacted<string>, updatedAt: DateTime.Utc) => {
  const version = (place?.version ?? 0) + 1
  return Result.succeed([version, { fence: 0, ...place, secret, version, updatedAt }] as const)
}

type Port = TokenVault.TokenVault["Service"]

/** Adds a read to what is on record. */
const recorded = (contents: Contents, organizationId: Id.OrganizationId, one: Omit<AuditLog.TokenRead, "id">) => {
  const own = tenant(contents, organizationId)
  const tokenReads = [...own.tokenReads, { id: own.tokenReads.length + 1, ...one }]
  return withTenant(contents, organizationId, { ...own, tokenReads })
}

/** Reads a secret, and records who read it and why. */
const get = (memory: Memory["Service"]): Port["get"] =>
  Effect.fn("TokenVault.get")(function* (organizationId, reference) {
    const use = yield* TokenUse.TokenUse
    const at = yield* DateTime.now
    const place = yield* write(memory, (contents) => {
      const found = placeOf(contents, organizationId, reference)
      if (!stores(found)) return [undefined, contents]
      return [found, recorded(contents, organizationId, { ...use, reference, at, isSealed: false })]
    })
    if (place === undefined) return yield* new SecretNotFound({ reference })
    return { secret: place.secret, version: place.version, updatedAt: place.updatedAt }
  })

/** Stores a secret under a reference that has none. */
const create = (memory: Memory["Service"]): Port["create"] =>
  Effect.fn("TokenVault.create")(function* (organizationId, reference, secret) {
    yield* checkReference(reference)
    yield* check(reference, secret)
    const now = yield* DateTime.now
    return yield* step(memory, organizationId, reference, (place) =>
      stores(place) ? Result.fail(new SecretExists({ reference, version: place.version })) : stored(place, secret, now)
    )
  })

/** Stores a secret, in place of an earlier one. */
const put = (memory: Memory["Service"]): Port["put"] =>
  Effect.fn("TokenVault.put")(function* (organizationId, reference, secret) {
    yield* checkReference(reference)
    yield* check(reference, secret)
    const now = yield* DateTime.now
    return yield* step(memory, organizationId, reference, (place) => stored(place, secret, now))
  })

/** Replaces a secret whose version is still the expected one. */
const compareAndSwap = (memory: Memory["Service"]): Port["compareAndSwap"] =>
  Effect.fn("TokenVault.compareAndSwap")(function* (organizationId, reference, expected, secret, fence) {
    yield* check(reference, secret)
    const now = yield* DateTime.now
    return yield* step<number, TokenVault.SecretNotFound | TokenVault.Fenced | TokenVault.StaleVersion>(
      memory,
      organizationId,
      reference,
      (place) => {
        if (!stores(place)) return Result.fail(new SecretNotFound({ reference }))
        if (fence !== undefined && fence < place.fence) return Result.fail(new Fenced({ reference }))
        return place.version === expected
          ? stored(place, secret, now)
          : Result.fail(new StaleVersion({ reference, expected, found: place.version }))
      }
    )
  })

/** Deletes a secret; version and fence stay. */
const remove = (memory: Memory["Service"]): Port["remove"] =>
  Effect.fn("TokenVault.remove")(function* (organizationId, reference) {
    return yield* step(memory, organizationId, reference, (place) => {
      if (!stores(place)) return Result.succeed([false] as const)
      const { fence, updatedAt, version } = place
      return Result.succeed([true, { fence, updatedAt, version }] as const)
    })
  })

/** Takes a lease that nobody has. */
const acquireLease = (memory: Memory["Service"]): Port["acquireLease"] =>
  Effect.fn("TokenVault.acquireLease")(function* (organizationId, reference, life) {
    const now = yield* DateTime.now
    return yield* step<TokenVault.Lease, TokenVault.SecretNotFound | TokenVault.LeaseHeld>(
      memory,
      organizationId,
      reference,
      (place) => {
        if (!stores(place)) return Result.fail(new SecretNotFound({ reference }))
        if (place.lease !== undefined && DateTime.isGreaterThan(place.lease.expiresAt, now)) {
          return Result.fail(new LeaseHeld({ reference, until: place.lease.expiresAt }))
        }
        const fence = place.fence + 1
        const expiresAt = DateTime.addDuration(now, life)
        return Result.succeed([
          { reference, fence, expiresAt },
          { ...place, fence, lease: { fence, expiresAt } }
        ] as const)
      }
    )
  })

/** Prolongs a lease that is still held. */
const renewLease = (memory: Memory["Service"]): Port["renewLease"] =>
  Effect.fn("TokenVault.renewLease")(function* (organizationId, lease, life) {
    const now = yield* DateTime.now
    return yield* step<TokenVault.Lease, TokenVault.LeaseLost>(memory, organizationId, lease.reference, (place) => {
      if (place === undefined || !holds(place, lease, now)) {
        return Result.fail(new LeaseLost({ reference: lease.reference }))
      }
      const next = { fence: lease.fence, expiresAt: DateTime.addDuration(now, life) }
      return Result.succeed([
        { ...lease, expiresAt: next.expiresAt },
        { ...place, lease: next }
      ] as const)
    })
  })

/** Gives a lease back. */
const releaseLease = (memory: Memory["Service"]): Port["releaseLease"] =>
  Effect.fn("TokenVault.releaseLease")(function* (organizationId, lease) {
    const now = yield* DateTime.now
    return yield* step(memory, organizationId, lease.reference, (place) => {
      if (place === undefined || !holds(place, lease, now)) return Result.succeed([false] as const)
      const { lease: _lease, ...rest } = place
      return Result.succeed([true, rest] as const)
    })
  })

/** Keeps secrets in `Memory`. */
export const layer: Layer.Layer<TokenVault.TokenVault, never, Memory> = Layer.effect(
  TokenVault.TokenVault,
  Effect.gen(function* () {
    const memory = yield* Memory
    return TokenVault.TokenVault.of({
      features: new Set<TokenVault.VaultFeature>(["leases"]),
      get: get(memory),
      create: create(memory),
      put: put(memory),
      compareAndSwap: compareAndSwap(memory),
      remove: remove(memory),
      acquireLease: acquireLease(memory),
      renewLease: renewLease(memory),
      releaseLease: releaseLease(memory),
      // Nothing is sealed, so there is nothing to seal anew.
      rewrap: () => Effect.succeed({ rewrapped: 0, remaining: 0 })
    })
  })
)
