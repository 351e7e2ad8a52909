import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../../driven/Repository.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import type { Deps } from "../../shared/deps.ts"
import type { AuthorizationView } from "./authorizationView.ts"
import { forEachSideBySide, sideBySide } from "../../shared/sideBySide.ts"

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
  const items = yield* forEachSideBySide(
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

/** Counts the authorizations that wait for a choice, up to a number. */
export const count = Effect.fn("PendingAuthorizations.count")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  most: number
) {
  yield* AccessScope.check(caller, "read")
  const filter = { states: ["AwaitingSelection"] as const, ...(yield* AccessScope.limited(deps, caller)) }
  const { items } = yield* (
    deps.repository
      .authorizations(caller.organizationId, filter, { limit: most })
      // A first page has no cursor that could be invalid.
      .pipe(Effect.catchTag("InvalidCursor", Effect.die))
  )
  return items.length
})

/** Lists the authorizations of one connection, whatever became of them, the youngest first. */
export const ofConnection = Effect.fn("PendingAuthorizations.ofConnection")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  connectionId: Id.ConnectionId,
  page: PageRequest
) {
  const check = AccessScope.connection(deps, caller, "read", connectionId)
  const listed = deps.repository.authorizations(caller.organizationId, { connectionId }, page)
  const [, found] = yield* sideBySide(check, listed)
  return found
})
