/** Vaults that tell wrong ends of leases, or let leases cross organizations: VAULT-32, 33. */
import { TokenVault } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import { mutant, replacing } from "./mutant.ts"

type Acquire = Vault["acquireLease"]

/** Replaces what somebody is told who is turned away. */
const turnedAway = (
  until: (held: TokenVault.LeaseHeld, ...request: Parameters<Acquire>) => Effect.Effect<DateTime.Utc>
) =>
  replacing((vault) => ({
    acquireLease: (...request) =>
      Effect.catchTag(vault.acquireLease(...request), "LeaseHeld", (held) =>
        Effect.flatMap(until(held, ...request), (end) =>
          Effect.fail(new TokenVault.LeaseHeld({ reference: held.reference, until: end }))
        )
      )
  }))

/** Tells those who are turned away the end that they would have had. */
export const untilOfTheAsker = mutant(
  "lease-until-of-the-asker",
  "VAULT-32",
  "Tells whoever is turned away when their own lease would have ended.",
  {
    wrap: turnedAway((_held, _organizationId, _reference, life) => Effect.map(DateTime.now, DateTime.addDuration(life)))
  }
)

/** Tells the present. */
export const untilNow = mutant("lease-until-now", "VAULT-32", "Tells whoever is turned away to come back at once.", {
  wrap: turnedAway(() => DateTime.now)
})

/** Remembers the first end, whatever was renewed. */
export const untilOfTheFirst = mutant(
  "lease-until-of-the-first-grant",
  "VAULT-32",
  "Tells whoever is turned away the end from before the last renewal.",
  {
    wrap: (vault, { backend }) => {
      const ends = endsOf(backend)
      return {
        ...vault,
        acquireLease: (organizationId, reference, life) => {
          const key = JSON.stringify([organizationId, reference])
          return vault.acquireLease(organizationId, reference, life).pipe(
            Effect.tap(({ expiresAt }) => Effect.sync(() => ends.set(key, expiresAt))),
            Effect.catchTag("LeaseHeld", (held) =>
              Effect.fail(new TokenVault.LeaseHeld({ reference, until: ends.get(key) ?? held.until }))
            )
          )
        }
      }
    }
  }
)

/** The first ends on one storage. */
const firstEnds = new WeakMap<object, Map<string, DateTime.Utc>>()

const endsOf = (backend: object): Map<string, DateTime.Utc> => {
  const found = firstEnds.get(backend) ?? new Map<string, DateTime.Utc>()
  firstEnds.set(backend, found)
  return found
}

/** Tells the holder a minute more than it has. */
export const toldLater = mutant(
  "lease-told-later-than-kept",
  "VAULT-32",
  "Tells the holder an end that is a minute after the one that is kept.",
  {
    wrap: replacing((vault) => ({
      acquireLease: (...request) =>
        Effect.map(vault.acquireLease(...request), (lease) => ({
          ...lease,
          expiresAt: DateTime.add(lease.expiresAt, { minutes: 1 })
        }))
    }))
  }
)

/** Keeps leases by the reference alone. */
export const acrossOrganizations = mutant(
  "lease-of-any-organization",
  "VAULT-33",
  "Keeps leases by their reference, whosever it is.",
  {
    wrap: (vault, { backend, faultPoints: { isOver, place }, now }) => ({
      ...vault,
      acquireLease: (organizationId, reference, life) =>
        Effect.gen(function* () {
          const time = yield* now
          const own = place(organizationId, reference)
          const others = [...backend.rows.values()].filter((row) => row.reference === reference)
          for (const row of others) {
            const key = JSON.stringify([row.organizationId, row.reference])
            const held = backend.leases.get(key)
            if (!backend.rows.has(own) || held === undefined || isOver(held.expiresAt, time)) continue
            return yield* Effect.fail(
              new TokenVault.LeaseHeld({ reference, until: DateTime.makeUnsafe(held.expiresAt) })
            )
          }
          return yield* vault.acquireLease(organizationId, reference, life)
        })
    })
  }
)

/** Counts fences by the reference alone. */
export const sharedFence = mutant(
  "lease-fence-of-all-organizations",
  "VAULT-33",
  "Counts fences by the reference, so that another organization's lease fences the holder out.",
  {
    wrap: (vault, { backend }) => ({
      ...vault,
      acquireLease: (organizationId, reference, life) =>
        Effect.gen(function* () {
          const keys = [...backend.rows.values()]
            .filter((row) => row.reference === reference)
            .map((row) => JSON.stringify([row.organizationId, row.reference]))
          const latest = Math.max(0, ...keys.map((key) => backend.fences.get(key) ?? 0))
          const own = JSON.stringify([organizationId, reference])
          const before = backend.fences.get(own)
          backend.fences.set(own, latest)
          const lease = yield* Effect.tapError(vault.acquireLease(organizationId, reference, life), () =>
            Effect.sync(() => (before === undefined ? backend.fences.delete(own) : backend.fences.set(own, before)))
          )
          for (const key of keys) backend.fences.set(key, lease.fence)
          return lease
        })
    })
  }
)

/** Gives a lease back by its fence alone. */
export const releasesByFence = mutant(
  "lease-released-by-fence",
  "VAULT-33",
  "Gives back every lease of that fence and reference, in all organizations.",
  {
    wrap: (vault, { backend }) => ({
      ...vault,
      releaseLease: (organizationId, lease) =>
        Effect.tap(vault.releaseLease(organizationId, lease), () =>
          Effect.sync(() => {
            for (const [key, held] of backend.leases) {
              const [, reference] = JSON.parse(key)
              if (reference === lease.reference && held.fence === lease.fence) backend.leases.delete(key)
            }
          })
        )
    })
  }
)
