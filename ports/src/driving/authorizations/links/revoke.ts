import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../../shared/AccessScope.ts"
import { change, on } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"

/** Withdraws a link at once. */
export const revoke = Effect.fn("AuthLinks.revoke")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  invitationId: Id.InvitationId
) {
  const read = AccessScope.invitation(deps, caller, "connect", invitationId)
  const [link] = yield* change(deps, caller, [
    on("invitation", read, (at) => ({ _tag: "Revoke", at, by: caller.actor }))
  ])
  return link
})
