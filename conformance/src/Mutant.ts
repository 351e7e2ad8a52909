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
