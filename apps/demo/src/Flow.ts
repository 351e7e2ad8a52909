/** A flow as a list of steps, each with the rules it covers; a step that fails ends the flow. */

import type { Place } from "./Place.ts"

/** One step as it went. */
export interface Step {
  readonly step: string
  readonly rules: ReadonlyArray<string>
  readonly ok: boolean
  /** What was seen, or what went wrong. */
  readonly saw: string
  readonly milliseconds: number
}

/** One flow as it went. */
export interface Flow {
  readonly flow: string
  readonly title: string
  readonly ok: boolean
  readonly steps: ReadonlyArray<Step>
  readonly milliseconds: number
}

/** The rules that the steps of a flow name, each once, in their order. */
export const rulesOf = ({ steps }: Pick<Flow, "steps">): ReadonlyArray<string> =>
  [...new Set(steps.flatMap(({ rules }) => rules))].toSorted((one, other) =>
    one.localeCompare(other, "en", { numeric: true })
  )

/** Carries out a step: `work` gives a value and says what was seen. */
export type Do = <A>(
  step: string,
  rules: ReadonlyArray<string>,
  work: () => Promise<{ readonly value: A; readonly saw: string }>
) => Promise<A>

/** The sign-in of somebody who has one. */
export interface SignIn {
  readonly email: string
  readonly password: string
}

/** A flow before it runs. */
export interface Mission {
  readonly flow: string
  readonly title: string
  /** `signIn` is that of the demo world: owner of its organization, and operator of the installation. */
  readonly steps: (place: Place, signIn: SignIn, step: Do) => Promise<void>
}

class Stopped extends Error {}

/** Runs a flow, telling each step as it ends. */
export const run = async (
  { flow, steps, title }: Mission,
  place: Place,
  signIn: SignIn,
  report: (step: Step) => void
): Promise<Flow> => {
  const done: Array<Step> = []
  const end = (step: Step) => {
    done.push(step)
    report(step)
  }
  const one: Do = async (step, rules, work) => {
    const began = performance.now()
    const took = () => Math.round(performance.now() - began)
    try {
      const { saw, value } = await work()
      end({ step, rules, ok: true, saw, milliseconds: took() })
      return value
    } catch (cause) {
      end({ step, rules, ok: false, saw: cause instanceof Error ? cause.message : String(cause), milliseconds: took() })
      throw new Stopped(step, { cause })
    }
  }
  try {
    await steps(place, signIn, one)
  } catch (cause) {
    if (!(cause instanceof Stopped)) throw cause
  }
  return {
    flow,
    title,
    ok: done.length > 0 && done.every(({ ok }) => ok),
    steps: done,
    milliseconds: done.reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  }
}
