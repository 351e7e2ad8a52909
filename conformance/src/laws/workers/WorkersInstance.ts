import type { Workers } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Instance } from "../../Subject.ts"

/** What the store of workers offers to its callers. */
export type WorkersService = Workers.Workers["Service"]

/** Hooks into the store of workers. Each is optional; what is left out makes the laws that need it not verified. */
export interface WorkersProbes {
  /** Opens independent clients of the same store. */
  readonly clients?: (count: number) => Effect.Effect<ReadonlyArray<WorkersService>, unknown, Scope.Scope>
  /** Lets time pass for a store that keeps its own clock. */
  readonly advance?: (millis: number) => Effect.Effect<void>
}

/** A store of workers for one case, where no worker was seen before. */
export interface WorkersInstance extends Instance {
  readonly workers: WorkersService
  readonly probes: WorkersProbes
}
