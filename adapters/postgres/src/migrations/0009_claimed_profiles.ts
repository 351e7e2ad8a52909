/**
 * Version 6: a profile that is bound under an id which nothing proves keeps no other organization out.
 *
 * The claims of channels whose callback names the id unsigned become claims of their organization alone, until the
 * provider proves the id with the next daily look.
 */
import { type Kysely, sql } from "kysely"

/** Channels whose claims rested on an id of the callback when this version was made. */
const claimed = ["amazon-sp", "walmart-marketplace"]

/** Adds the column, and lets uniqueness across organizations count what is not merely claimed. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table portolan.claims add column claimed boolean not null default false`.execute(db)
  // Forced row level security would hide every row from an owner who is no superuser.
  await sql`alter table portolan.claims no force row level security`.execute(db)
  const channels = sql.join(claimed.map((channel) => sql.lit(channel)))
  await sql`update portolan.claims set claimed = true where channel in (${channels})`.execute(db)
  await sql`alter table portolan.claims force row level security`.execute(db)
  await sql`alter table portolan.claims drop constraint one_live_account_a_profile`.execute(db)
  await sql`create unique index one_live_account_a_profile
    on portolan.claims (channel, region, marketplace_id, external_id) where not claimed`.execute(db)
}
