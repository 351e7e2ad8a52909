import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../../driven/Repository.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import type { Deps } from "../../shared/deps.ts"
import { type GrantFilter, listIn, withConnections } from "./grantView.ts"

/** Lists consents, the youngest first. */
export const list = Effect.fn("Grants.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  filter: GrantFilter,
  page: PageRequest
) {
  yield* AccessScope.requireUnrestricted(caller, "read")
  return yield* listIn(deps, caller.organizationId, filter, page)
})

/** Reads one consent. */
export const view = Effect.fn("Grants.view")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.GrantId
) {
  yield* AccessScope.requireUnrestricted(caller, "read")
  const { state } = yield* deps.repository.find("grant", caller.organizationId, id)
  return yield* withConnections(deps, state)
})
