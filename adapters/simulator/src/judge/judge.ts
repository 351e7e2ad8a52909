/** Judges an application: each rule in a fresh world, verified only where its situation really arose. */
import { type Driver, DriverBroken } from "./Driver.ts"
import { rules, unjudged } from "./rules.ts"
import { NotVerified, play } from "./Stage.ts"

/** What came of one rule. */
export type Verdict = {
  readonly id: string
  readonly rule: string
  readonly situation: string
  readonly verdict: "pass" | "fail" | "not verified"
  /** What is wrong, or why it could not be judged; empty for a pass. */
  readonly why: string
}

/** What came of all. */
export type Judgement = {
  readonly family: "amazon-ads"
  readonly passed: number
  readonly failed: number
  readonly notVerified: number
  readonly verdicts: ReadonlyArray<Verdict>
}

const verdictOf = async (driver: Driver, index: number): Promise<Verdict | undefined> => {
  const one = rules[index]
  if (one === undefined) return undefined
  const { id, rule, situation } = one
  try {
    const wrong = await play(driver, one.policy ?? {}, one.judge)
    return { id, rule, situation, verdict: wrong === undefined ? "pass" : "fail", why: wrong ?? "" }
  } catch (error) {
    if (error instanceof DriverBroken) throw error
    if (error instanceof NotVerified) return { id, rule, situation, verdict: "not verified", why: error.message }
    return { id, rule, situation, verdict: "fail", why: error instanceof Error ? error.message : String(error) }
  }
}

/** Runs every rule. Rejects with `DriverBroken` when the driver does not do what it has to. */
export const judge = async (driver: Driver): Promise<Judgement> => {
  const verdicts: Array<Verdict> = []
  for (const index of rules.keys()) {
    const verdict = await verdictOf(driver, index)
    if (verdict !== undefined) verdicts.push(verdict)
  }
  for (const [id, why] of Object.entries(unjudged)) {
    verdicts.push({ id, rule: why.split(":")[0] ?? id, situation: "", verdict: "not verified", why })
  }
  const count = (verdict: Verdict["verdict"]) => verdicts.filter((one) => one.verdict === verdict).length
  return {
    family: "amazon-ads",
    passed: count("pass"),
    failed: count("fail"),
    notVerified: count("not verified"),
    verdicts: verdicts.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  }
}
