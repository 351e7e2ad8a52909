/**
 * Shows that laws bite. A mutant must be failed by the law that names it, with that law's own words: a crash, a hang or
 * an error that the law did not foresee does not count, and neither does the failure of another law.
 */
import type { Budget } from "./Budget.ts"
import { lawsOf } from "./laws/refusals.ts"
import type { Mutant } from "./Mutant.ts"
import type { Port } from "./Port.ts"
import { open, runPart, type PartResult } from "./run.ts"
import { type Plan } from "./judge.ts"
import type { Instance } from "./Subject.ts"
import type { Refutation } from "./Verdict.ts"

/** What became of a mutant. */
export type Fate =
  | { readonly _tag: "Caught"; readonly part: PartResult; readonly refutation: Refutation }
  /** Caught, but its counterexample is longer than declared. */
  | { readonly _tag: "CaughtAtLength"; readonly part: PartResult; readonly refutation: Refutation }
  /** Failed, but by a crash, a hang or an unforeseen error. */
  | { readonly _tag: "FailedOtherwise"; readonly part: PartResult; readonly refutation: Refutation }
  | { readonly _tag: "Survived"; readonly reason: string }

/** A mutant and its fate. */
export interface MutantResult {
  readonly mutant: string
  readonly law: string
  readonly defect: string
  readonly fate: Fate
}

const planOf = (budget: Budget, seed: number): Plan => ({
  budget: { ...budget, freshCases: 0 },
  seed,
  freshSeed: 0,
  known: [],
  today: "1970-01-01"
})

/** Runs one mutant against its own law. */
export const runMutant = async <I extends Instance>(
  port: Port<I>,
  mutant: Mutant<I>,
  budget: Budget,
  seed = 0
): Promise<MutantResult> => {
  const about = { mutant: mutant.id, law: mutant.law, defect: mutant.defect }
  const law = lawsOf(port).find((each) => each.id === mutant.law)
  if (law === undefined) return { ...about, fate: { _tag: "Survived", reason: `there is no law ${mutant.law}` } }
  const opened = await open(mutant.subject)
  try {
    const verdicts: Array<string> = []
    for (const part of law.parts) {
      const result = await runPart(opened, law, part, planOf(budget, seed))
      const { verdict } = result
      verdicts.push(`${part.name}: ${verdict._tag}${"reason" in verdict ? ` (${verdict.reason})` : ""}`)
      if (verdict._tag !== "Fail") continue
      const { refutation } = verdict
      const { counterexample } = refutation
      if (counterexample.violation.nature !== "broken") {
        return { ...about, fate: { _tag: "FailedOtherwise", part: result, refutation } }
      }
      const tag = counterexample.length > mutant.longest ? "CaughtAtLength" : "Caught"
      return { ...about, fate: { _tag: tag, part: result, refutation } }
    }
    return { ...about, fate: { _tag: "Survived", reason: verdicts.join(", ") } }
  } finally {
    await opened.close()
  }
}

/** Tells a mutant's fate in one line, with more where it should have gone otherwise. */
export const line = ({ mutant, law, defect, fate }: MutantResult): string => {
  const name = `${law.padEnd(10)} ${mutant.padEnd(30)}`
  switch (fate._tag) {
    case "Caught":
      return `caught     ${name} ${defect}\n${" ".repeat(11)}${fate.refutation.counterexample.violation.summary}`
    case "CaughtAtLength":
      return `too long   ${name} its counterexample holds ${fate.refutation.counterexample.length} elements`
    case "FailedOtherwise": {
      const { nature, summary } = fate.refutation.counterexample.violation
      return `otherwise  ${name} ${nature}: ${summary}`
    }
    case "Survived":
      return `SURVIVED   ${name} ${defect} ${fate.reason}`
  }
}
