/** The files that the ratchet reads: what git tracks or would track, parsed once. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type EcmaScriptModule, parseSync, visitorKeys } from "oxc-parser"

/** The root of the repository. */
export const root = fileURLToPath(new URL("../../../../", import.meta.url))

/** A node of the ESTree that the parser gives; only what the measures read. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [field: string]: unknown
}

/** One comment with its place in the text. */
export interface Comment {
  readonly value: string
  readonly start: number
}

/** A source file: its path from the root, its text, its syntax tree and its comments. */
export interface SourceFile {
  readonly path: string
  readonly text: string
  readonly lines: ReadonlyArray<string>
  /** Built when it is first read: of most tests, nobody reads more than the comments. */
  readonly program: Node
  readonly comments: ReadonlyArray<Comment>
  /** What it imports and exports again, as it is written, in the order of the text. */
  readonly imports: ReadonlyArray<string>
  /** Tests are read for references only. */
  readonly isTest: boolean
}

const isCode = (path: string): boolean => /\.(ts|mts|mjs)$/.test(path) && !path.endsWith(".d.mts")

const unquoted = (text: string): string => text.replace(/^(["'`])(.*)\1$/, "$2")

/** The parser's own list of what a module asks for is read, since a walk through the syntax tree costs more. */
const importsOf = (module: EcmaScriptModule, text: string): ReadonlyArray<string> =>
  [
    ...module.staticImports.map((one) => one.moduleRequest),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap(({ moduleRequest }) => moduleRequest ?? [])),
    ...module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
      start,
      value: unquoted(text.slice(start, end))
    }))
  ]
    .toSorted((a, b) => a.start - b.start)
    .map(({ value }) => value)

/** Parses one file. Throws if it is not valid TypeScript, since nothing could be measured then. */
export const parse = (path: string, text: string): SourceFile => {
  const parsed = parseSync(path, text)
  const { comments, errors, module } = parsed
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`)
  return {
    path,
    text,
    lines: text.split("\n"),
    get program() {
      return parsed.program as unknown as Node
    },
    comments,
    imports: importsOf(module, text),
    isTest: /(^|\/)test\//.test(path) || path.endsWith(".test.ts")
  }
}

/** The path of every code file of the repository, tests included, from the root. */
export const codeFiles = (folder: string = root): ReadonlyArray<string> =>
  execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024
  })
    .split("\0")
    .filter((path) => isCode(path) && existsSync(join(folder, path)))
    .toSorted()

/** Every code file of the repository, parsed. */
export const readTree = (folder: string = root): ReadonlyArray<SourceFile> =>
  codeFiles(folder).map((path) => parse(path, readFileSync(join(folder, path), "utf8")))

type Visit = (node: Node, parent: Node | undefined) => void

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value

const visitField = (value: unknown, visit: Visit, parent: Node): void => {
  if (Array.isArray(value)) for (const one of value) visitField(one, visit, parent)
  else if (isNode(value)) walk(value, visit, parent)
}

/** Visits a node and everything below it, in the order of the parser's table of fields. */
export const walk = (node: Node, visit: Visit, parent?: Node): void => {
  visit(node, parent)
  for (const field of visitorKeys[node.type] ?? []) visitField(node[field], visit, node)
}

const starts = new WeakMap<SourceFile, ReadonlyArray<number>>()

/** Where each line of a file begins. */
const lineStarts = (file: SourceFile): ReadonlyArray<number> => {
  const known = starts.get(file)
  if (known !== undefined) return known
  let next = 0
  const found = file.lines.map((line) => {
    const start = next
    next += line.length + 1
    return start
  })
  starts.set(file, found)
  return found
}

/** The line of an offset, counted from 1. */
export const lineAt = (file: SourceFile, offset: number): number => {
  const begins = lineStarts(file)
  let [low, high] = [0, begins.length]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if ((begins[middle] ?? 0) <= offset) low = middle
    else high = middle
  }
  return low + 1
}
