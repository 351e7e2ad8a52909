/** Vaults that are wrong about versions, creation and deletion: VAULT-03 to 07. */
import { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import { mutant, replacing } from "./mutant.ts"

/** Stores under a name that stood the check before; a swap cannot end with an error about it. */
const overwritten = (vault: Vault, ...parameters: Parameters<Vault["put"]>) =>
  Effect.catchTag(vault.put(...parameters), "ReferenceUnacceptable", Effect.die)

/** Looks first and writes whatever it finds next. */
export const casBlind = mutant("vault-cas-blind", "VAULT-03", "Swaps without the version in the write's condition.", {
  wrap: replacing((vault) => ({
    compareAndSwap: (...[organizationId, reference, expected, secret, fence]) =>
      Effect.gen(function* () {
        const { version } = yield* readable(vault, organizationId, reference)
        // Whatever is to be refused, and whatever carries a fence, is left to the vault as it should be.
        if (version !== expected || fence !== undefined) {
          return yield* vault.compareAndSwap(organizationId, reference, expected, secret, fence)
        }
        return yield* overwritten(vault, organizationId, reference, secret)
      })
  }))
})

/** Reads without the error that a swap cannot end with. */
const readable = (vault: Vault, ...[organizationId, reference]: Parameters<Vault["get"]>) =>
  Effect.catchTag(vault.get(organizationId, reference), "SecretCorrupted", (cause) =>
    Effect.fail(new TokenVault.VaultUnavailable({ doing: "compareAndSwap", cause }))
  )

/** Writes, looks, and reports a conflict when it is too late. */
export const casPartial = mutant(
  "vault-cas-partial",
  "VAULT-04",
  "Writes the new secret first, then checks the version and reports a conflict.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => ({
      ...vault,
      compareAndSwap: (...[organizationId, reference, expected, secret, fence]) =>
        Effect.gen(function* () {
          const key = place(organizationId, reference)
          const row = backend.rows.get(key)
          if (row === undefined || row.version === expected) {
            return yield* vault.compareAndSwap(organizationId, reference, expected, secret, fence)
          }
          yield* overwritten(vault, organizationId, reference, secret)
          return yield* Effect.fail(new TokenVault.StaleVersion({ reference, expected, found: row.version }))
        })
    })
  }
)

/** Counts from one again. */
export const aba = mutant("vault-aba", "VAULT-05", "Starts again at version 1 after a deletion.", {
  wrap: (vault, { backend, faultPoints: { place } }) => ({
    ...vault,
    remove: (organizationId, reference) =>
      Effect.tap(vault.remove(organizationId, reference), () =>
        Effect.sync(() => backend.versions.delete(place(organizationId, reference)))
      )
  })
})

/** Inserts or updates. */
export const createUpsert = mutant("vault-create-upsert", "VAULT-06", "Turns create-only into insert-or-update.", {
  wrap: replacing((vault) => ({ create: vault.put }))
})

/** Marks what is deleted, and forgets to look at the mark in swaps. */
export const softDeleteLeak = mutant(
  "vault-soft-delete-leak",
  "VAULT-07",
  "Deletes by a mark that every call respects but the swap.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => {
      const rows = backend.rows
      const deleted: Set<string> = markOf(rows)
      return {
        ...vault,
        get: (organizationId, reference) =>
          Effect.suspend(() =>
            deleted.has(place(organizationId, reference))
              ? Effect.fail(new TokenVault.SecretNotFound({ reference }))
              : vault.get(organizationId, reference)
          ),
        put: (organizationId, reference, secret) =>
          Effect.tap(vault.put(organizationId, reference, secret), () =>
            Effect.sync(() => deleted.delete(place(organizationId, reference)))
          ),
        create: (organizationId, reference, secret) =>
          Effect.suspend(() =>
            deleted.delete(place(organizationId, reference))
              ? Effect.catchTag(vault.put(organizationId, reference, secret), "SecretUnacceptable", Effect.fail)
              : vault.create(organizationId, reference, secret)
          ),
        remove: (organizationId, reference) =>
          Effect.sync(() => {
            const key = place(organizationId, reference)
            if (!rows.has(key) || deleted.has(key)) return false
            deleted.add(key)
            backend.leases.delete(key)
            return true
          }),
        acquireLease: (organizationId, reference, life) =>
          Effect.suspend(() =>
            deleted.has(place(organizationId, reference))
              ? Effect.fail(new TokenVault.SecretNotFound({ reference }))
              : vault.acquireLease(organizationId, reference, life)
          )
      }
    }
  }
)

/** The marks of one storage: all its clients see the same. */
const marks = new WeakMap<object, Set<string>>()

const markOf = (rows: object): Set<string> => {
  const found = marks.get(rows) ?? new Set<string>()
  marks.set(rows, found)
  return found
}
