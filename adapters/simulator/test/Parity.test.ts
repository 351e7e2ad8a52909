import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { Descriptions } from "../src/index.ts"
import { measure } from "../src/parity/parity.ts"
import { absent, models } from "./official.ts"

const main = fileURLToPath(new URL("../src/cli.ts", import.meta.url))

describe(`Amazon's own descriptions ${models === undefined ? absent : ""}`, () => {
  test.skipIf(models === undefined)(
    "are met: every static pair is answered alike, and every answer of a rule fits its schema",
    async () => {
      const { invalid, unlike, ...counts } = await measure(Descriptions.make(Descriptions.folder(models ?? "")))
      expect(unlike).toEqual([])
      expect(invalid).toEqual({})
      expect(counts.pairsAlike).toBe(counts.sandboxPairs)
      expect(counts.schemaValid).toBe(counts.dynamic)
      expect(counts.sandboxPairs).toBeGreaterThan(400)
    }
  )
})

test("parity without descriptions, and with what is none, says what to give it", () => {
  const run = (...args: ReadonlyArray<string>) =>
    spawnSync(process.execPath, [main, "parity", ...args], { encoding: "utf8" })
  const bare = run("--json")
  expect([bare.status, bare.stderr]).toEqual([2, expect.stringContaining("--models DIR")])
  const missing = run("--models", "/nowhere/at/all")
  expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining("there is no such folder")])
})
