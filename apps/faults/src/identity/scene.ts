/** Who acts in an interleaving. */
import type { Plan } from "./plan.ts"
import type { Tenant } from "./tenant.ts"
import type { World } from "./world.ts"

/** The parties of an interleaving in their world. */
export interface Scene {
  readonly world: World
  readonly plan: Plan
  readonly owner: Tenant
  /** The guest of the owner's account: what waits for the owner's choice because of it. */
  readonly guest: Tenant
  readonly forger: Tenant
  /** The seller id of the owner, which anybody can look up in the shop. */
  readonly victim: string
  /** The consents that were given under another seller's id. */
  readonly forged: Set<string>
}
