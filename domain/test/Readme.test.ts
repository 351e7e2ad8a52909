/** The examples of the README run and print what it says. */
import { spawnSync } from "node:child_process"
import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "@effect/vitest"

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8")

/** Every example with its file name, and what the README says that it prints. */
const examples = [
  ...readme.matchAll(/```ts\n(\/\/ file: (\S+\.ts)\n[\s\S]*?)```\n\nIt prints\n\n```text\n([\s\S]*?)```/g)
].map(([, code = "", name = "", printed = ""]) => ({ name, code, printed }))

describe("the README", () => {
  it("names the file of every example and what it prints", () => {
    expect(examples.map(({ name }) => name)).toEqual(["connection.ts", "history.ts", "refusal.ts", "bazaar.ts"])
    expect(readme.match(/```ts\n/g)).toHaveLength(examples.length)
  })

  it.each(examples)("$name prints what the README says", ({ code, printed }) => {
    const done = spawnSync(process.execPath, ["--input-type=module-typescript", "--eval", code], {
      cwd: fileURLToPath(new URL("..", import.meta.url)),
      encoding: "utf8"
    })
    expect(done.stdout + done.stderr.replace(/^.*ExperimentalWarning[\s\S]*$/m, "")).toBe(printed)
  })

  it("has every module of the index", () => {
    const index = readFileSync(new URL("../src/index.ts", import.meta.url), "utf8")
    const missing = [...index.matchAll(/export \* as (\w+)/g)]
      .map(([, name = ""]) => name)
      .filter((name) => !readme.includes(`\`${name}\``))
    expect(missing).toEqual([])
  })
})
