import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"
import { checks, mutants, run } from "../src/check/run.ts"
import { Rule } from "../src/index.ts"
import { all as presets } from "../src/presets/index.ts"
import { fresh } from "./support.ts"

const main = fileURLToPath(new URL("../src/cli.ts", import.meta.url))
const cli = (...args: ReadonlyArray<string>) => spawnSync(process.execPath, [main, ...args], { encoding: "utf8" })

describe("the check from outside", () => {
  test("finds every played rule kept, and catches every simulator that breaks one", { timeout: 60_000 }, async () => {
    const { survivors, wrong, ...counts } = await run()
    expect(wrong).toEqual([])
    expect(survivors).toEqual([])
    expect([counts.failed, counts.killed]).toEqual([0, counts.mutants])
    expect(counts.rules).toBeGreaterThan(120)
    expect(counts.mutants).toBeGreaterThan(50)
  })

  test("catches nobody who breaks nothing", { timeout: 60_000 }, async () => {
    const honest = { id: "does as it should", by: checks.map(({ id }) => id) }
    const found = await run([honest])
    expect([found.mutants, found.killed, found.survivors]).toEqual([1, 0, [honest.id]])
  })

  test("names what there is: rows of the tables, and checks for every mutant", () => {
    const promised = checks.filter(({ id }) => !Rule.all.some((rule) => rule.id === id)).map(({ id }) => id)
    expect(new Set(promised).size).toBe(promised.length)
    const ids = new Set(checks.map(({ id }) => id))
    expect(mutants.flatMap(({ by }) => by.filter((id) => !ids.has(id)))).toEqual([])
    expect(new Set(mutants.map(({ id }) => id)).size).toBe(mutants.length)
  })

  test("prints its counts", { timeout: 60_000 }, () => {
    const { status, stdout } = cli("--check", "--json")
    const counts = JSON.parse(stdout) as Record<string, number>
    expect([status, Object.keys(counts)]).toEqual([
      0,
      ["rules", "passed", "failed", "assumptions", "mutants", "killed"]
    ])
    expect(counts.passed).toBe(counts.rules)
  })
})

describe("the catalogue", () => {
  const read = async (query = "") => {
    const response = await fresh().fetch(new Request(`http://127.0.0.1:4010/_sim/catalogue${query}`))
    return (await response.json()) as Record<string, ReadonlyArray<Record<string, unknown>>>
  }

  test("has every rule, preset and operation", async () => {
    const all = await read()
    expect(all.rules).toHaveLength(Rule.all.length)
    expect(all.presets?.map((one) => one.id)).toEqual(presets.map((one) => one.id))
    const metrics = all.operations?.find((one) => one.name === "getOrderMetrics")
    expect(metrics).toMatchObject({ path: "/sales/v1/orderMetrics", refused: expect.arrayContaining(["sku"]) })
  })

  test("has those that nobody confirms alone, over HTTP and on the command line", async () => {
    const assumed = Rule.all.filter((rule) => rule.provenance === "assumed").map((rule) => rule.id)
    expect((await read("?assumed=true")).rules?.map((one) => one.id)).toEqual(assumed)
    const lines = cli("catalogue", "--assumed").stdout.trim().split("\n")
    expect(lines.map((line) => line.split(" ")[0])).toEqual(assumed)
  })
})
