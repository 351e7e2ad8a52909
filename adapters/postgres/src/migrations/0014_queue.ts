/**
 * 0014: the table of jobs is the queue. An index has waiting jobs in the order in which they are due, functions claim
 * and settle them in batches, and workers and followers hear of jobs and events when they are committed.
 *
 * Wake-ups of the version before, which it keeps in pg-boss's tables, are neither read nor needed: the row says when
 * its job is due. They stay where they are, because processes of that version that still run write them with each
 * commit. What such a process writes is found like any other row, and the triggers tell of it.
 */
import { type Kysely, sql } from "kysely"
import { functions } from "./0014_queue/functions.ts"

const triggers: ReadonlyArray<readonly [table: string, source: string]> = [
  ["jobs", "jobs_added"],
  ["events", "events_added"]
]

/** Adds indexes, policies, functions and triggers. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  // No index has a column of the claim: claiming and prolonging then write no index at all, if the page has room.
  await sql`create index jobs_due on portolan.jobs (due_at) where status = 'waiting'`.execute(db)
  await sql`alter table portolan.jobs set (fillfactor = 50)`.execute(db)
  // Nothing but the functions of the queue sets this, for as long as they run.
  for (const action of ["select", "update"]) {
    await sql
      .raw(
        `create policy queue_${action} on portolan.jobs for ${action}
        using (current_setting('portolan.queue', true) = 'on')`
      )
      .execute(db)
  }
  for (const text of functions) await sql.raw(text).execute(db)
  for (const [table, source] of triggers) {
    await sql
      .raw(
        `create trigger tell after insert on portolan.${table} referencing new table as added
        for each statement execute function portolan.${source}()`
      )
      .execute(db)
  }
}
