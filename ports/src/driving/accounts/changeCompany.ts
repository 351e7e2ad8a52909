import type { Access, Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../shared/idempotency.ts"

/** Adds a brand to a company. */
export const addBrand = Effect.fn("Companies.addBrand")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  { companyId, name }: { readonly companyId: Id.CompanyId; readonly name: Text.Name },
  idempotencyKey?: IdempotencyKey
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  const brand = { id: yield* deps.secrets.id("brand"), name }
  const create = change(deps, { ...caller, ...idempotencyRecord(idempotencyKey, brand.id) }, [
    on("company", AccessScope.company(deps, caller, "administer", companyId), { _tag: "AddBrand", brand })
  ])
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.map(create, ([company]) => company),
    show: () => Effect.map(deps.repository.find("company", caller.organizationId, companyId), ({ state }) => state)
  })
})

/** Renames a company. */
export const rename = Effect.fn("Companies.rename")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  companyId: Id.CompanyId,
  name: Text.Name
) {
  const read = AccessScope.company(deps, caller, "administer", companyId)
  const [company] = yield* change(deps, caller, [on("company", read, { _tag: "Rename", name })])
  return company
})
