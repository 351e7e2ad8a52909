/**
 * 0006: states, events and tasks say in which version of their schema they were written. What is there keeps none: the
 * domain's reader takes it as version 1 (`records/upcasters.ts`), and nothing of it is rewritten.
 */
import { type Kysely, sql } from "kysely"

const versioned: ReadonlyArray<string> = [
  "organizations",
  "members",
  "api_keys",
  "advertisers",
  "awaited",
  "companies",
  "accounts",
  "connections",
  "authorizations",
  "invitations",
  "grants",
  "backfills",
  "consolidations",
  "diagnoses",
  "events",
  "jobs"
]

/** Adds the column, which has no default, so that no row is touched. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  for (const table of versioned) {
    await sql`alter table ${sql.table(`portolan.${table}`)} add column schema_version integer`.execute(db)
  }
}
