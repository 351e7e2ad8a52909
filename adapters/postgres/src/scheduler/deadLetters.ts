/** Jobs that failed too often and wait for an operator. */
import type { Id } from "@portolan/domain"
import type { Scheduler } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import { sql } from "kysely"
import { transact } from "../Store.ts"
import type { SchedulerContext } from "./claims.ts"

interface Row {
  readonly id: string
  readonly task: string
  readonly reason: string | null
  readonly failures: number
  readonly parked_at: Date
}

/** Lists the dead letters of an organization, the latest first. */
export const deadLetters = Effect.fn("Scheduler.deadLetters")(function* (
  { store }: SchedulerContext,
  organizationId: Id.OrganizationId
) {
  const { rows } = yield* transact(store, { doing: "listing dead letters", scope: { organizationId } }, (trx) =>
    sql<Row>`select id, task ->> '_tag' as task, reason, failures, parked_at from portolan.jobs
      where organization_id = ${organizationId} and status = 'parked'
      order by parked_at desc, id desc limit 100`.execute(trx)
  )
  return rows.map((row): Scheduler.DeadLettered => ({
    jobId: row.id,
    organizationId,
    task: row.task,
    reason: row.reason ?? "",
    failures: row.failures,
    deadLetteredAt: DateTime.makeUnsafe(row.parked_at)
  }))
})

/** Makes a dead letter due at once. Answers whether there was one. */
export const redeliver = Effect.fn("Scheduler.redeliver")(function* (
  { store }: SchedulerContext,
  organizationId: Id.OrganizationId,
  jobId: Id.JobId
) {
  const found = yield* transact(
    store,
    { doing: "redelivering a dead letter", scope: { organizationId } },
    async (trx) => {
      const { rows } = await sql`with found as (
          update portolan.jobs set status = 'waiting', failures = 0, due_at = now(),
            claimed_until = null, reason = null, parked_at = null
          where organization_id = ${organizationId} and id = ${jobId} and status = 'parked' returning 1
        ) select pg_notify('portolan_jobs', '') from found`.execute(trx)
      return rows.length > 0
    }
  )
  if (found) store.database.signals.committed(organizationId)
  return found
})
