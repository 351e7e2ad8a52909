/**
 * The page of rules: every id that a comment, a test or a step of the demo names, with its meaning and the tests that
 * cover it.
 */
import { rules } from "./rules.ts"
import type { Mark, Rule, Test } from "./Rule.ts"

/** Where the page is, from the root of the repository. It ships with the domain, whose comments name the rules. */
export const path = "domain/RULES.md"

const marks: { readonly [M in Mark]: string } = {
  S: "stated by a product that does this work",
  A: "stated by a product, for one kind of account",
  P: "stated by a provider",
  N: "stated by a neighbouring product",
  D: "a consequence of our own",
  C: "holds across all flows"
}

const rooms: ReadonlyArray<{ readonly title: string; readonly ids: RegExp }> = [
  { title: "F1 · Company, accounts, direct or delegated authorization, pending authorization (Amazon)", ids: /^K-R/ },
  { title: "F2 · Self-serve seller onboarding with two channels (Amazon)", ids: /^P-R/ },
  { title: "F3 · Partner-granted advertising connection (Walmart)", ids: /^W-R/ },
  { title: "F4 · Many accounts under one main credential (Amazon)", ids: /^S-R/ },
  { title: "F5 · Request to connect (Amazon)", ids: /^X-R/ },
  { title: "Across all flows", ids: /^C\d/ }
]

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ")

const testOf = (test: Test): string => ("law" in test ? `law ${test.law}` : `${test.file}: ${test.title}`)

const coverOf = (rule: Rule): string => {
  if ("outOfScope" in rule) return `Out of scope: ${rule.outOfScope}`
  const tests = rule.covered.map(testOf).join("<br>")
  return rule.except === undefined ? tests : `${tests}<br>Except: ${rule.except}`
}

const row = (rule: Rule): string => `| ${rule.id} | ${rule.mark} | ${cell(rule.says)} | ${cell(coverOf(rule))} |`

/** The page as Markdown. */
export const page = (): string =>
  [
    "# Rules",
    "",
    "The rules that Portolan keeps, by flow. Comments, tests and steps of the demo name them by id. `npm run rules`",
    "generates this page; a test says when it is out of date.",
    "",
    `Marks: ${Object.entries(marks)
      .map(([mark, meaning]) => `**${mark}** ${meaning}`)
      .join(", ")}.`,
    ...rooms.flatMap(({ ids, title }) => [
      "",
      `## ${title}`,
      "",
      "| id | mark | rule | covered by |",
      "|---|---|---|---|",
      ...rules.filter(({ id }) => ids.test(id)).map(row)
    ]),
    ""
  ].join("\n")
