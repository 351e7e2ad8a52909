/** One catalogue holds the words: no sentence outside it, and none of it twice. */
import { readdirSync, readFileSync } from "node:fs"
import { describe, expect, it } from "@effect/vitest"
import { Messages } from "@portolan/domain"
import { parseSync } from "oxc-parser"

interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

const source = new URL("../src/", import.meta.url)
const files = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"))

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value
const childrenOf = (node: Node): ReadonlyArray<Node> => Object.values(node).flat().filter(isNode)

/** The text of a literal, a template or a sum of them; a parameter is a word in braces. */
const textOf = (node: Node | undefined): string | undefined => {
  switch (node?.type) {
    case "Literal":
      return typeof node["value"] === "string" ? node["value"] : undefined
    case "TemplateLiteral":
      return (node["quasis"] as ReadonlyArray<{ value: { cooked: string } }>)
        .map(({ value }) => value.cooked)
        .join("{parameter}")
    case "BinaryExpression":
      return [node["left"], node["right"]].map((side) => textOf(side as Node) ?? "{parameter}").join("")
    default:
      return undefined
  }
}

/** Every whole text of a file, apart from names of modules, types, and what a defect tells a programmer. */
const textsOf = (name: string, code: string): ReadonlyArray<{ readonly line: number; readonly text: string }> => {
  const skipped = new Set(["ImportDeclaration", "TSLiteralType", "TSTemplateLiteralType"])
  const found: Array<{ line: number; text: string }> = []
  const visit = (node: Node): void => {
    if (skipped.has(node.type)) return
    if (node.type === "NewExpression" && (node["callee"] as Node)["name"] === "Error") return
    const text = textOf(node)
    if (text === undefined) return childrenOf(node).forEach(visit)
    found.push({ line: code.slice(0, node.start).split("\n").length, text })
  }
  visit(parseSync(name, code).program as unknown as Node)
  return found
}

const wordsOf = (text: string): ReadonlyArray<string> => text.match(/\{parameter\}|[\p{L}\p{N}'’-]+/gu) ?? []

/** Whether a text reads like words for a person: three words or more with space between, one of them no parameter. */
const isSentence = (text: string): boolean => {
  const words = wordsOf(text)
  return /\p{L} |\} \p{L}/u.test(text) && words.length >= 3 && words.some((word) => /^\p{L}{2,}/u.test(word))
}

/** A provider's table brings labels of its own, and `providers/en.ts` has the words of Amazon's and Walmart's. */
const isCatalogue = (name: string) =>
  name.startsWith("messages/") || /^providers\/(amazon|amazonMarketplaces|dataClasses|en|walmart)\.ts$/.test(name)

const sentencesOutside = (name: string, code: string): ReadonlyArray<string> =>
  textsOf(name, code)
    .filter(({ text }) => isSentence(text))
    .map(({ line, text }) => `${name}:${line} ${text}`)

/** The texts that occur more than once. */
const repeated = (texts: ReadonlyArray<string>): ReadonlyArray<string> =>
  [...Map.groupBy(texts, (text) => text)].flatMap(([text, all]) => (all.length > 1 ? [text] : []))

const read = (name: string) => readFileSync(new URL(name, source), "utf8")

describe("the catalogue of messages", () => {
  it("holds every sentence of the domain", () => {
    const found = files.filter((name) => !isCatalogue(name)).flatMap((name) => sentencesOutside(name, read(name)))
    expect(found).toEqual([])
  })

  it("is missed by a sentence elsewhere, and not by codes, places and defects", () => {
    expect(sentencesOutside("a.ts", 'const one = "Nothing was connected."')).toHaveLength(1)
    expect(sentencesOutside("a.ts", "const one = (key: Key) => `API key ${key.name}`")).toHaveLength(1)
    expect(sentencesOutside("a.ts", 'const one = `The ${a} is` + " connected."')).toHaveLength(1)
    expect(sentencesOutside("a.ts", 'throw new Error("there is no such marketplace")')).toEqual([])
    expect(sentencesOutside("a.ts", 'const one = `${a}.regions.${b}`; const two = say("plan.sign-in")')).toEqual([])
  })

  it("says nothing twice: neither two keys the same, nor two texts one sentence of five words", () => {
    const parts = files.filter((name) => /^(messages\/en\/|providers\/en\.ts)/.test(name))
    const texts = parts.flatMap((name) => textsOf(name, read(name))).filter(({ text }) => text.includes(" "))
    const sentences = texts
      .flatMap(({ text }) => [...new Set(text.split(/(?<=[.?!])\s+/u))])
      .filter((one) => wordsOf(one).length >= 5)
    expect(texts.length).toBeGreaterThan(700)
    expect(repeated(texts.map(({ text }) => text))).toEqual([])
    expect(repeated(sentences)).toEqual([])
  })

  it("has words for every key", () => {
    const empty = Object.entries(Messages.en).filter(([, words]) => typeof words === "string" && words.trim() === "")
    expect(empty).toEqual([])
  })
})
