import { type Access, type Company, given, type Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/** Narrows the list of companies: those in use, unless said otherwise. `search` looks into names and brands. */
export interface CompanyFilter {
  readonly search?: string | undefined
  readonly states?: ReadonlyArray<Company.Present["_tag"]>
}

/** Lists companies by name; `search` looks into names and brands. */
export const list = Effect.fn("Companies.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  { search, states }: CompanyFilter,
  page: PageRequest
) {
  yield* AccessScope.check(caller, "read")
  const filter = { ...given({ search, states }), ...(yield* AccessScope.limitedCompanies(deps, caller)) }
  return yield* deps.repository.companies(caller.organizationId, filter, page)
})

/** Reads one company. */
export const view = Effect.fn("Companies.view")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  companyId: Id.CompanyId
) {
  return (yield* AccessScope.company(deps, caller, "read", companyId)).state
})
