/**
 * What the ratchet measures in one file: columns, length, functions, parameters, nested ternaries, provider literals.
 */
import { lineAt, type Node, type SourceFile, walk } from "./tree.ts"

/** Limits of the house. */
export const limits = { columns: 120, fileLines: 250, functionLines: 60, parameters: 4 } as const

/** The measures that can have exceptions, and those that never have any. */
export type Measure =
  | "columns"
  | "files"
  | "functions"
  | "parameters"
  | "circles"
  | "unresolved"
  | "ternaries"
  | "providerLiterals"
  | "docstrings"
  | "names"

/** One place that is over a limit. */
export interface Finding {
  readonly measure: Measure
  readonly file: string
  readonly line: number
  /** Names the place in a way that survives edits above it, e.g. the function's name. */
  readonly what: string
}

const columns = (file: SourceFile): ReadonlyArray<Finding> =>
  file.lines.flatMap((text, index) => {
    // A text has at least as many units as letters, so most lines need no counting.
    const width = text.length <= limits.columns ? 0 : [...text].length
    if (width <= limits.columns) return []
    return [{ measure: "columns", file: file.path, line: index + 1, what: `${width} columns` }]
  })

const fileLength = (file: SourceFile): ReadonlyArray<Finding> => {
  const count = file.lines.length - 1
  return count <= limits.fileLines ? [] : [{ measure: "files", file: file.path, line: 1, what: `${count} lines` }]
}

const functionTypes: ReadonlySet<string> = new Set([
  "FunctionDeclaration",
  "FunctionExpression",
  "ArrowFunctionExpression"
])

const nameOf = (node: Node, parent: Node | undefined): string => {
  const named = [node.id, parent?.key, parent?.id].find(
    (one): one is { readonly name: string } => typeof (one as { name?: unknown } | null | undefined)?.name === "string"
  )
  return named?.name ?? "(anonymous)"
}

const functions = (file: SourceFile, node: Node, parent: Node | undefined): ReadonlyArray<Finding> => {
  if (!functionTypes.has(node.type)) return []
  const line = lineAt(file, node.start)
  const length = lineAt(file, node.end) - line + 1
  const parameters = (node.params as ReadonlyArray<unknown>).length
  const what = nameOf(node, parent)
  return [
    ...(length > limits.functionLines ? [{ measure: "functions", file: file.path, line, what } as const] : []),
    ...(parameters > limits.parameters ? [{ measure: "parameters", file: file.path, line, what } as const] : [])
  ]
}

const ternaries = (file: SourceFile, node: Node, parent: Node | undefined): ReadonlyArray<Finding> =>
  node.type === "ConditionalExpression" && parent?.type === "ConditionalExpression"
    ? [{ measure: "ternaries", file: file.path, line: lineAt(file, node.start), what: "nested ternary" }]
    : []

const inner = /^(domain|ports)\/src\//
const home = "domain/src/providers/"
const providerName = /amazon|walmart/i

const textOf = (node: Node): string | undefined => {
  if (node.type === "Literal" && typeof node.value === "string") return node.value
  if (node.type !== "TemplateElement") return undefined
  return (node.value as { readonly raw: string }).raw
}

/** A provider named in a string of the inside, outside the tables of providers. */
const providerLiterals = (file: SourceFile, node: Node, parent: Node | undefined): ReadonlyArray<Finding> => {
  if (!inner.test(file.path) || file.path.startsWith(home) || /^(Import|Export)/.test(parent?.type ?? "")) return []
  const text = textOf(node)
  if (text === undefined || !providerName.test(text)) return []
  return [{ measure: "providerLiterals", file: file.path, line: lineAt(file, node.start), what: text.slice(0, 60) }]
}

/** Every place of a source file that is over a limit. The titles of tests are sentences, so tests are not measured. */
export const measure = (file: SourceFile): ReadonlyArray<Finding> => {
  if (file.isTest) return []
  const found: Array<Finding> = [...columns(file), ...fileLength(file)]
  walk(file.program, (node, parent) => {
    found.push(
      ...functions(file, node, parent),
      ...ternaries(file, node, parent),
      ...providerLiterals(file, node, parent)
    )
  })
  return found
}
