import { TokenVault } from "@portolan/ports"
import { Effect } from "effect"
import { describe, expect, test } from "vitest"
import { budgets } from "../src/Budget.ts"
import { lawsOf, refusalId } from "../src/laws/refusals.ts"
import { tokenVault } from "../src/laws/vault/tokenVault.ts"
import { runMutant } from "../src/matrix.ts"
import { modelSubject } from "../src/reference/vault/modelSubject.ts"
import * as ReplayToken from "../src/ReplayToken.ts"
import { open, runAll } from "../src/run.ts"
import { replay } from "../src/replay.ts"
import { type Plan } from "../src/judge.ts"
import * as text from "../src/text.ts"

const plan: Plan = { budget: budgets.smoke, seed: 0, freshSeed: 0, known: [], today: "2027-01-01" }

/** The model as it should be when it claims no leases. */
const withoutLeases = modelSubject("without leases", {
  features: new Set(["durable", "rollback-protection"]),
  wrap: (vault) => ({
    ...vault,
    acquireLease: () => Effect.fail(new TokenVault.VaultUnavailable({ doing: "lease: not offered", cause: "never" }))
  })
})

describe("META-02, 03, 11, 12: every mutant is caught by its own law, in words, briefly, and again", () => {
  test("every law has a mutant", () => {
    const caught = new Set(tokenVault.mutants.map((mutant) => mutant.law))
    expect(
      lawsOf(tokenVault)
        .map((law) => law.id)
        .filter((id) => !caught.has(id))
    ).toEqual([])
    expect(new Set(tokenVault.mutants.map((mutant) => mutant.id)).size).toBe(tokenVault.mutants.length)
  })

  // One fixed seed with every run; `npm run conformance -- --mutants` takes others.
  for (const seed of [20_270_115]) {
    for (const mutant of tokenVault.mutants) {
      test(`seed ${seed}: ${mutant.law} catches ${mutant.id}`, async () => {
        const { fate } = await runMutant(tokenVault, mutant, budgets.smoke, seed)
        expect(fate, whyOf(fate)).toMatchObject({ _tag: "Caught" })
        if (fate._tag !== "Caught") return
        const told = text.refutation(fate.part, fate.refutation, "again")
        expect(told).toContain(`${mutant.law} is broken`)
        expect(told).not.toMatch(/\n\s+at |Refuted|asyncProperty/)
        const token = ReplayToken.read(fate.refutation.token)
        if (token === undefined) throw new Error("a failure carries a token that can be read")
        const opened = await open(mutant.subject)
        expect((await replay(tokenVault, opened, token, 3_000))._tag).toBe("FailsAsBefore")
        const correct = await open(mutant.law === refusalId ? withoutLeases : tokenVault.reference)
        expect((await replay(tokenVault, correct, token, 3_000))._tag).toBe("NoLongerFails")
        await opened.close()
        await correct.close()
      })
    }
  }
})

const whyOf = (fate: Awaited<ReturnType<typeof runMutant>>["fate"]) =>
  fate._tag === "Survived" ? fate.reason : fate.refutation.counterexample.violation.message

describe("META-01, 04: the model keeps every law, the same way each time", () => {
  test("every part passes and two runs leave the same trace", async () => {
    const opened = await open(tokenVault.reference)
    const first = await runAll(tokenVault, opened, plan)
    const second = await runAll(tokenVault, opened, plan)
    await opened.close()
    expect(first.filter((each) => each.verdict._tag !== "Pass").map(text.line)).toEqual([])
    expect(second.map((each) => each.digest)).toEqual(first.map((each) => each.digest))
  })
})

describe("META-07: nothing passes for nothing", () => {
  for (const { subject, passes } of tokenVault.degenerates) {
    test(`the ${subject.name} fails every part that has no reason to let it pass`, async () => {
      const opened = await open(subject)
      const results = await runAll(tokenVault, opened, plan)
      await opened.close()
      const passed = results.filter((each) => each.verdict._tag === "Pass").map((each) => `${each.law}/${each.part}`)
      expect(passed.toSorted()).toEqual(Object.keys(passes).toSorted())
    })
  }
})
