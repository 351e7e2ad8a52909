import { given } from "@portolan/domain"
import { budgets, type Profile } from "./Budget.ts"
import type { KnownFailure } from "./KnownFailures.ts"
import type { Port } from "./Port.ts"
import * as Report from "./Report.ts"
import { open, runAll, type PartResult } from "./run.ts"
import type { Instance, Subject } from "./Subject.ts"

/** How to run all laws of a port. */
export interface RunOptions {
  readonly profile: Profile
  readonly seed: number
  readonly freshSeed: number
  readonly known: ReadonlyArray<KnownFailure>
  readonly today: string
  /** The ids to run; empty for all. */
  readonly laws: ReadonlyArray<string>
  /** Called after each part, to report while the run goes on. */
  readonly after?: (result: PartResult) => void
}

/** Opens the subject, runs the laws, closes it, and writes the report. Rejects when the subject cannot be opened. */
export const runPort = async <I extends Instance>(
  port: Port<I>,
  subject: Subject<I>,
  options: RunOptions
): Promise<Report.Report> => {
  const opened = await open(subject)
  try {
    const budget = budgets[options.profile]
    const isSelected = (law: string) => options.laws.length === 0 || options.laws.includes(law)
    const results = await runAll(
      port,
      opened,
      { ...options, budget },
      { isSelected, ...given({ after: options.after }) }
    )
    const { name, version, place, manifest } = subject
    return Report.make({
      port: port.name,
      subject: { name, version, place, manifest },
      budget,
      seed: options.seed,
      freshSeed: options.freshSeed,
      results,
      known: options.known,
      today: options.today,
      complete: options.laws.length === 0
    })
  } finally {
    await opened.close()
  }
}
