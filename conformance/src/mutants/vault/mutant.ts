import type { Vault, VaultInstance } from "../../laws/vault/VaultInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import { modelSubject, type Deviation } from "../../reference/vault/modelSubject.ts"

/** Makes a mutant of the model vault. */
export const mutant = (
  id: string,
  law: string,
  defect: string,
  deviation: Deviation,
  longest = 8
): Mutant<VaultInstance> => ({ id, law, defect, longest, subject: modelSubject(id, deviation) })

/** Replaces some methods of a vault. */
export const replacing =
  (methods: (vault: Vault) => Partial<Vault>) =>
  (vault: Vault): Vault => ({ ...vault, ...methods(vault) })
