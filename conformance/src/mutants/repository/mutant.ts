import type { RepositoryInstance, Services } from "../../laws/repository/RepositoryInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import type { Model } from "../../reference/repository/ModelRepository.ts"
import { modelSubject, type Deviation } from "../../reference/repository/modelSubject.ts"

/** Makes a mutant of the model store. */
export const mutant = (
  id: string,
  law: string,
  defect: string,
  deviation: Deviation,
  longest = 8
): Mutant<RepositoryInstance> => ({ id, law, defect, longest, subject: modelSubject(id, deviation) })

/** Replaces some methods of the services. */
export const replacing =
  (
    methods: (
      services: Services,
      model: Model
    ) => {
      readonly unitOfWork?: Partial<Services["unitOfWork"]>
      readonly repository?: Partial<Services["repository"]>
      readonly log?: Partial<Services["log"]>
    }
  ) =>
  (services: Services, model: Model): Services => {
    const { unitOfWork, repository, log } = methods(services, model)
    return {
      unitOfWork: { ...services.unitOfWork, ...unitOfWork },
      repository: { ...services.repository, ...repository },
      log: { ...services.log, ...log }
    }
  }
