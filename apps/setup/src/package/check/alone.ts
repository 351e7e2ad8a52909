/** A package by itself, with what it declares and nothing else: an undeclared dependency shows here. */
import { join } from "node:path"
import { entriesAlone, loadingProgram, typesProgram } from "./entries.ts"
import { undeclared } from "./imports.ts"
import { admits, type Major, majors, nodeOf, releases } from "./nodes.ts"
import { copiesOf, install, type Packed, typeErrors, write } from "./Project.ts"
import { run } from "./run.ts"

/** What was found: the Nodes that load every module, and what is wrong. */
export interface AloneResult {
  readonly nodes: ReadonlyArray<Major>
  readonly problems: ReadonlyArray<string>
}

/** Node's own types, in the version that the workspace pins: not part of what a package depends on. */
export const nodeTypes = { "@types/node": "26.6.6" } as const

/** Loads a program with each Node that the package promises. */
export const loadOnNodes = async (
  folder: string,
  program: string,
  engine: string
): Promise<{ readonly nodes: ReadonlyArray<Major>; readonly problems: ReadonlyArray<string> }> => {
  const nodes: Array<Major> = []
  const problems: Array<string> = []
  for (const major of majors.filter((one) => admits(engine, releases[one]))) {
    const { output, status } = await run(await nodeOf(major), [program], { cwd: folder, timeout: 120_000 })
    if (status === 0) nodes.push(major)
    else problems.push(`Node ${major} cannot load ${output.trim()}`)
  }
  return { nodes, problems }
}

/** Installs the package alone, compiles against its types and loads its modules. */
export const checkAlone = async (of: Packed, all: ReadonlyArray<Packed>, place: string): Promise<AloneResult> => {
  const folder = await install(join(place, of.short), { packages: [of], all, others: nodeTypes })
  const entries = entriesAlone(of)
  write(folder, "entries.ts", typesProgram(entries))
  write(folder, "load.mjs", loadingProgram(entries))
  const loaded = await loadOnNodes(folder, "load.mjs", of.manifest.engines.node)
  const copies = copiesOf(folder, "effect")
  return {
    nodes: loaded.nodes,
    problems: [
      ...undeclared(of.built.folder, of.manifest),
      ...(copies.length === 1 ? [] : [`it comes with ${copies.length} copies of effect: ${copies.join(", ")}`]),
      ...loaded.problems,
      ...(await typeErrors(folder, { resolution: "nodenext" }))
    ]
  }
}
