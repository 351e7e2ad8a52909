/** Reading, writing and removing secrets in the model vault. */
import { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import { access, checked, keyOf, named, notFound, place, stored, type Model } from "./model.ts"

type ReadError = TokenVault.SecretNotFound | TokenVault.SecretCorrupted | TokenVault.KeyUnavailable
type SwapError = TokenVault.SecretNotFound | TokenVault.StaleVersion | TokenVault.Fenced | TokenVault.KeyUnavailable

/** `get` of the port. */
export const get =
  (model: Model): Vault["get"] =>
  (organizationId, reference) =>
    access(model, "get", (): Effect.Effect<TokenVault.Stored, ReadError> => {
      const row = model.backend.rows.get(keyOf(model, { organizationId, reference }))
      return row === undefined ? notFound(reference) : stored(model, row)
    })

/** `create` of the port. */
export const create =
  (model: Model): Vault["create"] =>
  (organizationId, reference, secret) =>
    Effect.flatMap(Effect.andThen(named(model, reference), checked(model, reference, secret)), (text) =>
      access(model, "create", (now): Effect.Effect<number, TokenVault.SecretExists | TokenVault.KeyUnavailable> => {
        const at = { organizationId, reference }
        const row = model.backend.rows.get(keyOf(model, at))
        return row === undefined
          ? place(model, at, text, now)
          : Effect.fail(new TokenVault.SecretExists({ reference, version: row.version }))
      })
    )

/** `put` of the port. */
export const put =
  (model: Model): Vault["put"] =>
  (organizationId, reference, secret) =>
    Effect.flatMap(Effect.andThen(named(model, reference), checked(model, reference, secret)), (text) =>
      access(model, "put", (now) => place(model, { organizationId, reference }, text, now))
    )

/** `compareAndSwap` of the port. */
export const compareAndSwap =
  (model: Model): Vault["compareAndSwap"] =>
  (...[organizationId, reference, expected, secret, fence]) =>
    Effect.flatMap(checked(model, reference, secret), (text) =>
      access(model, "compareAndSwap", (now): Effect.Effect<number, SwapError> => {
        const { backend, faultPoints } = model
        const at = { organizationId, reference }
        const key = keyOf(model, at)
        const row = backend.rows.get(key)
        if (row === undefined) return notFound(reference)
        if (fence !== undefined && faultPoints.isFenced(fence, backend.fences.get(key) ?? 0)) {
          return Effect.fail(new TokenVault.Fenced({ reference }))
        }
        if (row.version !== expected) {
          return Effect.fail(new TokenVault.StaleVersion({ reference, expected, found: row.version }))
        }
        return place(model, at, text, now)
      })
    )

/** `remove` of the port. */
export const remove =
  (model: Model): Vault["remove"] =>
  (organizationId, reference) =>
    access(model, "remove", () => {
      const key = keyOf(model, { organizationId, reference })
      model.backend.leases.delete(key)
      return Effect.succeed(model.backend.rows.delete(key))
    })
