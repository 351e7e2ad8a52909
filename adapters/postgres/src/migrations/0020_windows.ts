/**
 * 0020: the windows of loads are rows of their own, and what they add up to are counters. A worker writes the row of
 * its window and nothing else of the load, so workers of one load never wait for one another's record. Loads that are
 * stored keep their windows as rows; a server of the version before must not run any more when this one is applied.
 *
 * `portolan.commit_change` (0013) writes the rows, and `portolan.add_sums` the counters. A job with a singleton key is
 * not added while another one with the same key waits and nobody has claimed it.
 */
import { type Kysely, sql } from "kysely"

/** The tables that this version adds. */
export const tables: ReadonlyArray<string> = ["windows", "window_sums"]

const windows = `create table portolan.windows (
  organization_id text collate "C" not null, id text collate "C" not null, version integer not null,
  tag text not null, at bigint not null, schema_version integer, state json not null,
  connection_id text collate "C" not null, backfill_id text collate "C" not null, data_class text collate "C" not null,
  from_day text collate "C" not null, until_day text collate "C" not null, reason text,
  primary key (organization_id, id))`

const sums = `create table portolan.window_sums (
  organization_id text collate "C" not null, connection_id text collate "C" not null,
  backfill_id text collate "C" not null, data_class text collate "C" not null, windows integer not null,
  open integer not null, days integer not null, days_open integer not null, rows bigint not null,
  primary key (organization_id, connection_id, backfill_id, data_class))`

const indexes: ReadonlyArray<readonly [name: string, definition: string]> = [
  ["windows_load", "windows (organization_id, backfill_id, data_class, until_day desc, from_day desc)"],
  // `at` is the start of what is owed.
  [
    "windows_open",
    "windows (organization_id, backfill_id, data_class, at) where tag in ('Waiting', 'Requested', 'Blocked')"
  ],
  ["jobs_singleton", "jobs (organization_id, singleton_key) where singleton_key is not null and status = 'waiting'"],
  ["windows_blocked", "windows (organization_id, backfill_id, data_class) where tag = 'Blocked'"]
]

/** A state without U+0000, over which functions that take JSON apart stumble. A backslash may itself be escaped. */
const readable = String.raw`regexp_replace(b.state::text, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g')::json`

const fields = (names: ReadonlyArray<readonly [name: string, from: string]>) =>
  names.map(([name, from]) => `'${name}', ${from}`).join(", ")

/** A window as it was part of a load, as the state of a row. Only a loaded one has rows, a requested one a ticket. */
const stateOf = `json_strip_nulls(json_build_object(${fields([
  ["_tag", "w -> 'progress' -> '_tag'"],
  ["id", "b.id || '/' || (w ->> 'id')"],
  ["organizationId", "b.organization_id"],
  ["backfillId", "b.id"],
  ["connectionId", "b.connection_id"],
  ["windowId", "w -> 'id'"],
  ["dataClass", "w -> 'dataClass'"],
  ["from", "w -> 'from'"],
  ["until", "w -> 'until'"],
  ["startedAt", "coalesce(w -> 'startedAt', b.state -> 'finalisedAt')"],
  ["ticket", "w -> 'progress' -> 'ticket'"],
  ["rows", "w -> 'progress' -> 'rows'"],
  ["reason", "w -> 'progress' -> 'reason'"],
  ["at", "w -> 'progress' -> 'at'"]
])}))`

/** Windows that are part of loads become rows; the loads keep theirs, which nothing reads any more. */
const move = `insert into portolan.windows (organization_id, id, version, tag, at, schema_version, state, connection_id,
    backfill_id, data_class, from_day, until_day, reason)
  select b.organization_id, b.id || '/' || (w ->> 'id'), 1, w -> 'progress' ->> '_tag',
    (extract(epoch from (coalesce(w -> 'startedAt', b.state -> 'finalisedAt') #>> '{}')::timestamptz) * 1000)::bigint,
    1, ${stateOf}, b.connection_id, b.id, w ->> 'dataClass', w ->> 'from', w ->> 'until',
    case when w -> 'progress' ->> '_tag' = 'Blocked' then (w -> 'progress' -> 'reason')::text end
  from (select b.organization_id, b.id, b.connection_id, ${readable} as state from portolan.backfills b) as b,
    json_array_elements(b.state -> 'windows') as w`

const isOpen = "w.tag in ('Waiting', 'Requested', 'Blocked')"

const count = `insert into portolan.window_sums
    (organization_id, connection_id, backfill_id, data_class, windows, open, days, days_open, rows)
  select w.organization_id, w.connection_id, w.backfill_id, w.data_class, count(*),
    count(*) filter (where ${isOpen}), sum(w.until_day::date - w.from_day::date),
    coalesce(sum(w.until_day::date - w.from_day::date) filter (where ${isOpen}), 0),
    coalesce(sum((w.state ->> 'rows')::bigint), 0)
  from portolan.windows w group by 1, 2, 3, 4`

/** Adds the tables, and fills them from the loads that are there. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql.raw(windows).execute(db)
  await sql.raw(sums).execute(db)
  await sql`alter table portolan.jobs add column singleton_key text collate "C"`.execute(db)
  // Forced row level security would hide every row from an owner who is no superuser.
  await sql`alter table portolan.backfills no force row level security`.execute(db)
  await sql.raw(move).execute(db)
  await sql.raw(count).execute(db)
  await sql`alter table portolan.backfills force row level security`.execute(db)
  for (const [name, definition] of indexes) await sql.raw(`create index ${name} on portolan.${definition}`).execute(db)
  for (const table of tables) {
    await sql.raw(`alter table portolan.${table} enable row level security`).execute(db)
    await sql.raw(`alter table portolan.${table} force row level security`).execute(db)
    await sql
      .raw(
        `create policy own on portolan.${table}
        using (organization_id = current_setting('portolan.organization', true))
        with check (organization_id = current_setting('portolan.organization', true))`
      )
      .execute(db)
  }
}
