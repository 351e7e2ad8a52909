import type { Access } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

/** Lists keys, the youngest first, revoked ones too. */
export const list = Effect.fn("ApiKeys.list")(function* (
  { repository }: Deps<"repository">,
  caller: Access.Caller,
  page: PageRequest
) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  return yield* repository.apiKeys(caller.organizationId, page)
})
