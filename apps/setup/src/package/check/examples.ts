/**
 * Examples of READMEs that are whole programs: fenced TypeScript whose first line is `// file: NAME.ts`. They are
 * compiled, and each is run: as a program (a test of node:test is one), `NAME.conformance.ts` as a subject of the
 * conformance suite. One that another file of the same README imports is run by that file.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { packageOf } from "../packages.ts"
import { modulesNamed } from "./imports.ts"
import type { Packed } from "./Project.ts"
import { run } from "./run.ts"

/** One example: its file name and its text. */
export interface Example {
  readonly file: string
  readonly text: string
}

/** The examples in the text of a README. */
export const examplesIn = (readme: string): ReadonlyArray<Example> =>
  [...readme.matchAll(/^```ts\n(\/\/ file: (\S+\.ts)\n[\s\S]*?)^```$/gm)].map(([, text = "", file = ""]) => ({
    file,
    text
  }))

/** The examples of a package. */
export const examplesOf = ({ built }: Packed): ReadonlyArray<Example> => {
  const readme = join(built.folder, "README.md")
  return existsSync(readme) ? examplesIn(readFileSync(readme, "utf8")) : []
}

/** The folder of a package's examples inside a project. */
export const folderOf = ({ short }: Packed): string => `examples/${short}`

/** Examples that are started by themselves. */
export const programsOf = (examples: ReadonlyArray<Example>): ReadonlyArray<Example> =>
  examples.filter(
    ({ file }) => !examples.some(({ text }) => text.includes(`"./${file}"`) || text.includes(`"./${asJs(file)}"`))
  )

const asJs = (file: string): string => file.replace(/\.ts$/, ".js")

/** Where a stack trace says what happened. */
const firstLines = (output: string): string => output.trim().split("\n").slice(0, 8).join("\n")

const argumentsFor = (project: string, compiled: string): ReadonlyArray<string> =>
  compiled.endsWith(".conformance.js")
    ? [join(project, "node_modules/.bin/portolan-conformance"), "--subject", compiled, "--budget", "minimal"]
    : [compiled]

/** Packages that an example imports. */
export const packagesIn = ({ file, text }: Example): ReadonlyArray<string> => modulesNamed(file, text).map(packageOf)

/** Runs one compiled example of a package with one Node; what fails is a sentence. */
export const runExample = async (
  project: string,
  of: Packed,
  { file }: Example,
  node: string
): Promise<ReadonlyArray<string>> => {
  const compiled = join(project, "compiled", folderOf(of), asJs(file))
  const { output, status } = await run(node, argumentsFor(project, compiled), { cwd: project, timeout: 300_000 })
  return status === 0 ? [] : [`its example ${file} ended with ${status}: ${firstLines(output)}`]
}
