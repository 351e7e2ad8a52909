/**
 * 0022: the windows that come after the first load, once a day. The sums of a class are those of its first load, so
 * what a round asks for is told apart by a column. The windows that are there are all of first loads.
 */
import { type Kysely, sql } from "kysely"

/** Adds the column. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await sql`alter table portolan.windows add column round text`.execute(db)
}
