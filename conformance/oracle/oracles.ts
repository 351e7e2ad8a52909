/** Every oracle, and how they take turns. */
import { belonging, permitted } from "./belonging.ts"
import { loading } from "./loading.ts"
import { mainAccount } from "./mainAccount.ts"
import { expanding } from "./expansion.ts"
import { diagnosing } from "./diagnosing.ts"
import { directory, keys } from "./directory.ts"
import { inWorld, type Oracle, ours, type Subject, type Violation } from "./Oracle.ts"
import { keeping } from "./accounts.ts"
import { closing } from "./closing.ts"
import { duplicates } from "./companies.ts"
import { requesting } from "./requesting.ts"
import { authorizing, consenting } from "./authorizing.ts"
import { linking } from "./linking.ts"

/** Every body of rules that is judged. */
export const oracles: ReadonlyArray<Oracle> = [
  linking,
  authorizing,
  consenting,
  requesting,
  belonging,
  permitted,
  keeping,
  duplicates,
  closing,
  loading,
  mainAccount,
  expanding,
  diagnosing,
  directory,
  keys
]

/** What a run found. */
export interface Found {
  /** Comparisons that were made. */
  readonly steps: number
  /** At most ten an oracle; the first difference of a world ends what is said of it. */
  readonly violations: ReadonlyArray<Violation>
}

/** Runs worlds in turn, one an oracle, until so many comparisons are made. The same seed gives the same run. */
export const judge = (
  demanded: number,
  {
    only = oracles,
    seed = 1,
    subject = ours
  }: { readonly only?: ReadonlyArray<Oracle>; readonly seed?: number; readonly subject?: Subject } = {}
): Found => {
  const violations: Array<Violation> = []
  let steps = 0
  for (let turn = 0; steps < demanded; turn++) {
    const before = steps
    for (const oracle of only) {
      const world = inWorld(oracle, seed * 1_000_003 + turn, subject)
      steps += world.steps
      if (world.violation === undefined) continue
      if (violations.filter((one) => one.oracle === oracle.name).length < 10) violations.push(world.violation)
    }
    if (steps === before) throw new Error("No oracle compares anything.")
  }
  return { steps, violations }
}
