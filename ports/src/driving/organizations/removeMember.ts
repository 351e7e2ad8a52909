import { type Access, type Id, Messages } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { endMembership, leaveRefused } from "./endMembership.ts"
import { membershipOf } from "./membershipOf.ts"
import { personOf, readMemberView } from "./memberView.ts"

/**
 * Removes a member. In one change: their next request is refused, their keys are revoked, unanswered invitations to
 * join that they sent are withdrawn, and the remover, or the member who is named, is responsible for their consents.
 */
export const remove = Effect.fn("Members.remove")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.MemberId,
  handOverTo?: Id.MemberId
) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  yield* decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const member = yield* deps.repository.find("member", context.organizationId, id)
      if (member.state._tag === "Active" && member.state.personId === personOf(caller)) {
        return yield* leaveRefused(
          "contradiction",
          Messages.say("member.remove-yourself"),
          Messages.say("member.leave-instead")
        )
      }
      const decided = yield* endMembership(deps, context, { member, because: "removed", handOverTo })
      return { decided, result: undefined }
    })
  )
  return yield* readMemberView(deps, caller, id)
})

/**
 * Leaves the caller's own organization. The owner, or the member who is named, is responsible for their consents from
 * then on.
 */
export const leave = Effect.fn("Members.leave")((deps: ChangeDeps, caller: Access.Caller, handOverTo?: Id.MemberId) =>
  decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const { organizationId } = context
      const personId = personOf(caller)
      const own = personId === undefined ? undefined : yield* membershipOf(deps, organizationId, personId)
      if (own === undefined) {
        return yield* leaveRefused(
          "not-permitted",
          Messages.say("member.only-member-leaves"),
          Messages.say("member.revoke-key")
        )
      }
      const member = yield* deps.repository.find("member", organizationId, own.id)
      const decided = yield* endMembership(deps, context, { member, because: "left", handOverTo })
      return { decided, result: undefined }
    })
  )
)
