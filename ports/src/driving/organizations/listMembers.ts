import type { Access, Id, Member } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest } from "../../driven/Repository.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { memberView, readMemberView } from "./memberView.ts"
import { consentsOf, openInvitationsOf } from "./offboarding.ts"
import { sideBySide } from "../shared/sideBySide.ts"

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
  const read = [
    repository.find("organization", organizationId, organizationId),
    repository.members(organizationId, { states: filter.states ?? ["Active", "Invited"] }, page)
  ] as const
  const [{ state: organization }, found] = yield* sideBySide(...read)
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
  const read = [
    consentsOf(deps, organizationId, state.personId),
    openInvitationsOf(deps, organizationId, state.personId)
  ] as const
  const [consents, invitations] = yield* sideBySide(...read)
  return { consents: consents.length, invitations: invitations.length }
})
