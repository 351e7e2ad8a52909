/** Parked work on the wire. */
import type { Scheduler } from "@portolan/ports"
import { Schema } from "effect"
import { Instant, instant } from "./Text.ts"

/** Work that stopped and waits for an operator. */
export const DeadLettered = Schema.Struct({
  jobId: Schema.String,
  work: Schema.String,
  reason: Schema.String,
  failures: Schema.Int,
  parkedAt: Instant
}).annotate({ identifier: "ParkedWork", description: "A background job that failed too often, and why." })

/** Writes parked work. */
export const deadLetter = ({
  deadLetteredAt,
  failures,
  jobId,
  reason,
  task
}: Scheduler.DeadLettered): typeof DeadLettered.Type => ({
  jobId,
  work: task,
  reason,
  failures,
  parkedAt: instant(deadLetteredAt)
})
