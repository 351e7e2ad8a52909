/**
 * 0015: an index for every filter and order of the lists, and two tables of words that no index over a column can give.
 *
 * Row level security decides what an index may serve: a condition is looked up in an index only if its operator leaks
 * nothing (`pg_proc.proleakproof`). Equality and order of text and numbers do so; `like`, `&&` and `@>` do not. So what
 * a company's name contains, and which accounts a brand has, are rows: short pieces of text, and ids. Triggers write
 * them, so a process of the version before keeps them, too.
 */
import { type Kysely, sql } from "kysely"

/** The tables that this version adds. */
export const tables: ReadonlyArray<string> = ["company_grams", "account_brands"]

const indexes: ReadonlyArray<readonly [name: string, definition: string]> = [
  ["companies_tag", "companies (organization_id, tag, sort_name, id)"],
  ["accounts_tag", "accounts (organization_id, tag, at, id)"],
  ["connections_company", "connections (organization_id, company_id, at, id)"],
  ["connections_account", "connections (organization_id, account_id, at, id)"],
  ["connections_grant", "connections (organization_id, grant_id, id)"],
  ["connections_marketplace", "connections (organization_id, marketplace_id, at, id)"],
  ["connections_channel", "connections (organization_id, channel, at, id)"],
  ["connections_tag", "connections (organization_id, tag, at, id)"],
  ["connections_paused", "connections (organization_id, at, id) where is_paused"],
  ["authorizations_tag", "authorizations (organization_id, tag, at, id)"],
  ["invitations_tag", "invitations (organization_id, tag, at, id)"],
  ["invitations_request", "invitations (organization_id, is_request, at, id)"],
  ["grants_tag", "grants (organization_id, tag, at, id)"],
  ["grants_channel", "grants (organization_id, channel, at, id)"],
  ["grants_region", "grants (organization_id, region, at, id)"],
  ["grants_responsible", "grants (organization_id, responsible_member_id, at, id)"],
  ["members_tag", "members (organization_id, tag, sort_address, id)"],
  ["advertisers_tag", "advertisers (organization_id, tag, sort_name, id)"],
  ["advertisers_region", "advertisers (organization_id, region, sort_name, id)"],
  ["advertisers_assigned", "advertisers (organization_id, assigned, sort_name, id)"],
  ["awaited_tag", "awaited (organization_id, tag, at, id)"],
  ["token_reads_reference", "token_reads (organization_id, reference, id)"],
  ["jobs_dead_letters", "jobs (organization_id, parked_at, id) where status = 'parked'"],
  // Across organizations, on purpose: operators count what is linked through a channel.
  ["claims_linked", "claims (channel, region, organization_id, account_id)"]
]

/** Indexes that those above begin with. */
const superseded: ReadonlyArray<string> = ["connections_2", "connections_3", "jobs_parked"]

/** Every piece of three signs that stands in a line. */
const grams = `create function portolan.grams(text) returns setof text language sql immutable strict
  set search_path = '' as $$
    select distinct pg_catalog.substr(line, place, 3) from pg_catalog.string_to_table($1, E'\\n') as line,
      pg_catalog.generate_series(1, pg_catalog.length(line) - 2) as place
  $$`

/**
 * Whether a state is of a paused connection. From its text: functions over `json` stumble over text that it may hold
 * (U+0000). A key and its quotes cannot occur inside a JSON string, where each quote has a backslash before it.
 */
const isPaused = (state: string) => `pg_catalog.strpos(${state}::text, '"paused":{') > 0`

const triggers: ReadonlyArray<string> = [
  `create function portolan.connection_pause_follows() returns trigger language plpgsql set search_path = '' as $$
    begin
      new.is_paused := ${isPaused("new.state")};
      return new;
    end $$`,
  `create trigger pause_of_state before insert or update on portolan.connections
    for each row execute function portolan.connection_pause_follows()`,
  `create function portolan.company_grams_follow() returns trigger language plpgsql set search_path = '' as $$
    begin
      if tg_op = 'UPDATE' then
        delete from portolan.company_grams g where g.organization_id = old.organization_id and g.company_id = old.id;
      end if;
      insert into portolan.company_grams (organization_id, gram, company_id)
        select new.organization_id, gram, new.id from portolan.grams(new.search) as gram;
      return null;
    end $$`,
  `create trigger grams_of_new after insert on portolan.companies
    for each row execute function portolan.company_grams_follow()`,
  `create trigger grams_of_changed after update on portolan.companies
    for each row when (old.search is distinct from new.search) execute function portolan.company_grams_follow()`,
  `create function portolan.account_brands_follow() returns trigger language plpgsql set search_path = '' as $$
    begin
      if tg_op = 'UPDATE' then
        delete from portolan.account_brands b where b.organization_id = old.organization_id and b.account_id = old.id;
      end if;
      insert into portolan.account_brands (organization_id, brand_id, account_id)
        select distinct new.organization_id, brand, new.id
        from pg_catalog.string_to_table(new.brand_ids, ',') as brand where brand <> '';
      return null;
    end $$`,
  `create trigger brands_of_new after insert on portolan.accounts
    for each row execute function portolan.account_brands_follow()`,
  `create trigger brands_of_changed after update on portolan.accounts
    for each row when (old.brand_ids is distinct from new.brand_ids)
    execute function portolan.account_brands_follow()`
]

const read = ["companies", "accounts", "connections"] as const

/** Fills the tables of words and the new column from what is there. */
const fill = async (db: Kysely<unknown>): Promise<void> => {
  // Forced row level security would hide every row from an owner who is no superuser.
  for (const table of read) {
    await sql`alter table ${sql.table(`portolan.${table}`)} no force row level security`.execute(db)
  }
  await sql`insert into portolan.company_grams (organization_id, gram, company_id)
    select c.organization_id, gram, c.id from portolan.companies c, portolan.grams(c.search) as gram`.execute(db)
  await sql`insert into portolan.account_brands (organization_id, brand_id, account_id)
    select distinct a.organization_id, brand, a.id
    from portolan.accounts a, string_to_table(a.brand_ids, ',') as brand where brand <> ''`.execute(db)
  await sql.raw(`update portolan.connections set is_paused = true where ${isPaused("state")}`).execute(db)
  for (const table of read) {
    await sql`alter table ${sql.table(`portolan.${table}`)} force row level security`.execute(db)
  }
}

const secure = async (db: Kysely<unknown>, table: string): Promise<void> => {
  const name = sql.table(`portolan.${table}`)
  await sql`alter table ${name} enable row level security`.execute(db)
  await sql`alter table ${name} force row level security`.execute(db)
  await sql`create policy own on ${name} using (organization_id = current_setting('portolan.organization', true))
    with check (organization_id = current_setting('portolan.organization', true))`.execute(db)
}

/** Adds the tables, the column, the indexes and the triggers, and fills the tables. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  // The organization and the piece find the companies; the second index finds the pieces of one company.
  await sql`create table portolan.company_grams (organization_id text collate "C" not null,
    gram text collate "C" not null, company_id text collate "C" not null,
    primary key (organization_id, gram, company_id))`.execute(db)
  await sql`create table portolan.account_brands (organization_id text collate "C" not null,
    brand_id text collate "C" not null, account_id text collate "C" not null,
    primary key (organization_id, brand_id, account_id))`.execute(db)
  await sql`alter table portolan.connections add column is_paused boolean not null default false`.execute(db)
  await sql.raw(grams).execute(db)
  await fill(db)
  await sql`create index company_grams_company on portolan.company_grams (organization_id, company_id)`.execute(db)
  await sql`create index account_brands_account on portolan.account_brands (organization_id, account_id)`.execute(db)
  for (const text of triggers) await sql.raw(text).execute(db)
  for (const table of tables) await secure(db, table)
  for (const name of superseded) await sql.raw(`drop index portolan.${name}`).execute(db)
  for (const [name, definition] of indexes) {
    await sql.raw(`create index ${name} on portolan.${definition}`).execute(db)
  }
}
