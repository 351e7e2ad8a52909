/** How background work stands, over all organizations, in one statement; each part of it is a look at an index. */
import { Workers } from "@portolan/ports"
import { Effect } from "effect"
import { sql } from "kysely"
import type { Store } from "../Store.ts"
import { statement } from "../store/statement.ts"

interface Row {
  readonly at: Date
  readonly living: number
  readonly last_seen_at: Date | null
  readonly under_way: number
  readonly oldest_due_at: Date | null
  readonly due: number | null
  readonly overdue: number | null
  readonly later: number | string | null
  readonly dead_letters: number | null
}

/** What the database says of work and workers, by its clock. */
export interface WorkStatus {
  readonly at: Date
  readonly living: number
  readonly lastSeenAt: Date | undefined
  readonly underWay: number
  /** Since when the job that has waited longest could be taken. */
  readonly oldestDueAt: Date | undefined
  /** Zero, unless they were asked for. */
  readonly counts: {
    readonly due: number
    readonly overdue: number
    readonly later: number
    readonly deadLetters: number
  }
}

const millis = (time: Date | null) => (time === null ? undefined : new Date(time))

/** Asks; `counted` when the jobs are to be counted, too. */
export const workStatus = (store: Store["Service"], doing: string, counted = false) =>
  Effect.map(
    statement(
      store,
      doing,
      sql<Row>`select * from portolan.work_status(${Workers.overdueSeconds}::double precision, ${counted}::boolean)`
    ),
    ([row]): WorkStatus => {
      if (row === undefined) throw new Error("a count gave no row")
      return {
        at: new Date(row.at),
        living: row.living,
        lastSeenAt: millis(row.last_seen_at),
        underWay: row.under_way,
        oldestDueAt: millis(row.oldest_due_at),
        counts: {
          due: row.due ?? 0,
          overdue: row.overdue ?? 0,
          later: Number(row.later ?? 0),
          deadLetters: row.dead_letters ?? 0
        }
      }
    }
  )
