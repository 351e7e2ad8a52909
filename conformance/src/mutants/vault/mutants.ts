import type { VaultInstance } from "../../laws/vault/VaultInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import * as core from "./core.ts"

/** All mutants of the token vault. */
export const mutants: ReadonlyArray<Mutant<VaultInstance>> = [...Object.values(core)]
