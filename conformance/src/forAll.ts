/**
 * The only place that runs the property engine.
 *
 * Each evaluation makes a fresh instance, runs the check in its own seeded runtime, and releases the instance, also
 * while shrinking. The engine would neither shrink a defect nor print its input, so `evaluate` turns whatever a check
 * ends with into a `Violation` first.
 */
import { given } from "@portolan/domain"
import * as fc from "fast-check"
import { evaluate, Refuted, Unusable, type Check } from "./evaluate.ts"
import type { Evidence, Finding, RunContext, RunRequest } from "./Evidence.ts"
import { generatorsOf, inTurn, type Turns } from "./inTurn.ts"
import type { Need, Part, PartKind } from "./Law.ts"
import { fold, hex } from "./Seed.ts"
import { show } from "./show.ts"
import type { Instance } from "./Subject.ts"

/** A part of a law, before it can be run. */
export interface Description<I extends Instance, Input> {
  readonly name: string
  readonly kind: PartKind
  readonly needs?: ReadonlyArray<Need>
  readonly minimum?: number
  readonly effort?: number
  /**
   * Labels, and the smallest share of cases that must carry each. The share has to hold by construction: a generator
   * whose turn comes often enough builds such cases and no others.
   */
  readonly labels?: Readonly<Record<string, number>>
  /** How many interleavings each input is tried with; races need several. */
  readonly interleavings?: number
  /** What draws the inputs: one generator, or several that take turns. */
  readonly input: Turns<Input>
  /** Prints an input, one line an element. Defaults to one line for each element of an array. */
  readonly lines?: (input: Input) => ReadonlyArray<string>
  readonly check: Check<I, Input>
}

/** An input, and the seed of everything that its case leaves to chance. */
interface Draw<Input> {
  readonly input: Input
  readonly chance: number
}

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

/**
 * How often one input is tried. A database interleaves as it likes: there, many different cases are worth more than
 * many turns of one, except in a replay, which has only the one case and no hand on its luck.
 */
const triesOf = <I extends Instance>(
  interleavings: number,
  context: RunContext<I>,
  { path }: Pick<RunRequest, "path">
): number => {
  if (context.place === "in-process" || interleavings === 1) return interleavings
  return path === undefined ? 2 : 25
}

/** What the cases of one run have shown so far. */
interface Tally {
  cases: number
  digest: number
  readonly labels: Map<string, number>
}

type Details<Input> = fc.RunDetails<[Draw<Input>]>

const findingOf = <I extends Instance, Input>(
  { lines = linesOf, minimum = defaultMinimum }: Description<I, Input>,
  { cases, path }: RunRequest,
  details: Details<Input>,
  done: number
): Finding => {
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
  // The engine calls a run failed that it had to stop during the first case.
  const wasStopped = details.interrupted && details.counterexample === null
  if (details.failed && !wasStopped) return { _tag: "Unusable", reason: `the suite itself failed: ${show(error)}` }
  if (path === undefined && done < Math.min(minimum, cases)) {
    return { _tag: "Stopped", reason: `time was up after ${done} cases of at least ${minimum}` }
  }
  return { _tag: "Held" }
}

const defaultMinimum = 20

/** The engine's property: one case, in all its interleavings, entered into the tally. */
const propertyOf = <I extends Instance, Input>(
  description: Description<I, Input>,
  context: RunContext<I>,
  request: RunRequest,
  tally: Tally
) => {
  const tries = triesOf(description.interleavings ?? 1, context, request)
  const generators = generatorsOf(description.input).map((input): fc.Arbitrary<Draw<Input>> =>
    fc.record({ input, chance: fc.noShrink(fc.integer()) })
  )
  let replayed = false
  return inTurn(generators, async ({ input, chance }) => {
    if (request.path !== undefined && replayed) return
    replayed = true
    const labels = new Set<string>()
    for (let index = 0; index < tries; index++) {
      const outcome = await evaluate(context, description.check, input, chance + index)
      for (const label of outcome.labels) labels.add(label)
      tally.digest = fold(JSON.stringify([show(input), [...outcome.labels], outcome.story]), tally.digest)
    }
    tally.cases += 1
    for (const label of labels) tally.labels.set(label, (tally.labels.get(label) ?? 0) + 1)
  })
}

/** Makes a part of a law from its generators and a check. */
export const forAll = <I extends Instance, Input>(description: Description<I, Input>): Part<I> => {
  const declared = description.labels ?? {}

  const run = async (context: RunContext<I>, request: RunRequest): Promise<Evidence> => {
    const none = Object.keys(declared).map((label) => [label, 0] as const)
    const tally: Tally = { cases: 0, digest: fold(description.name), labels: new Map(none) }
    const details: Details<Input> = await fc.check(propertyOf(description, context, request, tally), {
      seed: request.seed,
      numRuns: request.cases,
      interruptAfterTimeLimit: request.withinMillis,
      markInterruptAsFailure: false,
      ...given({ path: request.path }),
      endOnFailure: request.path !== undefined
    })
    const found = show(details.counterexample?.[0].input) + details.counterexamplePath
    const digest = details.failed ? fold(found, tally.digest) : tally.digest
    return {
      finding: findingOf(description, request, details, tally.cases),
      cases: tally.cases,
      labels: Object.fromEntries(tally.labels),
      digest: hex(digest)
    }
  }

  return {
    name: description.name,
    kind: description.kind,
    needs: description.needs ?? (description.kind === "race" ? ["overlap"] : []),
    minimum: description.minimum ?? defaultMinimum,
    labels: declared,
    effort: description.effort ?? 1,
    run
  }
}
