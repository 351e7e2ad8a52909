/** How much is tried, and for how long. */

/** A budget, by name. */
export type Profile = "minimal" | "smoke" | "default" | "deep"

/** How much each part of a law may cost. */
export interface Budget {
  readonly profile: Profile
  /** The share of a part's least number of cases that is run; below 1 nothing is called conformant. */
  readonly share: number
  /** Cases with the fixed seed: the same in every run. */
  readonly fixedCases: number
  /** Cases with a seed of this run only, printed in the report. */
  readonly freshCases: number
  /** The longest that one part may look for a counterexample, in milliseconds. */
  readonly partMillis: number
  /** The longest that one case may take, in milliseconds. */
  readonly caseMillis: number
}

/**
 * The budgets: for a slow subject that is checked more deeply elsewhere, before every commit, in every build, at night.
 */
export const budgets: Readonly<Record<Profile, Budget>> = {
  minimal: { profile: "minimal", share: 0.3, fixedCases: 2, freshCases: 0, partMillis: 30_000, caseMillis: 10_000 },
  smoke: { profile: "smoke", share: 1, fixedCases: 25, freshCases: 0, partMillis: 30_000, caseMillis: 10_000 },
  default: { profile: "default", share: 1, fixedCases: 60, freshCases: 40, partMillis: 40_000, caseMillis: 10_000 },
  deep: { profile: "deep", share: 1, fixedCases: 500, freshCases: 4_500, partMillis: 120_000, caseMillis: 20_000 }
}

/** Tells whether text names a budget. */
export const isProfile = (text: string): text is Profile => Object.hasOwn(budgets, text)
