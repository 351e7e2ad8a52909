import { degenerates } from "../../mutants/vault/degenerates.ts"
import { mutants } from "../../mutants/vault/mutants.ts"
import type { Port } from "../../Port.ts"
import { modelSubject } from "../../reference/vault/modelSubject.ts"
import { vault12, vault13 } from "./atRest.ts"
import { vault14, vault15, vault16 } from "./sealing.ts"
import { vault17, vault18 } from "./keys.ts"
import { vault19, vault20 } from "./keyLoss.ts"
import { vault27, vault28 } from "./durability.ts"
import { leasesRefused, vault25 } from "./leaseOwnership.ts"
import { vault22 } from "./leases.ts"
import { vault23 } from "./leaseDeadlines.ts"
import { vault31 } from "./leaseRenewal.ts"
import { vault32, vault33 } from "./leaseEnds.ts"
import { vault34 } from "./outages.ts"
import { vault35 } from "./removal.ts"
import { vault36 } from "./overlaps.ts"
import { vault24 } from "./fencing.ts"
import { vault29 } from "./linearizable.ts"
import { vault01, vault02 } from "./reading.ts"
import { vault08, vault09 } from "./exactText.ts"
import { vault21 } from "./secretLeakage.ts"
import type { VaultInstance } from "./VaultInstance.ts"
import { vault03, vault04, vault05 } from "./versions.ts"
import { vault06, vault07 } from "./lifecycle.ts"
import { vault10, vault11 } from "./tenantIsolation.ts"
import { vault26 } from "./references.ts"
import { vault30 } from "./referenceLength.ts"

/** The laws of the token vault. */
export const tokenVault: Port<VaultInstance> = {
  name: "token-vault",
  laws: [
    vault01,
    vault02,
    vault03,
    vault04,
    vault05,
    vault06,
    vault07,
    vault08,
    vault09,
    vault10,
    vault11,
    vault12,
    vault13,
    vault14,
    vault15,
    vault16,
    vault17,
    vault18,
    vault19,
    vault20,
    vault21,
    vault22,
    vault23,
    vault24,
    vault25,
    vault26,
    vault27,
    vault28,
    vault29,
    vault30,
    vault31,
    vault32,
    vault33,
    vault34,
    vault35,
    vault36
  ],
  reference: modelSubject("model vault"),
  mutants,
  degenerates,
  refusals: { leases: leasesRefused }
}
