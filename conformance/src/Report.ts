/**
 * What a run concludes, as one value. The JSON form is normative; text and JUnit are written from it.
 */
import { createHash } from "node:crypto"
import { groupBy } from "@portolan/domain"
import type { Budget } from "./Budget.ts"
import type * as KnownFailures from "./KnownFailures.ts"
import { refusalId } from "./laws/refusals.ts"
import type { PartResult } from "./run.ts"
import type { Manifest } from "./Subject.ts"
import * as Verdict from "./Verdict.ts"
import { reportSchema, suiteVersion } from "./Version.ts"

/** The verdict of a law: the worst of its parts. */
export interface LawVerdict {
  readonly law: string
  readonly title: string
  readonly level: string
  readonly verdict: Verdict.Verdict["_tag"]
}

/** The report on one subject and one port. */
export interface Report {
  readonly schema: typeof reportSchema
  readonly suite: string
  /** The name of the adapter, as its subject has it. */
  readonly adapter: string
  readonly port: string
  /** How many laws the port has of this run; the next seven numbers add up to it. */
  readonly laws: number
  readonly passed: number
  /** Broken, or listed as a known failure and kept all the same. */
  readonly failed: number
  readonly knownFailures: number
  readonly notVerified: number
  readonly notApplicable: number
  readonly attested: number
  readonly errors: number
  readonly subject: {
    readonly name: string
    readonly version: string
    readonly place: string
    readonly manifest: Manifest
  }
  readonly environment: { readonly node: string; readonly platform: string }
  readonly budget: Budget
  readonly seed: number
  readonly freshSeed: number
  /** The verdict of each law, in the order of the catalogue. */
  readonly verdicts: ReadonlyArray<LawVerdict>
  readonly results: ReadonlyArray<PartResult>
  /** How many laws got each verdict; adds up to the number of laws. */
  readonly totals: Readonly<Record<Verdict.Verdict["_tag"], number>>
  readonly statement: Statement
  /** What is wrong with the known-failure file itself, as sentences. */
  readonly listProblems: ReadonlyArray<string>
  /** SHA-256 over all of the above, so that a published report can be compared with the original. */
  readonly digest: string
}

/** The conformance statement. */
export interface Statement {
  /** Every core law passed or is attested. False when the run left laws out. */
  readonly conformant: boolean
  /** Claimed features all of whose laws passed or are attested, given a conformant core. */
  readonly features: ReadonlyArray<string>
  /** Why the adapter is not called conformant; empty when it is. */
  readonly because: ReadonlyArray<string>
  /** Whether the run ends well: no failure, no error, no surprise, nothing unverified without a declared reason. */
  readonly green: boolean
}

/** What a report is written from. */
export interface ReportInput {
  readonly port: string
  readonly subject: Report["subject"]
  readonly budget: Budget
  readonly seed: number
  readonly freshSeed: number
  readonly results: ReadonlyArray<PartResult>
  readonly known: ReadonlyArray<KnownFailures.KnownFailure>
  readonly today: string
  /** Whether all laws of the port were run; a selection never makes an adapter conformant. */
  readonly complete: boolean
}

/** Combines the verdicts of parts into verdicts of laws, in the order of the results. */
export const lawVerdicts = (results: ReadonlyArray<PartResult>): ReadonlyArray<LawVerdict> => {
  const grouped = groupBy(results, (result) => `${result.law} ${result.law === refusalId ? result.part : ""}`)
  return [...grouped.values()].flatMap((parts) => {
    const [first] = parts
    if (first === undefined) return []
    const verdict = Verdict.worst(parts.map((part) => part.verdict))
    return [{ law: first.law, title: first.title, level: first.level, verdict }]
  })
}

const listProblems = (input: ReportInput): ReadonlyArray<string> =>
  input.known.flatMap((entry) => {
    const listed = `${entry.law} is listed as a known failure`
    const matching = input.results.filter(({ law, part }) => entry.law === law || entry.law === `${law}/${part}`)
    if (matching.length === 0) {
      return input.complete ? [`${listed}, but there is no such law`] : []
    }
    if (entry.expires < input.today) return [`${listed} until ${entry.expires}, which is over`]
    const failing = matching.some(({ verdict }) => verdict._tag === "KnownFailure")
    const named = matching.some(({ verdict }) => verdict._tag === "UnexpectedPass")
    const judged = matching.every(({ verdict }) => verdict._tag === "Pass")
    return judged && !failing && !named ? [`${listed}, but it holds: remove the entry`] : []
  })

const statementOf = (
  input: ReportInput,
  laws: ReadonlyArray<LawVerdict>,
  problems: ReadonlyArray<string>
): Statement => {
  const applicable = laws.filter((law) => law.verdict !== "NotApplicable")
  const nothingRan = applicable.length === 0
  const broken = laws.filter((law) => law.level === "core" && !Verdict.conforms(law.verdict))
  const because = [
    ...(nothingRan ? ["nothing ran"] : []),
    ...(input.complete ? [] : ["only a selection of laws was run"]),
    ...(input.budget.share < 1 ? ["the budget runs fewer cases than the laws ask for"] : []),
    ...broken.map((law) => `${law.law} ${Verdict.words[law.verdict]}`),
    ...problems
  ]
  const conformant = because.length === 0
  const features = input.subject.manifest.features.filter((feature) => {
    const own = laws.filter((law) => law.level === feature)
    return conformant && own.length > 0 && own.every((law) => Verdict.conforms(law.verdict))
  })
  const red = input.results.some((result) => Verdict.isRed(result.verdict))
  return { conformant, features, because, green: !nothingRan && !red && problems.length === 0 }
}

/** Writes the report. */
export const make = (input: ReportInput): Report => {
  const laws = lawVerdicts(input.results)
  const problems = listProblems(input)
  const count = (tag: Verdict.Verdict["_tag"]) => laws.filter((law) => law.verdict === tag).length
  const body = {
    schema: reportSchema,
    suite: suiteVersion,
    adapter: input.subject.name,
    port: input.port,
    laws: laws.length,
    passed: count("Pass"),
    failed: count("Fail") + count("UnexpectedPass"),
    knownFailures: count("KnownFailure"),
    notVerified: count("NotVerified"),
    notApplicable: count("NotApplicable"),
    attested: count("Attested"),
    errors: count("Error"),
    subject: input.subject,
    environment: { node: process.version, platform: `${process.platform}-${process.arch}` },
    budget: input.budget,
    seed: input.seed,
    freshSeed: input.freshSeed,
    verdicts: laws,
    results: input.results,
    totals: {
      Error: count("Error"),
      Fail: count("Fail"),
      UnexpectedPass: count("UnexpectedPass"),
      KnownFailure: count("KnownFailure"),
      NotVerified: count("NotVerified"),
      Attested: count("Attested"),
      Pass: count("Pass"),
      NotApplicable: count("NotApplicable")
    },
    statement: statementOf(input, laws, problems),
    listProblems: problems
  } as const
  return { ...body, digest: createHash("sha256").update(JSON.stringify(body)).digest("hex") }
}
