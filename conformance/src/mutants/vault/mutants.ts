import type { VaultInstance } from "../../laws/vault/VaultInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import * as atRest from "./atRest.ts"
import * as core from "./core.ts"
import * as keys from "./keys.ts"
import * as durability from "./durability.ts"
import * as leases from "./leases.ts"
import * as tenantIsolation from "./tenantIsolation.ts"

/** All mutants of the token vault, by the id of their law. */
export const mutants: ReadonlyArray<Mutant<VaultInstance>> = [
  ...Object.values(core),
  ...Object.values(tenantIsolation),
  ...Object.values(atRest),
  ...Object.values(keys),
  ...Object.values(leases),
  ...Object.values(durability)
].toSorted((one, other) => one.law.localeCompare(other.law))
