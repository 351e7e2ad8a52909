/**
 * The only place that runs the property engine, and the only place that catches.
 *
 * Each evaluation makes a fresh instance, runs the check in its own seeded runtime, and releases the instance, also
 * while shrinking. The engine would neither shrink a defect nor print its input, so whatever a check ends with is first
 * turned into a `Violation`.
 */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as fc from "fast-check"
import type { Evidence, Finding, RunContext, RunRequest } from "./Evidence.ts"
import type { PartKind, Need, Part } from "./Law.ts"
import { draws, fold, hex } from "./Seed.ts"
import { show } from "./show.ts"
import { attended, simulated } from "./Simulation.ts"
import type { Instance } from "./Subject.ts"
import type { Case } from "./Case.ts"
import { Violation } from "./Violation.ts"

/** A part of a law, before it can be run. */
export interface Description<I extends Instance, Input> {
  readonly name: string
  readonly kind: PartKind
  readonly needs?: ReadonlyArray<Need>
  readonly minimum?: number
  readonly effort?: number
  /** Labels, and the smallest share of cases that must carry each. */
  readonly labels?: Readonly<Record<string, number>>
  /** How many interleavings each input is tried with; races need several. */
  readonly interleavings?: number
  readonly input: fc.Arbitrary<Input>
  /** Prints an input, one line an element. Defaults to one line for each element of an array. */
  readonly lines?: (input: Input) => ReadonlyArray<string>
  readonly check: (instance: I, input: Input, testCase: Case) => Effect.Effect<void, unknown, Scope.Scope>
}

/** Thrown to the engine, and nowhere else: it knows failures as exceptions only. */
class Refuted extends Error {
  readonly violation: Violation
  readonly story: ReadonlyArray<string>
  constructor(violation: Violation, story: ReadonlyArray<string>) {
    super(violation.message)
    this.violation = violation
    this.story = story
  }
}

/** Thrown when no instance could be made: the environment's failure, not the adapter's. */
class Unusable extends Error {}

interface Draw<Input> {
  readonly input: Input
  readonly chance: number
}

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

const unforeseen = (nature: Violation["nature"], summary: string) =>
  new Violation({ summary, expected: undefined, actual: undefined, nature })

const lengthOf = (input: unknown): number => {
  if (Array.isArray(input)) return input.length
  if (typeof input !== "object" || input === null) return 1
  const lists = Object.values(input).filter((value) => Array.isArray(value))
  return lists.length === 0 ? 1 : lists.reduce((sum, list) => sum + list.length, 0)
}

const linesOf = (input: unknown): ReadonlyArray<string> => {
  if (Array.isArray(input)) return input.map((element) => show(element))
  if (typeof input !== "object" || input === null) return [show(input)]
  return Object.entries(input).flatMap(([key, value]) =>
    Array.isArray(value) ? [`${key}:`, ...value.map((element) => `  ${show(element)}`)] : [`${key}: ${show(value)}`]
  )
}

/** Runs one case once, under one interleaving. Resolves with what the case told, rejects when the promise is broken. */
const evaluate = async <I extends Instance, Input>(
  context: RunContext<I>,
  check: Description<I, Input>["check"],
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
  // Real time on purpose: a case whose virtual time runs for ever has to end too.
  const timer = setTimeout(() => stop.abort(), context.caseMillis)
  const exit = await Effect.runPromiseExitWith(runtime.services)(work, { signal: stop.signal })
  clearTimeout(timer)
  runtime.close()
  if (Exit.isSuccess(exit)) return { labels, story }
  const error = Option.getOrUndefined(Cause.findErrorOption(exit.cause))
  if (error instanceof Unusable) throw error
  const violation = stop.signal.aborted
    ? unforeseen("timed-out", `the case did not end within ${context.caseMillis} ms`)
    : violationOf(exit.cause)
  throw new Refuted(violation, story)
}

/**
 * How often one input is tried. A database interleaves as it likes: there, many different cases are worth more than
 * many turns of one, except in a replay, which has only the one case and no hand on its luck.
 */
const triesOf = <I extends Instance>(interleavings: number, context: RunContext<I>, order: RunRequest): number => {
  if (context.place === "in-process" || interleavings === 1) return interleavings
  return order.path === undefined ? 2 : 25
}

/** Makes a part of a law from a generator and a check. */
export const forAll = <I extends Instance, Input>(description: Description<I, Input>): Part<I> => {
  const declared = description.labels ?? {}
  const interleavings = description.interleavings ?? 1
  const lines = description.lines ?? linesOf
  const minimum = description.minimum ?? 20

  const run = async (context: RunContext<I>, order: RunRequest): Promise<Evidence> => {
    let cases = 0
    let digest = fold(description.name)
    const counts = new Map<string, number>(Object.keys(declared).map((label) => [label, 0]))
    let replayed = false

    const property = fc.asyncProperty(
      fc.record({ input: description.input, chance: fc.noShrink(fc.integer()) }),
      async (each: Draw<Input>) => {
        if (order.path !== undefined && replayed) return
        replayed = true
        const labels = new Set<string>()
        const tries = triesOf(interleavings, context, order)
        for (let index = 0; index < tries; index++) {
          const outcome = await evaluate(context, description.check, each.input, each.chance + index)
          for (const label of outcome.labels) labels.add(label)
          digest = fold(JSON.stringify([show(each.input), [...outcome.labels], outcome.story]), digest)
        }
        cases += 1
        for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
      }
    )
    const details = await fc.check(property, {
      seed: order.seed,
      numRuns: order.cases,
      interruptAfterTimeLimit: order.withinMillis,
      markInterruptAsFailure: false,
      // Generators choose their edges themselves; the engine's bias towards small values makes lists of calls short.
      unbiased: true,
      ...(order.path === undefined ? {} : { path: order.path, endOnFailure: true })
    })

    const finding = (): Finding => {
      const error = details.errorInstance
      if (details.failed && error instanceof Unusable) return { _tag: "Unusable", reason: error.message }
      if (details.failed && details.counterexample !== null && error instanceof Refuted) {
        const [{ input }] = details.counterexample
        return {
          _tag: "Broken",
          counterexample: {
            violation: error.violation,
            input: lines(input),
            story: error.story,
            length: lengthOf(input),
            seed: details.seed,
            path: details.counterexamplePath ?? ""
          }
        }
      }
      if (details.failed) return { _tag: "Unusable", reason: `the suite itself failed: ${show(error)}` }
      if (order.path === undefined && cases < Math.min(minimum, order.cases)) {
        return { _tag: "Stopped", reason: `time was up after ${cases} cases of at least ${minimum}` }
      }
      return { _tag: "Held" }
    }

    if (details.failed) digest = fold(show(details.counterexample?.[0].input) + details.counterexamplePath, digest)
    return { finding: finding(), cases, labels: Object.fromEntries(counts), digest: hex(digest) }
  }

  return {
    name: description.name,
    kind: description.kind,
    needs: description.needs ?? (description.kind === "race" ? ["overlap"] : []),
    minimum,
    labels: declared,
    effort: description.effort ?? 1,
    run
  }
}
