import type { Id, Member } from "@portolan/domain"
import { Effect } from "effect"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { Deps } from "../shared/deps.ts"

/** The membership of a person in an organization; `undefined` for somebody who is not a member now. */
export const membershipOf = (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  personId: Id.PersonId
): Effect.Effect<Member.Active | undefined, StoreError> =>
  Effect.map(repository.memberships(personId), (all) => all.find((one) => one.organizationId === organizationId))
