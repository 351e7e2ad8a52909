import { describe, expect, test } from "vitest"
import { register, type Runner } from "../src/bindings/register.ts"
import { conformance } from "../src/bindings/vitest.ts"
import { tokenVault } from "../src/laws/vault/tokenVault.ts"
import { correct, overflows, port, subject } from "./toy.ts"

conformance(tokenVault, tokenVault.reference, { profile: "smoke" })

/** Runs what was registered, by hand. */
const registered = async (make: typeof correct) => {
  const tests: Array<readonly [string, Parameters<Runner["it"]>[1]]> = []
  const before: Array<() => Promise<void>> = []
  const after: Array<() => Promise<void>> = []
  const runner: Runner = {
    describe: (_title, body) => body(),
    beforeAll: (work) => void before.push(work),
    afterAll: (work) => void after.push(work),
    it: (title, body) => void tests.push([title, body])
  }
  register(runner, port, subject("by hand", make))
  for (const work of before) await work()
  const told: Record<string, string> = {}
  for (const [title, body] of tests) {
    let skipped = ""
    await body((reason) => {
      skipped = reason
    }).then(
      () => (told[title] = skipped === "" ? "passed" : "skipped"),
      (error: unknown) => (told[title] = error instanceof Error ? error.message : String(error))
    )
  }
  for (const work of after) await work()
  return told
}

describe("any runner", () => {
  test("gets a test for each part of each law, with the id in its title", async () => {
    const told = await registered(correct)
    expect(told).toMatchObject({
      "CNT-01/alone Additions add up": "passed",
      "CNT-01/race Additions add up": "passed",
      "CNT-02/alone Time passes": "passed",
      "CNT-03/alone Dumps are dull": expect.stringContaining("not verified"),
      "CNT-04/alone Resets work": "skipped"
    })
  })

  test("is told what is broken and how to run it again", async () => {
    const told = await registered(overflows)
    expect(told["CNT-01/alone Additions add up"]).toMatch(/CNT-01 is broken[^]*expected 11[^]*--replay/)
  })
})
