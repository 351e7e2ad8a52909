/** What every small port owes: its laws hold for the model, catch each mutant, and pass no degenerate without a reason. */
import { describe, expect, test } from "vitest"
import { budgets } from "../src/Budget.ts"
import type { Plan } from "../src/judge.ts"
import { runMutant } from "../src/matrix.ts"
import type { Port } from "../src/Port.ts"
import { open, runAll } from "../src/run.ts"
import type { Instance, Subject } from "../src/Subject.ts"
import * as text from "../src/text.ts"

const plan: Plan = { budget: budgets.smoke, seed: 0, freshSeed: 0, known: [], today: "2027-01-01" }

/** Registers the tests of a port. `others` are models with the features that the reference does not claim. */
export const suite = <I extends Instance>(port: Port<I>, others: ReadonlyArray<Subject<I>> = []) =>
  describe(`the laws of ${port.name}`, () => {
    test("hold for the models, the same way each time, and each for one of them", async () => {
      const passed = new Set<string>()
      for (const subject of [port.reference, ...others]) {
        const opened = await open(subject)
        const first = await runAll(port, opened, plan)
        const second = await runAll(port, opened, plan)
        await opened.close()
        for (const { law, part, verdict } of first) if (verdict._tag === "Pass") passed.add(`${law}/${part}`)
        const odd = first.filter(({ verdict }) => verdict._tag !== "Pass" && verdict._tag !== "NotApplicable")
        expect(odd.map(text.line)).toEqual([])
        expect(second.map(({ digest }) => digest)).toEqual(first.map(({ digest }) => digest))
      }
      expect([...passed].toSorted()).toEqual(
        port.laws.flatMap(({ id, parts }) => parts.map(({ name }) => `${id}/${name}`)).toSorted()
      )
    })

    test.each(port.mutants.map((mutant) => [`${mutant.law} catches ${mutant.id}`, mutant] as const))(
      "%s",
      async (_, mutant) => {
        const { fate } = await runMutant(port, mutant, budgets.smoke, 0)
        const why = fate._tag === "Survived" ? fate.reason : fate.refutation.counterexample.violation.message
        expect(fate, why).toMatchObject({ _tag: "Caught" })
      }
    )

    test.each(port.degenerates.map((degenerate) => [degenerate.subject.name, degenerate] as const))(
      "%s passes only what it has a reason to pass",
      async (_, { passes, subject }) => {
        const opened = await open(subject)
        const results = await runAll(port, opened, plan)
        await opened.close()
        const passed = results.filter(({ verdict }) => verdict._tag === "Pass").map(({ law, part }) => `${law}/${part}`)
        expect(passed.toSorted()).toEqual(Object.keys(passes).toSorted())
      }
    )
  })
