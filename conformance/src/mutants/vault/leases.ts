/** Vaults whose leases do not hold: META-10, VAULT-22 to 25, VAULT-31. */
import { TokenVault } from "@portolan/ports"
import { Clock, DateTime, Duration, Effect } from "effect"
import { mutant } from "./mutant.ts"

/** Has the code of leases, and not their claim. */
export const unclaimed = mutant("vault-unclaimed-leases", "META-10", "Gives leases, which it does not claim.", {
  features: new Set(["durable", "rollback-protection"])
})

/** Looks, then takes. */
export const checkThenSet = mutant(
  "lease-check-then-set",
  "VAULT-22",
  "Looks for a lease, and inserts its own in a second statement.",
  {
    wrap: (vault, { backend, faultPoints: { place, isOver }, now }) => ({
      ...vault,
      acquireLease: (organizationId, reference, life) =>
        Effect.gen(function* () {
          const key = place(organizationId, reference)
          const time = yield* now
          if (!backend.rows.has(key)) return yield* Effect.fail(new TokenVault.SecretNotFound({ reference }))
          const held = backend.leases.get(key)
          if (held !== undefined && !isOver(held.expiresAt, time)) {
            return yield* Effect.fail(
              new TokenVault.LeaseHeld({ reference, until: DateTime.makeUnsafe(held.expiresAt) })
            )
          }
          yield* Effect.yieldNow
          return yield* Effect.sync(() => {
            const fence = (backend.fences.get(key) ?? 0) + 1
            const expiresAt = time + Duration.toMillis(life)
            backend.fences.set(key, fence)
            backend.leases.set(key, { fence, expiresAt })
            return { reference, fence, expiresAt: DateTime.makeUnsafe(expiresAt) }
          })
        })
    })
  }
)

/** Goes by the caller's clock. */
export const localClock = mutant(
  "lease-local-clock",
  "VAULT-23",
  "Sets and compares deadlines by the caller's clock instead of the store's.",
  { clock: () => Clock.currentTimeMillis }
)

/** Holds on for one instant too long. */
export const offByOne = mutant("lease-off-by-one", "VAULT-23", "Counts the deadline itself as still held.", {
  faultPoints: { isOver: (expiresAt, now) => now > expiresAt }
})

/** Lets former holders write. */
export const unfencedCas = mutant("lease-unfenced-cas", "VAULT-24", "Accepts swaps from former holders.", {
  faultPoints: { isFenced: () => false }
})

/** Counts fences from one again. */
export const fenceReset = mutant(
  "lease-fence-reset",
  "VAULT-24",
  "Forgets the last fence when the secret is removed.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => ({
      ...vault,
      remove: (organizationId, reference) =>
        Effect.tap(vault.remove(organizationId, reference), () =>
          Effect.sync(() => backend.fences.delete(place(organizationId, reference)))
        )
    })
  }
)

/** Frees whatever lease there is. */
export const releaseAny = mutant(
  "lease-release-any",
  "VAULT-25",
  "Deletes the lease by its reference only, whatever its fence.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => ({
      ...vault,
      releaseLease: (organizationId, { reference }) =>
        Effect.sync(() => backend.leases.delete(place(organizationId, reference)))
    })
  }
)

/** Says that it renewed, and keeps the old end. */
export const renewalOnlyTold = mutant(
  "lease-renewal-only-told",
  "VAULT-31",
  "Answers a renewal with the new end and does not store it.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => ({
      ...vault,
      renewLease: (organizationId, lease, life) =>
        Effect.suspend(() => {
          const key = place(organizationId, lease.reference)
          const kept = backend.leases.get(key)
          return Effect.tap(vault.renewLease(organizationId, lease, life), () =>
            Effect.sync(() => (kept === undefined ? undefined : backend.leases.set(key, kept)))
          )
        })
    })
  }
)

/** Counts a renewal from the old end. */
export const renewalAdds = mutant(
  "lease-renewal-adds",
  "VAULT-31",
  "Adds the life to the end of the lease instead of to the present, and tells the present's.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => ({
      ...vault,
      renewLease: (organizationId, lease, life) =>
        Effect.suspend(() => {
          const key = place(organizationId, lease.reference)
          const before = backend.leases.get(key)?.expiresAt ?? 0
          return Effect.tap(vault.renewLease(organizationId, lease, life), ({ fence }) =>
            Effect.sync(() => backend.leases.set(key, { fence, expiresAt: before + Duration.toMillis(life) }))
          )
        })
    })
  }
)
