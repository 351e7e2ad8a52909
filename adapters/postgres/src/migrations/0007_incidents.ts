/**
 * 0007: incidents, trouble at a provider that many share; and how many accounts are linked through a channel, which
 * operators may count across organizations.
 */
import { type Kysely, sql } from "kysely"

/** The tables that this version adds. */
export const tables: ReadonlyArray<string> = ["incidents"]

/** Adds the table of incidents, and lets operators count what is linked. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create table portolan.incidents (
    organization_id text collate "C" not null, id text collate "C" not null, version integer not null,
    tag text not null, at bigint not null, schema_version integer, state json not null,
    primary key (organization_id, id))`.execute(db)
  await sql`alter table portolan.incidents enable row level security`.execute(db)
  await sql`alter table portolan.incidents force row level security`.execute(db)
  await sql`create policy own on portolan.incidents
    using (organization_id = current_setting('portolan.organization', true))
    with check (organization_id = current_setting('portolan.organization', true))`.execute(db)
  // Nothing but the count of what is linked sets this.
  await sql`create policy linked on portolan.claims for select
    using (nullif(current_setting('portolan.linked', true), '') = 'on')`.execute(db)
}
