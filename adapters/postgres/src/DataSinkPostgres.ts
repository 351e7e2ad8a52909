/** Lands rows in a table of their own: the reference sink, and a place to copy from into a warehouse. */
import { DataClass, Profile } from "@portolan/domain"
import { DataSink } from "@portolan/ports"
import { Effect, Layer, Schema } from "effect"
import { sql } from "kysely"
import { Store, transact } from "./Store.ts"

/** Rows one statement lands; the protocol allows 65,535 parameters. */
const chunk = 500

/** Rows one statement erases, so that no erasure outlasts a statement's limit. */
const eraseChunk = 20_000

const isDataClass = Schema.is(DataClass.DataClass)

const unavailable = ({ cause }: { readonly cause: unknown }) => new DataSink.SinkUnavailable({ cause })

type Port = DataSink.DataSink["Service"]

/** One row of the landing table, as values of an insert. */
const valuesOf = (
  { accountId, connectionId, dataClass, organizationId, profile }: Parameters<Port["land"]>[0],
  { data, day, key }: Parameters<Port["land"]>[0]["rows"][number]
) => sql`(${organizationId}, ${connectionId}, ${Profile.keyText(profile)}, ${dataClass}, ${key}, ${accountId},
  ${day}::date, ${JSON.stringify(data)}::json)`

const land = (store: Store["Service"]): Port["land"] =>
  Effect.fn("DataSink.land")(function* (landing) {
    const { organizationId, rows } = landing
    // Of two rows with one key the later counts; one statement cannot touch a row twice. Sorted, so that two
    // landings of one connection take their rows in the same order.
    const byKey = new Map(rows.map((row) => [row.key, row]))
    const sorted = [...byKey.values()].toSorted((one, other) => (one.key < other.key ? -1 : 1))
    if (sorted.length === 0) return
    yield* transact(store, { doing: "landing rows", scope: { organizationId }, outcomeMatters: true }, async (trx) => {
      for (let start = 0; start < sorted.length; start += chunk) {
        const values = sorted.slice(start, start + chunk).map((row) => valuesOf(landing, row))
        await sql`insert into portolan.landing_rows
          (organization_id, connection_id, profile, data_class, key, account_id, day, data) values ${sql.join(values)}
          on conflict (organization_id, connection_id, profile, data_class, key) do update set
            account_id = excluded.account_id, day = excluded.day, data = excluded.data, landed_at = now()`.execute(trx)
      }
    }).pipe(Effect.mapError(unavailable))
  })

interface CountRow {
  readonly data_class: string
  readonly count: number
}

const count = (store: Store["Service"]): Port["count"] =>
  Effect.fn("DataSink.count")(function* (organizationId, connectionId) {
    const { rows } = yield* transact(store, { doing: "counting rows", scope: { organizationId } }, (trx) =>
      sql<CountRow>`select data_class, count(*)::integer as count from portolan.landing_rows
        where organization_id = ${organizationId} and connection_id = ${connectionId}
        group by data_class`.execute(trx)
    ).pipe(Effect.mapError(unavailable))
    return new Map(rows.flatMap((row) => (isDataClass(row.data_class) ? [[row.data_class, row.count] as const] : [])))
  })

const erase = (store: Store["Service"]): Port["erase"] =>
  Effect.fn("DataSink.erase")(function* (organizationId, connectionId) {
    const own = sql`organization_id = ${organizationId} and connection_id = ${connectionId}`
    let erased = 0
    // Each part is a transaction of its own; an erasure that is stopped half-way erases the rest the next time. Rows
    // are named by their places: joined by keys, without statistics, a part of this size took longer than a statement
    // may.
    for (;;) {
      const { numAffectedRows = 0n } = yield* transact(
        store,
        { doing: "erasing rows", scope: { organizationId } },
        (trx) =>
          sql`delete from portolan.landing_rows where ${own} and ctid = any (array(
            select ctid from portolan.landing_rows where ${own} limit ${eraseChunk}))`.execute(trx)
      ).pipe(Effect.mapError(unavailable))
      erased += Number(numAffectedRows)
      if (numAffectedRows < eraseChunk) return erased
    }
  })

/** Lands in `Store`. */
export const layer: Layer.Layer<DataSink.DataSink, never, Store> = Layer.effect(
  DataSink.DataSink,
  Effect.map(Store, (store) => DataSink.DataSink.of({ land: land(store), count: count(store), erase: erase(store) }))
)
