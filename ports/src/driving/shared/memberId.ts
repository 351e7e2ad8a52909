/** One address in one organization is one membership, so nobody can be invited twice at once (flow P13, failure case). */
import { type Id, Text } from "@portolan/domain"
import { Effect } from "effect"
import { makeFixedId } from "./fixedId.ts"

/** Builds the id of an address in an organization; upper and lower case are the same address. */
export const makeMemberId = Effect.map(
  makeFixedId,
  (fixedId) =>
    (organizationId: Id.OrganizationId, email: string): Effect.Effect<Id.MemberId> =>
      fixedId("member", `${organizationId}/${Text.foldedEmail(email)}`)
)
