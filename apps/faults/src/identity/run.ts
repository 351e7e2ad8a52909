/**
 * The adversary of identity: many interleavings of honest and forging tenants, and how often a forged id bound, blocked
 * or leaked something. None does: that is the promise (rules C4, C10; law REPO-46).
 */
import { Effect } from "effect"
import { run as interleave } from "./interleaving.ts"
import { planOf } from "./plan.ts"
import { asItIs, type Variant } from "./world.ts"

export { asItIs, believing } from "./world.ts"

/** What was found, in numbers of interleavings. */
export interface Result {
  readonly interleavings: number
  /** A forged consent counted as the seller's, or fed the seller's account. */
  readonly bound: number
  /** The seller could not connect, or was not proven where the provider names it. */
  readonly blocked: number
  /** The forging tenant was told something else than it would have been if the seller were no customer. */
  readonly leaked: number
}

/** What the run is asked for. */
export interface Options {
  readonly interleavings: number
  /** The first seed; each interleaving has the next one. */
  readonly seed?: number
  readonly variant?: Variant
  /** Hears of every interleaving in which something went wrong. */
  readonly report?: (seed: number, wrong: ReadonlyArray<string>) => void
}

const differing = (one: ReadonlyArray<string>, other: ReadonlyArray<string>): ReadonlyArray<string> => {
  const index = one.findIndex((line, position) => line !== other[position])
  return index === -1
    ? []
    : [`the forging tenant is told whether the seller is a customer: ${one[index]} ${other[index]}`]
}

/** Runs interleavings one after the other, each with and without the seller as a customer, and counts. */
export const run = Effect.fn("identity.run")(function* ({
  interleavings,
  report,
  seed = 1,
  variant = asItIs
}: Options): Effect.fn.Return<Result> {
  const found = { bound: 0, blocked: 0, leaked: 0 }
  for (let at = seed; at < seed + interleavings; at++) {
    const plan = planOf(at)
    const { blocked, bound, observations } = yield* interleave(plan, variant, true)
    const without = yield* interleave(plan, variant, false)
    const leaked = differing(observations, without.observations)
    if (bound.length > 0) found.bound += 1
    if (blocked.length > 0) found.blocked += 1
    if (leaked.length > 0) found.leaked += 1
    const wrong = [...bound, ...blocked, ...leaked]
    if (wrong.length > 0) report?.(at, wrong)
  }
  return { interleavings, ...found }
})
