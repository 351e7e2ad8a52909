/** Measuring by ratio: what is looked at and its yardstick take turns in one run, so that a busy machine slows both. */
import { Effect } from "effect"

/** One thing that can be done again and again. */
export interface Case {
  readonly name: string
  readonly operation: Effect.Effect<unknown, { readonly message: string }>
}

/** What was seen: times a second, and how much of the yardstick that is; medians over the rounds. */
export interface Figure {
  readonly name: string
  readonly perSecond: number
  readonly ratio: number
  /** The smallest and the largest ratio of a round. */
  readonly spread: readonly [number, number]
}

const rounds = 5

/** Does something for a while, `lanes` at a time; gives how often it was done a second. */
const rate = ({ operation }: Case, millis: number, lanes: number) =>
  Effect.gen(function* () {
    const began = performance.now()
    let done = 0
    const lane = Effect.whileLoop({
      while: () => performance.now() - began < millis,
      body: () => operation,
      step: () => {
        done += 1
      }
    })
    yield* Effect.all(
      Array.from({ length: lanes }, () => lane),
      { concurrency: "unbounded", discard: true }
    )
    return (done * 1000) / (performance.now() - began)
  })

/** The middle one of some numbers; 0 of none. */
export const median = (numbers: ReadonlyArray<number>): number =>
  numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? 0

/** Measures cases against a yardstick: the median of some rounds, in each of which all take their turn. */
export const compare = (
  yardstick: Case,
  cases: ReadonlyArray<Case>,
  options: { readonly millis: number; readonly lanes: number }
) =>
  Effect.gen(function* () {
    const all = [yardstick, ...cases]
    const seen = all.map((): Array<number> => [])
    for (const one of all) yield* rate(one, options.millis / 4, options.lanes)
    for (let round = 0; round < rounds; round++) {
      for (const [index, one] of all.entries()) seen[index]?.push(yield* rate(one, options.millis, options.lanes))
    }
    const base = seen[0] ?? []
    return all.map(({ name }, index): Figure => {
      const own = seen[index] ?? []
      const ratios = own.map((perSecond, round) => perSecond / (base[round] ?? perSecond))
      const spread = [Math.min(...ratios), Math.max(...ratios)] as const
      return { name, perSecond: Math.round(median(own)), ratio: median(ratios), spread }
    })
  })
