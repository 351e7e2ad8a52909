/**
 * Signs of life of workers. A sign is one statement outside any transaction, so that an idle worker costs little; times
 * go by the database's clock (law WORKERS-01).
 */
import { Workers } from "@portolan/ports"
import { DateTime, Duration, Effect, Layer } from "effect"
import { sql } from "kysely"
import { workStatus } from "./scheduler/workStatus.ts"
import { Store } from "./Store.ts"
import { statement } from "./store/statement.ts"

type Port = Workers.Workers["Service"]

const after = (life: Duration.Duration) =>
  sql`clock_timestamp() + make_interval(secs => ${Duration.toMillis(life) / 1000}::double precision)`

const beat = (store: Store["Service"]): Port["beat"] =>
  Effect.fn("Workers.beat")(function* (workerId, life) {
    yield* statement(
      store,
      "giving a sign of life",
      // Rows of workers that are long gone are of no use; the latest of all says when anybody worked.
      sql`with forgotten as (
          delete from portolan.workers old where old.id <> ${workerId}
          and old.living_until < clock_timestamp() - interval '1 day'
          and old.seen_at < (select max(seen_at) from portolan.workers))
        insert into portolan.workers (id, seen_at, living_until)
        values (${workerId}, clock_timestamp(), ${after(life)})
        on conflict (id) do update set seen_at = excluded.seen_at, living_until = excluded.living_until`
    )
  })

const status = (store: Store["Service"]): Port["status"] =>
  Effect.map(workStatus(store, "looking at the workers"), ({ at, lastSeenAt, living, oldestDueAt, underWay }) => ({
    at: DateTime.makeUnsafe(at),
    living,
    underWay,
    ...(lastSeenAt === undefined ? {} : { lastSeenAt: DateTime.makeUnsafe(lastSeenAt) }),
    ...(oldestDueAt === undefined ? {} : { oldestDueAt: DateTime.makeUnsafe(oldestDueAt) })
  }))

const backlog = (store: Store["Service"]): Port["backlog"] =>
  Effect.map(workStatus(store, "counting what waits", true), ({ at, counts, living, oldestDueAt, underWay }) => ({
    ...counts,
    living,
    underWay,
    oldestDueSeconds: oldestDueAt === undefined ? 0 : Math.max(0, (at.getTime() - oldestDueAt.getTime()) / 1000)
  }))

/** Keeps signs of life in `Store`. */
export const layer: Layer.Layer<Workers.Workers, never, Store> = Layer.effect(
  Workers.Workers,
  Effect.gen(function* () {
    const store = yield* Store
    return Workers.Workers.of({
      beat: beat(store),
      leave: (workerId) =>
        Effect.asVoid(
          statement(
            store,
            "taking a worker out of the living",
            sql`update portolan.workers set living_until = least(living_until, clock_timestamp())
              where id = ${workerId}`
          )
        ),
      status: status(store),
      backlog: backlog(store),
      claimNotice: (turn, life) =>
        Effect.map(
          statement(
            store,
            "taking a notice about the workers",
            sql`update portolan.worker_notices set claimed_until = ${after(life)}
              where confirmed <> ${turn} and (claimed_until is null or claimed_until <= clock_timestamp()) returning 1`
          ),
          (rows) => rows.length > 0
        ),
      confirmNotice: (turn) =>
        Effect.asVoid(
          statement(
            store,
            "confirming a notice about the workers",
            sql`update portolan.worker_notices set confirmed = ${turn}, claimed_until = null`
          )
        )
    })
  })
)
