/** One catalogue holds the words: no sentence outside it, and none of it twice. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { sentencesOutside, textsOf, wordsOf } from "./support/sentences.ts"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const read = (file: string) => readFileSync(join(root, file), "utf8")
const filesOf = (source: string): ReadonlyArray<string> =>
  readdirSync(join(root, source), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `${source}/${name.replaceAll("\\", "/")}`)

/** A provider's table brings labels of its own, and `providers/en.ts` has the words of Amazon's and Walmart's. */
const isCatalogue = (file: string) =>
  file.startsWith("domain/src/messages/") ||
  /^domain\/src\/providers\/(amazon|amazonMarketplaces|dataClasses|en|walmart)\.ts$/.test(file)

/** The texts that occur more than once. */
const repeated = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...Map.groupBy(texts, (text) => text)].flatMap(([text, all]) => (all.length > 1 ? [text] : []))

describe("the catalogue of messages", () => {
  it.each(["domain/src", "ports/src"])("holds every sentence of %s", (source) => {
    const files = filesOf(source).filter((file) => !isCatalogue(file))
    expect(files.length).toBeGreaterThan(70)
    expect(files.flatMap((file) => sentencesOutside(file, read(file)))).toEqual([])
  })

  it("is missed by a sentence elsewhere, and not by codes, places, defects and the log", () => {
    expect(sentencesOutside("a.ts", 'const one = "Nothing was connected."')).toHaveLength(1)
    expect(sentencesOutside("a.ts", "const one = (key: Key) => `API key ${key.name}`")).toHaveLength(1)
    expect(sentencesOutside("a.ts", 'const one = `The ${a} is` + " connected."')).toHaveLength(1)
    expect(sentencesOutside("a.ts", 'Effect.fail("nothing was connected")')).toHaveLength(1)
    expect(sentencesOutside("a.ts", 'throw new Error("there is no such marketplace")')).toEqual([])
    expect(sentencesOutside("a.ts", 'Effect.die("there is no such marketplace")')).toEqual([])
    expect(sentencesOutside("a.ts", 'Effect.logWarning("a mail was not sent", { id })')).toEqual([])
    expect(sentencesOutside("a.ts", 'const one = `${a}.regions.${b}`; const two = say("plan.sign-in")')).toEqual([])
  })

  it("says nothing twice: neither two keys the same, nor two texts one sentence of five words", () => {
    const parts = filesOf("domain/src").filter((file) => /^domain\/src\/(messages\/en\/|providers\/en\.ts)/.test(file))
    const texts = parts.flatMap((file) => textsOf(file, read(file))).filter(({ text }) => text.includes(" "))
    const sentences = texts
      .flatMap(({ text }) => [...new Set(text.split(/(?<=[.?!])\s+/u))])
      .filter((one) => wordsOf(one).length >= 5)
    expect(texts.length).toBeGreaterThan(700)
    expect(repeated(texts.map(({ text }) => text))).toEqual([])
    expect(repeated(sentences)).toEqual([])
  })
})
