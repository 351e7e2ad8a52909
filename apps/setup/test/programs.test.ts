/** Programs in a package's readme are complete: each is written to a file, type-checked and run as a reader would. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, test } from "vitest"

const root = fileURLToPath(new URL("../../../", import.meta.url))
const place = mkdtempSync(join(tmpdir(), "portolan-programs-"))

/** The blocks of a readme whose first line names a file. */
const programsOf = (readme: string): ReadonlyArray<{ readonly name: string; readonly code: string }> =>
  [...readFileSync(join(root, readme), "utf8").matchAll(/^```ts\n(\/\/ file: (\S+\.ts)\n[^]*?)^```$/gm)].map(
    ([, code = "", name = ""]) => ({ name, code })
  )

const run = (args: ReadonlyArray<string>) => {
  const { NODE_OPTIONS: _inside, ...environment } = process.env
  const done = spawnSync(process.execPath, [...args], { cwd: place, encoding: "utf8", env: environment })
  return { status: done.status, output: `${done.stdout}${done.stderr}` }
}

const programs = programsOf("ports/README.md")

beforeAll(() => {
  symlinkSync(join(root, "node_modules"), join(place, "node_modules"), "dir")
  writeFileSync(join(place, "package.json"), `{"type":"module"}`)
  for (const { code, name } of programs) writeFileSync(join(place, name), code)
  const include = programs.map(({ name }) => name)
  writeFileSync(join(place, "tsconfig.json"), JSON.stringify({ extends: join(root, "tsconfig.json"), include }))
})

afterAll(() => rmSync(place, { recursive: true, force: true }))

describe("the programs of ports/README.md", () => {
  test("embed.ts goes from a company to an access token", () => {
    expect(programs.map(({ name }) => name)).toContain("embed.ts")
    const { output, status } = run(["embed.ts"])
    expect(output).toMatch(/^Lindqvist Lanterns: profile \d+, token of \d{2,} characters\n$/)
    expect(status).toBe(0)
  })

  test("are free of type errors", { timeout: 120_000 }, () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc")
    expect(run([compiler, "-p", ".", "--checkers", "1"])).toEqual({ status: 0, output: "" })
  })
})
