import type { StoreInstance } from "../../laws/store/StoreInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import * as across from "./across.ts"
import * as audit from "./audit.ts"
import * as claims from "./claims.ts"
import * as committing from "./committing.ts"
import * as history from "./history.ts"
import * as lists from "./lists.ts"
import * as once from "./once.ts"
import * as accessScope from "./reach.ts"

/** All mutants of the connection store, by the id of their law. */
export const mutants: ReadonlyArray<Mutant<StoreInstance>> = [
  ...Object.values(committing),
  ...Object.values(claims),
  ...Object.values(history),
  ...Object.values(lists),
  ...Object.values(once),
  ...Object.values(accessScope),
  ...Object.values(across),
  ...Object.values(audit)
].toSorted((one, other) => one.law.localeCompare(other.law))
