/** The files that the ratchet reads: what git tracks or would track, parsed once. */
import { execFileSync } from "node:child_process"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parseSync } from "oxc-parser"

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
  readonly program: Node
  readonly comments: ReadonlyArray<Comment>
  /** Tests are read for references only. */
  readonly isTest: boolean
}

const isCode = (path: string): boolean => /\.(ts|mts|mjs)$/.test(path) && !path.endsWith(".d.mts")

/** Parses one file. Throws if it is not valid TypeScript, since nothing could be measured then. */
export const parse = (path: string, text: string): SourceFile => {
  const { comments, errors, program } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`)
  return {
    path,
    text,
    lines: text.split("\n"),
    program: program as unknown as Node,
    comments,
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

const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && typeof (value as { type?: unknown }).type === "string"

/** The children of a node, in the order of its fields. */
const childrenOf = (node: Node): ReadonlyArray<Node> =>
  Object.values(node).flatMap((value) => [value].flat().filter(isNode))

/** Visits a node and everything below it. */
export const walk = (node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void => {
  visit(node, parent)
  for (const child of childrenOf(node)) walk(child, visit, node)
}

/** The line of an offset, counted from 1. */
export const lineAt = (file: SourceFile, offset: number): number => file.text.slice(0, offset).split("\n").length
