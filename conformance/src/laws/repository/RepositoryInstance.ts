import type { Aggregate, Id, Job } from "@portolan/domain"
import type { Repository, DataSink, EventLog, UnitOfWork } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Instance } from "../../Subject.ts"

/** The three ports that work on one storage: what is committed through the first is read through the others. */
export interface Services {
  readonly unitOfWork: UnitOfWork.UnitOfWork["Service"]
  readonly repository: Repository.Repository["Service"]
  readonly log: EventLog.EventLog["Service"]
}

/** A record that is at rest, by its place. */
export type PlantedRecord = {
  readonly organizationId: Id.OrganizationId
  /** What takes the place of the record's JSON and its version; without a version, as before records carried one. */
  readonly stored: { readonly schemaVersion?: number; readonly payload: unknown }
} & (
  | { readonly _tag: "State"; readonly kind: Aggregate.Kind; readonly id: string }
  | { readonly _tag: "Event"; readonly position: number }
  | { readonly _tag: "Task"; readonly id: Id.JobId }
)

/** Hooks into the storage. Each is optional; what is left out makes the laws that need it not verified. */
export interface RepositoryProbes {
  /** Opens independent clients of the same storage, each with a connection of its own. */
  readonly clients?: (count: number) => Effect.Effect<ReadonlyArray<Services>, unknown, Scope.Scope>
  /** Drops everything in process and opens the same storage again. */
  readonly reopen?: () => Effect.Effect<Services, unknown, Scope.Scope>
  /**
   * Gives everything at rest as text, one line a row, in whatever order: states, history, work, bound profiles, keys
   * and whatever else a commit writes (wake-ups, outbox rows). What changes by itself has to be left out.
   */
  readonly dump?: () => Effect.Effect<ReadonlyArray<string>, unknown>
  /** Gives the work of an organization that waits to be carried out, in whatever order. */
  readonly jobs?: (organizationId: Id.OrganizationId) => Effect.Effect<ReadonlyArray<Job.Job>, unknown>
  /**
   * Puts JSON and version of an earlier, or a later, release in the place of those of a record that was committed.
   * Nothing else of the record changes.
   */
  readonly plant?: (record: PlantedRecord) => Effect.Effect<void, unknown>
  /** Makes the next `count` calls to storage fail as they do when the database is away. */
  readonly outage?: (count: number) => Effect.Effect<void, unknown>
  /** Where loaded rows land, on the same storage or another. */
  readonly sink?: DataSink.DataSink["Service"]
  /** Makes the `call`-th call to storage from now on, counted from 1, end the caller, before or after its effect. */
  readonly crash?: {
    /** Breaks the storage before or after the n-th call from now. */
    readonly arm: (call: number, side: "before" | "after") => Effect.Effect<void, unknown>
    /** Removes the trap and says whether it struck. */
    readonly disarm: () => Effect.Effect<boolean, unknown>
  }
}

/** A storage for one case. */
export interface RepositoryInstance extends Instance {
  readonly services: Services
  /** Three organizations that have nothing to do with each other and that no other case uses. */
  readonly organizations: readonly [Id.OrganizationId, Id.OrganizationId, Id.OrganizationId]
  readonly probes: RepositoryProbes
}
