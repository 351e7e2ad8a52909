/** Lets any runner with `describe` and `it` run the laws: each part of each law is one test, its id in the title. */
import { budgets, type Profile } from "../Budget.ts"
import { invocation } from "../cli/invocation.ts"
import type { KnownFailure } from "../KnownFailures.ts"
import type { Port } from "../Port.ts"
import { open, partsOf, runPart } from "../run.ts"
import { type Opened, type Plan } from "../judge.ts"
import { draws } from "../Seed.ts"
import type { Instance, Subject } from "../Subject.ts"
import * as text from "../text.ts"
import { isRed } from "../Verdict.ts"

/** What a runner must offer. `skip` ends a test early, as skipped, with a reason. */
export interface Runner {
  /** Groups tests under a title. */
  readonly describe: (title: string, body: () => void) => void
  /** Registers work that runs once before the tests of the group. */
  readonly beforeAll: (work: () => Promise<void>) => void
  /** Registers work that runs once after the tests of the group, failed ones included. */
  readonly afterAll: (work: () => Promise<void>) => void
  /** Registers one test; it fails when the promise rejects or the time is over. */
  readonly it: (title: string, body: (skip: (reason: string) => void) => Promise<void>, timeoutMillis: number) => void
}

/** How the laws are to be run. */
export interface Options {
  readonly profile?: Profile
  readonly seed?: number
  /** The seed of this run's own cases, to repeat a run whose title named it; drawn anew when left out. */
  readonly freshSeed?: number
  readonly known?: ReadonlyArray<KnownFailure>
  /**
   * Which parts are run, by law and name of the part; all when left out. For a second database under the same adapter:
   * a report of conformance needs all of them.
   */
  readonly isSelected?: (law: string, part: string) => boolean
}

/** Registers all parts of all laws of `port` for `subject` with a runner. */
export const register = <I extends Instance>(
  runner: Runner,
  port: Port<I>,
  subject: Subject<I>,
  options: Options = {}
) => {
  const budget = budgets[options.profile ?? "smoke"]
  const now = new Date()
  const plan: Plan = {
    budget,
    seed: options.seed ?? 0,
    freshSeed: options.freshSeed ?? draws(now.getTime()).below(2 ** 31),
    known: options.known ?? [],
    today: now.toISOString().slice(0, 10)
  }
  runner.describe(`${port.name}: ${subject.name} ${subject.version} (fresh seed ${plan.freshSeed})`, () => {
    let opened: Opened<I> | undefined
    runner.beforeAll(async () => {
      opened = await open(subject)
    })
    runner.afterAll(async () => {
      await opened?.close()
    })
    const { isSelected = () => true } = options
    const parts = partsOf(port, subject, () => true).filter(({ law, part }) => isSelected(law.id, part.name))
    for (const { law, part } of parts) {
      const title = `${law.id}/${part.name} ${law.title}`
      runner.it(
        title,
        async (skip) => {
          if (opened === undefined) throw new Error(`${subject.name} is not open`)
          const result = await runPart(opened, law, part, plan)
          const { verdict } = result
          if (verdict._tag === "Fail") {
            const again = `${invocation} --subject <the file of ${subject.name}>`
            throw new Error(text.refutation(result, verdict.refutation, again))
          }
          if (isRed(verdict)) throw new Error(text.line(result))
          if (verdict._tag !== "Pass" && verdict._tag !== "Attested") skip(text.line(result))
        },
        budget.partMillis * 2 + 10_000
      )
    }
  })
}
