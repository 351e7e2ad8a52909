import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { Descriptions } from "../src/index.ts"
import { measure } from "../src/parity/parity.ts"
import { absent, models, official } from "./official.ts"

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

describe(`Amazon's descriptions of the Ads API ${official === undefined ? absent : ""}`, () => {
  test.skipIf(official === undefined)("are known by themselves, and met", { timeout: 60_000 }, async () => {
    const entries = Descriptions.folder(`${official ?? ""}/amazon-ads`)
    expect(entries.map((one) => one.family)).toEqual(entries.map(() => "ads"))
    const { invalid, ...counts } = await measure(Descriptions.make(entries))
    expect(invalid).toEqual({})
    expect([counts.schemaValid, counts.dynamic]).toEqual([9, 9])
  })
})

test("parity without descriptions, and with what is none, says what to give it", () => {
  const run = (...args: ReadonlyArray<string>) =>
    spawnSync(process.execPath, [main, "parity", ...args], { encoding: "utf8" })
  const bare = run("--json")
  expect([bare.status, bare.stderr]).toEqual([2, expect.stringContaining("--models DIR")])
  const missing = run("--models", "/nowhere/at/all")
  expect([missing.status, missing.stderr]).toEqual([2, expect.stringContaining("there is no such folder")])
})
