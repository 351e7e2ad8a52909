/**
 * Reads the history. Positions are given out under a lock that is held until the commit, so a position that can be seen
 * has all its predecessors in sight: reading "after n" never skips a late commit (law REPO-12).
 */
import type { Aggregate, Id } from "@portolan/domain"
import { Cursor, EventLog } from "@portolan/ports"
import { Effect, Layer, Redacted, Result } from "effect"
import { type RawBuilder, sql } from "kysely"
import { type EventRow, readRecorded } from "./codec.ts"
import type { Options } from "./RepositoryPostgres.ts"
import { follow, makeFollowers, watch } from "./history/follow.ts"
import { type ListPage, paged, readPage } from "./paged.ts"
import { among, is } from "./repository/conditions.ts"
import { read } from "./store/reading.ts"
import { Store } from "./Store.ts"

/** The largest slice of history one call gives. */
const sliceLimit = 500

/** What the event log works with. */
interface EventLogContext {
  readonly store: Store["Service"]
  /** Seals cursors. */
  readonly key: CryptoKey
}

type Port = EventLog.EventLog["Service"]

type EventLogError = Effect.Error<ReturnType<Port["after"]>>

const after = ({ store }: EventLogContext): Port["after"] =>
  Effect.fn("EventLog.after")(function* (organizationId, position, limit) {
    const from = Math.max(0, Math.trunc(position))
    const most = Math.min(sliceLimit, Math.max(1, Math.trunc(limit)))
    const rows = yield* read(
      store,
      { doing: "reading the history", scope: { organizationId } },
      sql<EventRow>`select * from portolan.events
        where organization_id = ${organizationId} and position > ${from} order by position limit ${most}`
    )
    const found: Array<Aggregate.Recorded> = []
    for (const row of rows) {
      const read = readRecorded(row)
      if (Result.isSuccess(read)) {
        found.push(read.success)
        continue
      }
      // Nothing is skipped: what comes before it is given first, and the next call begins with it.
      if (found.length === 0) return yield* read.failure
      break
    }
    return found
  })

/** Reads one page of an organization's events that meet conditions, the latest first. */
const latest = (
  { key, store }: EventLogContext,
  { name, page }: Omit<ListPage, "key">,
  organizationId: Id.OrganizationId,
  conditions: ReadonlyArray<RawBuilder<unknown>>
) =>
  paged<EventRow, Aggregate.Recorded, EventLogError>(
    { key, name, page },
    (window) => {
      const { after } = window
      return readPage<EventRow>(
        store,
        { doing: "reading the history", scope: { organizationId } },
        {
          columns: sql`*`,
          table: sql.table("portolan.events"),
          where: sql.join([sql`organization_id = ${organizationId}`, ...conditions], sql` and `),
          after: after === undefined ? sql`true` : sql`position < ${after[0]}`,
          order: sql`position desc`
        },
        window
      )
    },
    { place: (row) => [Number(row.position), row.id], read: readRecorded }
  )

const of = (context: EventLogContext): Port["of"] =>
  Effect.fn("EventLog.of")(function* (organizationId, aggregateIds, page) {
    const name = [organizationId, "history", aggregateIds.toSorted()]
    const storable = aggregateIds.filter((id) => !id.includes("\0"))
    return yield* latest(context, { name, page }, organizationId, among("aggregate_id", storable))
  })

const all = (context: EventLogContext): Port["all"] =>
  Effect.fn("EventLog.all")(function* (organizationId, filter, page) {
    const name = [organizationId, "all", Cursor.spelled(filter)]
    const conditions = [...among("kind", filter.kinds), ...is("actor_tag", filter.actor)]
    return yield* latest(context, { name, page }, organizationId, conditions)
  })

/** Reads from `Store`. */
export const layer = ({ cursorSecret }: Options): Layer.Layer<EventLog.EventLog, never, Store> =>
  Layer.effect(
    EventLog.EventLog,
    Effect.gen(function* () {
      const store = yield* Store
      const context: EventLogContext = { store, key: yield* Cursor.key(Redacted.value(cursorSecret)) }
      const followers = makeFollowers(store)
      yield* Effect.forkScoped(watch(followers))
      const read = after(context)
      return EventLog.EventLog.of({
        after: read,
        of: of(context),
        all: all(context),
        follow: (organizationId, from) =>
          follow(followers, organizationId, from, (position) => read(organizationId, position, sliceLimit))
      })
    })
  )
