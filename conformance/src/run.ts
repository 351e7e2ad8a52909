/** Runs the laws of a port against a subject, one part after the other, each within its budget. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Evidence, RunContext } from "./Evidence.ts"
import { levelName, partId, type Law, type Part } from "./Law.ts"
import { lawsOf } from "./laws/refusals.ts"
import type { Port } from "./Port.ts"
import { fold } from "./Seed.ts"
import { show } from "./show.ts"
import type { Instance, Subject } from "./Subject.ts"
import type { Verdict } from "./Verdict.ts"
import { type Opened, type Plan, judgeBefore, judge } from "./judge.ts"

/** What came of one part of a law. */
export interface PartResult {
  readonly law: string
  readonly part: string
  readonly title: string
  readonly rationale: string
  readonly checkFirst: string
  readonly see: ReadonlyArray<string>
  /** `core`, or the feature that the law belongs to. */
  readonly level: string
  readonly kind: Part<Instance>["kind"]
  readonly verdict: Verdict
  readonly cases: number
  readonly labels: Readonly<Record<string, number>>
  readonly seeds: ReadonlyArray<number>
  readonly digest: string
  readonly millis: number
}

/** Makes what all cases share, and one instance to see which probes there are. Rejects when the environment fails. */
export const open = async <I extends Instance>(subject: Subject<I>): Promise<Opened<I>> => {
  const scope = await Effect.runPromise(Scope.make())
  const close = () => Effect.runPromise(Scope.close(scope, Exit.void))
  try {
    const make = await Effect.runPromise(Scope.provide(subject.open, scope))
    const instance = await Effect.runPromise(Effect.scoped(make))
    const claimed = [...(instance.features ?? subject.manifest.features)].toSorted().join(", ")
    const declared = subject.manifest.features.toSorted().join(", ")
    if (claimed !== declared) {
      throw new Error(`the manifest claims the features [${declared}], the running adapter [${claimed}]`)
    }
    const offered = Object.entries(instance.probes).filter(([, probe]) => probe !== undefined)
    return { subject, make, probes: new Set(offered.map(([name]) => name)), close }
  } catch (error) {
    await close()
    const why = error instanceof Error ? error.message : show(error)
    throw new Error(`${subject.name} could not be opened: ${why}`, { cause: error })
  }
}

/** What the parts of a law are run with. */
export const runContextOf = <I extends Instance>({ make, subject }: Opened<I>, caseMillis: number): RunContext<I> => ({
  make,
  place: subject.place,
  clock: subject.manifest.clock,
  caseMillis
})

/** Runs one part of a law. */
export const runPart = async <I extends Instance>(
  opened: Opened<I>,
  law: Law<I>,
  part: Part<I>,
  plan: Plan
): Promise<PartResult> => {
  const began = performance.now()
  const finish = (verdict: Verdict, evidence: ReadonlyArray<Evidence>, seeds: ReadonlyArray<number>): PartResult => ({
    law: law.id,
    part: part.name,
    title: law.title,
    rationale: law.rationale,
    checkFirst: law.checkFirst,
    see: law.see,
    level: levelName(law),
    kind: part.kind,
    verdict,
    cases: evidence.reduce((sum, each) => sum + each.cases, 0),
    labels: Object.fromEntries(
      [...new Set(evidence.flatMap((each) => Object.keys(each.labels)))].map((label) => [
        label,
        evidence.reduce((sum, each) => sum + (each.labels[label] ?? 0), 0)
      ])
    ),
    seeds,
    digest: evidence.map((each) => each.digest).join("-"),
    millis: Math.round(performance.now() - began)
  })
  const early = judgeBefore(opened, law, part)
  if (early !== undefined) return finish(early, [], [])

  const { budget } = plan
  const context = runContextOf(opened, budget.caseMillis)
  const scaled = (cases: number) => (cases === 0 ? 0 : Math.max(Math.ceil(cases * part.effort), 1))
  const stages = [
    {
      seed: fold(partId(law, part), plan.seed),
      cases: Math.max(scaled(budget.fixedCases), Math.ceil(part.minimum * budget.share))
    },
    { seed: plan.freshSeed, cases: scaled(budget.freshCases) }
  ].filter((stage) => stage.cases > 0)
  const evidence: Array<Evidence> = []
  for (const stage of stages) {
    const left = budget.partMillis - (performance.now() - began)
    // What the fixed seed has shown stands; cases of the fresh seed that no longer fit are left out.
    if (left < 100 && evidence.length > 0) break
    const fresh = evidence.length > 0
    const found = await part.run(context, { ...stage, withinMillis: left, path: undefined })
    evidence.push(fresh && found.finding._tag === "Stopped" ? { ...found, finding: { _tag: "Held" } } : found)
    if (found.finding._tag !== "Held") break
  }
  return finish(
    judge(law.id, part, evidence, plan),
    evidence,
    stages.map((stage) => stage.seed)
  )
}

/** All parts of the chosen laws; the refusal of a feature that the subject claims is left out. */
export const partsOf = <I extends Instance>(
  port: Port<I>,
  subject: Subject<I>,
  isSelected: (law: string) => boolean
) => {
  const claimed = new Set(
    Object.entries(port.refusals).flatMap(([feature, part]) =>
      subject.manifest.features.includes(feature) ? [part] : []
    )
  )
  return lawsOf(port)
    .filter((law) => isSelected(law.id))
    .flatMap((law) => law.parts.map((part) => ({ law, part })))
    .filter(({ part }) => !claimed.has(part))
}

/** Which laws are run, and what is done after each part. */
export interface Selection {
  readonly isSelected?: (law: string) => boolean
  readonly after?: (result: PartResult) => void
}

/** Runs all parts of the chosen laws against a subject that stands ready. */
export const runAll = async <I extends Instance>(
  port: Port<I>,
  opened: Opened<I>,
  plan: Plan,
  { isSelected = () => true, after = () => undefined }: Selection = {}
): Promise<ReadonlyArray<PartResult>> => {
  const results: Array<PartResult> = []
  for (const { law, part } of partsOf(port, opened.subject, isSelected)) {
    const result = await runPart(opened, law, part, plan)
    results.push(result)
    after(result)
  }
  return results
}
