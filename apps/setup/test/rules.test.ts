/** Every rule has a test that exists, or a reason why it has none; the table and the tests cannot drift apart. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"
import { rules } from "../src/rules/rules.ts"
import { law, of, outOfScope, rule, type Mark, type Rule, type Test } from "../src/rules/Rule.ts"
import { lawsOf, named, stepsOf, titlesOf } from "../src/rules/titles.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))

/** How many rules there are of each letter, and their marks in order. */
const marks: { readonly [prefix: string]: string } = {
  "K-R": "SSSSAASSSSSSSSSAA",
  "P-R": "ASSSSSSSSSAASAAAAAA",
  "W-R": "SSPSSPSSSSSPN",
  "S-R": "SSSSSDDAAA",
  "X-R": "SSSSSSAAAAAAAA",
  C: "CCCCCCCCCCCCCCC"
}
const complete = Object.entries(marks).flatMap(([prefix, all]) =>
  [...all].map((mark, index) => [`${prefix}${index + 1}`, mark as Mark] as const)
)

const filesOf = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.name === "node_modules" || entry.name === "dist"
      ? []
      : entry.isDirectory()
        ? filesOf(`${folder}/${entry.name}`)
        : entry.name.endsWith(".ts")
          ? [`${folder}/${entry.name}`]
          : []
  )
const text = (file: string) => readFileSync(join(root, file), "utf8")

const sources = ["domain", "ports", "adapters", "conformance", "apps"]
  .flatMap(filesOf)
  .filter((file) => !file.startsWith("apps/setup/src/rules"))
const laws = new Set(
  sources.filter((file) => file.startsWith("conformance/src/laws/")).flatMap((file) => lawsOf(text(file)))
)
const isDemo = (file: string) => dirname(file) === "apps/demo/src"

/** What is wrong with one test that a rule names, in a sentence. */
const wrongTest = (id: string, test: Test): string | undefined => {
  if ("law" in test) return laws.has(test.law) ? undefined : `${id}: no law has the id ${test.law}.`
  if (!existsSync(join(root, test.file))) return `${id}: there is no file ${test.file}.`
  if (isDemo(test.file)) {
    const step = stepsOf(text(test.file)).find(({ title }) => title === test.title)
    return step === undefined
      ? `${id}: ${test.file} has no step “${test.title}”.`
      : step.rules.includes(id)
        ? undefined
        : `${id}: the step “${test.title}” does not name it.`
  }
  if (!test.file.endsWith(".test.ts")) return `${id}: ${test.file} is no file of tests.`
  return titlesOf(text(test.file)).includes(test.title) ? undefined : `${id}: ${test.file} has no test “${test.title}”.`
}

/** A sentence: a capital, some words, a full stop. */
const isSentence = (said: string) => /^[A-Z].{19,}\.$/.test(said)

/** Everything that is wrong with a table. */
const wrong = (table: ReadonlyArray<Rule>): ReadonlyArray<string> => [
  ...complete.flatMap(([id, mark]) => {
    const rows = table.filter((row) => row.id === id)
    return rows.length !== 1
      ? [`${id}: it is there ${rows.length} times.`]
      : rows[0]?.mark === mark
        ? []
        : [`${id}: its mark is ${mark}.`]
  }),
  ...table.flatMap((row) => (complete.some(([id]) => id === row.id) ? [] : [`${row.id}: there is no such rule.`])),
  ...table.flatMap(({ id, says }) => (isSentence(says) ? [] : [`${id}: “${says}” is no sentence.`])),
  ...table.flatMap((row) => {
    if ("outOfScope" in row) return isSentence(row.outOfScope) ? [] : [`${row.id}: its reason is no sentence.`]
    if (row.except !== undefined && !isSentence(row.except)) return [`${row.id}: its exception is no sentence.`]
    return row.covered.flatMap((test) => wrongTest(row.id, test) ?? [])
  })
]

describe("the table of rules", () => {
  it("has every rule once, with tests that exist or a reason that is a sentence", () => {
    expect(wrong(rules)).toEqual([])
  })

  it("knows every rule that a step of the demo, a test or a comment names", () => {
    const known = new Set(rules.map(({ id }) => id))
    const unknown = sources.flatMap((file) => {
      const found = [
        ...named(text(file)),
        ...(file.endsWith(".test.ts") ? titlesOf(text(file)).flatMap((title) => named(title, true)) : []),
        ...(isDemo(file) ? stepsOf(text(file)).flatMap((step) => step.rules) : [])
      ]
      return found.filter((id) => !known.has(id)).map((id) => `${file}: ${id}`)
    })
    expect([...new Set(unknown)]).toEqual([])
  })

  it("leaves most of what is stated to tests, and says of the rest why", () => {
    const without = rules
      .filter((row) => "outOfScope" in row && (row.mark === "S" || row.mark === "A"))
      .map(({ id }) => id)
    expect(without).toEqual(["X-R8", "X-R10"])
  })
})

describe("the check", () => {
  const here = "apps/setup/test/rules.test.ts"
  const says = "A rule that was made up for this test."
  /** What a change makes wrong that was not wrong before. */
  const newlyWrong = (table: ReadonlyArray<Rule>) => wrong(table).filter((one) => !wrong(rules).includes(one))
  const replaced = (row: Rule) => newlyWrong([...rules.filter(({ id }) => id !== row.id), row])
  const covering = (test: Test) => replaced(rule("K-R1", "S", says, test))

  it("bites: a title, a file, a law or a step that does not exist fails", () => {
    expect(covering(of(here)("has every rule once, with tests that exist or a reason that is a sentence"))).toEqual([])
    expect(covering(of(here)("has every rule twice"))).toEqual([`K-R1: ${here} has no test “has every rule twice”.`])
    expect(covering(of("domain/test/Nowhere.test.ts")("a title"))).toEqual([
      "K-R1: there is no file domain/test/Nowhere.test.ts."
    ])
    expect(covering(of("domain/src/accounts/Account.ts")("a title"))).toEqual([
      "K-R1: domain/src/accounts/Account.ts is no file of tests."
    ])
    expect(covering(law("REPO-06"))).toEqual([])
    expect(covering(law("REPO-999"))).toEqual(["K-R1: no law has the id REPO-999."])
    expect(covering(of("apps/demo/src/F1.ts")("A step"))).toEqual(["K-R1: apps/demo/src/F1.ts has no step “A step”."])
    expect(
      replaced(rule("W-R13", "N", says, of("apps/demo/src/F1.ts")("The admin makes an auth link for advertising")))
    ).toEqual(["W-R13: the step “The admin makes an auth link for advertising” does not name it."])
  })

  it("bites: a rule that is missing, there twice, marked otherwise or made up fails, and so does a reason that is none", () => {
    const [first] = rules
    if (first === undefined) throw new Error("the table is empty")
    expect(newlyWrong(rules.slice(1))).toEqual(["K-R1: it is there 0 times."])
    expect(newlyWrong([...rules, first])).toEqual(["K-R1: it is there 2 times."])
    expect(replaced({ ...first, mark: "A" })).toEqual(["K-R1: its mark is S."])
    expect(newlyWrong([...rules, { ...first, id: "Z-R1" }])).toEqual(["Z-R1: there is no such rule."])
    expect(replaced(outOfScope("K-R1", "S", says, "later"))).toEqual(["K-R1: its reason is no sentence."])
    expect(replaced({ ...first, says: "" })).toEqual(["K-R1: “” is no sentence."])
  })

  it("reads the titles of tests that run, and no others", () => {
    const quote = '"'
    const code = [
      'it("plain", f)',
      "  test(`a ${shape}`, f)",
      'it.effect(\n    "over two lines", f)',
      'it.live("with a \\"word\\"", f)',
      'it.skip("skipped", f)',
      'test.todo("to be written")',
      '// it("in a comment", f)',
      ' * it("in a docstring", f)',
      'edit("no test", f)',
      'other.it("no test either", f)',
      'test.each([1])("of %s", f)'
    ].join("\n")
    expect(titlesOf(code)).toEqual(["plain", "a ${shape}", "over two lines", `with a ${quote}word${quote}`, "of %s"])
    expect(stepsOf('await step("One", ["A", "B"], f)\nstep("Two", [], f)')).toEqual([
      { title: "One", rules: ["A", "B"] },
      { title: "Two", rules: [] }
    ])
    expect(named("rules X-R2, C3 and F4", true)).toEqual(["X-R2", "C3"])
    expect(named("rules X-R2, C3 and F4")).toEqual(["X-R2"])
  })
})
