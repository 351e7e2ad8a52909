import type { VaultInstance } from "../../laws/vault/VaultInstance.ts"
import { byLaw, type Mutant } from "../../Mutant.ts"
import * as atRest from "./atRest.ts"
import * as lifecycle from "./lifecycle.ts"
import * as durability from "./durability.ts"
import * as keys from "./keys.ts"
import * as leases from "./leases.ts"
import * as leaseTelling from "./leaseTelling.ts"
import * as returning from "./returning.ts"
import * as reading from "./reading.ts"
import * as references from "./references.ts"
import * as secretLeakage from "./secretLeakage.ts"
import * as tenantIsolation from "./tenantIsolation.ts"

const files = [
  lifecycle,
  reading,
  tenantIsolation,
  references,
  atRest,
  keys,
  leases,
  secretLeakage,
  durability,
  leaseTelling,
  returning
]

/** All mutants of the token vault, by the id of their law and their own. */
export const mutants: ReadonlyArray<Mutant<VaultInstance>> = files
  .flatMap((file): ReadonlyArray<Mutant<VaultInstance>> => Object.values(file))
  .toSorted(byLaw)
