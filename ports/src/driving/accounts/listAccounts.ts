import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import type { AccountFilter } from "./accountInput.ts"

/** Lists the accounts of a company, or of all: those in use, unless other states are asked for. */
export const list = Effect.fn("Accounts.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  filter: AccountFilter,
  page: PageRequest
) {
  yield* AccessScope.check(caller, "read")
  const limited = { ...filter, ...(yield* AccessScope.limited(deps, caller)) }
  return yield* deps.repository.accounts(caller.organizationId, limited, page)
})

/** Reads one account. */
export const view = Effect.fn("Accounts.view")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  accountId: Id.AccountId
) {
  return (yield* AccessScope.account(deps, caller, "read", accountId)).state
})
