/** The windows of loads, and what they add up to. */
import { DataClass, given, type Id, Window } from "@portolan/domain"
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

/** The windows of a load, by class, the youngest first. */
export const windows = (context: RepositoryContext): Port["windows"] =>
  Effect.fn("Repository.windows")((organizationId, backfillId) =>
    selectByKey(context, ofLoad, organizationId, backfillId)
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
}

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
    blockedBy: reasons.toSorted()
  }
}

/**
 * The sums of loads that meet a condition on `s`, with what only windows that are not over say: since when the oldest
 * is owed, and what keeps some from loading. Both are looks at an index that has no others.
 */
export const selectTallies = (
  organizationId: RawBuilder<unknown>,
  condition: RawBuilder<unknown>
) => sql<TallyRow>`select s.connection_id, s.backfill_id, s.data_class, s.windows, s.open, s.days, s.days_open, s.rows,
    case when s.open > 0 then (select min(w.at) from portolan.windows w where w.organization_id = s.organization_id
      and w.backfill_id = s.backfill_id and w.data_class = s.data_class
      and w.tag in ('Waiting', 'Requested', 'Blocked')) end as owed_since,
    case when s.open > 0 then (select json_agg(distinct w.reason) from portolan.windows w
      where w.organization_id = s.organization_id and w.backfill_id = s.backfill_id and w.data_class = s.data_class
      and w.tag = 'Blocked') end as blocked_by
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
