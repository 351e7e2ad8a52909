/** Reports for people. */
import type { Report } from "./Report.ts"
import type { PartResult } from "./run.ts"
import type { Replay } from "./replay.ts"
import * as Verdict from "./Verdict.ts"

const indent = (line: string, by: string) =>
  line
    .split("\n")
    .map((each) => by + each)
    .join("\n")

/** A number of things, in words: `1 law`, `30 laws`. */
export const counted = (count: number, one: string) => `${count} ${count === 1 ? one : `${one}s`}`

/** A law, as failures speak about it. */
export interface LawText {
  readonly law: string
  readonly part: string
  readonly title: string
  readonly rationale: string
  readonly checkFirst: string
  readonly see: ReadonlyArray<string>
}

/** Tells a refutation from the promise down to the command that runs it again. */
export const refutation = (law: LawText, found: Verdict.Refutation, again: string): string => {
  const { counterexample, token } = found
  const { violation } = counterexample
  const seen =
    violation.expected === undefined ? [] : [`    expected ${violation.expected}`, `    actual   ${violation.actual}`]
  const story = counterexample.story.map((each) => indent(each, "    "))
  return [
    `${law.law} is broken: ${law.title}`,
    `  why it matters: ${law.rationale}`,
    `  what happened: ${violation.summary}`,
    ...seen,
    `  shortest case found:`,
    ...counterexample.input.map((line) => indent(line, "    ")),
    ...(story.length === 0 ? [] : ["  what was seen, in this order:", ...story]),
    `  check first: ${law.checkFirst}`,
    `  see: ${law.see.join(", ")}`,
    `  run just this: ${again} --replay ${token}`
  ].join("\n")
}

const reasonOf = (verdict: Verdict.Verdict): string => {
  switch (verdict._tag) {
    case "Pass":
      return ""
    case "Fail":
      return verdict.refutation.counterexample.violation.summary
    default:
      return verdict.reason
  }
}

/** Tells one result in one line. */
export const line = (result: PartResult): string => {
  const labels = Object.entries(result.labels).map(([label, count]) => `${label} ${count}`)
  const facts = [
    ...(result.cases === 0 ? [] : [`${result.cases} cases`]),
    ...labels,
    ...(result.millis < 1_000 ? [] : [`${(result.millis / 1000).toFixed(1)} s`])
  ]
  const name = `${result.law}/${result.part}`.padEnd(18)
  const why = reasonOf(result.verdict)
  const tail = why === "" ? "" : `\n${" ".repeat(19)}${why}`
  const measured = facts.length === 0 ? "" : ` (${facts.join(", ")})`
  return `${Verdict.words[result.verdict._tag].padEnd(15)} ${name} ${result.title}${measured}${tail}`
}

const refutationOf = (verdict: Verdict.Verdict): Verdict.Refutation | undefined =>
  verdict._tag === "Fail" || verdict._tag === "KnownFailure" ? verdict.refutation : undefined

/** Tells what a run concludes, with everything that was not checked. */
export const summary = (report: Report, again: string): string => {
  const refuted = report.results.flatMap((result) => {
    const found = refutationOf(result.verdict)
    return found === undefined ? [] : [refutation(result, found, again)]
  })
  const unverified = report.results.filter(({ verdict }) => verdict._tag === "NotVerified")
  const left = unverified.map((each) => `${each.law}/${each.part}`).join(", ")
  const totals = Verdict.tags
    .filter((tag) => report.totals[tag] > 0)
    .map((tag) => `${report.totals[tag]} ${Verdict.words[tag]}`)
  const { statement } = report
  const { name, version } = report.subject
  const ended = statement.green ? "ended well" : "did not end well"
  const reasons = statement.because.slice(0, 12).join("; ")
  const more = statement.because.length > 12 ? `; and ${statement.because.length - 12} more` : ""
  const disproved = report.verdicts.some(({ level, verdict }) => level === "core" && verdict === "Fail")
  const port = `${report.port} ${report.suite}`
  const claim = statement.conformant
    ? `${name} ${version} is conformant to ${port}` +
      (statement.features.length === 0 ? "" : `, with ${statement.features.join(", ")}`)
    : `${name} ${version} is not ${disproved ? "" : "shown to be "}conformant to ${port}: ${reasons}${more}`
  // A claim is about the core; a feature that is claimed and not shown has to be named beside it, or nobody misses it.
  const unkept = report.verdicts.filter(({ level, verdict }) => level !== "core" && !Verdict.conforms(verdict))
  const claimed = unkept.map(({ law, level, verdict }) => `${level}: ${law} ${Verdict.words[verdict]}`).join("; ")
  return [
    ...refuted.flatMap((text) => [text, ""]),
    ...report.listProblems.map((problem) => `known failures: ${problem}`),
    `${counted(report.laws, "law")} in ${counted(report.results.length, "part")}; laws: ${totals.join(", ")}`,
    ...(unverified.length === 0 ? [] : [`not verified: ${left}`]),
    claim,
    ...(unkept.length === 0 ? [] : [`claimed and not shown: ${claimed}`]),
    `seed ${report.seed}, fresh seed ${report.freshSeed}, budget ${report.budget.profile}; the run ${ended}`
  ].join("\n")
}

/** Tells what a replay showed. */
export const replayed = (outcome: Replay, law: LawText, again: string): string => {
  switch (outcome._tag) {
    case "FailsAsBefore":
      return `fails as before\n\n${refutation(law, outcome.refutation, again)}`
    case "FailsDifferently":
      return `fails differently\n\n${refutation(law, outcome.refutation, again)}`
    case "NoLongerFails":
      return "no longer fails"
    case "OtherSuiteVersion":
      return `made by another suite version: ${outcome.version}`
    case "NotRun":
      return `not run: ${outcome.reason}`
  }
}
