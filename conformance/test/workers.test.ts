import { describe, expect, test } from "vitest"
import { budgets } from "../src/Budget.ts"
import type { Plan } from "../src/judge.ts"
import { workers } from "../src/laws/workers/workers.ts"
import { runMutant } from "../src/matrix.ts"
import { open, runAll } from "../src/run.ts"
import * as text from "../src/text.ts"

const plan: Plan = { budget: budgets.smoke, seed: 0, freshSeed: 0, known: [], today: "2027-01-01" }

describe("the laws of workers", () => {
  test("hold for the model", async () => {
    const opened = await open(workers.reference)
    const results = await runAll(workers, opened, plan)
    await opened.close()
    expect(results.filter(({ verdict }) => verdict._tag !== "Pass").map(text.line)).toEqual([])
  })

  for (const mutant of workers.mutants) {
    test(`${mutant.law} catches ${mutant.id}`, async () => {
      expect((await runMutant(workers, mutant, budgets.smoke, 0)).fate._tag).toBe("Caught")
    })
  }

  for (const { subject } of workers.degenerates) {
    test(`none holds for ${subject.name}`, async () => {
      const opened = await open(subject)
      const results = await runAll(workers, opened, plan)
      await opened.close()
      expect(results.filter(({ verdict }) => verdict._tag === "Pass").map(text.line)).toEqual([])
    })
  }
})
