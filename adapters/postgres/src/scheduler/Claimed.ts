/** A job that a worker has claimed, and what becomes of it. */
import type { Scheduler } from "@portolan/ports"
import type { DateTime, Duration } from "effect"

/** A job in the hands of a worker. */
export interface Claimed {
  readonly due: Scheduler.Due
  /** The number of the claim: every claim of a job has a larger one. */
  readonly claim: number
}

/** What became of a job. */
export interface Settlement {
  readonly organizationId: string
  readonly id: string
  /** The claim that must still stand. */
  readonly claim: number
  readonly status: "waiting" | "done" | "parked"
  /** When it is due again; a waiting job without it and `wait` is given back, due as it was. */
  readonly dueAt?: DateTime.Utc
  /** The same as a wait from now, by the clock of the store; only where there is no `dueAt`. */
  readonly wait?: Duration.Duration
  /** Whether it counts as a failure. */
  readonly failed?: true
  readonly reason?: string
}
