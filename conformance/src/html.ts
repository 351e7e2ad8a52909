/** Reports as one page for people: it needs no network, no script and no other file. */
import { wordsOf } from "./junit.ts"
import type { Report } from "./Report.ts"
import type { PartResult } from "./run.ts"
import * as Verdict from "./Verdict.ts"

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;"
}

const html = (text: string): string => text.toWellFormed().replace(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

const style = `
:root { color-scheme: light dark; --good: #1a7f37; --bad: #cf222e; --odd: #9a6700;
  --rule: color-mix(in srgb, currentColor 18%, transparent) }
* { box-sizing: border-box }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem }
h1 { font-size: 1.5rem; margin: 0 0 .25rem } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem }
.claim { font-weight: 600 } .quiet { opacity: .75; font-size: .9rem }
.figures { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none }
.figures li { border: 1px solid var(--rule); border-radius: .5rem; padding: .25rem .75rem }
details { border-top: 1px solid var(--rule); padding: .4rem 0 }
summary { cursor: pointer; display: flex; gap: .6rem; flex-wrap: wrap }
.id { font: .85rem ui-monospace, monospace; min-width: 10.5rem }
.mark { min-width: 7rem; font-size: .85rem; font-weight: 600 }
.title { flex: 1 1 20rem } .Pass, .Attested { color: var(--good) } .Fail, .Error, .UnexpectedPass { color: var(--bad) }
.NotVerified, .KnownFailure { color: var(--odd) } .NotApplicable { opacity: .6 }
pre { overflow-x: auto; padding: .75rem; border: 1px solid var(--rule); border-radius: .5rem; font-size: .82rem }
ol.calls { padding-left: 1.5rem; font: .85rem/1.6 ui-monospace, monospace; overflow-wrap: anywhere }
dt { font-weight: 600 } dd { margin: 0 0 .5rem }
`

const paragraph = (name: string, content: string) => `<dt>${name}</dt><dd>${content}</dd>`

const calls = (lines: ReadonlyArray<string>) =>
  `<ol class="calls">${lines.map((line) => `<li>${html(line.trim())}</li>`).join("")}</ol>`

/** What was found, from the promise down to the command that runs it again. */
const refutation = ({ counterexample, token }: Verdict.Refutation): ReadonlyArray<string> => [
  paragraph("What happened", `<pre>${html(wordsOf(counterexample.violation).join("\n"))}</pre>`),
  paragraph("Shortest case found", calls(counterexample.input)),
  ...(counterexample.story.length === 0
    ? []
    : [paragraph("What was seen, in this order", calls(counterexample.story))]),
  paragraph("Run just this", `<pre>portolan-conformance replay ${html(token)}</pre>`)
]

const bodyOf = (result: PartResult): string => {
  const { checkFirst, kind, labels, rationale, see, verdict } = result
  const evidence = [
    `${kind}, ${result.cases} cases`,
    ...Object.entries(labels).map(([label, count]) => `${label} ${count}`)
  ]
  return [
    "<dl>",
    paragraph("Why it matters", html(rationale)),
    ...("reason" in verdict ? [paragraph("Why", html(verdict.reason))] : []),
    ...("refutation" in verdict ? refutation(verdict.refutation) : []),
    ...(Verdict.conforms(verdict._tag) ? [] : [paragraph("Check first", html(checkFirst))]),
    paragraph("Evidence", html(evidence.join("; "))),
    paragraph("Written in", html(see.join(", "))),
    "</dl>"
  ].join("")
}

const partText = (result: PartResult): string => {
  const { law, part, title, verdict } = result
  const isOpen = Verdict.isRed(verdict) ? " open" : ""
  return `<details${isOpen}><summary><span class="id">${html(law)}/${html(part)}</span>
<span class="mark ${verdict._tag}">${Verdict.words[verdict._tag]}</span>
<span class="title">${html(title)}</span></summary>${bodyOf(result)}</details>`
}

/** Worst first, then in the order of the catalogue. */
const sorted = (results: ReadonlyArray<PartResult>) =>
  results.toSorted(
    ({ verdict: one }, { verdict: other }) => Verdict.tags.indexOf(one._tag) - Verdict.tags.indexOf(other._tag)
  )

const reportText = (report: Report): string => {
  const { adapter, budget, environment, port, statement, subject } = report
  const figures = Verdict.tags
    .filter((tag) => report.totals[tag] > 0)
    .map((tag) => `<li class="${tag}"><b>${report.totals[tag]}</b> ${Verdict.words[tag]}</li>`)
  const features = statement.features.length === 0 ? "" : `, with ${statement.features.join(", ")}`
  const claim = statement.conformant
    ? `conformant to ${port} ${report.suite}${features}`
    : `not shown to be conformant to ${port} ${report.suite}`
  const run = [
    subject.place,
    `budget ${budget.profile}`,
    `seed ${report.seed}`,
    `fresh seed ${report.freshSeed}`,
    `${environment.node} on ${environment.platform}`
  ]
  return `<section><h2>${html(adapter)} ${html(subject.version)}: ${html(port)}</h2>
<p class="claim">${html(claim)}</p>
${statement.because.length === 0 ? "" : `<p>${html(statement.because.join("; "))}</p>`}
<ul class="figures">${figures.join("")}</ul>
<p class="quiet">${html(run.join(", "))}</p>
${sorted(report.results).map(partText).join("\n")}</section>`
}

/** Writes the page. */
export const page = (reports: ReadonlyArray<Report>): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Conformance</title><style>${style}</style></head><body>
<h1>Conformance</h1>
<p class="quiet">Each line is one way in which a law was checked. It opens and tells why the law matters, what was tried
and, where it is broken, the shortest case.</p>
${reports.map(reportText).join("\n")}
</body></html>
`
