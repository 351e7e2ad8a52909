/** The measurements themselves: that they run, and that what they promise to find is found. */
import { describe, expect, test } from "vitest"
import { simulate } from "./simulate.ts"
import { planOf } from "./simulate/world.ts"
import { drawFrom } from "./simulate/draw.ts"

describe("a simulated life", () => {
  const options = { days: 15, accounts: 11, threads: 0 }

  test("breaks no law, and is the same for the same seed", async () => {
    const one = await simulate({ ...options, seed: 5 })
    expect(one.broken).toEqual([])
    // Something happened: consents were withdrawn, windows loaded, tokens refreshed daily.
    expect(one.refreshes).toBeGreaterThan(options.accounts * options.days * 0.5)
    expect(one.windows).toBeGreaterThan(options.accounts)
    expect((await simulate({ ...options, seed: 5 })).digest).toBe(one.digest)
    const few = { days: 3, accounts: 2, threads: 0 }
    expect((await simulate({ ...few, seed: 6 })).digest).not.toBe((await simulate({ ...few, seed: 7 })).digest)
  })

  test("meets withdrawals, new consents and outages", () => {
    const draw = drawFrom(5)
    const plans = Array.from({ length: 50 }, () => planOf(draw, 10, 100))
    const fates = plans.flatMap((plan) => plan.fates)
    expect(fates.filter(({ withdrawnAt }) => withdrawnAt !== undefined).length).toBeGreaterThan(20)
    expect(fates.filter(({ renewedAt }) => renewedAt !== undefined).length).toBeGreaterThan(10)
    expect(plans.every(({ outages }) => outages.length > 0)).toBe(true)
  })
})
