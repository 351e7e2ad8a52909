/** The windows of loads, and what they add up to. */
import { DataClass, Day, given, type Id, type Window } from "@portolan/domain"
import type { Repository } from "@portolan/ports"
import { DateTime, Effect, Schema } from "effect"
import { type RawBuilder, sql } from "kysely"
import type { Row } from "../store/batch.ts"
import { readByKey } from "../store/reading.ts"
import { type Keyed, type RepositoryContext, selectByKey } from "./queries.ts"

type Port = Repository.Repository["Service"]

const ofLoad: Keyed<"window"> = {
  kind: "window",
  column: "backfill_id",
  rest: (loads) => sql`backfill_id = any (${loads}) order by backfill_id, data_class, until_day desc, from_day desc`
}

/** The same, of those that end after a day or are not over. Reads of one day share their query. */
const ofLoadSince = (since: Day.Day): Keyed<"window"> => ({
  ...ofLoad,
  name: `windows since ${since}`,
  rest: (loads) => sql`backfill_id = any (${loads})
    and (until_day > ${since} or tag in ('Waiting', 'Requested', 'Blocked'))
    order by backfill_id, data_class, until_day desc, from_day desc`
})

/** The windows of a load, by class, the youngest first. */
export const windows = (context: RepositoryContext): Port["windows"] =>
  Effect.fn("Repository.windows")((organizationId, backfillId, since) =>
    selectByKey(context, since === undefined ? ofLoad : ofLoadSince(since), organizationId, backfillId)
  )

/** The sums of a class of a load. */
export interface TallyRow extends Row {
  readonly backfill_id: Id.BackfillId
  readonly data_class: string
  readonly windows: number
  readonly open: number
  readonly days: number
  readonly days_open: number
  readonly rows: number
  /** Milliseconds. */
  readonly owed_since: number | null
  /** Each reason once, as JSON. */
  readonly blocked_by: ReadonlyArray<string> | null
  readonly loaded_until: string | null
}

const isDay = Schema.decodeUnknownSync(Day.Day)
const isClass = Schema.decodeUnknownSync(DataClass.DataClass)

/** Writes the sums of a class. Reasons are in the order of their letters as JavaScript has it. */
export const tallyOf = (row: TallyRow): Window.ClassTally => {
  const { backfill_id: backfillId, days, days_open: daysOpen, open, owed_since: since, rows, windows } = row
  const reasons = (row.blocked_by ?? []).map((reason): string => JSON.parse(reason))
  return {
    backfillId,
    dataClass: isClass(row.data_class),
    windows,
    open,
    days,
    daysOpen,
    rows: Number(rows),
    ...given({ owedSince: since === null ? undefined : DateTime.makeUnsafe(Number(since)) }),
    blockedBy: reasons.toSorted(),
    ...given({ loadedUntil: row.loaded_until === null ? undefined : isDay(row.loaded_until) })
  }
}

/**
 * The sums of loads that meet a condition on `s`, with what single windows say: since when the oldest that is owed is,
 * what keeps some from loading, and up to which day any is loaded. Each is a look at the beginning of an index.
 */
export const selectTallies = (
  organizationId: RawBuilder<unknown>,
  condition: RawBuilder<unknown>
) => sql<TallyRow>`select s.connection_id, s.backfill_id, s.data_class, s.windows, s.open, s.days, s.days_open, s.rows,
    case when s.open > 0 then (select min(w.at) from portolan.windows w where w.organization_id = s.organization_id
      and w.backfill_id = s.backfill_id and w.data_class = s.data_class
      and w.tag in ('Waiting', 'Requested', 'Blocked') and w.round is null) end as owed_since,
    (select json_agg(distinct w.reason) from portolan.windows w
      where w.organization_id = s.organization_id and w.backfill_id = s.backfill_id and w.data_class = s.data_class
      and w.tag = 'Blocked') as blocked_by,
    (select w.until_day from portolan.windows w
      where w.organization_id = s.organization_id and w.backfill_id = s.backfill_id and w.data_class = s.data_class
      and w.tag = 'Loaded' order by w.until_day desc limit 1) as loaded_until
  from portolan.window_sums s where s.organization_id = ${organizationId} and ${condition}
  order by s.backfill_id, s.data_class`

/** What the windows of a connection's loads add up to. */
export const tallies = ({ store }: RepositoryContext): Port["tallies"] =>
  Effect.fn("Repository.tallies")(function* (organizationId, connectionId) {
    const family = {
      name: "tallies by connection",
      column: "connection_id",
      query: (keys: ReadonlyArray<string>) =>
        selectTallies(sql`${organizationId}`, sql`s.connection_id = any (${sql.val([...keys])}::text[])`)
    }
    const subject = { doing: "reading how far a load is", scope: { organizationId } }
    return (yield* readByKey<TallyRow>(store, subject, family, connectionId)).map(tallyOf)
  })
