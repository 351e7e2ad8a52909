/**
 * 0018: what a worker looks for again and again costs one statement and a look at an index, and what is of no use any
 * more can be removed in small batches. The functions see the rows of all organizations while they run; they are no
 * part of a transaction that is bound to one.
 */
import { type Kysely, sql } from "kysely"

const guarded = `language plpgsql security definer set search_path = '' set enable_seqscan = off
  set enable_bitmapscan = off set plan_cache_mode = force_generic_plan set lock_timeout = '5s'`

const open = (setting: string) => `if coalesce(current_setting('portolan.organization', true), '') <> '' then
      raise exception 'the transaction is bound to an organization' using errcode = '42501';
    end if;
    perform pg_catalog.set_config('portolan.${setting}', 'on', true);`

const shut = (setting: string) => `perform pg_catalog.set_config('portolan.${setting}', '', true);`

const sealedBy = "coalesce(k.sealed_by, k.master_key_id)"

/** Organizations that something of is not under the active key, in the order of their names. */
const keysBehind = `create function portolan.keys_behind(active text, after text, most integer) returns setof text
  ${guarded} as $$
  begin
    ${open("custody")}
    return query select b.organization_id from (
      select s.organization_id from portolan.vault_secrets s where s.sealed is not null and s.key_id < active
      union select s.organization_id from portolan.vault_secrets s where s.sealed is not null and s.key_id > active
      union select k.organization_id from portolan.vault_keys k where ${sealedBy} < active
      union select k.organization_id from portolan.vault_keys k where ${sealedBy} > active
    ) as b where b.organization_id > after order by b.organization_id limit most;
    ${shut("custody")}
  end $$`

/** Organizations with a read that is older than some milliseconds and not sealed, by one look at each one's reads. */
const readsToSeal = `create function portolan.reads_to_seal(older bigint) returns setof text
  ${guarded} as $$
  begin
    ${open("audit")}
    return query with recursive o as (
      (select t.organization_id from portolan.token_reads t order by t.organization_id limit 1)
      union all
      select (select t.organization_id from portolan.token_reads t
        where t.organization_id > o.organization_id order by t.organization_id limit 1)
      from o where o.organization_id is not null
    ) select o.organization_id from o left join portolan.audit_heads h on h.organization_id = o.organization_id
      cross join lateral (select t.at from portolan.token_reads t
        where t.organization_id = o.organization_id and t.id > coalesce(h.sealed_read, 0) order by t.id limit 1) as r
      where r.at < extract(epoch from clock_timestamp()) * 1000 - older;
    ${shut("audit")}
  end $$`

const batch = (table: string, key: string, condition: string, order: string) => `delete from portolan.${table} d
          where (d.organization_id, d.${key}) in (select t.organization_id, t.${key} from portolan.${table} t
            where ${condition} order by ${order} limit most for update skip locked)`

/**
 * Removes up to `most` rows that are older than `age`, a day at least, of one kind; says how many. Nothing while
 * another process removes some: then it says so with null.
 */
const forget = `create function portolan.forget(kind text, age interval, most integer) returns integer
  ${guarded} as $$
  declare
    past timestamptz := now() - greatest(age, interval '1 day');
    removed integer;
  begin
    if not pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('portolan.forget')) then
      return null;
    end if;
    ${open("retention")}
    case kind
      when 'done-jobs' then
        ${batch("jobs", "id", "t.status = 'done' and t.due_at < past", "t.due_at")};
      when 'idempotency-keys' then
        ${batch("idempotency_keys", "key", "t.remembered_at < past", "t.remembered_at")};
      when 'kept-mails' then
        ${batch("kept_mails", "id", "t.at < extract(epoch from past) * 1000::bigint", "t.at")};
    end case;
    get diagnostics removed = row_count;
    ${shut("retention")}
    return removed;
  end $$`

const indexes: ReadonlyArray<readonly [name: string, definition: string]> = [
  ["vault_secrets_sealing", "portolan.vault_secrets (key_id, organization_id) where sealed is not null"],
  ["vault_keys_sealing", "portolan.vault_keys (coalesce(sealed_by, master_key_id), organization_id)"],
  ["jobs_done", "portolan.jobs (due_at) where status = 'done'"],
  ["idempotency_keys_age", "portolan.idempotency_keys (remembered_at)"],
  ["kept_mails_age", "portolan.kept_mails (at)"]
]

/** Tables that `portolan.forget` removes rows of. A row is locked before it is removed, and that counts as a change. */
const forgetful = ["jobs", "idempotency_keys", "kept_mails"] as const

/** The functions that this version adds, as `portolan.name(types)`. They run as their owner. */
export const signatures: ReadonlyArray<string> = [
  "portolan.keys_behind(text, text, integer)",
  "portolan.reads_to_seal(bigint)",
  "portolan.forget(text, interval, integer)"
]

/** Adds indexes, policies and functions. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const [name, definition] of indexes) await sql.raw(`create index ${name} on ${definition}`).execute(db)
  for (const table of forgetful) {
    for (const action of ["select", "update", "delete"]) {
      await sql
        .raw(
          `create policy retention_${action} on portolan.${table} for ${action}
          using (current_setting('portolan.retention', true) = 'on')`
        )
        .execute(db)
    }
  }
  for (const text of [keysBehind, readsToSeal, forget]) await sql.raw(text).execute(db)
  await sql.raw(`revoke all on function ${signatures.join(", ")} from public`).execute(db)
}
