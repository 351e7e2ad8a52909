import type { Access } from "@portolan/domain"
import { Effect } from "effect"
import type { ConnectionFilter, PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { openIncidents, withEvidence } from "./connectionView.ts"
import { forEachSideBySide, sideBySide } from "../shared/sideBySide.ts"

/** Lists the connections that the caller may see, oldest first. */
export const list = Effect.fn("Connections.list")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  filter: ConnectionFilter,
  page: PageRequest
) {
  yield* AccessScope.check(caller, "read")
  const narrowed = { ...filter, ...(yield* AccessScope.limited(deps, caller)) }
  const read = [deps.repository.connections(caller.organizationId, narrowed, page), openIncidents(deps)] as const
  const [found, incidents] = yield* sideBySide(...read)
  return { ...found, items: yield* forEachSideBySide(found.items, (one) => withEvidence(deps, one, { incidents })) }
})
