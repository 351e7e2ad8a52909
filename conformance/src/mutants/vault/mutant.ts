import type { Vault, VaultInstance } from "../../laws/vault/VaultInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import { modelSubject, type Deviation } from "../../reference/vault/modelSubject.ts"

/** How a mutant deviates from the model, and how long its shrunk counterexample may be (8 elements). */
export interface Defect extends Deviation {
  readonly longest?: number
}

/** Makes a mutant of the model vault. */
export const mutant = (
  id: string,
  law: string,
  defect: string,
  { longest = 8, ...deviation }: Defect
): Mutant<VaultInstance> => ({ id, law, defect, longest, subject: modelSubject(id, deviation) })

/** Replaces some methods of a vault. */
export const replacing =
  (methods: (vault: Vault) => Partial<Vault>) =>
  (vault: Vault): Vault => ({ ...vault, ...methods(vault) })
