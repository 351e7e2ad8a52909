import type { RepositoryInstance } from "../../laws/repository/RepositoryInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import * as operatorReads from "./operatorReads.ts"
import * as audit from "./audit.ts"
import * as claims from "./claims.ts"
import * as committing from "./committing.ts"
import * as history from "./history.ts"
import * as lists from "./pages.ts"
import * as once from "./idempotency.ts"
import * as accessScope from "./accessScope.ts"

/** All mutants of the connection store, by the id of their law. */
export const mutants: ReadonlyArray<Mutant<RepositoryInstance>> = [
  ...Object.values(committing),
  ...Object.values(claims),
  ...Object.values(history),
  ...Object.values(lists),
  ...Object.values(once),
  ...Object.values(accessScope),
  ...Object.values(operatorReads),
  ...Object.values(audit)
].toSorted((one, other) => one.law.localeCompare(other.law))
