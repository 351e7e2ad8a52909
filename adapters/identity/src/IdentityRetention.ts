/**
 * Removes sessions and links that have ended, by declared rules, in small batches: the part of `Retention` that lies in
 * schema `identity`. Counts of attempts remove themselves.
 */
import { Identity, type Retention } from "@portolan/ports"
import { Clock, Context, Duration, Effect } from "effect"
import { orUnavailable } from "./orUnavailable.ts"
import type { Database } from "./Tables.ts"

/** A rule, and the table that it is about. */
interface TableRule extends Retention.Rule {
  readonly table: "session" | "verification"
}

const tableRules: ReadonlyArray<TableRule> = [
  {
    name: "ended-sessions",
    table: "session",
    age: Duration.days(1),
    reason: "A session that has ended signs nobody in; without it, the answer is the same."
  },
  {
    name: "ended-links",
    table: "verification",
    age: Duration.days(30),
    reason: "A link of a mail that has ended is told so for a month; after that it is like one that never was."
  }
]

/** Rows that one statement removes, at most. */
export const batch = 1_000

/** Batches that one call removes of each kind, at most: the next call goes on. */
const batchesPerCall = 100

/** Removes what has ended. */
export class IdentityRetention extends Context.Service<
  IdentityRetention,
  {
    /** Every rule there is. */
    readonly rules: ReadonlyArray<Retention.Rule>
    /**
     * Removes what the rules let go, batch after batch. It may be ended anywhere, and in several processes at once: the
     * next call goes on.
     */
    readonly forget: Effect.Effect<ReadonlyArray<Retention.Removed>, Identity.IdentityUnavailable>
  }
>()("@portolan/identity/IdentityRetention") {}

const removeBatch = (database: Database, table: TableRule["table"], before: Date) =>
  orUnavailable(async () => {
    const { numDeletedRows } = await database
      .deleteFrom(table)
      .where("id", "in", (from) =>
        from.selectFrom(table).select("id").where("expiresAt", "<", before).orderBy("expiresAt").limit(batch)
      )
      .executeTakeFirst()
    return Number(numDeletedRows)
  })

const removeByRule = (database: Database) =>
  Effect.fnUntraced(function* ({ age, name, table }: TableRule) {
    const before = new Date((yield* Clock.currentTimeMillis) - Duration.toMillis(age))
    let rows = 0
    for (let round = 0; round < batchesPerCall; round++) {
      const removed = yield* removeBatch(database, table, before)
      rows += removed
      if (removed < batch) break
    }
    return { rule: name, rows }
  })

/** Over the tables of schema `identity`. */
export const make = (database: Database): IdentityRetention["Service"] =>
  IdentityRetention.of({ rules: tableRules, forget: Effect.forEach(tableRules, removeByRule(database)) })
