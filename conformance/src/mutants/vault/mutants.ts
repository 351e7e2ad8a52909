import type { VaultInstance } from "../../laws/vault/VaultInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import * as atRest from "./atRest.ts"
import * as core from "./core.ts"
import * as keys from "./keys.ts"
import * as lasting from "./lasting.ts"
import * as leases from "./leases.ts"
import * as walls from "./walls.ts"

/** All mutants of the token vault, by the id of their law. */
export const mutants: ReadonlyArray<Mutant<VaultInstance>> = [
  ...Object.values(core),
  ...Object.values(walls),
  ...Object.values(atRest),
  ...Object.values(keys),
  ...Object.values(leases),
  ...Object.values(lasting)
].toSorted((one, other) => one.law.localeCompare(other.law))
