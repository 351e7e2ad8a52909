/** Organizations as members and operators see them. */
import { type Access, given, type Id, Organization } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Deps } from "../shared/deps.ts"
import { membershipOf } from "./membershipOf.ts"
import { sideBySide } from "../shared/sideBySide.ts"

/** An organization as one of its members knows it. */
export interface Membership {
  readonly organization: Organization.Present
  readonly memberId: Id.MemberId
  /** The role that counts: `owner` for the member whom the organization names. */
  readonly role: Access.Role
  readonly accessScope: Access.AccessScope
}

/** An organization with the name of its owner, whom all its members may know (rule S-R9). */
export interface OrganizationView {
  readonly organization: Organization.Present
  readonly owner: { readonly name: string; readonly email: string }
  /** The member to whom the ownership is offered, while they can accept it. */
  readonly offer?: {
    readonly personId: Id.PersonId
    readonly name: string
    readonly email: string
    readonly expiresAt: DateTime.Utc
  }
}

const offerOf = Effect.fnUntraced(function* (deps: Deps<"repository">, organization: Organization.Present) {
  const offer = Organization.offerAt(organization, yield* DateTime.now)
  if (offer === undefined) return undefined
  const member = yield* membershipOf(deps, organization.id, offer.to)
  const { expiresAt, to: personId } = offer
  return member === undefined ? undefined : { personId, name: member.name, email: member.email, expiresAt }
})

/** Reads an organization with its owner, without a check of access. */
export const readOrganizationView = Effect.fnUntraced(function* (deps: Deps<"repository">, id: Id.OrganizationId) {
  const { state: organization } = yield* deps.repository.find("organization", id, id)
  const read = [membershipOf(deps, id, organization.ownerId), offerOf(deps, organization)] as const
  const [owner, offer] = yield* sideBySide(...read)
  return {
    organization,
    owner: { name: owner?.name ?? "", email: owner?.email ?? "" },
    ...given({ offer })
  } satisfies OrganizationView
})
