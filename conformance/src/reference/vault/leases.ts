/** Leases of the model vault. */
import { TokenVault } from "@portolan/ports"
import { DateTime, Duration, Effect } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import { access, keyOf, notFound, type Model } from "./model.ts"

const lease = (reference: string, fence: number, expiresAt: number): TokenVault.Lease => ({
  reference,
  fence,
  expiresAt: DateTime.makeUnsafe(expiresAt)
})

/** Finds the lease if it is still this caller's. */
const own = ({ backend, faultPoints }: Model, key: string, fence: number, now: number) => {
  const held = backend.leases.get(key)
  return held !== undefined && held.fence === fence && !faultPoints.isOver(held.expiresAt, now) ? held : undefined
}

/** `acquireLease` of the port. */
export const acquireLease =
  (model: Model): Vault["acquireLease"] =>
  (organizationId, reference, life) =>
    access(
      model,
      "acquireLease",
      (now): Effect.Effect<TokenVault.Lease, TokenVault.SecretNotFound | TokenVault.LeaseHeld> => {
        const { backend, faultPoints } = model
        const key = keyOf(model, { organizationId, reference })
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
      }
    )

/** `renewLease` of the port. */
export const renewLease =
  (model: Model): Vault["renewLease"] =>
  (organizationId, { reference, fence }, life) =>
    access(model, "renewLease", (now) => {
      const key = keyOf(model, { organizationId, reference })
      if (own(model, key, fence, now) === undefined) return Effect.fail(new TokenVault.LeaseLost({ reference }))
      const expiresAt = now + Duration.toMillis(life)
      model.backend.leases.set(key, { fence, expiresAt })
      return Effect.succeed(lease(reference, fence, expiresAt))
    })

/** `releaseLease` of the port. */
export const releaseLease =
  (model: Model): Vault["releaseLease"] =>
  (organizationId, { reference, fence }) =>
    access(model, "releaseLease", (now) => {
      const key = keyOf(model, { organizationId, reference })
      return Effect.succeed(own(model, key, fence, now) !== undefined && model.backend.leases.delete(key))
    })
