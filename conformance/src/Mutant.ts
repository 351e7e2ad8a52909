import type { Instance, Subject } from "./Subject.ts"

/** An adapter that is wrong on purpose, in one way that somebody has shipped. */
export interface Mutant<I extends Instance> {
  /** Such as `vault-cas-blind`. */
  readonly id: string
  /** The law that must fail it. */
  readonly law: string
  /** What it does wrong, as a sentence. */
  readonly defect: string
  /** The most elements that its shrunk counterexample may hold. */
  readonly longest: number
  readonly subject: Subject<I>
}

const byText = (one: string, other: string) => Number(one > other) - Number(one < other)

/** Orders mutants by the id of their law, then by their own, whatever the language of the machine. */
export const byLaw = (one: Named, other: Named): number => byText(one.law, other.law) || byText(one.id, other.id)

type Named = Pick<Mutant<Instance>, "id" | "law">
