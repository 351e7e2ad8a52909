import type { Access } from "@portolan/domain"
import { Effect } from "effect"
import type { EventLog } from "../../driven/EventLog.ts"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/**
 * Lists the organization's history, the youngest first. For owners and admins: it covers all accounts and people.
 */
export const list = Effect.fn("Audit.list")(function* (
  { eventLog }: Deps<"eventLog">,
  caller: Access.Caller,
  filter: Parameters<EventLog["Service"]["all"]>[1],
  page: PageRequest
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  return yield* eventLog.all(caller.organizationId, filter, page)
})
