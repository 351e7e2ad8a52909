/** Runs one case once: the only place that catches. Whatever a check ends with is turned into a `Violation`. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import type { Case } from "./Case.ts"
import type { RunContext } from "./Evidence.ts"
import { draws } from "./Seed.ts"
import { show } from "./show.ts"
import { attended, simulated } from "./Simulation.ts"
import type { Instance } from "./Subject.ts"
import { Violation } from "./Violation.ts"

/** Thrown to the property engine, and nowhere else: it knows failures as exceptions only. */
export class Refuted extends Error {
  readonly violation: Violation
  readonly story: ReadonlyArray<string>
  constructor(violation: Violation, story: ReadonlyArray<string>) {
    super(violation.message)
    this.violation = violation
    this.story = story
  }
}

/** Thrown when no instance could be made: the environment's failure, not the adapter's. */
export class Unusable extends Error {}

/** What a law does with one input. */
export type Check<I extends Instance, Input> = (
  instance: I,
  input: Input,
  testCase: Case
) => Effect.Effect<void, unknown, Scope.Scope>

const unforeseen = (nature: Violation["nature"], summary: string) =>
  new Violation({ summary, expected: undefined, actual: undefined, nature })

const violationOf = (cause: Cause.Cause<unknown>): Violation => {
  const error = Cause.findErrorOption(cause)
  if (Option.isSome(error)) {
    if (error.value instanceof Violation) return error.value
    return unforeseen("unexpected-error", `a call failed with ${show(error.value)}, which the law does not foresee`)
  }
  const die = cause.reasons.find(Cause.isDieReason)
  if (die !== undefined) return unforeseen("defect", `a call crashed with ${show(die.defect)}`)
  return unforeseen("defect", "a call ended by interrupting its caller")
}

const slices = 4

/**
 * Does something after so many milliseconds, unless it is released before. Real time on purpose: a case whose virtual
 * time runs for ever has to end too. Time is counted in slices, and a slice that comes late counts once: a machine that
 * did not run this process for a while does not make a correct adapter look hung.
 */
const afterMillis = (millis: number, work: () => void): (() => void) => {
  let left = slices
  const timer = setInterval(() => {
    left -= 1
    if (left > 0) return
    clearInterval(timer)
    work()
  }, millis / slices)
  return () => clearInterval(timer)
}

/**
 * Runs one input once, under the interleaving that `seed` chooses, with a fresh instance. Resolves with the labels and
 * the story of the case; rejects with `Refuted` when the promise is broken, with `Unusable` when there is no instance.
 */
export const evaluate = async <I extends Instance, Input>(
  context: RunContext<I>,
  check: Check<I, Input>,
  input: Input,
  seed: number
) => {
  const labels = new Set<string>()
  const story: Array<string> = []
  const chance = draws(seed)
  const runtime = context.place === "in-process" ? simulated(chance) : attended()
  const work = Effect.scoped(
    Effect.gen(function* () {
      const instance = yield* Effect.mapError(context.make, (error) => new Unusable(show(error)))
      const probes: { readonly advance?: (millis: number) => Effect.Effect<void> } = instance.probes
      yield* check(instance, input, {
        label: (name) => void labels.add(name),
        note: (line) => void story.push(line),
        chance,
        advance: probes.advance ?? runtime.advance,
        now: runtime.now,
        exactTime: context.place === "in-process" || context.clock === "effect",
        simulated: context.place === "in-process"
      })
    })
  )
  const stop = new AbortController()
  const release = afterMillis(context.caseMillis, () => stop.abort())
  const exit = await Effect.runPromiseExitWith(runtime.services)(work, { signal: stop.signal })
  release()
  runtime.close()
  if (Exit.isSuccess(exit)) return { labels, story }
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error instanceof Unusable) throw error
  const violation = stop.signal.aborted
    ? unforeseen("timed-out", `the case did not end within ${context.caseMillis} ms`)
    : violationOf(exit.cause)
  throw new Refuted(violation, story)
}
