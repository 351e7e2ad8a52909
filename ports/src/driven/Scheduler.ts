/**
 * Carries due work to a handler. Work enters through `UnitOfWork.commit` only, in the transaction of the change that
 * calls for it; it is handed out at least once, and takes effect once because the handler's own change completes it.
 */
import type { Id, Job } from "@portolan/domain"
import { Context, type DateTime, type Duration, type Effect, Schema, type Scope } from "effect"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** A piece of due work. */
export interface Due {
  readonly job: Job.Job
  /** How often it failed before; 0 the first time. */
  readonly failures: number
}

/** What the handler made of it. */
export type Outcome =
  /** Carried out, or no longer needed. */
  | { readonly _tag: "Done" }
  /** Not yet; nothing failed (a report is being prepared). */
  | { readonly _tag: "RetryAt"; readonly at: DateTime.Utc }
  /** Failed for now. After `Backoff.attemptLimit` failures it is parked. */
  | { readonly _tag: "Failed"; readonly at: DateTime.Utc; readonly reason: string }
  /** Trying again is useless; parked at once for an operator. */
  | { readonly _tag: "DeadLettered"; readonly reason: string }

/** Work that stopped and waits for an operator. */
export const DeadLettered = Schema.Struct({
  jobId: Schema.String,
  organizationId: Schema.String,
  task: Schema.String,
  reason: Schema.String,
  failures: Schema.Int,
  deadLetteredAt: Schema.DateTimeUtc
})
/** Work that stopped and waits for an operator. */
export type DeadLettered = typeof DeadLettered.Type

/** Hands out due work. */
export class Scheduler extends Context.Service<
  Scheduler,
  {
    /**
     * Starts handing work to the handler, `concurrency` pieces at a time, until the scope closes; pieces under way are
     * finished first, within a limit. A handler that dies is counted as a failure.
     */
    readonly consume: (
      handle: (due: Due) => Effect.Effect<Outcome>,
      options: { readonly concurrency: number }
    ) => Effect.Effect<void, StoreUnavailable, Scope.Scope>

    /**
     * For how long due work of any organization has been waiting while nobody works. Zero when nothing is due, and when a
     * piece is under way anywhere: a long queue is no standstill.
     */
    readonly oldestDueAge: Effect.Effect<Duration.Duration, StoreUnavailable>

    /** The parked work of an organization, the latest first, at most 100. */
    readonly deadLetters: (
      organizationId: Id.OrganizationId
    ) => Effect.Effect<ReadonlyArray<DeadLettered>, StoreUnavailable>

    /** Puts parked work back; it is due at once, with a clean count. Says whether there was such work. */
    readonly redeliver: (organizationId: Id.OrganizationId, jobId: Id.JobId) => Effect.Effect<boolean, StoreUnavailable>
  }
>()("@portolan/ports/driven/Scheduler") {}
