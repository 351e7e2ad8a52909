import { type Access, type Connection, type Grant, type Id, type Profile } from "@portolan/domain"
import { Effect } from "effect"
import type { Versioned } from "../../driven/Repository.ts"
import type { ProfileTaken } from "../../driven/UnitOfWork.ts"
import { deps } from "../shared/deps.ts"
import { type Binding, bindProfile, linkOf } from "./profiles/bindProfile.ts"
import { choices } from "./profiles/choices.ts"
import { obstacles, requireFitting } from "./profiles/obstacles.ts"
import { failHeld } from "./profiles/ProfileHeld.ts"
import { type Surroundings, surroundings } from "./profiles/surroundings.ts"

export type { Choice } from "./profiles/choices.ts"
export { ProfileHeld } from "./profiles/ProfileHeld.ts"

/** The functions of `profiles` bound to their ports, for services that are not yet written as top-level functions. */
export const makeSelecting = Effect.map(deps("repository"), (read) => ({
  surroundings: (organizationId: Id.OrganizationId, accountId: Id.AccountId) =>
    surroundings(read, organizationId, accountId),
  obstacles,
  acceptable: requireFitting,
  linkOf,
  choices: (
    caller: Pick<Access.Caller, "organizationId" | "accessScope">,
    around: Surroundings,
    own: Connection.Present,
    candidates: ReadonlyArray<Profile.Candidate>,
    grant?: Grant.Present
  ) => choices(read, caller, { around, own, candidates, ...(grant === undefined ? {} : { grant }) }),
  bind: (around: Surroundings, own: Versioned<Connection.Present>, binding: Binding) =>
    Effect.map(bindProfile(read, around, own, binding), ({ decided }) => decided),
  told: (caller: Pick<Access.Caller, "organizationId" | "accessScope">, taken: ProfileTaken) =>
    failHeld(read, caller, taken)
}))
