import type { Id } from "@portolan/domain"
import type { Notifier } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Instance } from "../../Subject.ts"

/** What a notifier offers to its callers. */
export type NotifierService = Notifier.Notifier["Service"]

/** Hooks into the notifier. Each is optional; what is left out makes the laws that need it not verified. */
export interface NotifierProbes {
  /** Opens independent clients of the same notifier. */
  readonly clients?: (count: number) => Effect.Effect<ReadonlyArray<NotifierService>, unknown, Scope.Scope>
  /** Every notice that came out, in order, copies included. */
  readonly outbox?: () => Effect.Effect<ReadonlyArray<Notifier.Notice>, unknown>
  /** Makes the next `count` notices fail on their way, as they do when nobody takes them. */
  readonly outage?: (count: number) => Effect.Effect<void, unknown>
}

/** A notifier for one case. */
export interface NotifierInstance extends Instance {
  readonly notifier: NotifierService
  readonly organizations: readonly [Id.OrganizationId, Id.OrganizationId]
  readonly probes: NotifierProbes
}
