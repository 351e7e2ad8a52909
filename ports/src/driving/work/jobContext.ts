/** What the handlers of jobs have in common: the job at hand, its time, and its completion. */
import { type Actor, type Id, Incident, type Job } from "@portolan/domain"
import { DateTime, Duration, Effect } from "effect"
import type { Outcome } from "../../driven/Scheduler.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { type AnyPart, change, type ChangeContext, type PartError } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"

/** A job's task, by its tag. */
export type TaskOf<Tag extends Job.Task["_tag"]> = Extract<Job.Task, { readonly _tag: Tag }>

/** The job that a handler carries out. */
export interface JobContext {
  readonly jobId: Id.JobId
  readonly organizationId: Id.OrganizationId
  readonly actor: Actor.Actor
  /** When the job was due, by the clock of the scheduler. */
  readonly dueAt: DateTime.Utc
}

/**
 * Now, for a job that takes effect because an instant has come: never before it was due, although this process's clock
 * may be behind the scheduler's. Otherwise the handler would find that it is too early, and be done with it.
 */
export const dueNow = ({ dueAt }: JobContext): Effect.Effect<DateTime.Utc> =>
  Effect.map(DateTime.now, (now) => DateTime.max(now, dueAt))

/** The context of a change that completes the job. */
export const completing = (job: JobContext): ChangeContext => ({ ...during(job), completes: job.jobId })

/** The context of a change that is made on the way, and does not complete the job. */
export const during = (job: JobContext): ChangeContext => ({
  organizationId: job.organizationId,
  actor: job.actor,
  now: dueNow(job)
})

/** The outcome of a job that is carried out, or no longer needed. */
export const done: Outcome = { _tag: "Done" }

/** The outcome of a job that comes back after a while; nothing failed. */
export const retryAfter = (wait: Duration.Input): Effect.Effect<Outcome> =>
  Effect.map(DateTime.now, (now) => ({ _tag: "RetryAt", at: DateTime.addDuration(now, wait) }))

/** The outcome of a job that was refused a permission for the first time; a later look has to agree. */
export const lookAgain: Effect.Effect<Outcome> = retryAfter(Duration.minutes(Incident.lookAgainMinutes))

/** Commits parts as the change that completes a job; without parts the job alone is completed. */
export const complete = <const Items extends ReadonlyArray<AnyPart>>(
  deps: ChangeDeps,
  job: JobContext,
  parts: Items
): Effect.Effect<Outcome, PartError<Items> | WriteError> => Effect.as(change(deps, completing(job), parts), done)
