/** What the cases of a part say about it: its verdict, before it runs and after. */
import type { Budget } from "./Budget.ts"
import type { Evidence, RunContext } from "./Evidence.ts"
import * as KnownFailures from "./KnownFailures.ts"
import { type Law, type Need, type Part } from "./Law.ts"
import * as ReplayToken from "./ReplayToken.ts"
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

/** A subject that stands ready. */
export interface Opened<I extends Instance> {
  readonly subject: Subject<I>
  readonly make: RunContext<I>["make"]
  /** The names of the probes its instances offer. */
  readonly probes: ReadonlySet<string>
  readonly close: () => Promise<void>
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
  plant: "plant",
  foreign: "foreign",
  outbox: "outbox",
  server: "server",
  rows: "rows",
  wire: "wire",
  workers: "workers",
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
export const judgeBefore = (opened: Opened<Instance>, law: Law<never>, part: Part<never>): Verdict | undefined => {
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

/** Judges a part by what its cases showed. */
export const judge = (law: string, part: Part<never>, evidence: ReadonlyArray<Evidence>, plan: Plan): Verdict => {
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
  // So few cases say nothing about shares.
  const rare = plan.budget.share < 1 ? undefined : rareLabel(part, evidence)
  if (rare !== undefined) return { _tag: "NotVerified", reason: `generator unhealthy: ${rare}`, excused: false }
  // An entry for the whole law may be about another of its parts; only an entry for this part is refuted by a pass.
  if (known !== undefined && known.law !== law) {
    const reason = `listed as a known failure (${known.reason}), but it holds: remove the entry`
    return { _tag: "UnexpectedPass", reason }
  }
  return { _tag: "Pass" }
}
