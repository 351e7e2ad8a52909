import { type Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import { type Deps, deps } from "./deps.ts"
import { fixedId } from "./fixedId.ts"

/**
 * The id of an address in an organization; upper and lower case are the same address. One address in one organization
 * is one membership, so nobody can be invited twice at once.
 */
export const memberId = (
  deps: Deps<"secrets">,
  organizationId: Id.OrganizationId,
  email: string
): Effect.Effect<Id.MemberId> => fixedId(deps, "member", `${organizationId}/${Text.foldedEmail(email)}`)

/** `memberId` bound to its port. */
export const makeMemberId = Effect.map(
  deps("secrets"),
  (read) =>
    (organizationId: Id.OrganizationId, email: string): Effect.Effect<Id.MemberId> =>
      memberId(read, organizationId, email)
)
