import type { Access, ApiKey, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { revokeKeysOf } from "./offboarding.ts"

/** Revokes a key and the keys that go back to it; they are refused from the next request on. */
export const revoke = Effect.fn("ApiKeys.revoke")(function* (deps: ChangeDeps, caller: Access.Caller, id: Id.ApiKeyId) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  return yield* decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const { actor: by, at, organizationId } = context
      const read = yield* deps.repository.find("apiKey", organizationId, id)
      const decided = yield* decideOn("apiKey", read, { _tag: "Revoke", by, at })
      const made = yield* revokeKeysOf(deps, context, id)
      return { decided: [decided, ...made], result: decided.next as ApiKey.Present }
    })
  )
})
