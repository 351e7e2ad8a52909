import type { Mutant } from "../Mutant.ts"
import type { Instance, Subject } from "../Subject.ts"

/** Makes the model of a port a subject, or one that departs from it. */
export type SubjectOf<I extends Instance, S, M> = (name: string, wrap: (service: S, model: M) => S) => Subject<I>

/** A mutant, before it is one: what it does otherwise, given the correct service and what the model keeps. */
export interface Deviation<S, M> {
  readonly id: string
  readonly law: string
  /** What it does wrong, as a sentence. */
  readonly defect: string
  /** The most elements that its shrunk counterexample may hold; 8 when left out. */
  readonly longest?: number
  readonly change: (service: S, model: M) => Partial<S>
}

/** Makes mutants of one port: the model, with some methods replaced. */
export const mutantsOf =
  <I extends Instance, S extends object, M>(subjectOf: SubjectOf<I, S, M>) =>
  (deviations: ReadonlyArray<Deviation<S, M>>): ReadonlyArray<Mutant<I>> =>
    deviations.map(({ change, defect, id, law, longest = 8 }) => ({
      id,
      law,
      defect,
      longest,
      subject: subjectOf(id, (service, model) => ({ ...service, ...change(service, model) }))
    }))
