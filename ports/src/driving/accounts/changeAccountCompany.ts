import { type Access, type Account, Company, Connection, type Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { assertUnchanged, type CommitContext, type Decided, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"
import type { BrandAssignment } from "./accountInput.ts"
import { connectionsOf } from "./accountConnections.ts"

/** Where an account goes, and the brands that it has there; those with the same names when they are left out. */
export interface NewCompanyOfAccount {
  readonly companyId: Id.CompanyId
  readonly brands?: BrandAssignment
}

/**
 * Takes an account that stands in the wrong company to the right one: it keeps its connections, consents, data and
 * history. Its brands become brands of the new company, and a link of the former company's main account to it ends.
 */
export const changeCompany = Effect.fn("Accounts.changeCompany")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  accountId: Id.AccountId,
  { brands, companyId }: NewCompanyOfAccount
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  return yield* decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const { at, organizationId, actor: by } = context
      const read = yield* AccessScope.account(deps, caller, "administer", accountId)
      const former = yield* deps.repository.find("company", organizationId, read.state.companyId)
      const company = yield* deps.repository.find("company", organizationId, companyId)
      yield* Effect.fromResult(Company.inUse(company.state, "Account", "ChangeCompany"))
      const moved = yield* decideOn("account", read, {
        _tag: "ChangeCompany",
        companyId,
        ...(brands ?? sameBrands(read.state, former.state, company.state)),
        companyBrands: company.state.brands.map(({ id }) => id),
        at,
        by
      })
      const result = moved.next as Account.Present
      if (moved.events.length === 0) return { decided: [], result }
      return {
        decided: [
          moved,
          // A brand that is removed at this moment is given to nobody.
          assertUnchanged("company", companyId, company),
          ...(yield* connectionsFollow(deps, context, read.state, companyId)),
          ...(yield* unlinked(deps, read.state))
        ],
        result
      }
    })
  )
})

/** The brands of the new company that are named as the account's are in the former one; else its first brand. */
const sameBrands = (account: Account.Present, former: Company.Present, company: Company.Present): BrandAssignment => {
  const twin = (brandId: Id.BrandId) => {
    const name = former.brands.find(({ id }) => id === brandId)?.name
    return company.brands.find((one) => name !== undefined && Text.folded(one.name) === Text.folded(name))?.id
  }
  const defaultBrandId = twin(account.defaultBrandId) ?? company.brands[0].id
  const others = account.brandIds.flatMap((id) => twin(id) ?? [])
  return { brandIds: [...new Set([defaultBrandId, ...others])], defaultBrandId }
}

const connectionsFollow = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { organizationId }: CommitContext,
  account: Account.Present,
  to: Id.CompanyId
) {
  const decided: Array<Decided> = []
  for (const { id } of yield* connectionsOf(deps, account, Connection.everyState)) {
    const read = yield* deps.repository.find("connection", organizationId, id)
    decided.push(yield* decideOn("connection", read, { _tag: "ChangeCompany", to }))
  }
  return decided
})

/** The main account of the former company no longer speaks of an account here. */
const unlinked = Effect.fnUntraced(function* (deps: ChangeDeps, { companyId, id, organizationId }: Account.Present) {
  const consolidationId = yield* fixedId(deps, "consolidation", companyId)
  const read = yield* deps.repository
    .find("consolidation", organizationId, consolidationId)
    .pipe(Effect.catchTag("NotFound", () => Effect.succeed(undefined)))
  const linked = read?.state.accounts.find(({ linkedAccountId }) => linkedAccountId === id)
  if (read === undefined || linked === undefined) return []
  return [yield* decideOn("consolidation", read, { _tag: "UnlinkProviderAccount", accountId: linked.id })]
})
