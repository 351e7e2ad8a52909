/**
 * References in comments resolve: a rule is in the table of rules, a law in the laws, a refusal of the simulator in its
 * data, and a section of a document comes with the address where the document is.
 */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { rules } from "../rules/rules.ts"
import type { Finding } from "./measures.ts"
import { type Comment, lineAt, root, type SourceFile, walk } from "./tree.ts"

/** Ids that look like ours and belong to a standard. */
const standards = /^(AES|FNV|GMT|HTTP|ISO|PKCS|PS|RFC|RS|RSA|SHA|UCS|UTC|UTF|XMLDSIG)-/

const id = /\b(?:[KPSWX]-R\d{1,2}|[A-Z]{2,8}-\d{1,3})\b/g
/** Short ids count only behind the word that says what they are: rule C4, flow F2. */
const shortId = /\b(?:rules?|laws?|faults?|flows?|steps?)\s+((?:[A-Z]\d{1,2})(?:(?:,| and| to)\s+[A-Z]\d{1,2})*)/g
const section = /§\s*\d|\bsections?\s+\d/i
const flows = ["F1", "F2", "F3", "F4", "F5", "F6", "F7"]

/** Where an id may be declared as a string, apart from the rules. */
const declaring = /^(conformance\/src\/laws|adapters\/simulator\/src)\//

const refusalTables = ["adapters/simulator/src/refusals/amazon.tsv", "adapters/simulator/src/refusals/walmart.tsv"]

/** Ids of the simulator's refusals: the first column of its tables. */
const refusals = (): ReadonlyArray<string> =>
  refusalTables.flatMap((table) =>
    readFileSync(join(root, table), "utf8")
      .split("\n")
      .slice(1)
      .flatMap((line) => /^[A-Z0-9-]+(?=\t)/.exec(line)?.[0] ?? [])
  )

/** Every id that a comment may name. */
export const knownIds = (files: ReadonlyArray<SourceFile>): ReadonlySet<string> => {
  const known = new Set([...flows, ...rules.map((rule) => rule.id)])
  for (const file of files.filter(({ path }) => declaring.test(path))) {
    walk(file.program, (node) => {
      if (node.type === "Literal" && typeof node.value === "string" && /^[A-Z]{2,8}-\d{1,3}$/.test(node.value)) {
        known.add(node.value)
      }
    })
  }
  for (const id of refusals()) known.add(id)
  return known
}

const idsIn = (text: string): ReadonlyArray<string> => [
  ...[...text.matchAll(id)].map(([one]) => one).filter((one) => !standards.test(one)),
  ...[...text.matchAll(shortId)].flatMap(([, list = ""]) => list.match(/[A-Z]\d{1,2}/g) ?? [])
]

/** The comment and the line comments that go on right below it are one text: an address may stand in another line. */
const joined = (file: SourceFile): ReadonlyArray<Comment> => {
  const found: Array<{ value: string; start: number; end: number }> = []
  for (const { start, value } of file.comments) {
    const last = found.at(-1)
    const line = lineAt(file, start)
    if (last !== undefined && line === last.end + 1)
      found[found.length - 1] = { ...last, value: `${last.value}\n${value}`, end: line }
    else found.push({ value, start, end: line + value.split("\n").length - 1 })
  }
  return found
}

/** References of a file that resolve nowhere. */
export const unresolved = (file: SourceFile, known: ReadonlySet<string>): ReadonlyArray<Finding> =>
  joined(file).flatMap(({ start, value }) => {
    const at = { measure: "unresolved", file: file.path, line: lineAt(file, start) } as const
    const lost = idsIn(value).filter((one) => !known.has(one))
    const bare = section.test(value) && !/https?:\/\//.test(value) ? ["a section without an address"] : []
    return [...lost, ...bare].map((what) => ({ ...at, what }))
  })
