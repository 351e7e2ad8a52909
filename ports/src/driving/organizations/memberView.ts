/** Members as lists show them. */
import { type Access, given, type Id, type Member } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../shared/deps.ts"
import { sideBySide } from "../shared/sideBySide.ts"

/** An address in the list of people: a member, an invitation, or somebody who is gone. */
export interface MemberView {
  readonly member: Member.Present
  /** The role that counts: `owner` for the member whom the organization names. Absent for somebody who is gone. */
  readonly role?: Access.Role
  readonly isCaller: boolean
}

/** The person who calls; `undefined` for a key and for the software itself. */
export const personOf = ({ actor }: Pick<Access.Caller, "actor">): Id.PersonId | undefined =>
  actor._tag === "Person" ? actor.personId : undefined

const roleOf = (member: Member.Present, ownerId: Id.PersonId): Access.Role | undefined => {
  if (member._tag === "Gone") return undefined
  return member._tag === "Active" && member.personId === ownerId ? "owner" : member.role
}

/** A member as this caller sees them, in an organization with this owner. */
export const memberView = (caller: Access.Caller, ownerId: Id.PersonId, member: Member.Present): MemberView => ({
  ...given({ member, role: roleOf(member, ownerId) }),
  isCaller: member._tag === "Active" && member.personId === personOf(caller)
})

/** Reads one member, without a check of access. */
export const readMemberView = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  caller: Access.Caller,
  id: string
) {
  const { organizationId } = caller
  const read = [
    repository.find("member", organizationId, id),
    repository.find("organization", organizationId, organizationId)
  ] as const
  const [{ state: member }, { state: organization }] = yield* sideBySide(...read)
  return memberView(caller, organization.ownerId, member)
})
