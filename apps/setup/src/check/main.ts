/**
 * `npm run check`: format, style, types and lint at once, a line each, and what is wrong below it. Exit code 1 if
 * anything is. Types and lint start from what the last run found; `npm run lint` always reads every file.
 */
import { spawn } from "node:child_process"
import { join } from "node:path"
import { root } from "../tidy/tree.ts"
import { record, scope } from "./lintScope.ts"

interface Checker {
  readonly name: string
  readonly program: string
  readonly words: ReadonlyArray<string>
  readonly repair: string
}

const modules = (path: string) => join(root, "node_modules", path)
const toLint = scope()

// Beyond this many files a list of paths is longer than some systems take, and reading the tree is as fast.
const listed = toLint.paths.length <= 200 ? toLint.paths : []

const checkers: ReadonlyArray<Checker> = [
  {
    name: "types",
    program: modules("typescript/bin/tsc"),
    words: ["-p", "tsconfig.json", "--incremental", "--tsBuildInfoFile", modules(".cache/portolan/types.tsbuildinfo")],
    repair: "change the code so that the compiler accepts it"
  },
  ...(toLint.paths.length === 0
    ? []
    : [
        {
          name: "lint",
          program: modules("oxlint/bin/oxlint"),
          words: ["--deny-warnings", ...listed],
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

const run = ({ name, program, repair, words }: Checker): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const began = performance.now()
    const child = spawn(process.execPath, [program, ...words], { cwd: root, stdio: ["ignore", "pipe", "pipe"] })
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
