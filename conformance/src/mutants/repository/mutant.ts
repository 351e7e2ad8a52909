import { Effect } from "effect"
import type { RepositoryInstance, Services } from "../../laws/repository/RepositoryInstance.ts"
import type { Mutant } from "../../Mutant.ts"
import type { commit } from "../../reference/repository/commit.ts"
import type { Model } from "../../reference/repository/listing.ts"
import { modelSubject, type Deviation } from "../../reference/repository/modelSubject.ts"

/** How a mutant deviates from the model, and how long its shrunk counterexample may be (8 elements). */
export interface Defect extends Deviation {
  readonly longest?: number
}

/** Makes a mutant of the model repository. */
export const mutant = (
  id: string,
  law: string,
  defect: string,
  { longest = 8, ...deviation }: Defect
): Mutant<RepositoryInstance> => ({ id, law, defect, longest, subject: modelSubject(id, deviation) })

/** Answers a plain result of the model as the port does. */
export const answered = (answer: ReturnType<typeof commit>): ReturnType<Services["unitOfWork"]["commit"]> =>
  "versions" in answer ? Effect.succeed(answer) : Effect.fail(answer)

/** Folds what names are compared without, but for letter case: width, surrounding and repeated white space. */
const foldedInCase = (text: string) => text.normalize("NFKC").trim().replace(/\s+/gu, " ")

/** Whether a name holds a search in the same letter case; a search that is left out is held by all. */
export const holdsInCase = (name: string, search: string | undefined) =>
  search === undefined || foldedInCase(name).includes(foldedInCase(search))

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
