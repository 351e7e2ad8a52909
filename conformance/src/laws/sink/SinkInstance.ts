import type { DataSink, ProviderApi } from "@portolan/ports"
import type { DataClass, Id, Profile } from "@portolan/domain"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Instance } from "../../Subject.ts"

/** What a sink offers to its callers. */
export type SinkService = DataSink.DataSink["Service"]

/** A row as it lies in the sink. */
export interface LandedRow extends ProviderApi.Row {
  readonly profile: Profile.Key
  readonly dataClass: DataClass.DataClass
}

/** Hooks into the sink. Each is optional; what is left out makes the laws that need it not verified. */
export interface SinkProbes {
  /** Opens independent clients of the same sink. */
  readonly clients?: (count: number) => Effect.Effect<ReadonlyArray<SinkService>, unknown, Scope.Scope>
  /** All rows of a connection, in any order. */
  readonly rows?: (
    organizationId: Id.OrganizationId,
    connectionId: Id.ConnectionId
  ) => Effect.Effect<ReadonlyArray<LandedRow>, unknown>
  /** Makes the next `count` calls to storage fail as they do when it is away. */
  readonly outage?: (count: number) => Effect.Effect<void, unknown>
}

/** A sink for one case, without rows of these organizations. */
export interface SinkInstance extends Instance {
  readonly sink: SinkService
  readonly organizations: readonly [Id.OrganizationId, Id.OrganizationId]
  readonly probes: SinkProbes
}
