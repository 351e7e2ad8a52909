import type * as Effect from "effect/Effect"
import type { Draws } from "./Seed.ts"

/** What a law may use while it checks one case. */
export interface Case {
  /** Marks the case as one of a kind that must not be too rare, such as `conflict`. */
  readonly label: (name: string) => void
  /** Adds a line to the story that a counterexample tells. */
  readonly note: (line: string) => void
  /** Chance that belongs to the case: the same in every replay. */
  readonly chance: Draws
  /** Lets this many milliseconds pass for the adapter. */
  readonly advance: (millis: number) => Effect.Effect<void>
  /** Says what time it is for the adapter, in milliseconds since 1970. */
  readonly now: () => number
  /** Says whether time stands still between advances, so that deadlines can be met to the millisecond. */
  readonly exactTime: boolean
  /** Says whether interleavings are the seeded scheduler's choice; if not, races need real clients. */
  readonly simulated: boolean
}
