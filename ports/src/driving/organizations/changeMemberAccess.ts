import { Access, type Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { readMemberView } from "./memberView.ts"
import { revokeBeyondRole } from "./offboarding.ts"
import { validateScope } from "./validateScope.ts"

/**
 * Gives a member or an invitation another role or another access. When the new role may not manage people, their keys
 * are revoked and their unanswered invitations to join withdrawn, in the same change.
 */
export const changeAccess = Effect.fn("Members.changeAccess")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.MemberId,
  { accessScope, role }: { readonly role: Access.GivenRole; readonly accessScope: Access.AccessScope }
) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  yield* Effect.fromResult(Access.checkGives(caller, role))
  yield* decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const { organizationId } = context
      const limited = yield* validateScope(deps, organizationId, accessScope)
      const read = yield* deps.repository.find("member", organizationId, id)
      const { state: organization } = yield* deps.repository.find("organization", organizationId, organizationId)
      const { state: member } = read
      const isOwner = member._tag === "Active" && member.personId === organization.ownerId
      const command = { _tag: "ChangeAccess", role, accessScope: limited, isOwner } as const
      const changed = yield* decideOn("member", read, command)
      const revoked = member._tag === "Active" ? yield* revokeBeyondRole(deps, context, member, role) : []
      return { decided: [changed, ...revoked], result: undefined }
    })
  )
  return yield* readMemberView(deps, caller, id)
})
