/**
 * Claims of due jobs: one transaction takes a wake-up out of the queue, claims its job until a deadline, and leaves a
 * second wake-up for that deadline. A worker that lives prolongs its claim; a worker that was overtaken is fenced by
 * the claim's number and can neither finish nor postpone the job any more.
 */
import { Backoff, Id, type Job } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import { DateTime, Duration, Result, Schema } from "effect"
import { sql } from "kysely"
import { readTask } from "../codec.ts"
import { enterTenant, leaveTenant, type Store, type Trx } from "../Store.ts"
import { naming } from "../store/outcome.ts"
import type { WakeUps } from "../WakeUps.ts"

/** What a scheduler works with. */
export interface SchedulerContext {
  readonly store: Store["Service"]
  readonly wakeUps: WakeUps["Service"]
  /** How long a claim lasts unless it is prolonged. */
  readonly lifeSeconds: number
}

/** How late a job must be to count as one whose wake-up was lost. */
const lostAfterSeconds = 30

/** A job in the hands of a worker. */
export interface Claimed {
  readonly due: Scheduler.Due
  /** The number of the claim: every claim of a job has a larger one. */
  readonly claim: number
}

interface ClaimRow {
  readonly due_at: Date
  readonly task: unknown
  readonly schema_version: number | null
  readonly failures: number
  readonly claim: number
  /** A moment after the claim's end, by the database's clock. */
  readonly again: Date
}

const isOrganization = Schema.is(Id.OrganizationId)
const isJob = Schema.is(Id.JobId)

/** What taking from the queue led to. `Stale`: a wake-up without work; there may be more behind it. */
export type Taken = { readonly _tag: "Empty" } | { readonly _tag: "Stale" } | ({ readonly _tag: "Work" } & Claimed)

/** Takes the next wake-up of a due job and claims the job. Passes over the given organizations; `note` as in `Work`. */
export const claim = async (
  { lifeSeconds, store, wakeUps }: SchedulerContext,
  trx: Trx,
  passOver: ReadonlyArray<string>,
  note: (row: unknown) => void
): Promise<Taken> => {
  const token = await wakeUps.take(trx, passOver)
  if (token === undefined) return { _tag: "Empty" }
  const { jobId, organizationId } = token
  if (!isOrganization(organizationId) || !isJob(jobId)) return { _tag: "Stale" }
  // A claim that was committed and whose answer was lost would be nobody's until it ends.
  note(await enterTenant(store, trx, { organizationId }, sql`${naming},`))
  const { rows } = await sql<ClaimRow>`update portolan.jobs
    set claim = claim + 1, claimed_until = now() + make_interval(secs => ${lifeSeconds})
    where organization_id = ${organizationId} and id = ${jobId} and status = 'waiting' and due_at <= now()
      and (claimed_until is null or claimed_until <= now())
    returning due_at, task, schema_version, failures, claim,
      claimed_until + interval '500 milliseconds' as again`.execute(trx)
  const row = rows[0]
  if (row === undefined) {
    await renew(trx, wakeUps, organizationId, jobId)
    return { _tag: "Stale" }
  }
  const task = readTask(jobId, row)
  if (Result.isFailure(task)) {
    // Work that cannot be read is kept for an operator and holds up nothing.
    await park(trx, { organizationId, jobId, claim: row.claim }, task.failure.message)
    return { _tag: "Stale" }
  }
  await leaveTenant(trx)
  await wakeUps.send(trx, [{ organizationId, jobId, at: new Date(row.again) }])
  const job: Job.Job = { id: jobId, organizationId, dueAt: DateTime.makeUnsafe(row.due_at), task: task.success }
  return { _tag: "Work", claim: row.claim, due: { job, failures: row.failures } }
}

/** A wake-up that came while the work is claimed by a living worker, or too early, is sent again for later. */
const renew = async (trx: Trx, wakeUps: WakeUps["Service"], organizationId: Id.OrganizationId, jobId: Id.JobId) => {
  const { rows } = await sql<{ readonly next: Date }>`
    select greatest(due_at, claimed_until, now()) + interval '100 milliseconds' as next from portolan.jobs
    where organization_id = ${organizationId} and id = ${jobId} and status = 'waiting'`.execute(trx)
  const next = rows[0]?.next
  if (next === undefined) return
  await leaveTenant(trx)
  await wakeUps.send(trx, [{ organizationId, jobId, at: new Date(next) }])
}

/** A claim, by its names. */
interface ClaimName {
  readonly organizationId: string
  readonly jobId: string
  readonly claim: number
}

const park = (trx: Trx, { claim, jobId, organizationId }: ClaimName, reason: string) =>
  sql`update portolan.jobs set status = 'parked', failures = failures + 1, reason = ${reason}, parked_at = now(),
    claimed_until = null where organization_id = ${organizationId} and id = ${jobId} and status = 'waiting'
    and claim = ${claim}`.execute(trx)

/** Writes down what became of a piece, if this claim still stands and the work's own change did not complete it. */
export const settle = async (
  trx: Trx,
  wakeUps: WakeUps["Service"],
  { claim, due }: Claimed,
  outcome: Scheduler.Outcome
) => {
  const { id, organizationId } = due.job
  const mine = sql`organization_id = ${organizationId} and id = ${id} and status = 'waiting' and claim = ${claim}`
  switch (outcome._tag) {
    case "Done":
      await sql`update portolan.jobs set status = 'done', claimed_until = null where ${mine}`.execute(trx)
      return
    case "DeadLettered":
      await park(trx, { organizationId, jobId: id, claim }, outcome.reason)
      return
    case "Failed":
      if (due.failures + 1 >= Backoff.attemptLimit) {
        await park(trx, { organizationId, jobId: id, claim }, outcome.reason)
        return
      }
      await putOff(outcome.at, sql`failures = failures + 1, reason = ${outcome.reason},`)
      return
    case "RetryAt":
      await putOff(outcome.at, sql``)
  }
  async function putOff(at: DateTime.Utc, more: ReturnType<typeof sql>) {
    const { rows } = await sql`update portolan.jobs set ${more} due_at = ${DateTime.formatIso(at)}::timestamptz,
      claimed_until = null where ${mine} returning 1`.execute(trx)
    if (rows.length === 0) return
    await leaveTenant(trx)
    await wakeUps.send(trx, [{ organizationId, jobId: id, at: DateTime.toDateUtc(at) }])
  }
}

/** Now by the database's clock, which decides when work is due, whatever a worker's own clock says. */
export interface Stamped {
  readonly at: Date
}

/** Gives a claim back unspent; the work is due at once for the next worker. */
export const release = async (trx: Trx, wakeUps: WakeUps["Service"], { claim, due }: Claimed) => {
  const { id, organizationId } = due.job
  const { rows } =
    await sql<Stamped>`update portolan.jobs set claimed_until = null where organization_id = ${organizationId}
    and id = ${id} and status = 'waiting' and claim = ${claim} returning now() as at`.execute(trx)
  if (rows[0] === undefined) return
  await leaveTenant(trx)
  await wakeUps.send(trx, [{ organizationId, jobId: id, at: new Date(rows[0].at) }])
}

/** Sends wake-ups for late work that has none. Nothing should ever be found; if the queue's tables are lost, all is. */
export const sweep = async (trx: Trx, wakeUps: WakeUps["Service"]) => {
  await sql`select set_config('portolan.sweep', 'on', true)`.execute(trx)
  const { rows } = await sql<{ readonly organization_id: Id.OrganizationId; readonly id: Id.JobId } & Stamped>`
    select late.organization_id, late.id, now() as at from portolan.jobs late
    where late.status = 'waiting' and late.due_at < now() - make_interval(secs => ${lostAfterSeconds})
      and coalesce(late.claimed_until, '-infinity') < now() - make_interval(secs => ${lostAfterSeconds})
      and not exists (select from pgboss.job j where j.singleton_key = late.id and j.state in ('created', 'retry'))
    limit 1000`.execute(trx)
  await wakeUps.send(
    trx,
    rows.map((row) => ({ organizationId: row.organization_id, jobId: row.id, at: new Date(row.at) }))
  )
  return rows.length
}

/** Seconds for which due work has been waiting while no claim is alive. */
export const oldestDueAge = async (trx: Trx) => {
  await sql`select set_config('portolan.sweep', 'on', true)`.execute(trx)
  const { rows } = await sql<{ readonly seconds: number }>`
    select case when coalesce(bool_or(claimed_until > now()), false) then 0
      else greatest(0, coalesce(extract(epoch from now() - min(due_at)), 0)) end::float8 as seconds
    from portolan.jobs where status = 'waiting'`.execute(trx)
  return Duration.seconds(rows[0]?.seconds ?? 0)
}

/**
 * Frees what a dead process had claimed. For the embedded database only: this process has it for itself, so a claim
 * that is there at the start is nobody's.
 */
export const freeAll = async (trx: Trx, wakeUps: WakeUps["Service"]) => {
  const { rows } = await sql<{ readonly organization_id: Id.OrganizationId; readonly id: Id.JobId } & Stamped>`
    update portolan.jobs set claimed_until = null where claimed_until is not null and status = 'waiting'
    returning organization_id, id, now() as at`.execute(trx)
  await wakeUps.send(
    trx,
    rows.map((row) => ({ organizationId: row.organization_id, jobId: row.id, at: new Date(row.at) }))
  )
}
