/** Circles of files: sets of source files that import each other, directly or on a way around (types included). */
import { dirname, join } from "node:path/posix"
import type { Finding } from "./measures.ts"
import type { SourceFile } from "./tree.ts"

/** The files of the tree that a file imports by a relative path. */
const importsOf = (file: SourceFile, known: ReadonlySet<string>): ReadonlyArray<string> => [
  ...new Set(
    file.imports
      .filter((specifier) => specifier.startsWith("."))
      .map((specifier) => join(dirname(file.path), specifier))
      .filter((path) => known.has(path))
  )
]

type Graph = ReadonlyMap<string, ReadonlyArray<string>>

/**
 * Strongly connected components of more than one file (Tarjan 1972, without recursion limits in mind: a few hundred
 * files).
 */
const components = (graph: Graph): ReadonlyArray<ReadonlyArray<string>> => {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const stack: Array<string> = []
  const open = new Set<string>()
  const found: Array<ReadonlyArray<string>> = []
  const close = (file: string) => {
    const members = stack.splice(stack.indexOf(file))
    for (const member of members) open.delete(member)
    if (members.length > 1) found.push(members.toSorted())
  }
  const visit = (file: string): number => {
    const index = order.size
    order.set(file, index)
    low.set(file, index)
    stack.push(file)
    open.add(file)
    for (const next of graph.get(file) ?? []) {
      if (!order.has(next)) low.set(file, Math.min(low.get(file) ?? index, visit(next)))
      else if (open.has(next)) low.set(file, Math.min(low.get(file) ?? index, order.get(next) ?? index))
    }
    const lowest = low.get(file) ?? index
    if (lowest === index) close(file)
    return lowest
  }
  for (const file of graph.keys()) if (!order.has(file)) visit(file)
  return found
}

/** One finding a circle. */
export const circles = (files: ReadonlyArray<SourceFile>): ReadonlyArray<Finding> => {
  const sources = files.filter((file) => !file.isTest)
  const known = new Set(sources.map((file) => file.path))
  const graph: Graph = new Map(sources.map((file) => [file.path, importsOf(file, known)]))
  return components(graph).map((members) => ({
    measure: "circles",
    file: members[0] ?? "",
    line: 1,
    what: members.join(" <-> ")
  }))
}
