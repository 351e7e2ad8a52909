/** Vaults that bring back what was removed, or read an outage as an answer: VAULT-14, 19, 34, 35, 36. */
import { TokenVault } from "@portolan/ports"
import { Clock, Effect } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import * as Keys from "../../reference/vault/Keys.ts"
import type { Row } from "../../reference/vault/MemoryBackend.ts"
import { mutant, replacing } from "./mutant.ts"

/** Joins without separators. */
export const joinedAad = mutant(
  "vault-aad-joined",
  "VAULT-14",
  "Joins the parts of the associated data with nothing between them.",
  { faultPoints: { bound: (organizationId, reference, version) => `${organizationId}${reference}${version}` } }
)

/** The same in another order. */
export const joinedAadInFront = mutant(
  "vault-aad-joined-version-first",
  "VAULT-14",
  "Puts the version before the reference in the associated data, with nothing between them.",
  { faultPoints: { bound: (organizationId, reference, version) => `${organizationId}${version}${reference}` } }
)

/** Folds the reference before it binds. */
export const foldedAad = mutant(
  "vault-aad-folded",
  "VAULT-14",
  "Folds letter case and accents of the reference before it binds a seal to it.",
  {
    faultPoints: {
      bound: (organizationId, reference, version) =>
        JSON.stringify([organizationId, reference.normalize("NFC").toLowerCase().trim(), version])
    }
  }
)

/** Looks at the version, and inserts what is gone. */
export const rewrapRestores = mutant(
  "vault-rewrap-restores",
  "VAULT-19",
  "Writes what is sealed anew by an upsert, which leaves newer versions alone and brings back what was removed.",
  {
    wrap: (vault, { backend, faultPoints, keys }) => ({
      ...vault,
      rewrap: (organizationId, limit) =>
        Effect.gen(function* () {
          const rows = [...backend.rows.values()]
            .filter((row) => row.organizationId === organizationId && row.seal.keyId !== keys.active)
            .slice(0, limit)
          for (const row of rows) {
            yield* Effect.yieldNow
            const bound = faultPoints.bound(row.organizationId, row.reference, row.version)
            const opening = faultPoints.open(keys, row.seal, bound)
            const seal = opening._tag === "Opened" && faultPoints.seal(keys, opening.text, bound, Keys.nonce())
            // Without its key a row is left to the vault as it should be, which says so.
            if (seal === false || seal === undefined) return yield* vault.rewrap(organizationId, limit)
            const key = faultPoints.place(organizationId, row.reference)
            const found = backend.rows.get(key)
            if (found === undefined || found.version === row.version) backend.rows.set(key, { ...row, seal })
          }
          return yield* vault.rewrap(organizationId, limit)
        })
    })
  }
)

/** Catches what it should pass on. */
const deaf = (id: string, defect: string, methods: (vault: Vault) => Partial<Vault>) =>
  mutant(id, "VAULT-34", defect, { wrap: replacing(methods) })

/** Says that there is no secret. */
export const deafGet = deaf(
  "vault-outage-is-not-found",
  "Answers a read that failed with SecretNotFound.",
  (vault) => ({
    get: (organizationId, reference) =>
      Effect.catchTag(vault.get(organizationId, reference), "VaultUnavailable", () =>
        Effect.fail(new TokenVault.SecretNotFound({ reference }))
      )
  })
)

/** Says that there was nothing to remove. */
export const deafRemove = deaf(
  "vault-outage-removed-nothing",
  "Answers a removal that failed with false.",
  (vault) => ({
    remove: (...request) => Effect.catchTag(vault.remove(...request), "VaultUnavailable", () => Effect.succeed(false))
  })
)

/** Says that the lease is gone. */
export const deafRenew = deaf("lease-outage-is-lost", "Answers a renewal that failed with LeaseLost.", (vault) => ({
  renewLease: (organizationId, lease, life) =>
    Effect.catchTag(vault.renewLease(organizationId, lease, life), "VaultUnavailable", () =>
      Effect.fail(new TokenVault.LeaseLost({ reference: lease.reference }))
    )
}))

/** Says that nothing is left to do. */
export const deafRewrap = deaf("vault-outage-is-done", "Answers that nothing is left to seal anew.", (vault) => ({
  rewrap: (...request) =>
    Effect.catchTag(vault.rewrap(...request), "VaultUnavailable", () => Effect.succeed({ rewrapped: 0, remaining: 0 }))
}))

/** Takes a lease without the storage. */
export const deafAcquire = deaf("lease-outage-is-free", "Gives a lease when the storage is away.", (vault) => ({
  acquireLease: (organizationId, reference, life) =>
    Effect.catchTag(vault.acquireLease(organizationId, reference, life), "VaultUnavailable", () =>
      Effect.fail(new TokenVault.SecretNotFound({ reference }))
    )
}))

/** What was read of rows before something was done to them. */
const puttingBack =
  (call: "releaseLease" | "renewLease") =>
  (...[vault, { backend, faultPoints }]: Parameters<NonNullable<Parameters<typeof mutant>[3]["wrap"]>>): Vault => ({
    ...vault,
    [call]: (...request: Parameters<Vault["renewLease"]>) =>
      Effect.gen(function* () {
        const key = faultPoints.place(request[0], request[1].reference)
        const row = backend.rows.get(key)
        const answer = yield* vault[call](...request)
        yield* Effect.yieldNow
        if (row !== undefined) yield* Effect.sync(() => backend.rows.set(key, row))
        return answer
      })
  })

/** Writes a whole row to give a lease back. */
export const releaseRestores = mutant(
  "lease-release-restores",
  "VAULT-35",
  "Writes the whole row back when a lease is given back, as it was read before.",
  { wrap: puttingBack("releaseLease") }
)

/** Writes a whole row to renew a lease. */
export const renewRestores = mutant(
  "lease-renew-restores",
  "VAULT-36",
  "Writes the whole row back when a lease is renewed, over what came in between.",
  { wrap: puttingBack("renewLease") }
)

/** Deletes by a mark that ends. */
export const removedForNow = mutant(
  "vault-removed-for-now",
  "VAULT-35",
  "Marks what is removed for two minutes, and lets it be found again after them.",
  {
    wrap: (vault, { backend, faultPoints }) => {
      const marks = marksOf(backend)
      return {
        ...vault,
        remove: (organizationId, reference) =>
          Effect.gen(function* () {
            const key = faultPoints.place(organizationId, reference)
            const row = backend.rows.get(key)
            const until = (yield* Clock.currentTimeMillis) + 120_000
            if (row !== undefined) marks.set(key, { row, until })
            return yield* vault.remove(organizationId, reference)
          }),
        get: (organizationId, reference) =>
          Effect.gen(function* () {
            const key = faultPoints.place(organizationId, reference)
            const mark = marks.get(key)
            const isOver = mark !== undefined && mark.until <= (yield* Clock.currentTimeMillis)
            if (isOver && !backend.rows.has(key)) backend.rows.set(key, mark.row)
            return yield* vault.get(organizationId, reference)
          })
      }
    }
  }
)

const marked = new WeakMap<object, Map<string, { readonly row: Row; readonly until: number }>>()

const marksOf = (backend: object) => {
  const found = marked.get(backend) ?? new Map<string, { readonly row: Row; readonly until: number }>()
  marked.set(backend, found)
  return found
}
