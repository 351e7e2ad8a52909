import type { Law, Part } from "./Law.ts"
import type { Mutant } from "./Mutant.ts"
import type { Instance, Subject } from "./Subject.ts"

/** Everything the suite knows about one port: its laws, and what proves that they bite. */
export interface Port<I extends Instance> {
  /** The name on the command line and in reports, such as `token-vault`. */
  readonly name: string
  readonly laws: ReadonlyArray<Law<I>>
  /** A small correct model of the port. Every law passes on it, and the mutants are made from it. */
  readonly reference: Subject<I>
  readonly mutants: ReadonlyArray<Mutant<I>>
  /** Adapters that no one could call correct; each must fail every core law except those that `idle` explains. */
  readonly degenerates: ReadonlyArray<Degenerate<I>>
  /** For each optional feature, the check that an adapter which does not claim it refuses it. */
  readonly refusals: Readonly<Record<string, Part<I>>>
}

/** An adapter that does nothing, always fails or answers at random. */
export interface Degenerate<I extends Instance> {
  readonly subject: Subject<I>
  /** The parts that it passes all the same, and why that is right. */
  readonly passes: Readonly<Record<string, string>>
}
