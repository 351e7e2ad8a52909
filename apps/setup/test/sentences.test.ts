/** The catalogue of the domain and that of the console hold the words: none stands elsewhere, and none twice. */
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { wordsOutside } from "./support/pageWords.ts"
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
  // The words of renewals do not fit the limit of the bundle that the domain's count into; those of metrics are read by
  // operators where metrics are exported.
  file === "ports/src/driving/renewals/words.ts" ||
  /^ports\/src\/driving\/\w+\/metrics\.ts$/.test(file) ||
  /^domain\/src\/providers\/(amazon|amazonMarketplaces|dataClasses|en|walmart)\.ts$/.test(file)

/** Whether a text says enough to be a repetition: a single word may mean two things, which other languages tell apart. */
const hasWordsToRepeat = (text: string): boolean =>
  text.includes(" ") && wordsOf(text).filter((word) => word !== "{parameter}" && /\p{L}/u.test(word)).length > 1

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
    const parts = [...filesOf("domain/src"), ...filesOf("adapters/console/src/messages")].filter((file) =>
      /(^|\/)(messages\/en\/|providers\/en\.ts)/.test(file)
    )
    const texts = parts
      .flatMap((file) => textsOf(file, read(file)))
      .map(({ text }) => text.replace(/\s+/g, " "))
      .filter(hasWordsToRepeat)
    const sentences = texts
      .flatMap((text) => [...new Set(text.split(/(?<=[.?!])\s+/u))])
      .filter((one) => wordsOf(one).length >= 5)
    expect(texts.length).toBeGreaterThan(1300)
    expect(repeated(texts)).toEqual([])
    expect(repeated(sentences)).toEqual([])
  })
})

describe("the catalogue of the console", () => {
  it.each(["page", "pages"])("holds every word of %s", (source) => {
    const files = filesOf(`adapters/console/src/${source}`)
    expect(files.length).toBeGreaterThan(15)
    expect(files.flatMap((file) => wordsOutside(file, read(file)))).toEqual([])
  })

  it("is missed by a word of markup, a label that is read out, and a text of two words", () => {
    expect(wordsOutside("a.ts", "const one = html`<button>Save</button>`")).toEqual(["a.ts:1 Save"])
    expect(wordsOutside("a.ts", "const one = html`<p>Sent to ${name}. Copy <b>it</b></p>`")).toHaveLength(3)
    expect(wordsOutside("a.ts", 'const one = html`<nav aria-label="Pages">${list}</nav>`')).toEqual(["a.ts:1 Pages"])
    expect(wordsOutside("a.ts", 'const one = html`<a title="${isOpen ? "Close it" : "Open it"}"></a>`')).toHaveLength(2)
    expect(wordsOutside("a.ts", 'const one = html`<a${isOpen && html` title="Close"`}></a>`')).toEqual(["a.ts:1 Close"])
    expect(wordsOutside("a.ts", 'const one = html`<p>${isOpen ? "Close it" : nothing}</p>`')).toEqual([
      "a.ts:1 Close it"
    ])
    expect(wordsOutside("a.ts", 'notice("act", "Not saved")')).toEqual(["a.ts:1 Not saved"])
    expect(wordsOutside("a.ts", "notice(`${name} was saved`)")).toHaveLength(1)
  })

  it("is not missed by names, places, classes, headers, defects and the log", () => {
    expect(wordsOutside("a.ts", 'const one = html`<a class="button ${isOpen ? "small outline" : ""}">…</a>`')).toEqual(
      []
    )
    expect(wordsOutside("a.ts", 'const one = html`<input${isWrong && html` aria-invalid="true"`} hidden>`')).toEqual([])
    expect(wordsOutside("a.ts", "const one = `/accounts/${id}/countries/new?done=country-added`")).toEqual([])
    expect(
      wordsOutside("a.ts", "header(\"Content-Security-Policy\", \"default-src 'self'; object-src 'none'\")")
    ).toEqual([])
    expect(wordsOutside("a.ts", 'throw new Error("there is no such page")')).toEqual([])
    expect(wordsOutside("a.ts", 'Effect.logWarning("a page could not be served", { id })')).toEqual([])
  })
})
