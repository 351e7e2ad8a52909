import type { Access, Id, Member } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { memberView, readMemberView } from "./memberView.ts"
import { consentsOf, openInvitationsOf } from "./offboarding.ts"

/**
 * Lists people by address: members and open invitations unless states are named. Not for limited access (rule S-R9).
 */
export const list = Effect.fn("Members.list")(function* (
  { repository }: Deps<"repository">,
  caller: Access.Caller,
  filter: { readonly states?: ReadonlyArray<Member.Present["_tag"]> },
  page: PageRequest
) {
  yield* AccessScope.requireUnrestricted(caller, "read")
  const { organizationId } = caller
  const { state: organization } = yield* repository.find("organization", organizationId, organizationId)
  const found = yield* repository.members(organizationId, { states: filter.states ?? ["Active", "Invited"] }, page)
  return { ...found, items: found.items.map((member) => memberView(caller, organization.ownerId, member)) }
})

/** Reads one member, invitation, or somebody who is gone. Not for limited access (rule S-R9). */
export const view = Effect.fn("Members.view")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.MemberId
) {
  yield* AccessScope.requireUnrestricted(caller, "read")
  return yield* readMemberView(deps, caller, id)
})

/** Counts what a member would leave behind; nothing for somebody who is no member now. */
export const legacy = Effect.fn("Members.legacy")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  id: Id.MemberId
) {
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  const { organizationId } = caller
  const { state } = yield* deps.repository.find("member", organizationId, id)
  if (state._tag !== "Active") return { consents: 0, invitations: 0 }
  return {
    consents: (yield* consentsOf(deps, organizationId, state.personId)).length,
    invitations: (yield* openInvitationsOf(deps, organizationId, state.personId)).length
  }
})
