import type { Id, Job } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { WorkersService } from "../workers/WorkersInstance.ts"
import type { Instance } from "../../Subject.ts"

/** What a scheduler offers to its callers. */
export type SchedulerService = Scheduler.Scheduler["Service"]

/** Hooks into the scheduler. Each is optional; what is left out makes the laws that need it not verified. */
export interface SchedulerProbes {
  /** Opens independent clients of the same queue, each with connections of its own. */
  readonly clients?: (count: number) => Effect.Effect<ReadonlyArray<SchedulerService>, unknown, Scope.Scope>
  /** What time it is by the clock of the queue, in milliseconds since 1970; the case's own time when left out. */
  readonly now?: () => Effect.Effect<number, unknown>
  /** Where the numbers about the work of this queue are told; no worker lives there yet. */
  readonly workers?: WorkersService
  /** Lets time pass for a queue that keeps its own clock. */
  readonly advance?: (millis: number) => Effect.Effect<void>
}

/** A scheduler for one case, whose queue is empty. */
export interface SchedulerInstance extends Instance {
  readonly scheduler: SchedulerService
  readonly organizations: readonly [Id.OrganizationId, Id.OrganizationId, Id.OrganizationId]
  /** Commits one change that schedules these jobs, all of one organization. */
  readonly schedule: (jobs: ReadonlyArray<Job.Job>) => Effect.Effect<void, unknown>
  /** Commits a change that completes a job, and says whether the job was still there to be completed. */
  readonly complete: (organizationId: Id.OrganizationId, jobId: Id.JobId) => Effect.Effect<boolean, unknown>
  readonly probes: SchedulerProbes
}
