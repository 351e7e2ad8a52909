import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest, Repository } from "../../../driven/Repository.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import type { Deps } from "../../shared/deps.ts"
import { withConnections } from "./grantView.ts"

/** What narrows the list of consents. */
export type GrantFilter = Parameters<Repository["Service"]["grants"]>[1]

/** Lists consents, the youngest first. */
export const list = Effect.fn("Grants.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  filter: GrantFilter,
  page: PageRequest
) {
  yield* AccessScope.requireUnrestricted(caller, "read")
  const found = yield* deps.repository.grants(caller.organizationId, filter, page)
  return { ...found, items: yield* Effect.forEach(found.items, (grant) => withConnections(deps, grant)) }
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
