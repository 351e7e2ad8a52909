import { budgets, type Profile } from "../Budget.ts"
import { lawsOf } from "../laws/refusals.ts"
import { levelName, type Need, type PartKind, type Source } from "../Law.ts"
import { runMutant, type MutantResult } from "../matrix.ts"
import type { Port } from "../Port.ts"
import type { ReplayToken } from "../ReplayToken.ts"
import type { Report } from "../Report.ts"
import { open } from "../run.ts"
import { replay, type Replay } from "../replay.ts"
import { runPort, type RunOptions } from "../runPort.ts"
import type { Instance, Subject } from "../Subject.ts"
import type { Subjects } from "../Subjects.ts"

/** A law, as the command line speaks about it. */
export interface ListedLaw {
  readonly id: string
  readonly title: string
  readonly rationale: string
  readonly checkFirst: string
  /** Where the promise is written. */
  readonly see: ReadonlyArray<string>
  readonly sources: ReadonlyArray<Source>
  /** `core`, or the feature that the law belongs to. */
  readonly level: string
  readonly parts: ReadonlyArray<ListedPart>
  readonly mutants: ReadonlyArray<ListedMutant>
}

/** A way in which a law is checked, and what it needs of the subject. */
export interface ListedPart {
  readonly name: string
  readonly kind: PartKind
  readonly needs: ReadonlyArray<Need>
}

/** An adapter that is wrong on purpose, and how. */
export interface ListedMutant {
  readonly id: string
  readonly defect: string
}

/** A port together with the way to its subject: what the command line needs, whatever the port's instances are. */
export interface PortRunner {
  readonly name: string
  readonly laws: ReadonlyArray<ListedLaw>
  readonly mutants: ReadonlyArray<string>
  /** Says whether there is a subject for the port. */
  readonly isOffered: (subjects: Subjects) => boolean
  /** Runs the port's laws; undefined when there is no subject for the port. */
  readonly run: (subjects: Subjects, options: RunOptions) => Promise<Report> | undefined
  readonly replay: (subjects: Subjects, token: ReplayToken) => Promise<Replay> | undefined
  /** Runs the port's mutants, those of the given laws if there are any. */
  readonly matrix: (
    profile: Profile,
    seed: number,
    laws: ReadonlyArray<string>,
    after: (result: MutantResult) => void
  ) => Promise<ReadonlyArray<MutantResult>>
  /** Offers a mutant as the subject; undefined when the port has no such mutant. */
  readonly asSubjects: (mutant: string) => Subjects | undefined
}

/** Binds a port to its place among the subjects. */
export const portRunner = <I extends Instance>(
  port: Port<I>,
  pick: (subjects: Subjects) => Subject<I> | undefined,
  place: (subject: Subject<I>) => Subjects
): PortRunner => ({
  name: port.name,
  laws: lawsOf(port).map((law) => ({
    id: law.id,
    title: law.title,
    rationale: law.rationale,
    checkFirst: law.checkFirst,
    see: law.see,
    sources: law.sources ?? [],
    level: levelName(law),
    parts: law.parts.map(({ kind, name, needs }) => ({ name, kind, needs })),
    mutants: port.mutants.filter((mutant) => mutant.law === law.id).map(({ defect, id }) => ({ id, defect }))
  })),
  mutants: port.mutants.map((mutant) => mutant.id),
  isOffered: (subjects) => pick(subjects) !== undefined,
  run: (subjects, options) => {
    const subject = pick(subjects)
    return subject === undefined ? undefined : runPort(port, subject, options)
  },
  replay: (subjects, token) => {
    const subject = pick(subjects)
    if (subject === undefined) return
    return open(subject).then((opened) => replay(port, opened, token, budgets.default.caseMillis).finally(opened.close))
  },
  matrix: async (profile, seed, laws, after) => {
    const results: Array<MutantResult> = []
    for (const mutant of port.mutants) {
      if (laws.length > 0 && !laws.includes(mutant.law)) continue
      const result = await runMutant(port, mutant, budgets[profile], seed)
      results.push(result)
      after(result)
    }
    return results
  },
  asSubjects: (id) => {
    const mutant = port.mutants.find((each) => each.id === id)
    return mutant === undefined ? undefined : place(mutant.subject)
  }
})
