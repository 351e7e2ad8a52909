/** What an installation for the programs alone leaves out, the programs never load. */
import { spawnSync } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url))
const node = (...words: ReadonlyArray<string>) => {
  const { NODE_OPTIONS: _inside, ...env } = process.env
  return spawnSync(process.execPath, [...words], { encoding: "utf8", env })
}

test("nothing is pruned that a program loads, now or later", () => {
  const { pruned, loaded } = JSON.parse(node(path("./fixtures/loaded.mjs")).stdout)
  expect(pruned).toEqual([])
  expect(loaded).toBeGreaterThan(500)
})

test.skipIf(process.platform !== "linux")("Node's binary runs without its symbols", () => {
  const root = mkdtempSync(join(tmpdir(), "portolan-pruned-"))
  try {
    const binary = join(root, "node_modules/node/bin/node")
    mkdirSync(join(binary, ".."), { recursive: true })
    copyFileSync(process.execPath, binary)
    const before = statSync(binary).size
    const program = `import { prune } from ${JSON.stringify(path("../pruned.mjs"))}; prune(${JSON.stringify(root)})`
    for (const _ of [1, 2]) expect(node("--input-type=module", "--eval", program).stderr).toBe("")
    expect(statSync(binary).size).toBeLessThan(before)
    expect(spawnSync(binary, ["--print", "6 * 7"], { encoding: "utf8" }).stdout.trim()).toBe("42")
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
