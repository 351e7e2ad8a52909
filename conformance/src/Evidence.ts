import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Instance, Subject } from "./Subject.ts"
import type { Violation } from "./Violation.ts"

/** What a part of a law stands on: a way to make instances and a limit for each case. */
export interface RunContext<I extends Instance> {
  readonly make: Effect.Effect<I, unknown, Scope.Scope>
  readonly place: Subject<I>["place"]
  readonly clock: Subject<I>["manifest"]["clock"]
  /** The longest that one case may take, in milliseconds of real time. */
  readonly caseMillis: number
}

/** What a part is asked to do. */
export interface RunRequest {
  readonly seed: number
  readonly cases: number
  /** When to stop looking for a counterexample or a shorter one, in milliseconds of real time. */
  readonly withinMillis: number
  /** The place of one shrunk case: only that case is run. */
  readonly path: string | undefined
}

/** A case that broke the promise, as short as shrinking could make it. */
export interface Counterexample {
  readonly violation: Violation
  /** The input, printed for a person. */
  readonly input: ReadonlyArray<string>
  /** What happened, line by line. */
  readonly story: ReadonlyArray<string>
  /** How many commands (or other elements) the input holds. */
  readonly length: number
  readonly seed: number
  readonly path: string
}

/** What came of a part's cases. */
export type Finding =
  | { readonly _tag: "Held" }
  | { readonly _tag: "Broken"; readonly counterexample: Counterexample }
  | { readonly _tag: "Stopped"; readonly reason: string }
  | { readonly _tag: "Unusable"; readonly reason: string }

/** The finding of one run of a part, with what it rests on. */
export interface Evidence {
  readonly finding: Finding
  readonly cases: number
  /** How many cases carried each label; declared labels are always listed. */
  readonly labels: Readonly<Record<string, number>>
  /** Names the run by what all cases told. Equal seeds give equal digests, unless something is left to chance. */
  readonly digest: string
}
