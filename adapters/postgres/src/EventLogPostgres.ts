/**
 * Reads the history. Positions are given out under a lock that is held until the commit, so a position that can be seen
 * has all its predecessors in sight: reading "after n" never skips a late commit (law REPO-12).
 */
import type { Aggregate, Id } from "@portolan/domain"
import { Cursor, EventLog } from "@portolan/ports"
import { Duration, Effect, Layer, Option, PubSub, Redacted, Stream } from "effect"
import { sql } from "kysely"
import { type EventRow, readRecorded } from "./codec.ts"
import type { Options } from "./RepositoryPostgres.ts"
import { paged } from "./paged.ts"
import { Store, transact } from "./Store.ts"

/** The largest slice of history one call gives. */
const sliceLimit = 500

/** How often a follower looks for what other processes wrote; what this process wrote wakes it at once. */
const pollEvery = Duration.seconds(1)

/** Reads from `Store`. */
export const layer = ({ cursorSecret }: Options): Layer.Layer<EventLog.EventLog, never, Store> =>
  Layer.effect(
    EventLog.EventLog,
    Effect.gen(function* () {
      const store = yield* Store
      const key = yield* Cursor.key(Redacted.value(cursorSecret))

      const after = Effect.fn("EventLog.after")(function* (
        organizationId: Id.OrganizationId,
        position: number,
        limit: number
      ) {
        const from = Math.max(0, Math.trunc(position))
        const most = Math.min(sliceLimit, Math.max(1, Math.trunc(limit)))
        const { rows } = yield* transact(store, "reading the history", { organizationId }, (trx) =>
          sql<EventRow>`
        select * from portolan.events where organization_id = ${organizationId} and position > ${from}
        order by position limit ${most}`.execute(trx)
        )
        return rows.map(readRecorded)
      })

      return EventLog.EventLog.of({
        after,

        of: Effect.fn("EventLog.of")(function* (organizationId, aggregateIds, page) {
          const list = [organizationId, "history", aggregateIds.toSorted()]
          return yield* paged<EventRow, Aggregate.Recorded, EventLogError>(
            key,
            list,
            page,
            ({ after, limit }) => {
              const known = aggregateIds.filter((id) => !id.includes("\0"))
              if (known.length === 0) return Effect.succeed([])
              const before = after === undefined ? sql`true` : sql`position < ${after[0]}`
              return Effect.map(
                transact(store, "reading the history", { organizationId }, (trx) =>
                  sql<EventRow>`
              select * from portolan.events where organization_id = ${organizationId}
              and aggregate_id in (${sql.join(known)}) and ${before} order by position desc limit ${limit}`.execute(trx)
                ),
                ({ rows }) => rows
              )
            },
            { place: (row) => [Number(row.position), row.id], read: readRecorded }
          )
        }),

        all: Effect.fn("EventLog.all")(function* (organizationId, filter, page) {
          const { actor, kinds } = filter
          const list = [organizationId, "all", Cursor.spelled(filter)]
          const narrowed = [
            ...(kinds === undefined ? [] : kinds.length === 0 ? [sql`false`] : [sql`kind in (${sql.join(kinds)})`]),
            ...(actor === undefined ? [] : [sql`actor_tag = ${actor}`])
          ]
          return yield* paged<EventRow, Aggregate.Recorded, EventLogError>(
            key,
            list,
            page,
            ({ after, limit }) => {
              const before = after === undefined ? [] : [sql`position < ${after[0]}`]
              const conditions = [sql`organization_id = ${organizationId}`, ...narrowed, ...before]
              return Effect.map(
                transact(store, "reading the history", { organizationId }, (trx) =>
                  sql<EventRow>`
              select * from portolan.events where ${sql.join(conditions, sql` and `)}
              order by position desc limit ${limit}`.execute(trx)
                ),
                ({ rows }) => rows
              )
            },
            { place: (row) => [Number(row.position), row.id], read: readRecorded }
          )
        }),

        follow: (organizationId, position) =>
          Stream.unwrap(
            Effect.gen(function* () {
              // Subscribed before the first look, so that nothing falls between looking and waiting.
              const signals = yield* PubSub.subscribe(store.database.changed)
              const wait = Effect.raceFirst(PubSub.take(signals), Effect.sleep(pollEvery))
              const next = (from: number): ReturnType<typeof after> =>
                Effect.flatMap(after(organizationId, from, sliceLimit), (events) =>
                  events.length > 0 ? Effect.succeed(events) : Effect.andThen(wait, next(from))
                )
              return Stream.paginate(position, (from) =>
                Effect.map(next(from), (events) => [events, Option.some(events.at(-1)?.position ?? from)] as const)
              )
            })
          )
      })
    })
  )

type EventLogError = Effect.Error<ReturnType<EventLog.EventLog["Service"]["after"]>>
