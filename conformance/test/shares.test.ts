import { describe, expect, test } from "vitest"
import { budgets } from "../src/Budget.ts"
import { judge, type Plan } from "../src/judge.ts"
import { repository } from "../src/laws/repository/repository.ts"
import { tokenVault } from "../src/laws/vault/tokenVault.ts"
import type { Port } from "../src/Port.ts"
import { groundOf, open, partsOf } from "../src/run.ts"
import { draws } from "../src/Seed.ts"
import type { Instance } from "../src/Subject.ts"

const first = Date.now() % 2 ** 31
console.info(`shares.test.ts: seed ${first}`)
const chance = draws(first)
const freshSeeds = Array.from({ length: 10 }, () => chance.below(2 ** 31))

const plan = (freshSeed: number): Plan => ({
  budget: budgets.minimal,
  seed: 0,
  freshSeed,
  known: [],
  today: "2027-01-01"
})

/** What the fresh cases of a seed alone lead to: no fixed cases make up for them. */
const verdictsOf = async <I extends Instance>(port: Port<I>) => {
  const opened = await open(port.reference)
  const verdicts: Array<string> = []
  for (const { law, part } of partsOf(port, port.reference, () => true)) {
    if (Object.keys(part.labels).length === 0) continue
    for (const seed of freshSeeds) {
      const request = { seed, cases: part.minimum, withinMillis: 60_000, path: undefined }
      const evidence = await part.run(groundOf(opened, 10_000), request)
      const verdict = judge(law.id, part, [evidence], plan(seed))
      const why = "reason" in verdict ? verdict.reason : ""
      if (verdict._tag !== "Pass") verdicts.push(`${law.id}/${part.name}, fresh seed ${seed}: ${verdict._tag} ${why}`)
    }
  }
  await opened.close()
  return verdicts
}

describe("interesting cases are made, not hoped for", () => {
  test("every share of the token vault's laws holds in each of ten fresh seeds", async () => {
    expect(await verdictsOf(tokenVault)).toEqual([])
  })

  test("every share of the repository's laws holds in each of ten fresh seeds", async () => {
    expect(await verdictsOf(repository)).toEqual([])
  })
})
