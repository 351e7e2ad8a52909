/**
 * An oracle says what the rules of the field demand, in words of its own: it reads no machine, it keeps the few facts
 * that a person would keep on paper, and it compares. The rules are those of `domain/RULES.md`.
 */
import { Access, Aggregate, ConsolidationPlan, Diagnosis, Evidence, Expansion, Grant, Id } from "@portolan/domain"
import { DateTime, Result, Schema } from "effect"
import { type Draws, draws } from "../src/Seed.ts"

/** What is judged: the domain's machines and its pure functions. A test puts wrong ones in their place. */
export interface Subject {
  readonly machines: { readonly [K in Aggregate.Kind]: Aggregate.Machine<K> }
  readonly expand: typeof Expansion.expand
  readonly diagnose: typeof Diagnosis.evaluate
  readonly evidence: typeof Evidence.ofConnection
  readonly plan: typeof ConsolidationPlan.plan
  readonly rightOn: typeof Access.rightOn
  readonly checkOn: typeof Access.checkOn
  readonly reminders: typeof Grant.reminders
}

/** The domain as it is. */
export const ours: Subject = {
  machines: Aggregate.machines,
  expand: Expansion.expand,
  diagnose: Diagnosis.evaluate,
  evidence: Evidence.ofConnection,
  plan: ConsolidationPlan.plan,
  rightOn: Access.rightOn,
  checkOn: Access.checkOn,
  reminders: Grant.reminders
}

/** A difference between what the rules demand and what the domain does. */
export interface Violation {
  readonly oracle: string
  readonly rule: string
  readonly expected: string
  readonly observed: string
  /** The seed that gives this world again. */
  readonly seed: number
  /** What happened in this world until then, the oldest first. */
  readonly story: ReadonlyArray<string>
}

/** What an oracle works with: chance, what is judged, and where to say what it found. */
export interface World extends Draws {
  readonly subject: Subject
  /** Says what happens next, for the story of a violation. */
  readonly record: (what: unknown) => void
  /** Compares; each comparison is one step. `rule` names the rule and what it demands. */
  readonly same: (rule: string, expected: unknown, observed: unknown) => void
  /** Picks one of several values. */
  readonly pick: <const A>(...values: readonly [A, ...ReadonlyArray<A>]) => A
  /** True in so many of a hundred cases. */
  readonly chance: (percent: number) => boolean
}

/** One body of rules: makes a world and compares until the world is used up. */
export interface Oracle {
  readonly name: string
  readonly run: (world: World) => void
}

const shown = (value: unknown): string => (typeof value === "string" ? value : (JSON.stringify(value) ?? "undefined"))

/** Runs one world of an oracle; gives the number of comparisons and the first violation, if there is one. */
export const inWorld = (
  oracle: Oracle,
  seed: number,
  subject: Subject
): { readonly steps: number; readonly violation?: Violation } => {
  const { below, next } = draws(seed)
  const story: Array<string> = []
  let steps = 0
  let violation: Violation | undefined
  oracle.run({
    subject,
    next,
    below,
    pick: (...values) => values[below(values.length)] ?? values[0],
    chance: (percent) => below(100) < percent,
    record: (what) => void story.push(shown(what)),
    same: (rule, expected, observed) => {
      steps++
      if (violation !== undefined || shown(expected) === shown(observed)) return
      violation = {
        oracle: oracle.name,
        rule,
        expected: shown(expected),
        observed: shown(observed),
        seed,
        story: [...story]
      }
    }
  })
  return { steps, ...(violation === undefined ? {} : { violation }) }
}

/** How a command was answered: with events, with "it is so already", or with the reason of a refusal. */
export type Answer = "done" | "so already" | `refused: ${string}`

/** One aggregate that an oracle drives. */
export interface Driven<K extends Aggregate.Kind> {
  readonly state: () => Aggregate.Types[K]["state"]
  readonly send: (command: Aggregate.Types[K]["command"]) => Answer
  /** The tags of the events that the last command led to. */
  readonly events: () => ReadonlyArray<string>
  /** The events themselves. */
  readonly happened: () => ReadonlyArray<Aggregate.Types[K]["event"]>
}

/**
 * Drives one aggregate. Whatever it is, a repeated command gives no second event, an event that is applied twice leaves
 * what it left once, and every refusal says what to do instead.
 */
export const drive = <K extends Aggregate.Kind>(kind: K, world: World): Driven<K> => {
  const machine = world.subject.machines[kind]
  const State: Schema.Codec<Aggregate.Types[K]["state"], unknown> = Aggregate.machines[kind].State
  const equal = Schema.toEquivalence(State)
  let state = machine.initial
  let last: ReadonlyArray<Aggregate.Types[K]["event"]> = []
  return {
    state: () => state,
    events: () => last.map(({ _tag }) => _tag),
    happened: () => last,
    send: (command) => {
      world.record({ kind, ...command })
      last = []
      const decision = machine.decide(state, command)
      if (Result.isFailure(decision)) {
        const { detail, nextStep, reason } = decision.failure
        world.same("a refusal says why and what to do", true, detail !== "" && nextStep !== "")
        return `refused: ${reason}`
      }
      last = decision.success
      for (const event of decision.success) {
        state = machine.evolve(state, event)
        world.same(`${event._tag} applied twice changes nothing`, true, equal(machine.evolve(state, event), state))
      }
      const again = machine.decide(state, command)
      if (Result.isSuccess(again)) world.same(`${command._tag} repeated gives no event`, [], again.success)
      return decision.success.length === 0 ? "so already" : "done"
    }
  }
}

/** The nth identifier of a kind. */
export const id = <K extends Id.Kind>(kind: K, n = 0): Id.ByKind[K] =>
  Id.make(kind, 1_700_000_000_000 + n, new Uint8Array(10).fill(n))

const beginning = DateTime.makeUnsafe("2027-10-30T22:30:00Z")

/** An instant, so many minutes after the beginning of every world. */
export const minute = (minutes: number): DateTime.Utc => DateTime.add(beginning, { minutes })
/** An instant, so many hours after the beginning of every world. */
export const hour = (hours: number): DateTime.Utc => minute(hours * 60)

/** A member. */
export const ada = { _tag: "Person", personId: id("person"), name: "Ada" } as const
