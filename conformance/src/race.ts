import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Case } from "./Case.ts"

/** How one runner of a race ended, and when: `place` counts from 0, in the order in which they ended. */
export interface Finish<A, E> {
  readonly runner: number
  readonly place: number
  readonly exit: Exit.Exit<A, E>
}

/**
 * Lines up the runners behind a barrier, lets them go at once, and waits for all. Answers in the order of the runners.
 * Against a simulated subject the seeded scheduler decides who gets how far; against real clients each runner first
 * waits a few seeded turns, so that different pairs of statements meet.
 */
export const race = Effect.fnUntraced(function* <A, E>(testCase: Case, runners: ReadonlyArray<Effect.Effect<A, E>>) {
  const barrier = yield* Deferred.make<void>()
  const finishes: Array<Finish<A, E>> = []
  const fibers: Array<Fiber.Fiber<void>> = []
  for (const [runner, work] of runners.entries()) {
    const turns = testCase.chance.below(4)
    const run = Effect.gen(function* () {
      yield* Deferred.await(barrier)
      for (let turn = 0; turn < turns; turn++) yield* Effect.yieldNow
      const exit = yield* Effect.exit(work)
      finishes.push({ runner, place: finishes.length, exit })
    })
    fibers.push(yield* Effect.forkChild(run))
  }
  yield* Deferred.succeed(barrier, undefined)
  yield* Effect.forEach(fibers, Fiber.join, { discard: true })
  return finishes.toSorted((one, other) => one.runner - other.runner)
})

/** Does several things at once and answers with what they gave, in their order; the first failure fails all. */
export const together = <A, E>(testCase: Case, runners: ReadonlyArray<Effect.Effect<A, E>>) =>
  Effect.flatMap(race(testCase, runners), (finishes) => Effect.forEach(finishes, ({ exit }) => exit))

/** Where runners wait for each other. */
export interface Barrier {
  /** Waits until all runners have arrived. */
  readonly arrive: Effect.Effect<void>
  /** Lets all go on, whether or not everybody arrived: for a runner that ends early. */
  readonly lift: Effect.Effect<void>
}

/** Makes a barrier for so many runners. */
export const barrierFor = (count: number): Effect.Effect<Barrier> =>
  Effect.map(Deferred.make<void>(), (all) => {
    let arrived = 0
    const lift = Effect.asVoid(Deferred.succeed(all, undefined))
    return {
      lift,
      arrive: Effect.suspend(() => {
        arrived += 1
        return Effect.andThen(arrived >= count ? lift : Effect.void, Deferred.await(all))
      })
    }
  })
