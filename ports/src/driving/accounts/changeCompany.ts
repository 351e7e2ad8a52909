import type { Access, Company, Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
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

/** Renames a brand; accounts that have it keep it under its new name. */
export const renameBrand = Effect.fn("Companies.renameBrand")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  companyId: Id.CompanyId,
  { brandId, name }: { readonly brandId: Id.BrandId; readonly name: Text.Name }
) {
  const read = AccessScope.company(deps, caller, "administer", companyId)
  const [company] = yield* change(deps, caller, [on("company", read, { _tag: "RenameBrand", brandId, name })])
  return company
})

/** The accounts of a company that have a brand, those off the lists too: they can be put back. */
const accountsWith = (
  deps: Deps<"repository">,
  { id: companyId, organizationId }: Company.Present,
  brandId: Id.BrandId
) =>
  Effect.map(
    everyPage(
      (page) => deps.repository.accounts(organizationId, { companyId, states: ["Open", "Removed"] }, page),
      accountPages
    ),
    (accounts) => accounts.filter(({ brandIds }) => brandIds.includes(brandId))
  )

const accountPages = 100

/** Removes a brand that was added by mistake; refused for the last one, and for one that accounts have. */
export const removeBrand = Effect.fn("Companies.removeBrand")(
  (deps: ChangeDeps, caller: Access.Caller, companyId: Id.CompanyId, brandId: Id.BrandId) =>
    decideAndCommit(deps, caller, () =>
      Effect.gen(function* () {
        const read = yield* AccessScope.company(deps, caller, "administer", companyId)
        const { length: accounts } = yield* accountsWith(deps, read.state, brandId)
        const removed = yield* decideOn("company", read, { _tag: "RemoveBrand", brandId, accounts })
        return { decided: [removed], result: removed.next as Company.Present }
      })
    )
)

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
