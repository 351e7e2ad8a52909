import type { Id } from "@portolan/domain"
import type { Effect } from "effect"
import type { Deps } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"

/**
 * The id of the grant for one assignment of an advertiser. Every assignment has a grant of its own, whose id follows
 * from it, so that a repeated attempt finds the same one. `assignmentEpoch` counts the assignments of the advertiser.
 */
export const grantIdOf = (
  deps: Deps<"secrets">,
  advertiserId: Id.AdvertiserId,
  assignmentEpoch: number
): Effect.Effect<Id.GrantId> => fixedId(deps, "grant", `${advertiserId}/${assignmentEpoch}`)
