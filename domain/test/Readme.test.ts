/** The example of the README runs and prints what it says. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, it } from "@effect/vitest"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")
const block = (language: string) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(readme)?.[1] ?? ""

it("the example of the README prints what the README says", () => {
  const done = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", block("ts")], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8"
  })
  expect(done.stdout + done.stderr.replace(/^.*ExperimentalWarning[\s\S]*$/m, "")).toBe(block("text"))
})

it("every module of the index is in the README", () => {
  const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8")
  const missing = [...index.matchAll(/export \* as (\w+)/g)]
    .map(([, name = ""]) => name)
    .filter((name) => name !== "Machine" && !readme.includes(`\`${name}\``))
  expect(missing).toEqual([])
})
