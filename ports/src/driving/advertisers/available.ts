import type { Id, Profile } from "@portolan/domain"
import type { Choice } from "../authorizations/profiles/choices.ts"

/** An advertiser that can be linked, with all that tells it apart (rule W-R8), and who holds it already (rule W-R9). */
export interface Available extends Choice {
  readonly grantId: Id.GrantId
  readonly candidate: Profile.Advertiser
}
