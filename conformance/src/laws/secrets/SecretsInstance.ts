import type { Secrets } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type { Instance } from "../../Subject.ts"

/** What a maker of secrets offers to its callers. */
export type SecretsService = Secrets.Secrets["Service"]

/** Hooks into the maker of secrets. Each is optional; what is left out makes the laws that need it not verified. */
export interface SecretsProbes {
  /** Another process of the same installation: the same deployment secret, nothing else in common. */
  readonly reopen?: () => Effect.Effect<SecretsService, unknown>
  /** Another installation, with a deployment secret of its own. */
  readonly foreign?: () => Effect.Effect<SecretsService, unknown>
  /** Lets time pass where the service keeps a clock of its own. */
  readonly advance?: (millis: number) => Effect.Effect<void>
}

/** A maker of secrets for one case. */
export interface SecretsInstance extends Instance {
  readonly secrets: SecretsService
  readonly probes: SecretsProbes
}
