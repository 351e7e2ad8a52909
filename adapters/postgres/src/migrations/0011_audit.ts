/**
 * 0011: the audit log. Every event, every batch of token reads and every security event is an entry of one hash chain
 * per organization; reads of secrets are recorded by the function that reads them.
 *
 * The chain is over digests, in a table of its own: a record that is erased by law leaves its entry, and the chain
 * holds.
 * Triggers write the entries, so a process of the version before writes them too. `audit/digest.ts` computes the same
 * digests outside the database.
 */
import { type Kysely, sql } from "kysely"
import { appendOnly, functions, tableDefinitions } from "./0011_audit/definitions.ts"

/** The tables that this version adds. */
export const tables: ReadonlyArray<string> = tableDefinitions.map(([table]) => table)

/** Tables that a list across organizations reads: which organizations have something to seal or to verify. */
const listed: ReadonlyArray<string> = ["histories", "audit_heads", "audit_chain", "token_reads"]

/** Entries that one statement of the upgrade makes. */
const batch = 5_000

const secure = async (db: Kysely<unknown>): Promise<void> => {
  for (const table of tables) {
    const name = sql.table(`portolan.${table}`)
    await sql`alter table ${name} enable row level security`.execute(db)
    await sql`alter table ${name} force row level security`.execute(db)
    await sql`create policy own on ${name} using (organization_id = current_setting('portolan.organization', true))
      with check (organization_id = current_setting('portolan.organization', true))`.execute(db)
  }
  // Nothing but the sealing and the verification of the audit log sets this.
  for (const table of listed) {
    await sql`create policy audit on ${sql.table(`portolan.${table}`)} for select
      using (nullif(current_setting('portolan.audit', true), '') = 'on')`.execute(db)
  }
}

/** Puts the events that are there on the chains, oldest first. */
const chainExisting = async (db: Kysely<unknown>): Promise<void> => {
  // Forced row level security would hide every row from an owner who is no superuser.
  await sql`alter table portolan.events no force row level security`.execute(db)
  const { rows } = await sql<{ readonly organization_id: string }>`
    select distinct organization_id from portolan.events`.execute(db)
  for (const { organization_id: organization } of rows) {
    await sql`select set_config('portolan.organization', ${organization}, true)`.execute(db)
    for (let after: string | null = "-1"; after !== null;) {
      const from: string = after
      const done = await sql<{ readonly last: string | null }>`
        with slice as (
          select position, portolan.audit_digest_event(e) as digest from portolan.events e
          where organization_id = ${organization} and position > ${from} order by position limit ${batch}
        ), whole as (
          select max(position) as last, array_agg(position order by position) as places,
            array_agg(digest order by position) as digests from slice
        )
        select last, case when last is not null
          then portolan.audit_append(${organization}, 'event', places, digests) end from whole`.execute(db)
      after = done.rows[0]?.last ?? null
    }
  }
  if (rows.length > 0) await sql`select set_config('portolan.organization', '', true)`.execute(db)
  await sql`alter table portolan.events force row level security`.execute(db)
}

const triggers = async (db: Kysely<unknown>): Promise<void> => {
  for (const [table, source] of [
    ["events", "event"],
    ["security_events", "security"]
  ] as const) {
    await sql
      .raw(`create trigger audit after insert on portolan.${table} referencing new table as added
      for each statement execute function portolan.audit_${source}_added()`)
      .execute(db)
  }
}

/** Adds the tables and functions, chains what is there, and takes the right to change it away. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const [table, definition] of tableDefinitions) {
    await sql`create table ${sql.table(`portolan.${table}`)} (
      organization_id text collate "C" not null, ${sql.raw(definition)})`.execute(db)
  }
  await secure(db)
  for (const text of functions) await sql.raw(text).execute(db)
  await chainExisting(db)
  await triggers(db)
  // The owner, too, unless they are a superuser, whom no right binds.
  for (const table of appendOnly) {
    await sql`revoke update, delete, truncate on ${sql.table(`portolan.${table}`)} from current_user`.execute(db)
  }
}
