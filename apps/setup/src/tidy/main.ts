/**
 * `npm run tidy`: what is wrong with the style, and exit code 1 if anything is. `--json` prints the figures, `--shrink`
 * takes exceptions out of the list that are no longer needed, and a folder lists all its places, exceptions included.
 */
import { exceptions, figures, findings, shrink, write, wrong } from "./tidy.ts"

const words = process.argv.slice(2)
const folder = words.find((word) => !word.startsWith("--"))
const found = findings()

if (words.includes("--shrink")) write(shrink(found, exceptions()))

const list = exceptions()
const problems = wrong(found, list)

if (folder !== undefined) {
  for (const { file, line, measure, what } of found.filter((one) => one.file.startsWith(folder))) {
    console.log(`${file}:${line} ${measure}: ${what}`)
  }
} else if (words.includes("--json")) console.log(JSON.stringify(figures(found, list)))
else for (const problem of problems) console.log(problem)

if (folder === undefined && problems.length > 0) {
  console.error(`${problems.length} places are against the style (CONTRIBUTING.md, "Style as a test").`)
  process.exitCode = 1
}
