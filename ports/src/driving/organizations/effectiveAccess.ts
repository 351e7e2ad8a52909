import { Access, Member, type Organization } from "@portolan/domain"

/** The role that counts for a member (the owner's, if the organization names them), and what it gives access to. */
export const effectiveAccess = (
  organization: Organization.Present,
  member: Member.Active
): Pick<Access.Caller, "role" | "accessScope"> => {
  const role = Member.roleIn(organization, member)
  return { role, accessScope: role === "owner" || role === "admin" ? Access.everything : member.accessScope }
}
