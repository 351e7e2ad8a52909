/** The adversary of identity finds nothing, and would find something if the installation believed callbacks. */
import { describe, expect, it } from "@effect/vitest"
import { Effect } from "effect"
import { believing, run } from "../src/identity/run.ts"

describe("a forged id", () => {
  it.live(
    "never binds, never blocks and never leaks",
    () =>
      Effect.gen(function* () {
        const wrong: Array<string> = []
        const found = yield* run({
          interleavings: 15,
          report: (seed, what) => wrong.push(`seed ${seed}: ${what.join("; ").slice(0, 500)}`)
        })
        expect(wrong).toEqual([])
        expect(found).toEqual({ interleavings: 15, bound: 0, blocked: 0, leaked: 0 })
      }),
    { timeout: 240_000 }
  )

  it.live(
    "binds, blocks and leaks where callbacks are believed, and the same run finds it",
    () =>
      Effect.gen(function* () {
        const found = yield* run({ interleavings: 15, variant: believing })
        expect(found.bound).toBeGreaterThan(0)
        expect(found.blocked).toBeGreaterThan(0)
        expect(found.leaked).toBeGreaterThan(0)
      }),
    { timeout: 240_000 }
  )
})
