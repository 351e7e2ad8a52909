/** One rule of the flows, and the tests that would fail if it were broken. */

/**
 * Where a rule comes from: S and A are stated by products that do this work, P by a provider, N by a neighbour, D is a
 * consequence of our own, C holds across all of them.
 */
export type Mark = "S" | "A" | "P" | "N" | "D" | "C"

/**
 * A test by file and title as they are written; a step of the demo by its file and name; a conformance law by its id.
 */
export type Test = { readonly file: string; readonly title: string } | { readonly law: string }

/** A rule with what covers it, or why nothing does. */
export type Rule = {
  readonly id: string
  readonly mark: Mark
  /** The rule in one sentence. */
  readonly says: string
} & (
  | {
      readonly covered: readonly [Test, ...ReadonlyArray<Test>]
      /** The part of the rule that is not ours, and why. */
      readonly except?: string
    }
  | { readonly outOfScope: string }
)

/** A rule that tests cover. */
export const rule = (
  id: string,
  mark: Mark,
  says: string,
  ...covered: readonly [Test, ...ReadonlyArray<Test>]
): Rule => ({ id, mark, says, covered })

/** A rule that tests cover except for a part. */
export const partly = (
  id: string,
  mark: Mark,
  says: string,
  except: string,
  ...covered: readonly [Test, ...ReadonlyArray<Test>]
): Rule => ({ id, mark, says, except, covered })

/** A rule that is not ours. */
export const outOfScope = (id: string, mark: Mark, says: string, reason: string): Rule => ({
  id,
  mark,
  says,
  outOfScope: reason
})

/** A conformance law, which every adapter of its port is held to. */
export const law = (id: string): Test => ({ law: id })

/** A test of a file. */
export const of =
  (file: string) =>
  (title: string): Test => ({ file, title })
