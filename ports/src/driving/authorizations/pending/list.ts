import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../../driven/Repository.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import type { Deps } from "../../shared/deps.ts"
import type { AuthorizationView } from "./authorizationView.ts"

/** Lists the authorizations that wait for a choice, the youngest first, without their choices. */
export const list = Effect.fn("PendingAuthorizations.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  page: PageRequest
) {
  const { repository } = deps
  yield* AccessScope.check(caller, "read")
  const filter = { states: ["AwaitingSelection"] as const, ...(yield* AccessScope.limited(deps, caller)) }
  const found = yield* repository.authorizations(caller.organizationId, filter, page)
  const items = yield* Effect.forEach(
    found.items,
    Effect.fnUntraced(function* (authorization) {
      const { accountId, organizationId } = authorization
      const { state: account } = yield* repository.find("account", organizationId, accountId)
      const { state: company } = yield* repository.find("company", organizationId, account.companyId)
      return { authorization, account, company, choices: [] } satisfies AuthorizationView
    })
  )
  return { ...found, items }
})

/** Lists the authorizations of one connection, whatever became of them, the youngest first. */
export const ofConnection = Effect.fn("PendingAuthorizations.ofConnection")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  connectionId: Id.ConnectionId,
  page: PageRequest
) {
  yield* AccessScope.connection(deps, caller, "read", connectionId)
  return yield* deps.repository.authorizations(caller.organizationId, { connectionId }, page)
})
