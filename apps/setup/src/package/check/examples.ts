/**
 * Examples of READMEs that are whole programs: fenced TypeScript whose first line is `// file: NAME.ts`. They are
 * compiled, and each is run as a program; one that other files of the same README import is run by them, and
 * `NAME.test.ts` by vitest.
 */
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
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
    ({ file }) =>
      !file.endsWith(".test.ts") &&
      !examples.some((other) => other.text.includes(`"./${file}"`) || other.text.includes(`"./${asJs(file)}"`))
  )

const asJs = (file: string): string => file.replace(/\.ts$/, ".js")

/** Where a stack trace says what happened. */
const firstLines = (output: string): string => output.trim().split("\n").slice(0, 8).join("\n")

/** Runs the compiled examples of a package with one Node; what fails is a sentence. */
export const runExamples = async (project: string, of: Packed, node: string): Promise<ReadonlyArray<string>> => {
  const examples = examplesOf(of)
  const problems: Array<string> = []
  for (const { file } of programsOf(examples)) {
    const { output, status } = await run(node, [join(project, "compiled", folderOf(of), asJs(file))], {
      cwd: project,
      timeout: 60_000
    })
    if (status !== 0) problems.push(`its example ${file} ended with ${status}: ${firstLines(output)}`)
  }
  return problems
}
