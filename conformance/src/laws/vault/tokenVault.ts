import type { Port } from "../../Port.ts"
import { mutants } from "../../mutants/vault/mutants.ts"
import { modelSubject } from "../../reference/vault/modelSubject.ts"
import { vault01, vault02, vault08, vault09 } from "./reading.ts"
import type { VaultInstance } from "./VaultInstance.ts"
import { vault03, vault04, vault05, vault06, vault07 } from "./versions.ts"

/** The laws of the token vault. */
export const tokenVault: Port<VaultInstance> = {
  name: "token-vault",
  laws: [vault01, vault02, vault03, vault04, vault05, vault06, vault07, vault08, vault09],
  reference: modelSubject("model vault"),
  mutants,
  degenerates: [],
  refusals: {}
}
