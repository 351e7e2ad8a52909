/** Consents that begin at the marketplace land or are refused, and would not if callbacks were believed. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { asItIs, believing } from "../src/identity/world.ts"
import { kinds } from "../src/marketplace/door.ts"
import { planOf } from "../src/marketplace/plan.ts"
import { run } from "../src/marketplace/run.ts"
import { make } from "../src/marketplace/world.ts"

describe("a consent that begins at the marketplace", () => {
  it("is drawn of every kind", () => {
    const seeds = Array.from({ length: 12 }, (_, index) => index + 1)
    const drawn = new Set(seeds.flatMap((seed) => planOf(make(seed, asItIs).door, seed, 25)).map(({ kind }) => kind))
    expect([...drawn].toSorted()).toEqual([...kinds].toSorted())
  })

  it.live(
    "lands on the right record or is refused in words, and nothing is there twice",
    () =>
      Effect.gen(function* () {
        const wrong: Array<string> = []
        const found = yield* run({ starts: 150, report: (seed, what) => wrong.push(`seed ${seed}: ${what}`) })
        expect(wrong).toEqual([])
        expect(found.landed + found.refused).toBe(found.starts)
        expect(found).toMatchObject({ starts: 150, duplicates: 0 })
        expect(Math.min(found.landed, found.refused)).toBeGreaterThan(20)
      }),
    { timeout: 240_000 }
  )

  it.live(
    "goes wrong where callbacks are believed, and the same run finds it",
    () =>
      Effect.gen(function* () {
        const found = yield* run({ starts: 50, variant: believing })
        expect(found.landed + found.refused).toBeLessThan(50)
      }),
    { timeout: 240_000 }
  )
})
