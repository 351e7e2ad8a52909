/**
 * Claims of due jobs. A claim makes a job a worker's until a deadline; a worker that lives prolongs the claims of all
 * its jobs at once. A worker that was overtaken is fenced by the claim's number and can neither finish nor postpone the
 * job any more. The statements are the functions of migration 0014.
 */
import { Id, type Job } from "@portolan/domain"
import { DateTime, Duration, Effect, Result, Schema } from "effect"
import { sql } from "kysely"
import { readTask } from "../codec.ts"
import type { Store } from "../Store.ts"
import { statement } from "../store/statement.ts"
import type { Claimed, Settlement } from "./Claimed.ts"

/** What a scheduler works with. */
export interface SchedulerContext {
  readonly store: Store["Service"]
  /** How long a claim lasts unless it is prolonged. */
  readonly lifeSeconds: number
}

/** What a look for due jobs asks for. */
export interface ClaimRequest {
  /** How many jobs at most. */
  readonly count: number
  /** Organizations that are being served; one that is named twice is served twice. The others come first. */
  readonly busy: ReadonlyArray<string>
  /** The `turn` of the look before. */
  readonly turn: string | undefined
}

/** What a look for due jobs led to. */
export interface Look {
  readonly claimed: ReadonlyArray<Claimed>
  /** Jobs that this version cannot read: kept for an operator, they hold up nothing. */
  readonly unreadable: ReadonlyArray<Settlement>
  /** Where the next look goes on among organizations that a backlog of others may hide; absent when it hides none. */
  readonly turn: string | undefined
  /** When the next job can be taken, from now; absent when none waits. */
  readonly next: Duration.Duration | undefined
}

interface ClaimRow {
  readonly organization_id: string
  readonly id: string | null
  readonly due_at: Date
  readonly task: unknown
  readonly schema_version: number | null
  readonly failures: number
  readonly claim: number
  readonly next_turn: string | null
  readonly wait_seconds: number | null
}

const isOrganization = Schema.is(Id.OrganizationId)
const isJob = Schema.is(Id.JobId)

const parked = (row: ClaimRow, id: string, reason: string): Settlement => ({
  organizationId: row.organization_id,
  id,
  claim: row.claim,
  status: "parked",
  failed: true,
  reason
})

const read = (row: ClaimRow, id: string): Claimed | Settlement => {
  const { organization_id: organizationId } = row
  if (!isOrganization(organizationId) || !isJob(id)) return parked(row, id, "The job's name cannot be read.")
  const task = readTask(id, row)
  if (Result.isFailure(task)) return parked(row, id, task.failure.message)
  const job: Job.Job = { id, organizationId, dueAt: DateTime.makeUnsafe(row.due_at), task: task.success }
  return { claim: row.claim, due: { job, failures: row.failures } }
}

/** Claims jobs that are due, of as many organizations as there are before it claims two of one; one statement. */
export const claim = ({ lifeSeconds, store }: SchedulerContext, { busy, count, turn }: ClaimRequest) =>
  statement(
    store,
    "looking for work",
    sql<ClaimRow>`select * from portolan.claim_jobs(
      ${count}::integer, ${lifeSeconds}::double precision, ${sql.val(busy)}::text[], ${turn ?? null}::text)`
  ).pipe(
    Effect.map((rows): Look => {
      const found = rows.flatMap((row) => (row.id === null ? [] : [read(row, row.id)]))
      const seconds = rows.find(({ wait_seconds }) => wait_seconds !== null)?.wait_seconds ?? undefined
      return {
        claimed: found.filter((one) => "due" in one),
        unreadable: found.filter((one) => "status" in one),
        turn: rows.find(({ next_turn }) => next_turn !== null)?.next_turn ?? undefined,
        next: seconds === undefined ? undefined : Duration.seconds(seconds)
      }
    })
  )

/** Prolongs the claims that still stand; one statement for all of them. */
export const prolong = ({ lifeSeconds, store }: SchedulerContext, held: ReadonlyArray<Claimed>) =>
  statement(
    store,
    "prolonging claims",
    sql`select portolan.prolong_jobs(${sql.val(held.map(({ due }) => due.job.organizationId))}::text[],
      ${sql.val(held.map(({ due }) => due.job.id))}::text[], ${sql.val(held.map(({ claim }) => claim))}::integer[],
      ${lifeSeconds}::double precision)`
  )
