/** The style as a test: the tree keeps it, and the measures find what is over a limit. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "@effect/vitest"
import { page, path } from "../src/rules/page.ts"
import { undocumented } from "../src/tidy/docstrings.ts"
import { circles } from "../src/tidy/circles.ts"
import { measure } from "../src/tidy/measures.ts"
import { unresolved } from "../src/tidy/references.ts"
import { retiredNames } from "../src/tidy/retired.ts"
import { exceptions, findings, listOf, shrink, wrong } from "../src/tidy/tidy.ts"
import { parse, root } from "../src/tidy/tree.ts"

const source = (text: string, file = "ports/src/Made.ts") => parse(file, text)
const named = (text: string, file?: string) => measure(source(text, file)).map((one) => one.measure)
const lines = (count: number) => "  work()\n".repeat(count)

describe("the tree", () => {
  it("keeps the style, apart from the exceptions that are listed", () => {
    expect(wrong(findings(), exceptions())).toEqual([])
  })

  it("has a page of rules that is current", () => {
    expect(readFileSync(join(root, path), "utf8")).toBe(page())
  })
})

describe("a measure", () => {
  it("finds a line over 120 columns, in code and comments of sources, and counts letters, not bytes", () => {
    expect(named(`// ${"x".repeat(118)}\n`)).toEqual(["columns"])
    expect(named(`// ${"x".repeat(117)}\n`)).toEqual([])
    expect(named(`// ${"ö".repeat(117)}\n`)).toEqual([])
    expect(named(`// ${"x".repeat(118)}\n`, "ports/test/Made.test.ts")).toEqual([])
  })

  it("finds a file over 250 lines", () => {
    expect(named("//\n".repeat(251))).toEqual(["files"])
    expect(named("//\n".repeat(250))).toEqual([])
  })

  it("finds a function over 60 lines, of every way to write one", () => {
    for (const begin of [
      "function long() {",
      "const long = () => {",
      "const long = { long() {",
      "class Long { long() {"
    ]) {
      const end = begin.split("{").length > 2 ? "} }" : "}"
      expect(named(`${begin}\n${lines(59)}${end}\n`), begin).toEqual(["functions"])
      expect(named(`${begin}\n${lines(58)}${end}\n`), begin).toEqual([])
    }
  })

  it("finds five parameters, and a ternary in a ternary", () => {
    expect(named("const f = (a, b, c, d, e) => a\n")).toEqual(["parameters"])
    expect(named("const f = (a, b, c, d) => a\n")).toEqual([])
    expect(named("const f = a ? b : c ? d : e\n")).toEqual(["ternaries"])
    expect(named("const f = [a ? b : c, d ? e : f]\n")).toEqual([])
  })

  it("finds a provider's name in a string of the inside, and not in its own table, in a comment or outside", () => {
    const text = 'const is = (type: string) => type.startsWith("walmart") // walmart\n'
    expect(named(text, "ports/src/Made.ts")).toEqual(["providerLiterals"])
    expect(named("const a = `Log in at ${b} of Amazon.`\n", "domain/src/Made.ts")).toEqual(["providerLiterals"])
    expect(named(text, "domain/src/providers/walmart.ts")).toEqual([])
    expect(named(text, "adapters/walmart/src/Made.ts")).toEqual([])
  })

  it("finds an export of a package without a docstring; a type has that of its schema", () => {
    const code = "export const Day = 1\nexport type Day = typeof Day\n"
    const lost = (text: string, path = "domain/src/Made.ts") => undocumented(source(text, path)).map((one) => one.what)
    expect(lost(code)).toEqual(["Day", "Day"])
    expect(lost(`/** A day. */\n${code}`)).toEqual([])
    expect(lost(code, "apps/demo/src/Made.ts")).toEqual([])
  })

  it("finds circles of files, types included, and no way that only meets again", () => {
    const a = source('import { b } from "./b.ts"\n', "ports/src/a.ts")
    const b = source('import { c } from "./c.ts"\n', "ports/src/b.ts")
    const c = source('import type { A } from "./a.ts"\n', "ports/src/c.ts")
    expect(circles([a, b, c]).map((one) => one.what)).toEqual(["ports/src/a.ts <-> ports/src/b.ts <-> ports/src/c.ts"])
    expect(circles([a, b, source("", "ports/src/c.ts")])).toEqual([])
  })

  it("finds an id that nothing declares, and a section without its document", () => {
    const known = new Set(["K-R8", "C4", "REPO-19"])
    const lost = (comment: string) => unresolved(source(`// ${comment}\n`), known).map((one) => one.what)
    expect(lost("Single use (rules K-R8, C4; law REPO-19), sealed with AES-256.")).toEqual([])
    expect(lost("Throttling waits (law PROV-12, fault F15).")).toEqual(["PROV-12", "F15"])
    expect(lost("Polled (amazon-ads section 8).")).toEqual(["a section without an address"])
    expect(lost("Polled (https://example.com/reports, section 8).")).toEqual([])
  })

  it("finds a name that was given up, as an identifier only", () => {
    expect(retiredNames(source('const trip = "trip"\n')).map((one) => one.what)).toEqual(["trip"])
    expect(retiredNames(source('const authorization = "trip"\n'))).toEqual([])
  })
})

describe("the list of exceptions", () => {
  const found = measure(source("const f = (a, b, c, d, e) => a\n"))
  const none = listOf([])

  it("allows what it names, as often as it says, and nothing else", () => {
    expect(wrong(found, listOf(found))).toEqual([])
    expect(wrong(found, none)).toEqual(["ports/src/Made.ts: f is over the limit of parameters"])
    expect(wrong([...found, ...found], listOf(found))).toHaveLength(1)
  })

  it("may only shrink: what is not needed any more must go, and nothing is added by itself", () => {
    expect(wrong([], listOf(found))).toHaveLength(1)
    expect(shrink([], listOf(found))).toEqual(none)
    expect(shrink(found, none)).toEqual(none)
  })

  it("has an end: more entries than the ceiling are refused", () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      measure(source("const f = (a, b, c, d, e) => a\n", `ports/src/${index}.ts`))
    )
    expect(wrong(many.flat(), listOf(many.flat())).some((one) => one.includes("at most"))).toBe(true)
  })

  it("never holds circles or provider literals", () => {
    const literal = measure(source('const a = "amazon"\n', "domain/src/Made.ts"))
    expect(wrong(literal, listOf(literal))).toHaveLength(1)
  })
})
