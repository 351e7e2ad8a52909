/** Finds words in the code of pages: what a person reads or hears of markup, and texts of two words or more. */
import { parseSync } from "oxc-parser"
import { childrenOf, isForProgrammers, isNode, type Node, skipped, textOf } from "./sentences.ts"

/** Stands for an expression within markup. */
const gap = "\u0000"

/** Attributes that a person reads or hears; every other one is for the browser. */
const spoken = "aria-label|placeholder|title|alt|data-label|label"
const spokenValue = new RegExp(`\\b(?:${spoken})="([^"]*)"`, "g")
const inSpokenValue = new RegExp(`\\b(?:${spoken})="[^"]*$`)

/** What stands between tags, and what attributes say. */
const readOf = (markup: string): ReadonlyArray<string> => [
  ...markup.replace(/<[^>]*(?:>|$)/g, gap).split(gap),
  ...[...markup.matchAll(spokenValue)].flatMap(([, value = ""]) => value.split(gap))
]

const isTag = (before: string): boolean => /<[^>]*$/.test(before)

const hasWord = (text: string): boolean => /\p{L}{2,}/u.test(text.replace(/&#?\w+;/g, ""))

const hasWords = (text: string): boolean => text.replaceAll("{parameter}", "").split(/\s+/).filter(hasWord).length >= 2

/** The value of an HTTP header: a content type, a policy, how long to keep an answer. */
const isHeader = (text: string): boolean => /; charset=|, max-age=|'self'|=\(\)/.test(text)

/** Classes of a button, where a view hands them on. */
const isClasses = (text: string): boolean => /^(?:(?:small|secondary|outline)(?: |$))+$/.test(text)

const isMarkup = ({ tag, type }: Node): boolean =>
  type === "TaggedTemplateExpression" && isNode(tag) && tag["name"] === "html"

interface Markup {
  /** What stands before each expression, and after the last one. */
  readonly pieces: ReadonlyArray<string>
  readonly values: ReadonlyArray<Node>
}

const markupOf = ({ quasi }: Node): Markup => {
  const { expressions, quasis } = quasi as Node
  return {
    pieces: (quasis as ReadonlyArray<{ value: { raw: string } }>).map(({ value }) => value.raw),
    values: expressions as ReadonlyArray<Node>
  }
}

/** The words of a file of pages, each with its line. */
export const wordsOutside = (name: string, code: string): ReadonlyArray<string> => {
  const found: Array<string> = []
  const report = (node: Node, text: string) =>
    found.push(`${name}:${code.slice(0, node.start).split("\n").length} ${text.replace(/\s+/g, " ").trim()}`)
  /** `inTag`: the node is part of a tag, where only attributes that are spoken have words. */
  const visit = (node: Node, inTag: boolean): void => {
    if (skipped.has(node.type) || isForProgrammers(node)) return
    if (isMarkup(node)) return visitMarkup(node, inTag)
    const text = textOf(node)
    if (text !== undefined && !inTag && hasWords(text) && !isHeader(text) && !isClasses(text))
      return void report(node, text)
    childrenOf(node).forEach((child) => visit(child, inTag))
  }
  const visitMarkup = (node: Node, inTag: boolean): void => {
    const { pieces, values } = markupOf(node)
    const opened = inTag ? "<tag " : ""
    readOf(opened + pieces.join(gap))
      .filter(hasWord)
      .forEach((text) => report(node, text))
    values.forEach((value, index) => {
      const before = opened + pieces.slice(0, index + 1).join(gap)
      visit(value, isTag(before) && !inSpokenValue.test(before))
    })
  }
  visit(parseSync(name, code).program as unknown as Node, false)
  return found
}
