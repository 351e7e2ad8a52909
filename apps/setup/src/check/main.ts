/**
 * `npm run check`: format, style, types and lint at once, a line each, and what is wrong below it. Exit code 1 if
 * anything is. Types and lint start from what the last run found; `npm run lint` always reads every file.
 *
 * Types and lint take nearly all of the time, and about the same. By default each would run as many type checkers as
 * the machine has processors, at once with the other, and each checker works out anew the types that files share: two
 * checkers cost one and a half times the work of one, four twice. So the two share the processors between them.
 */
import { spawn } from "node:child_process"
import { availableParallelism } from "node:os"
import { join } from "node:path"
import { root } from "../tidy/tree.ts"
import { record, scope } from "./lintScope.ts"

interface Checker {
  readonly name: string
  readonly program: string
  readonly words: ReadonlyArray<string>
  readonly repair: string
  readonly environment?: { readonly [name: string]: string }
}

/** How many processors types and lint have each, with one for each at least. */
const share = `${Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)))}`

const modules = (path: string) => join(root, "node_modules", path)
const buildInfo = modules(".cache/portolan/types.tsbuildinfo")
const toLint = scope()

// Beyond this many files a list of paths is longer than some systems take, and reading the tree is as fast.
const listed = toLint.paths.length <= 200 ? toLint.paths : []

const checkers: ReadonlyArray<Checker> = [
  {
    name: "types",
    program: modules("typescript/bin/tsc"),
    words: ["-p", "tsconfig.json", "--checkers", share, "--incremental", "--tsBuildInfoFile", buildInfo],
    repair: "change the code so that the compiler accepts it"
  },
  ...(toLint.paths.length === 0
    ? []
    : [
        {
          name: "lint",
          program: modules("oxlint/bin/oxlint"),
          words: ["--deny-warnings", `--threads=${share}`, ...listed],
          // The rules that read types run in a program of their own, which takes its number of threads from here.
          environment: { GOMAXPROCS: share },
          repair: "`npx oxlint --fix` repairs part of it"
        }
      ]),
  { name: "format", program: modules("oxfmt/bin/oxfmt"), words: ["--check", "."], repair: "run `npm run format`" },
  {
    name: "style",
    program: join(root, "apps/setup/src/tidy/main.ts"),
    words: [],
    repair: "the limits are in .github/CONTRIBUTING.md"
  }
]

const run = ({ environment, name, program, repair, words }: Checker): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(process.execPath, [program, ...words], {
      cwd: root,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"]
    })
    const parts: Array<Buffer> = []
    child.stdout.on("data", (part: Buffer) => parts.push(part))
    child.stderr.on("data", (part: Buffer) => parts.push(part))
    child.once("error", reject)
    child.once("close", (code) => {
      const seconds = `${((performance.now() - began) / 1000).toFixed(1)} s`
      if (code === 0) console.log(`${name} ok (${seconds})`)
      else console.log(`${Buffer.concat(parts).toString().trimEnd()}\n${name} failed (${seconds}): ${repair}`)
      resolve(code === 0)
    })
  })

const results = await Promise.all(checkers.map(async (checker) => ({ name: checker.name, ok: await run(checker) })))
if (results.every(({ name, ok }) => name !== "lint" || ok)) record(toLint)
if (results.some(({ ok }) => !ok)) process.exitCode = 1
