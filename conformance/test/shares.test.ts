import { describe, expect, test } from "vitest"
import type { RunContext } from "../src/Evidence.ts"
import type { Part } from "../src/Law.ts"
import { repository } from "../src/laws/repository/repository.ts"
import { tokenVault } from "../src/laws/vault/tokenVault.ts"
import type { Port } from "../src/Port.ts"
import { runContextOf, open, partsOf } from "../src/run.ts"
import { draws } from "../src/Seed.ts"
import type { Instance } from "../src/Subject.ts"

const first = Date.now() % 2 ** 31
console.info(`shares.test.ts: seed ${first}`)
const chance = draws(first)
const freshSeeds = Array.from({ length: 2 }, () => chance.below(2 ** 31))

/** No part of a law has more generators than this that take turns. */
const mostTurns = 7

/** The labels of each of a part's first cases, for each fresh seed: a replay runs one case and tells its labels. */
const labelsOf = async <I extends Instance>(context: RunContext<I>, part: Part<I>) => {
  const cases: Array<{ readonly index: number; readonly labels: ReadonlySet<string> }> = []
  for (const seed of freshSeeds) {
    for (let index = 0; index < Math.max(part.minimum, 2 * mostTurns); index++) {
      const { finding, labels } = await part.run(context, { seed, cases: 1, withinMillis: 60_000, path: `${index}` })
      expect(finding, `fresh seed ${seed}, case ${index}`).toEqual({ _tag: "Held" })
      cases.push({ index, labels: new Set(Object.keys(labels).filter((label) => (labels[label] ?? 0) > 0)) })
    }
  }
  return cases
}

/** The largest share of turns all of whose cases carry a label, whatever the seed. */
const certain = (label: string, cases: Awaited<ReturnType<typeof labelsOf>>): number => {
  const shares = Array.from({ length: mostTurns }, (_, fewer) => {
    const turns = fewer + 1
    const missed = new Set(cases.filter(({ labels }) => !labels.has(label)).map(({ index }) => index % turns))
    return (turns - missed.size) / turns
  })
  return Math.max(...shares)
}

const hopes = async <I extends Instance>(port: Port<I>) => {
  const opened = await open(port.reference)
  const found: Array<string> = []
  for (const { law, part } of partsOf(port, port.reference, () => true)) {
    const declared = Object.entries(part.labels).filter(([, share]) => share > 0)
    if (declared.length === 0) continue
    const cases = await labelsOf(runContextOf(opened, 10_000), part)
    for (const [label, share] of declared) {
      const made = certain(label, cases)
      if (made < share)
        found.push(`${law.id}/${part.name}: '${label}' is certain in ${made} of the cases, not ${share}`)
    }
  }
  await opened.close()
  return found
}

describe("interesting cases are made, not hoped for: in two fresh seeds, certain turns always make them", () => {
  test("of the token vault's laws", async () => expect(await hopes(tokenVault)).toEqual([]), 300_000)

  test("of the repository's laws", async () => expect(await hopes(repository)).toEqual([]), 300_000)
})
