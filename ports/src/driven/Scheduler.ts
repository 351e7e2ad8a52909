/**
 * Hands due jobs to a handler. A job enters through `UnitOfWork.commit` only, as part of the change that calls for it.
 * It is handed out at least once, and takes effect once because the handler's own change completes it.
 */
import type { Id, Job } from "@portolan/domain"
import { Context, type DateTime, type Duration, type Effect, Schema, type Scope } from "effect"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** A job that is due. */
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
  /** Failed for now. After `Backoff.attemptLimit` failures it becomes a dead letter. */
  | { readonly _tag: "Failed"; readonly at: DateTime.Utc; readonly reason: string }
  /** Trying again is useless; a dead letter at once, for an operator. */
  | { readonly _tag: "DeadLettered"; readonly reason: string }

/** A job that stopped and waits for an operator. */
export const DeadLettered = Schema.Struct({
  jobId: Schema.String,
  organizationId: Schema.String,
  task: Schema.String,
  reason: Schema.String,
  failures: Schema.Int,
  deadLetteredAt: Schema.DateTimeUtc
})
/** A job that stopped and waits for an operator. */
export type DeadLettered = typeof DeadLettered.Type

/** Hands out due jobs. */
export class Scheduler extends Context.Service<
  Scheduler,
  {
    /**
     * Starts handing jobs to the handler, `concurrency` at a time, until the scope closes; jobs under way are finished
     * first, within a limit. A handler that dies counts as a failure.
     */
    readonly consume: (
      handle: (due: Due) => Effect.Effect<Outcome>,
      options: { readonly concurrency: number }
    ) => Effect.Effect<void, StoreUnavailable, Scope.Scope>

    /**
     * For how long the oldest due job of any organization has been waiting while no job is under way. Zero when nothing
     * is due, and while any job is under way: a long queue alone is no fault.
     */
    readonly oldestDueAge: Effect.Effect<Duration.Duration, StoreUnavailable>

    /** The dead letters of an organization, the latest first, at most 100. */
    readonly deadLetters: (
      organizationId: Id.OrganizationId
    ) => Effect.Effect<ReadonlyArray<DeadLettered>, StoreUnavailable>

    /** Makes a dead letter due at once, with no failures counted. Says whether there was one. */
    readonly redeliver: (organizationId: Id.OrganizationId, jobId: Id.JobId) => Effect.Effect<boolean, StoreUnavailable>
  }
>()("@portolan/ports/driven/Scheduler") {}
