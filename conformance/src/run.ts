/** Runs the laws of a port against a subject, one part after the other, each within its budget. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type { Budget } from "./Budget.ts"
import type { Evidence, RunContext } from "./Evidence.ts"
import * as KnownFailures from "./KnownFailures.ts"
import { partId, type Law, type Need, type Part } from "./Law.ts"
import type { Port } from "./Port.ts"
import * as ReplayToken from "./ReplayToken.ts"
import { fold } from "./Seed.ts"
import { show } from "./show.ts"
import type { Instance, Subject } from "./Subject.ts"
import type { Verdict } from "./Verdict.ts"

/** How a run is to be done. */
export interface Plan {
  readonly budget: Budget
  /** Changes the fixed seeds of all parts. */
  readonly seed: number
  /** The seed of this run only. */
  readonly freshSeed: number
  readonly known: ReadonlyArray<KnownFailures.KnownFailure>
  /** The day on which known failures are judged, such as `2027-03-31`. */
  readonly today: string
}

/** What came of one part of a law. */
export interface PartResult {
  readonly law: string
  readonly part: string
  readonly title: string
  readonly rationale: string
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

/** A subject that stands ready. */
export interface Opened<I extends Instance> {
  readonly subject: Subject<I>
  readonly make: RunContext<I>["make"]
  /** The names of the probes its instances offer. */
  readonly probes: ReadonlySet<string>
  readonly close: () => Promise<void>
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

const probeOf: Readonly<Record<Need, string>> = {
  overlap: "clients",
  time: "advance",
  dump: "dump",
  tamper: "tamper",
  crash: "crash",
  restart: "reopen",
  keys: "keys",
  outage: "outage",
  jobs: "jobs",
  sink: "sink",
  "own-clock": "advance"
}

const attestable: ReadonlySet<string> = new Set<Need>(["dump", "tamper", "crash"])

const isMet = (opened: Opened<Instance>, need: Need): boolean => {
  const { subject, probes } = opened
  if (need === "overlap" && subject.place === "in-process") return true
  if (need === "time" && subject.manifest.clock === "effect") return true
  return probes.has(probeOf[need])
}

/** Judges without running: features that are not claimed and needs that are not met. */
const judgeBefore = (opened: Opened<Instance>, law: Law<never>, part: Part<never>): Verdict | undefined => {
  const { manifest } = opened.subject
  if (law.level._tag === "Extended" && !manifest.features.includes(law.level.feature)) {
    return { _tag: "NotApplicable", reason: `the feature '${law.level.feature}' is not claimed` }
  }
  if (part.needs.includes("own-clock") && manifest.clock === "effect") {
    return {
      _tag: "NotApplicable",
      reason: "time comes from Effect's clock: there is no second clock to disagree with"
    }
  }
  // A need that the author declares unmet stays so: clients of one connection, say, are there but never overlap.
  const missing = part.needs.find((need) => manifest.notVerified?.[need] !== undefined || !isMet(opened, need))
  if (missing === undefined) return
  const attested = manifest.attested?.[missing]
  if (attested !== undefined && attestable.has(missing)) return { _tag: "Attested", reason: attested }
  const excuse = manifest.notVerified?.[missing]
  if (excuse !== undefined) return { _tag: "NotVerified", reason: excuse, excused: true }
  return { _tag: "NotVerified", reason: `the subject offers no probe '${probeOf[missing]}'`, excused: false }
}

/** Finds a label that too few cases carried: laws that hold on dull cases only have shown nothing. */
const rareLabel = (part: Part<never>, evidence: ReadonlyArray<Evidence>): string | undefined => {
  const cases = evidence.reduce((sum, each) => sum + each.cases, 0)
  for (const [label, share] of Object.entries(part.labels)) {
    const count = evidence.reduce((sum, each) => sum + (each.labels[label] ?? 0), 0)
    if (count >= share * cases) continue
    return `only ${count} of ${cases} cases were '${label}', at least ${Math.ceil(share * 100)} % must be`
  }
  return
}

const judge = (law: string, part: Part<never>, evidence: ReadonlyArray<Evidence>, plan: Plan): Verdict => {
  const known = KnownFailures.find(plan.known, law, part.name)
  for (const { finding } of evidence) {
    if (finding._tag === "Unusable") return { _tag: "Error", reason: finding.reason }
    if (finding._tag === "Broken") {
      const { counterexample } = finding
      const refutation = { counterexample, token: ReplayToken.write(law, part.name, counterexample) }
      if (known === undefined || KnownFailures.hasExpired(known, plan.today)) return { _tag: "Fail", refutation }
      return { _tag: "KnownFailure", refutation, reason: known.reason, link: known.link }
    }
  }
  for (const { finding } of evidence) {
    if (finding._tag === "Stopped") return { _tag: "NotVerified", reason: finding.reason, excused: false }
  }
  const rare = rareLabel(part, evidence)
  if (rare !== undefined) return { _tag: "NotVerified", reason: `generator unhealthy: ${rare}`, excused: false }
  // An entry for the whole law may be about another of its parts; only an entry for this part is refuted by a pass.
  if (known !== undefined && known.law !== law) {
    const reason = `listed as a known failure (${known.reason}), but it holds: remove the entry`
    return { _tag: "UnexpectedPass", reason }
  }
  return { _tag: "Pass" }
}

const groundOf = <I extends Instance>({ make, subject }: Opened<I>, caseMillis: number): RunContext<I> => ({
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
    level: law.level._tag === "Core" ? "core" : law.level.feature,
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
  const context = groundOf(opened, budget.caseMillis)
  const scaled = (cases: number) => (cases === 0 ? 0 : Math.max(Math.ceil(cases * part.effort), 1))
  const stages = [
    { seed: fold(partId(law, part), plan.seed), cases: Math.max(scaled(budget.fixedCases), part.minimum) },
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

/** All parts of the chosen laws, in the order of the catalogue; first come the refusals of unclaimed features. */
export const partsOf = <I extends Instance>(
  port: Port<I>,
  subject: Subject<I>,
  isSelected: (law: string) => boolean
) => [
  ...Object.entries(port.refusals)
    .filter(([feature]) => !subject.manifest.features.includes(feature) && isSelected("META-10"))
    .map(([feature, part]) => ({ law: refusalLaw(feature, part), part })),
  ...port.laws.filter((law) => isSelected(law.id)).flatMap((law) => law.parts.map((part) => ({ law, part })))
]

const refusalLaw = <I extends Instance>(feature: string, part: Part<I>): Law<I> => ({
  id: "META-10",
  title: `the feature '${feature}', which is not claimed, is refused`,
  rationale: "A feature that half works is worse than none: callers come to rely on it.",
  level: { _tag: "Core" },
  parts: [part]
})

/** Runs all parts of the chosen laws against a subject that stands ready. */
export const runAll = async <I extends Instance>(
  port: Port<I>,
  opened: Opened<I>,
  plan: Plan,
  isSelected: (law: string) => boolean = () => true,
  after: (result: PartResult) => void = () => undefined
): Promise<ReadonlyArray<PartResult>> => {
  const results: Array<PartResult> = []
  for (const { law, part } of partsOf(port, opened.subject, isSelected)) {
    const result = await runPart(opened, law, part, plan)
    results.push(result)
    after(result)
  }
  return results
}

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
  version: string,
  caseMillis: number
): Promise<Replay> => {
  if (token.suite !== version) return { _tag: "OtherSuiteVersion", version: token.suite }
  const found = partsOf(port, opened.subject, (law) => law === token.law).find(({ part }) => part.name === token.part)
  if (found === undefined) return { _tag: "NotRun", reason: `${port.name} has no law ${token.law}/${token.part}` }
  const early = judgeBefore(opened, found.law, found.part)
  if (early !== undefined) return { _tag: "NotRun", reason: "reason" in early ? early.reason : "it does not apply" }
  const { finding } = await found.part.run(groundOf(opened, caseMillis), {
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
