/** Vaults that lose secrets with their keys: VAULT-17 to 20. */
import { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import * as Keys from "../../reference/vault/Keys.ts"
import type { Model } from "../../reference/vault/ModelVault.ts"
import type { Row } from "../../reference/vault/MemoryBackend.ts"
import { mutant } from "./mutant.ts"

type OrganizationId = Parameters<Vault["get"]>[0]

const oldRows = ({ backend, keys }: Model, organizationId: OrganizationId) =>
  [...backend.rows.values()].filter((row) => row.organizationId === organizationId && row.seal.keyId !== keys.active)

/** Seals the copy of a row anew, without looking at the row again; undefined when it does not open or a key is away. */
const resealed = ({ keys, faultPoints }: Model, row: Row): Row | undefined => {
  const bound = faultPoints.bound(row.organizationId, row.reference, row.version)
  const opening = faultPoints.open(keys, row.seal, bound)
  const seal = opening._tag === "Opened" ? faultPoints.seal(keys, opening.text, bound, Keys.nonce()) : undefined
  return seal && { ...row, seal }
}

const opens = ({ faultPoints, keys }: Model, row: Row): boolean =>
  faultPoints.open(keys, row.seal, faultPoints.bound(row.organizationId, row.reference, row.version))._tag === "Opened"

const unavailable = <A>(call: Effect.Effect<A, Error>) =>
  Effect.mapError(call, (cause) => new TokenVault.VaultUnavailable({ doing: "rewrap", cause }))

/** Works in pages and leaves the last one. */
export const rewrapSkipLast = mutant(
  "vault-rewrap-skip-last",
  "VAULT-17",
  "Seals anew by page and misses the last partial page.",
  {
    wrap: (vault, model) => ({
      ...vault,
      rewrap: (organizationId, limit) =>
        Effect.gen(function* () {
          const due = oldRows(model, organizationId).length
          if (due < limit) return { rewrapped: 0, remaining: 0 }
          const { rewrapped } = yield* vault.rewrap(organizationId, limit)
          return { rewrapped, remaining: due - rewrapped < limit ? 0 : due - rewrapped }
        })
    })
  }
)

/** Makes room first. */
export const rewrapDeleteFirst = mutant(
  "vault-rewrap-delete-first",
  "VAULT-18",
  "Deletes the old row before it writes the one that is sealed anew.",
  {
    wrap: (vault, model) => ({
      ...vault,
      rewrap: (organizationId, limit) =>
        Effect.gen(function* () {
          const rows = oldRows(model, organizationId).slice(0, limit)
          for (const row of rows) {
            const key = model.faultPoints.place(organizationId, row.reference)
            const next = resealed(model, row)
            // Without its key a row is left to the vault as it should be, which says so.
            if (next === undefined) return yield* vault.rewrap(organizationId, limit)
            yield* unavailable(model.backend.access(() => model.backend.rows.delete(key)))
            yield* unavailable(model.backend.access(() => model.backend.rows.set(key, next)))
          }
          return { rewrapped: rows.length, remaining: oldRows(model, organizationId).length }
        })
    })
  }
)

/** Writes what it read, whatever came in between. */
export const rewrapOverwrite = mutant(
  "vault-rewrap-overwrite",
  "VAULT-19",
  "Writes the copy that is sealed anew unconditionally.",
  {
    wrap: (vault, model) => ({
      ...vault,
      rewrap: (organizationId, limit) =>
        Effect.gen(function* () {
          const rows = yield* unavailable(model.backend.access(() => oldRows(model, organizationId).slice(0, limit)))
          for (const row of rows) {
            const key = model.faultPoints.place(organizationId, row.reference)
            const next = resealed(model, row)
            if (next === undefined) return yield* vault.rewrap(organizationId, limit)
            yield* unavailable(model.backend.access(() => model.backend.rows.set(key, next)))
          }
          return { rewrapped: rows.length, remaining: oldRows(model, organizationId).length }
        })
    })
  }
)

/** Takes every failure to open for absence. */
export const keyMissAsNotFound = mutant(
  "vault-key-miss-as-notfound",
  "VAULT-20",
  "Reads a secret whose key is away as one that is not there.",
  {
    wrap: (vault) => ({
      ...vault,
      get: (organizationId, reference) =>
        Effect.catchTag(vault.get(organizationId, reference), "KeyUnavailable", () =>
          Effect.fail(new TokenVault.SecretNotFound({ reference }))
        )
    })
  }
)

/** Tidies up what it cannot read. */
export const dropsUnreadable = mutant(
  "vault-drops-unreadable",
  "VAULT-20",
  "Removes rows that it cannot open when it seals anew.",
  {
    wrap: (vault, model) => ({
      ...vault,
      rewrap: (organizationId, limit) =>
        Effect.tapError(vault.rewrap(organizationId, limit), () =>
          Effect.sync(() => {
            for (const row of oldRows(model, organizationId).filter((each) => !opens(model, each))) {
              model.backend.rows.delete(model.faultPoints.place(organizationId, row.reference))
            }
          })
        )
    })
  }
)
