/** 0003: mails of an installation that has no mail server; kept to be read, not sent. */
import { type Kysely, sql } from "kysely"

/** The tables that this version adds. */
export const tables: ReadonlyArray<string> = ["kept_mails"]

/** Adds the table, under the same row level security as every other. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create table portolan.kept_mails (
    organization_id text collate "C" not null, id text collate "C" not null, at bigint not null, mail json not null,
    primary key (organization_id, id))`.execute(db)
  await sql`create index kept_mails_1 on portolan.kept_mails (organization_id, at, id)`.execute(db)
  await sql`alter table portolan.kept_mails enable row level security`.execute(db)
  await sql`alter table portolan.kept_mails force row level security`.execute(db)
  await sql`create policy own on portolan.kept_mails
    using (organization_id = current_setting('portolan.organization', true))
    with check (organization_id = current_setting('portolan.organization', true))`.execute(db)
}
