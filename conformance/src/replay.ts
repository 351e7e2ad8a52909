/** Runs again exactly the case that a failure named. */
import type { Port } from "./Port.ts"
import * as ReplayToken from "./ReplayToken.ts"
import type { Instance } from "./Subject.ts"
import type { Verdict } from "./Verdict.ts"
import { type Opened, judgeBefore } from "./judge.ts"
import { suiteVersion } from "./Version.ts"
import { partsOf, runContextOf } from "./run.ts"

/** What a replay tells. */
export type Replay =
  | { readonly _tag: "FailsAsBefore"; readonly refutation: Extract<Verdict, { _tag: "Fail" }>["refutation"] }
  | { readonly _tag: "FailsDifferently"; readonly refutation: Extract<Verdict, { _tag: "Fail" }>["refutation"] }
  | { readonly _tag: "NoLongerFails" }
  | { readonly _tag: "OtherSuiteVersion"; readonly version: string }
  | { readonly _tag: "NotRun"; readonly reason: string }

/** Runs exactly the case that a token names. */
export const replay = async <I extends Instance>(
  port: Port<I>,
  opened: Opened<I>,
  token: ReplayToken.ReplayToken,
  caseMillis: number
): Promise<Replay> => {
  if (token.suite !== suiteVersion) return { _tag: "OtherSuiteVersion", version: token.suite }
  const found = partsOf(port, opened.subject, (law) => law === token.law).find(({ part }) => part.name === token.part)
  if (found === undefined) return { _tag: "NotRun", reason: `${port.name} has no law ${token.law}/${token.part}` }
  const early = judgeBefore(opened, found.law, found.part)
  if (early !== undefined) return { _tag: "NotRun", reason: "reason" in early ? early.reason : "it does not apply" }
  const { finding } = await found.part.run(runContextOf(opened, caseMillis), {
    seed: token.seed,
    cases: 1,
    withinMillis: caseMillis * 10,
    path: token.path
  })
  if (finding._tag === "Unusable" || finding._tag === "Stopped") return { _tag: "NotRun", reason: finding.reason }
  if (finding._tag === "Held") return { _tag: "NoLongerFails" }
  const refutation = {
    counterexample: finding.counterexample,
    token: ReplayToken.write(token.law, token.part, finding.counterexample)
  }
  return ReplayToken.digestOf(finding.counterexample) === token.digest
    ? { _tag: "FailsAsBefore", refutation }
    : { _tag: "FailsDifferently", refutation }
}
