/** 0008: signs of life of workers, and what support last heard about them. They belong to no organization. */
import { type Kysely, sql } from "kysely"

/** Adds both tables. The second one has one row. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`create table portolan.workers (
    id text collate "C" primary key, seen_at timestamptz not null, living_until timestamptz not null)`.execute(db)
  await sql`create table portolan.worker_notices (
    one boolean primary key default true check (one),
    confirmed text not null default 'recovery'  check (confirmed in ('standstill', 'recovery')),
    claimed_until timestamptz)`.execute(db)
  await sql`insert into portolan.worker_notices default values`.execute(db)
}
