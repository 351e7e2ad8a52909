/** All packages in one project: both resolutions, two compilers, examples, programs, one copy of what is shared. */
import { join } from "node:path"
import { entriesOf, typesProgram } from "./entries.ts"
import { type Example, examplesOf, folderOf, packagesIn, programsOf, runExample } from "./examples.ts"
import { admits, type Major, majors, nodeOf, releases } from "./nodes.ts"
import { copiesOf, install, type Packed, typeErrors, write } from "./Project.ts"
import { runPrograms } from "./programs.ts"
import { nodeTypes } from "./alone.ts"
import { run } from "./run.ts"

/** Problems by the short name of the package; `""` has those of the project. */
export type Problems = ReadonlyMap<string, ReadonlyArray<string>>

/** The compiler beside the workspace's own: the last of the line before it. */
const otherCompiler = { typescript: "5.9.3" } as const

/** Libraries that examples use beside those that packages bring. */
const forExamples = { "@effect/platform-node": "4.1.0", vitest: "5.1.1", ...otherCompiler, ...nodeTypes } as const

/** Examples may use what Node 20 has beyond ES2022; declarations of packages alone are compiled without it. */
const lib = ["es2023", "es2024.string", "dom"]

const compileExamples = (folder: string): Promise<{ readonly output: string; readonly status: number }> => {
  write(
    folder,
    "tsconfig.examples.json",
    JSON.stringify({
      compilerOptions: {
        target: "es2022",
        lib,
        module: "nodenext",
        strict: true,
        skipLibCheck: true,
        types: ["node"],
        allowImportingTsExtensions: true,
        rewriteRelativeImportExtensions: true,
        rootDir: ".",
        outDir: "compiled"
      },
      include: ["examples/**/*.ts"]
    })
  )
  return run(process.execPath, [join(folder, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.examples.json"], {
    cwd: folder
  })
}

/** The Nodes that a package promises, and every package of ours that its example imports. */
const nodesFor = (of: Packed, example: Example, all: ReadonlyArray<Packed>): ReadonlyArray<Major> => {
  const imported = packagesIn(example)
  const involved = [of, ...all.filter(({ name }) => imported.includes(name))]
  return majors.filter((major) => involved.every(({ manifest }) => admits(manifest.engines.node, releases[major])))
}

const examplesRun = async (folder: string, of: Packed, all: ReadonlyArray<Packed>): Promise<ReadonlyArray<string>> => {
  const problems: Array<string> = []
  for (const example of programsOf(examplesOf(of))) {
    for (const major of nodesFor(of, example, all)) {
      const found = await runExample(folder, of, example, await nodeOf(major))
      problems.push(...found.map((problem) => `on Node ${major} ${problem}`))
    }
  }
  return problems
}

const duplicates = (folder: string): ReadonlyArray<string> =>
  ["effect", "hono", "kysely", "pg", "@portolan/domain", "@portolan/ports"].flatMap((name) => {
    const copies = copiesOf(folder, name)
    return copies.length === 1 ? [] : [`there are ${copies.length} copies of ${name}: ${copies.join(", ")}`]
  })

const typesOf = async (folder: string): Promise<ReadonlyArray<string>> => {
  const other = join(folder, "node_modules/typescript/bin/tsc")
  const problems: Array<string> = []
  for (const resolution of ["nodenext", "bundler"] as const) {
    problems.push(...(await typeErrors(folder, { resolution, lib })))
    const found = await typeErrors(folder, { resolution, lib, compiler: other })
    problems.push(...found.map((one) => `TypeScript 5.9: ${one}`))
  }
  return problems
}

/** Installs everything together and checks it. */
export const checkTogether = async (all: ReadonlyArray<Packed>, place: string): Promise<Problems> => {
  const folder = await install(join(place, "together"), { packages: all, all, others: forExamples })
  write(folder, "entries.ts", typesProgram(all.flatMap(entriesOf)))
  for (const of of all) {
    for (const { file, text } of examplesOf(of)) write(folder, `${folderOf(of)}/${file}`, text)
  }
  const isAny = all.some((of) => examplesOf(of).length > 0)
  const compiled = isAny ? await compileExamples(folder) : { status: 0, output: "" }
  const problems = new Map<string, ReadonlyArray<string>>()
  for (const of of all) {
    const examples = compiled.status === 0 ? await examplesRun(folder, of, all) : []
    problems.set(of.short, [...examples, ...(await runPrograms(folder, of))])
  }
  const examples = compiled.status === 0 ? [] : [`the examples of the READMEs do not compile: ${compiled.output}`]
  return problems.set("", [...duplicates(folder), ...(await typesOf(folder)), ...examples])
}
