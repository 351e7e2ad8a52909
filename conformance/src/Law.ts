/**
 * A law as data.
 *
 * A law is a promise that every adapter of a port keeps. Its id never changes meaning. It is checked in one or more
 * parts: alone, in a race, through a crash. Parts get separate verdicts, because an environment may be able to host one
 * and not the other; the law holds when all its parts do.
 */
import type { Instance } from "./Subject.ts"
import type { Evidence, RunContext, RunRequest } from "./Evidence.ts"

/** How a part goes about it, from cheap to dear. */
export type PartKind = "example" | "property" | "model" | "race" | "crash" | "liveness"

/**
 * What a part cannot do without. `overlap` is calls that truly overlap (a subject in this process, or `clients`);
 * `time` is a hand on the adapter's clock; `own-clock` is a store that keeps time itself (the
 * part does not apply to others); the rest are probes of the same name, `restart` being `reopen`.
 */
export type Need =
  | "overlap"
  | "time"
  | "dump"
  | "tamper"
  | "crash"
  | "restart"
  | "keys"
  | "outage"
  | "jobs"
  | "sink"
  | "plant"
  | "foreign"
  | "outbox"
  | "server"
  | "rows"
  | "wire"
  | "workers"
  | "own-clock"

/** Whether every adapter keeps the law, or those that claim a feature. */
export type Level = { readonly _tag: "Core" } | { readonly _tag: "Extended"; readonly feature: string }

/** One way in which a law is checked. */
export interface Part<I extends Instance> {
  /** `alone`, `race`, `crash` ...: unique within its law. */
  readonly name: string
  readonly kind: PartKind
  readonly needs: ReadonlyArray<Need>
  /** The cases it takes, at least, to call the part verified. */
  readonly minimum: number
  /** Labels, and the smallest share of cases that must carry each for the part to count as verified. */
  readonly labels: Readonly<Record<string, number>>
  /** How many cases it runs for each case of the budget: below 1 for slow parts. */
  readonly effort: number
  /** Runs the part's cases and gives what was seen; never rejects because a law is broken. */
  readonly run: (context: RunContext<I>, order: RunRequest) => Promise<Evidence>
}

/** A fact from outside that a law rests on: what a provider, a standard or a paper says, and where. */
export interface Source {
  readonly fact: string
  /** Where everybody can read it. */
  readonly url: string
}

/** A promise, why it matters, and how it is checked. */
export interface Law<I extends Instance> {
  readonly id: string
  /** The promise, as a sentence. */
  readonly title: string
  /** What goes wrong without it, and for whom. */
  readonly rationale: string
  /** What to check first in an adapter that fails it: one or two sentences about this law, shown with each failure. */
  readonly checkFirst: string
  /** Where the promise is written: methods (`TokenVault.get`), types or constants of `@portolan/ports`. */
  readonly see: ReadonlyArray<string>
  readonly sources?: ReadonlyArray<Source>
  readonly level: Level
  readonly parts: readonly [Part<I>, ...Array<Part<I>>]
}

/** Every adapter of the port keeps the law. */
export const core: Level = { _tag: "Core" }

/** Adapters that claim `feature` keep the law. */
export const extended = (feature: string): Level => ({ _tag: "Extended", feature })

/** Says which adapters keep a law: `core`, or the name of the feature. */
export const levelName = ({ level }: { readonly level: Level }): string =>
  level._tag === "Core" ? "core" : level.feature

/** Names a part of a law in reports and replay tokens, such as `VAULT-03/race`. */
export const partId = (law: { readonly id: string }, part: { readonly name: string }) => `${law.id}/${part.name}`
