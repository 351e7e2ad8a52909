import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { lawsPage } from "../src/cli/lawsPage.ts"
import { portRunners } from "../src/cli/portRunners.ts"

const laws = portRunners.flatMap((portRunner) => portRunner.laws)

/** Words of a text that tell one law from another. */
const wordsOf = (text: string) => new Set(text.toLowerCase().match(/[a-z`_]{4,}/g))

describe("LAWS.md", () => {
  test("is what `npm run laws` writes", () => {
    expect(readFileSync(new URL("../LAWS.md", import.meta.url), "utf8")).toBe(lawsPage())
  })

  test.each(laws.map((law) => [law.id, law] as const))("shows all that is known about %s", (id, law) => {
    const own =
      lawsPage()
        .split("\n### ")
        .find((section) => section.startsWith(`${id}\n`)) ?? ""
    for (const text of [law.title, law.rationale, law.checkFirst]) expect(own).toContain(text)
    for (const mutant of law.mutants) expect(own).toContain(`\`${mutant.id}\`: ${mutant.defect}`)
    for (const source of law.sources) expect(own).toContain(source.url)
  })
})

describe("every law", () => {
  test.each(laws.map((law) => [law.id, law] as const))("%s says what to check first, in its own words", (id, law) => {
    expect(law.checkFirst).toMatch(/^[A-Z].*\.$/)
    expect(law.checkFirst.match(/[.](?= [A-Z]|$)/g)?.length).toBeLessThanOrEqual(2)
    const own = wordsOf(law.checkFirst)
    for (const other of laws.filter((each) => each.id !== id)) {
      const shared = [...wordsOf(other.checkFirst)].filter((word) => own.has(word)).length
      expect(shared / own.size, `${id} and ${other.id} say the same`).toBeLessThan(0.6)
    }
  })

  test("has a mutant, and no mutant stands under a law that is not there", () => {
    expect(laws.filter((law) => law.mutants.length === 0).map((law) => law.id)).toEqual([])
    const listed = laws.flatMap((law) => law.mutants.map((mutant) => mutant.id))
    expect(listed.toSorted()).toEqual(portRunners.flatMap((portRunner) => portRunner.mutants).toSorted())
  })

  test("says where its promise is written", () => {
    const folder = new URL("../../ports/src/driven/", import.meta.url)
    const text = readdirSync(folder)
      .map((name) => readFileSync(new URL(name, folder), "utf8"))
      .join("\n")
    const names = new Set([
      ...[...text.matchAll(/^export (?:interface|class|const|type) (\w+)/gm)].map(([, name = ""]) => name),
      ...[...text.matchAll(/^export class (\w+) extends Context\.Service[^]*?^>\(\)\(/gm)].flatMap(([body, name]) =>
        [...body.matchAll(/^    readonly (\w+)/gm)].map(([, method]) => `${name}.${method}`)
      )
    ])
    for (const { id, see } of laws) {
      expect(see.length, id).toBeGreaterThan(0)
      expect(
        see.filter((name) => !names.has(name)),
        id
      ).toEqual([])
    }
  })

  test("gives the sources of facts as addresses that everybody can open", () => {
    for (const { url } of laws.flatMap((law) => law.sources)) expect(new URL(url).protocol).toBe("https:")
  })
})
