/** Where a source file can be changed so that it still runs, and does something else. */
import { parseSync, visitorKeys } from "oxc-parser"

/** One change of one file. */
export interface Site {
  /** From the root of the repository. */
  readonly file: string
  readonly line: number
  readonly start: number
  readonly end: number
  /** What kind of change it is, such as `comparison`. */
  readonly operator: string
  readonly before: string
  readonly after: string
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && "type" in value && typeof value.type === "string" && "start" in value

const childrenOf = (node: Node): ReadonlyArray<Node> =>
  (visitorKeys[node.type] ?? []).flatMap((key) => {
    const value = node[key]
    return [value].flat().filter(isNode)
  })

/** What takes the place of an operator between two values. */
const swapped: Readonly<Record<string, readonly [operator: string, after: string]>> = {
  "===": ["comparison", "!=="],
  "!==": ["comparison", "==="],
  "<": ["boundary", "<="],
  "<=": ["boundary", "<"],
  ">": ["boundary", ">="],
  ">=": ["boundary", ">"],
  "+": ["arithmetic", "-"],
  "-": ["arithmetic", "+"],
  "&&": ["logic", "||"],
  "||": ["logic", "&&"],
  "??": ["logic", "&&"]
}

/** Numbers that are told apart best from each other. */
const neighbours: Readonly<Record<number, string>> = { 0: "1", 1: "0" }

/** Calls whose result is the list that they were called on, in another order or with less in it. */
const droppable = new Set(["filter", "toSorted", "toReversed", "slice"])

type Change = readonly [start: number, end: number, operator: string, after: string]

const ofOperator = (node: Node, text: string): ReadonlyArray<Change> => {
  const { left, operator, right } = node
  if (typeof operator !== "string" || !isNode(left) || !isNode(right)) return []
  const found = swapped[operator]
  if (found === undefined) return []
  const between = text.slice(left.end, right.start)
  const at = left.end + between.indexOf(operator)
  // Two texts that are put together are no numbers.
  const isText = operator === "+" && /["'`]/.test(text.slice(node.start, node.end))
  return isText ? [] : [[at, at + operator.length, found[0], found[1]]]
}

const changesOf = (node: Node, text: string): ReadonlyArray<Change> => {
  switch (node.type) {
    case "BinaryExpression":
    case "LogicalExpression":
      return ofOperator(node, text)
    case "IfStatement":
    case "ConditionalExpression": {
      const { test } = node
      return isNode(test) ? [[test.start, test.end, "condition", `!(${text.slice(test.start, test.end)})`]] : []
    }
    case "Literal": {
      const { start, end, value } = node
      if (typeof value === "boolean") return [[start, end, "boolean", String(!value)]]
      if (typeof value === "number") return [[start, end, "number", neighbours[value] ?? String(value + 1)]]
      return []
    }
    case "CallExpression": {
      const { callee } = node
      if (!isNode(callee) || callee.type !== "MemberExpression") return []
      const { object, property } = callee
      if (!isNode(object) || !isNode(property)) return []
      const name = text.slice(property.start, property.end)
      return droppable.has(name) ? [[object.end, node.end, "left out", ""]] : []
    }
    case "UnaryExpression": {
      const { argument } = node
      return node["operator"] === "!" && isNode(argument) ? [[node.start, argument.start, "negation", ""]] : []
    }
    case "ExpressionStatement":
      return [[node.start, node.end, "statement", ";"]]
    default:
      return []
  }
}

/** Types are not run, and neither are imports. */
const isLeftOut = ({ type }: Node) =>
  (type.startsWith("TS") && type !== "TSAsExpression" && type !== "TSSatisfiesExpression") ||
  type === "ImportDeclaration"

/** Finds every change of a file, in the order of its text. */
export const sitesOf = (file: string, text: string): ReadonlyArray<Site> => {
  const sites: Array<Site> = []
  const walk = (node: Node) => {
    if (isLeftOut(node)) return
    for (const [start, end, operator, after] of changesOf(node, text)) {
      const line = text.slice(0, start).split("\n").length
      sites.push({ file, line, start, end, operator, before: text.slice(start, end), after })
    }
    for (const child of childrenOf(node)) walk(child)
  }
  const program: unknown = parseSync(file, text).program
  if (isNode(program)) walk(program)
  return sites.toSorted((one, other) => one.start - other.start)
}
