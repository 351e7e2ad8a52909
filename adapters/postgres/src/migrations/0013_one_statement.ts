/**
 * 0013: a change, a secret and a data key are each written by one statement. Functions do in the same order what many
 * statements did. What was sent and not answered is looked up by what it would have written, and is kept from happening
 * later: a server may find a statement on a dead connection after everybody else has given it up.
 */
import { type Kysely, sql } from "kysely"
import * as commit from "./0013_one_statement/commit.ts"
import * as landing from "./0013_one_statement/landing.ts"
import * as sums from "./0013_one_statement/sums.ts"
import * as secrets from "./0013_one_statement/secrets.ts"

/** The tables that this version adds. */
export const tables: ReadonlyArray<string> = ["abandoned_writes"]

const functions = [...sums.functions, ...commit.functions, ...secrets.functions, ...landing.functions]

/** The functions that this version adds, as `portolan.name(types)`. They run as their owner. */
export const signatures: ReadonlyArray<string> = functions.map(([signature]) => `portolan.${signature}`)

/** Adds the table and the functions. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create table portolan.abandoned_writes (
    organization_id text collate "C" not null, id text collate "C" not null, at timestamptz not null default now(),
    primary key (organization_id, id))`.execute(db)
  await sql`alter table portolan.abandoned_writes enable row level security`.execute(db)
  await sql`alter table portolan.abandoned_writes force row level security`.execute(db)
  await sql`create policy own on portolan.abandoned_writes
    using (organization_id = current_setting('portolan.organization', true))
    with check (organization_id = current_setting('portolan.organization', true))`.execute(db)
  for (const [, definition] of functions) await sql.raw(definition).execute(db)
  await sql.raw(`revoke all on function ${signatures.join(", ")} from public`).execute(db)
}
