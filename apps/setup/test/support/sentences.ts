/** Finds texts in source code that a person would read: what is no name, no code and no defect. */
import { parseSync } from "oxc-parser"

/** A node of a syntax tree. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly [field: string]: unknown
}

/** Whether a value is a node. */
export const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value
/** The nodes right below a node. */
export const childrenOf = (node: Node): ReadonlyArray<Node> => Object.values(node).flat().filter(isNode)

/** The text of a literal, a template or a sum of them; a parameter is a word in braces. */
export const textOf = (node: Node | undefined): string | undefined => {
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

/** A pattern, a defect, or a line of the log: a programmer or an operator reads it. */
export const isForProgrammers = ({ callee, type }: Node): boolean => {
  if (type === "NewExpression") return /^(Error|RegExp)$/.test(String((callee as Node)["name"]))
  if (type !== "CallExpression") return false
  const { object, property } = callee as Node
  return (
    isNode(object) && object["name"] === "Effect" && isNode(property) && /^(die|log)/.test(String(property["name"]))
  )
}

/** What has texts that are no words: names of modules, and types. */
export const skipped = new Set(["ImportDeclaration", "TSLiteralType", "TSTemplateLiteralType"])

/** Every whole text of a file, apart from names of modules, types, and what a defect tells a programmer. */
export const textsOf = (
  name: string,
  code: string
): ReadonlyArray<{ readonly line: number; readonly text: string }> => {
  const found: Array<{ line: number; text: string }> = []
  const visit = (node: Node): void => {
    if (skipped.has(node.type)) return
    if (isForProgrammers(node)) return
    const text = textOf(node)
    if (text === undefined) return childrenOf(node).forEach(visit)
    found.push({ line: code.slice(0, node.start).split("\n").length, text })
  }
  visit(parseSync(name, code).program as unknown as Node)
  return found
}

/** The words of a text. */
export const wordsOf = (text: string): ReadonlyArray<string> => text.match(/\{parameter\}|[\p{L}\p{N}'’-]+/gu) ?? []

/** Whether a text reads like words for a person: three words or more with space between, one of them no parameter. */
const isSentence = (text: string): boolean => {
  const words = wordsOf(text)
  return /\p{L} |\} \p{L}/u.test(text) && words.length >= 3 && words.some((word) => /^\p{L}{2,}/u.test(word))
}

/** The sentences of a file, each with its line. */
export const sentencesOutside = (name: string, code: string): ReadonlyArray<string> =>
  textsOf(name, code)
    .filter(({ text }) => isSentence(text))
    .map(({ line, text }) => `${name}:${line} ${text}`)
