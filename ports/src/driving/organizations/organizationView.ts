/** Organizations as members and operators see them. */
import type { Access, Id, Organization } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../shared/deps.ts"
import { membershipOf } from "./membershipOf.ts"

/** An organization as one of its members knows it. */
export interface Membership {
  readonly organization: Organization.Open
  readonly memberId: Id.MemberId
  /** The role that counts: `owner` for the member whom the organization names. */
  readonly role: Access.Role
  readonly accessScope: Access.AccessScope
}

/** An organization with the name of its owner, whom all its members may know (rule S-R9). */
export interface OrganizationView {
  readonly organization: Organization.Open
  readonly owner: { readonly name: string; readonly email: string }
}

/** Reads an organization with its owner, without a check of access. */
export const readOrganizationView = Effect.fnUntraced(function* (deps: Deps<"repository">, id: Id.OrganizationId) {
  const { state: organization } = yield* deps.repository.find("organization", id, id)
  const owner = yield* membershipOf(deps, id, organization.ownerId)
  return { organization, owner: { name: owner?.name ?? "", email: owner?.email ?? "" } } satisfies OrganizationView
})
