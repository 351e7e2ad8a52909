/**
 * How a law says no.
 *
 * A broken promise is a value, not an exception: it says what was promised, what was expected and what was seen, in
 * words and numbers a person can act on. Everything else that goes wrong during a case (a typed error nobody expected,
 * a defect, a hang) is turned into one of these at a single place, `forAll`, so that it is shrunk like any other.
 */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import { show } from "./show.ts"

/**
 * Tells a broken promise from a call that ended in a way the law did not foresee. Only `broken` counts when a mutant
 * has to be failed by its own law.
 */
export type Nature = "broken" | "unexpected-error" | "defect" | "timed-out"

/** States that one case showed a promise to be broken. */
export class Violation extends Data.TaggedError("Violation")<{
  /** What went against the promise, as a sentence. */
  readonly summary: string
  readonly expected: string | undefined
  readonly actual: string | undefined
  readonly nature: Nature
}> {
  override get message(): string {
    const seen = this.expected === undefined ? "" : `\n  expected ${this.expected}\n  actual   ${this.actual}`
    return this.summary + seen
  }
}

/** What was promised, and what was seen instead. */
export interface Comparison {
  readonly expected: unknown
  readonly actual: unknown
}

/** Fails a case: the promise is broken, and this is how. */
export const broken = (summary: string, seen?: Comparison) =>
  Effect.fail(
    new Violation({
      summary,
      expected: seen === undefined ? undefined : show(seen.expected),
      actual: seen === undefined ? undefined : show(seen.actual),
      nature: "broken"
    })
  )

/** Fails the case with `summary` unless `condition` holds. */
export const must = (condition: boolean, summary: string, seen?: Comparison) =>
  condition ? Effect.void : broken(summary, seen)

/**
 * Fails the case unless both values read the same. Values are compared by what `show` prints, which looks inside
 * `Redacted`: two different secrets would be equal to structural comparison.
 */
export const mustEqual = (summary: string, seen: Comparison) =>
  must(show(seen.expected) === show(seen.actual), summary, seen)
