/** Reports for build servers. JUnit has no word for 'not verified': such parts are skipped, with the reason. */
import type { Report } from "./Report.ts"
import type { PartResult } from "./run.ts"
import type { Violation } from "./Violation.ts"

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;"
}

/** Writes text so that any XML reader takes it: control characters, which XML 1.0 forbids, become U+FFFD. */
const xml = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[^\P{Cc}\t\n\r]|[\ufffe\uffff]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => escapes[character] ?? character)

/** The words of a violation: one that was read from a file has its fields, and not its class. */
export const wordsOf = ({ actual, expected, summary }: Violation): ReadonlyArray<string> => [
  summary,
  ...(expected === undefined ? [] : [`  expected ${expected}`, `  actual   ${actual}`])
]

const outcome = ({ checkFirst, verdict }: PartResult): string => {
  switch (verdict._tag) {
    case "Pass":
      return ""
    case "Fail": {
      const { counterexample, token } = verdict.refutation
      const { violation, input, story } = counterexample
      const found = [...wordsOf(violation), "", ...input, "", ...story, ""]
      const body = [...found, `check first: ${checkFirst}`, `--replay ${token}`].join("\n")
      return `<failure message="${xml(violation.summary)}">${xml(body)}</failure>`
    }
    case "UnexpectedPass":
      return `<failure message="${xml(verdict.reason)}"/>`
    case "Error":
      return `<error message="${xml(verdict.reason)}"/>`
    case "Attested":
      return `<system-out>${xml(`attested: ${verdict.reason}`)}</system-out>`
    case "KnownFailure":
      return `<skipped message="${xml(`known failure: ${verdict.reason} ${verdict.link}`)}"/>`
    case "NotVerified":
      return `<skipped message="${xml(`not verified: ${verdict.reason}`)}"/>`
    case "NotApplicable":
      return `<skipped message="${xml(`not applicable: ${verdict.reason}`)}"/>`
  }
}

const testCase = (report: Report, result: PartResult): string => {
  const className = xml(`${report.port}.${report.subject.name}`)
  const name = xml(`${result.law}/${result.part} ${result.title}`)
  const time = (result.millis / 1000).toFixed(3)
  return `    <testcase classname="${className}" name="${name}" time="${time}">${outcome(result)}</testcase>`
}

/** Writes reports as one JUnit document, one suite a report, one test case a part of a law. */
export const junit = (reports: ReadonlyArray<Report>): string => {
  const suites = reports.map((report) => {
    const count = (...tags: ReadonlyArray<string>) =>
      report.results.filter(({ verdict }) => tags.includes(verdict._tag)).length
    const seconds = report.results.reduce((sum, each) => sum + each.millis, 0) / 1000
    const counts = [
      `tests="${report.results.length}"`,
      `failures="${count("Fail", "UnexpectedPass")}"`,
      `errors="${count("Error")}"`,
      `skipped="${count("KnownFailure", "NotVerified", "NotApplicable")}"`,
      `time="${seconds.toFixed(3)}"`
    ]
    return [
      `  <testsuite name="${xml(`${report.port} ${report.subject.name}`)}" ${counts.join(" ")}>`,
      ...report.results.map((result) => testCase(report, result)),
      "  </testsuite>"
    ].join("\n")
  })
  return ['<?xml version="1.0" encoding="UTF-8"?>', "<testsuites>", ...suites, "</testsuites>", ""].join("\n")
}
