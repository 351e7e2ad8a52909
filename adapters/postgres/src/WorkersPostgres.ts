/**
 * Signs of life of workers. A sign is one statement outside any transaction, so that an idle worker costs little; times
 * go by the database's clock (law WORKERS-01).
 */
import { type StoreUnavailable, Workers } from "@portolan/ports"
import { DateTime, Duration, Effect, Layer } from "effect"
import { type RawBuilder, sql } from "kysely"
import { Store, transact, unavailable } from "./Store.ts"

type Port = Workers.Workers["Service"]

const after = (life: Duration.Duration) =>
  sql`clock_timestamp() + make_interval(secs => ${Duration.toMillis(life) / 1000}::double precision)`

/** Runs one statement as the session's user; the tables belong to no organization. */
const run = <Row>(
  store: Store["Service"],
  doing: string,
  statement: RawBuilder<Row>
): Effect.Effect<ReadonlyArray<Row>, StoreUnavailable.StoreUnavailable> =>
  Effect.tryPromise({
    try: async () => (await statement.execute(store.database.kysely)).rows,
    catch: (cause) => unavailable(doing, cause)
  })

const beat = (store: Store["Service"]): Port["beat"] =>
  Effect.fn("Workers.beat")(function* (workerId, life) {
    yield* run(
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

interface StatusRow {
  readonly at: Date
  readonly living: number
  readonly last_seen_at: Date | null
  readonly under_way: number
  readonly oldest_due_at: Date | null
}

const status = (store: Store["Service"]): Port["status"] =>
  transact(store, { doing: "looking at the workers", scope: "session" }, async (trx) => {
    // Jobs of all organizations; nothing but looks at the queue sets this.
    await sql`select set_config('portolan.sweep', 'on', true)`.execute(trx)
    const { rows } = await sql<StatusRow>`select w.*, j.* from
      (select clock_timestamp() as at, count(*) filter (where living_until > clock_timestamp())::int as living,
        max(seen_at) as last_seen_at from portolan.workers) w,
      (select count(*) filter (where claimed_until > now())::int as under_way,
        min(due_at) filter (where due_at <= now() and coalesce(claimed_until <= now(), true)) as oldest_due_at
        from portolan.jobs where status = 'waiting') j`.execute(trx)
    const [row] = rows
    if (row === undefined) throw new Error("a count gave no row")
    return {
      at: DateTime.makeUnsafe(row.at),
      living: row.living,
      underWay: row.under_way,
      ...(row.last_seen_at === null ? {} : { lastSeenAt: DateTime.makeUnsafe(row.last_seen_at) }),
      ...(row.oldest_due_at === null ? {} : { oldestDueAt: DateTime.makeUnsafe(row.oldest_due_at) })
    }
  })

/** Keeps signs of life in `Store`. */
export const layer: Layer.Layer<Workers.Workers, never, Store> = Layer.effect(
  Workers.Workers,
  Effect.gen(function* () {
    const store = yield* Store
    return Workers.Workers.of({
      beat: beat(store),
      leave: (workerId) =>
        Effect.asVoid(
          run(
            store,
            "taking a worker out of the living",
            sql`update portolan.workers set living_until = least(living_until, clock_timestamp())
              where id = ${workerId}`
          )
        ),
      status: status(store),
      claimNotice: (turn, life) =>
        Effect.map(
          run(
            store,
            "taking a notice about the workers",
            sql`update portolan.worker_notices set claimed_until = ${after(life)}
              where confirmed <> ${turn} and (claimed_until is null or claimed_until <= clock_timestamp()) returning 1`
          ),
          (rows) => rows.length > 0
        ),
      confirmNotice: (turn) =>
        Effect.asVoid(
          run(
            store,
            "confirming a notice about the workers",
            sql`update portolan.worker_notices set confirmed = ${turn}, claimed_until = null`
          )
        )
    })
  })
)
