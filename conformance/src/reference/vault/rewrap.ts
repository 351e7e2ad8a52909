/** Sealing anew in the model vault. */
import type { Id } from "@portolan/domain"
import type { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import type { Vault } from "../../laws/vault/VaultInstance.ts"
import { access, keyOf, noKey, sealed, type Location, type Model } from "./model.ts"

const oldRows = ({ backend, faultPoints, keys }: Model, organizationId: Id.OrganizationId) =>
  [...backend.rows.values()].filter(
    (row) => row.organizationId === organizationId && faultPoints.isOld(row.seal, keys.active)
  )

/** Seals one row anew where it lies, in one access: a newer write is seen or comes later. */
const rewrapOne = (model: Model, at: Location) =>
  access(model, "rewrap", (): Effect.Effect<boolean, TokenVault.KeyUnavailable> => {
    const { backend, faultPoints, keys } = model
    const key = keyOf(model, at)
    const row = backend.rows.get(key)
    if (row === undefined || !faultPoints.isOld(row.seal, keys.active)) return Effect.succeed(false)
    const bound = faultPoints.bound(at.organizationId, at.reference, row.version)
    const opening = faultPoints.open(keys, row.seal, bound)
    if (opening._tag === "NoKey") return noKey(row.seal.keyId)
    // A seal that is broken stays as it is, to be found by the next read.
    if (opening._tag === "Broken") return Effect.succeed(false)
    const seal = sealed(model, at, opening.text, row.version)
    if (seal === undefined) return noKey(keys.active)
    backend.rows.set(key, { ...row, seal })
    return Effect.succeed(true)
  })

/** `rewrap` of the port. */
export const rewrap = (model: Model): Vault["rewrap"] =>
  Effect.fnUntraced(function* (organizationId, limit) {
    const rows = yield* access(model, "rewrap", () => Effect.succeed(oldRows(model, organizationId).slice(0, limit)))
    let rewrapped = 0
    for (const { reference } of rows) {
      if (yield* rewrapOne(model, { organizationId, reference })) rewrapped += 1
    }
    const remaining = yield* access(model, "rewrap", () => Effect.succeed(oldRows(model, organizationId).length))
    return { rewrapped, remaining }
  })
