/** Vaults that forget, or do things by halves: VAULT-27 to 29. */
import { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import { checked } from "../../reference/vault/model.ts"
import { mutant } from "./mutant.ts"

/** Answers first and writes later. */
export const writeBehind = mutant(
  "vault-write-behind",
  "VAULT-27",
  "Acknowledges a put before it reaches storage; the next call on the same service brings it there.",
  {
    wrap: (vault, model) => {
      const { backend, faultPoints } = model
      let late: Effect.Effect<unknown> = Effect.void
      const flush = Effect.suspend(() => {
        const work = late
        late = Effect.void
        return work
      })
      const flushed =
        <Args extends ReadonlyArray<unknown>, A, E>(call: (...args: Args) => Effect.Effect<A, E>) =>
        (...args: Args) =>
          Effect.andThen(flush, call(...args))
      return {
        features: vault.features,
        get: flushed(vault.get),
        create: flushed(vault.create),
        compareAndSwap: flushed(vault.compareAndSwap),
        remove: flushed(vault.remove),
        acquireLease: flushed(vault.acquireLease),
        renewLease: flushed(vault.renewLease),
        releaseLease: flushed(vault.releaseLease),
        rewrap: flushed(vault.rewrap),
        put: flushed((organizationId, reference, secret) =>
          Effect.map(checked(model, reference, secret), () => {
            late = Effect.orDie(vault.put(organizationId, reference, secret))
            return (backend.versions.get(faultPoints.place(organizationId, reference)) ?? 0) + 1
          })
        )
      }
    }
  }
)

/** Sets the version and the secret one after the other. */
export const twoStatementWrite = mutant(
  "vault-two-statement-write",
  "VAULT-28",
  "Updates the version and the secret in separate statements.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => ({
      ...vault,
      put: (organizationId, reference, secret) =>
        Effect.gen(function* () {
          const key = place(organizationId, reference)
          yield* Effect.mapError(
            backend.access(() => {
              const row = backend.rows.get(key)
              if (row !== undefined) backend.rows.set(key, { ...row, version: row.version + 1 })
            }),
            (cause) => new TokenVault.VaultUnavailable({ doing: "put", cause })
          )
          return yield* vault.put(organizationId, reference, secret)
        })
    })
  }
)

/** Makes room, then writes. */
export const deletesFirst = mutant(
  "vault-delete-then-insert",
  "VAULT-28",
  "Replaces a secret by deleting its row and inserting a new one, in separate statements.",
  {
    wrap: (vault, { backend, faultPoints: { place } }) => ({
      ...vault,
      put: (organizationId, reference, secret) =>
        Effect.gen(function* () {
          const key = place(organizationId, reference)
          yield* Effect.mapError(
            backend.access(() => backend.rows.delete(key)),
            (cause) => new TokenVault.VaultUnavailable({ doing: "put", cause })
          )
          return yield* vault.put(organizationId, reference, secret)
        })
    })
  }
)

/** Reads the version of its own write from a replica. */
export const answersOldVersion = mutant(
  "vault-swap-answers-old-version",
  "VAULT-29",
  "Answers every other swap with the version before its own, from a replica that lags one write.",
  {
    longest: 12,
    wrap: (vault) => ({
      ...vault,
      compareAndSwap: (...[organizationId, reference, expected, secret, fence]) =>
        Effect.map(vault.compareAndSwap(organizationId, reference, expected, secret, fence), (version) =>
          version % 2 === 0 ? version - 1 : version
        )
    })
  }
)
