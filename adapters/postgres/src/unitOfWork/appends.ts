/** What a change appends: events to the history, and jobs with their wake-ups. */
import type { UnitOfWork } from "@portolan/ports"
import { DateTime } from "effect"
import { sql } from "kysely"
import { writeActor, writeEvent, writeTask } from "../codec.ts"
import { leaveTenant, type Trx } from "../Store.ts"
import type { WakeUps } from "../WakeUps.ts"

/** Rows one statement inserts; the protocol allows 65,535 parameters. */
const chunk = 500

const chunks = <A>(items: ReadonlyArray<A>): ReadonlyArray<ReadonlyArray<A>> =>
  Array.from({ length: Math.ceil(items.length / chunk) }, (_, index) => items.slice(index * chunk, (index + 1) * chunk))

/** Appends to the history and answers with the last position. The counter's row stays locked until the commit. */
export const append = async (trx: Trx, { actor, at, organizationId, writes }: UnitOfWork.Change): Promise<number> => {
  const events = writes.flatMap((write) => write.events.map(({ event, id }) => ({ id, event, write })))
  if (events.length === 0) {
    const { rows } = await sql<{ readonly position: number }>`
      select position from portolan.histories where organization_id = ${organizationId}`.execute(trx)
    return Number(rows[0]?.position ?? 0)
  }
  const { rows } = await sql<{ readonly position: number }>`
    insert into portolan.histories (organization_id, position) values (${organizationId}, ${events.length})
    on conflict (organization_id) do update set position = histories.position + ${events.length}
    returning position`.execute(trx)
  const last = Number(rows[0]?.position)
  const by = writeActor(actor)
  const numbered = events.map((event, index) => ({ ...event, position: last - events.length + index + 1 }))
  for (const some of chunks(numbered)) {
    await sql`insert into portolan.events
      (organization_id, position, id, kind, aggregate_id, version, at, actor_tag, actor, schema_version, event) values
      ${sql.join(
        some.map(({ event, id, position, write }) => {
          const { json, schemaVersion } = writeEvent(write.kind, event)
          return sql`(${organizationId}, ${position}, ${id}, ${write.kind}, ${write.id}, ${write.expected + 1},
            ${DateTime.toEpochMillis(at)}, ${actor._tag}, ${by}::json, ${schemaVersion}::integer, ${json}::json)`
        })
      )}`.execute(trx)
  }
  return last
}

/** Writes jobs and sends their wake-ups. */
export const schedule = async (trx: Trx, wakeUps: WakeUps["Service"], { jobs, organizationId }: UnitOfWork.Change) => {
  if (jobs.length === 0) return
  for (const some of chunks(jobs)) {
    await sql`insert into portolan.jobs (organization_id, id, due_at, schema_version, task) values
      ${sql.join(
        some.map(({ dueAt, id, task }) => {
          const { json, schemaVersion } = writeTask(task)
          return sql`(${organizationId}, ${id}, ${DateTime.formatIso(dueAt)}::timestamptz, ${schemaVersion}::integer,
            ${json}::json)`
        })
      )}`.execute(trx)
  }
  await leaveTenant(trx)
  await wakeUps.send(
    trx,
    jobs.map(({ dueAt, id }) => ({ organizationId, jobId: id, at: DateTime.toDateUtc(dueAt) }))
  )
}
