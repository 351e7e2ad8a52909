import type { StoreInstance, Stores } from "../../laws/store/StoreInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import type { Parts } from "../../reference/store/ModelStore.ts"
import { modelSubject, type Departure } from "../../reference/store/modelSubject.ts"

/** Makes a mutant of the model store. */
export const mutant = (
  id: string,
  law: string,
  defect: string,
  departure: Departure,
  longest = 8
): Mutant<StoreInstance> => ({ id, law, defect, longest, subject: modelSubject(id, departure) })

/** Replaces some methods of the services. */
export const replacing =
  (
    methods: (
      stores: Stores,
      parts: Parts
    ) => {
      readonly unitOfWork?: Partial<Stores["unitOfWork"]>
      readonly store?: Partial<Stores["store"]>
      readonly log?: Partial<Stores["log"]>
    }
  ) =>
  (stores: Stores, parts: Parts): Stores => {
    const { unitOfWork, store, log } = methods(stores, parts)
    return {
      unitOfWork: { ...stores.unitOfWork, ...unitOfWork },
      store: { ...stores.store, ...store },
      log: { ...stores.log, ...log }
    }
  }
