import type { Access, Account, Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { assertUnchanged, change, decideAndCommit, decideOn, on } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import type { BrandAssignment } from "./accountInput.ts"

/** Says which brands of the company the account has, and which is the default (rules K-R5, K-R6). */
export const assignBrands = Effect.fn("Accounts.assignBrands")(
  (deps: ChangeDeps, caller: Access.Caller, accountId: Id.AccountId, assignment: BrandAssignment) =>
    decideAndCommit(deps, caller, ({ organizationId }) =>
      Effect.gen(function* () {
        const read = yield* AccessScope.account(deps, caller, "administer", accountId)
        const company = yield* deps.repository.find("company", organizationId, read.state.companyId)
        const companyBrands = company.state.brands.map(({ id }) => id)
        const decided = yield* decideOn("account", read, { _tag: "AssignBrands", ...assignment, companyBrands })
        // A brand that is removed at this moment is given to nobody.
        return {
          decided: [decided, assertUnchanged("company", company.state.id, company)],
          result: decided.next as Account.Present
        }
      })
    )
)

/** Renames an account. */
export const rename = Effect.fn("Accounts.rename")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  accountId: Id.AccountId,
  name: Text.Name
) {
  const read = AccessScope.account(deps, caller, "administer", accountId)
  const [account] = yield* change(deps, caller, [on("account", read, { _tag: "Rename", name })])
  return account
})
