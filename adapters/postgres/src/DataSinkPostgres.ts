/** Lands rows in a table of their own: the reference sink, and a place to copy from into a warehouse. */
import { randomUUID } from "node:crypto"
import { DataClass, Profile } from "@portolan/domain"
import { DataSink } from "@portolan/ports"
import { Effect, Layer, Schema } from "effect"
import { type QueryExecutorProvider, sql } from "kysely"
import { wellFormed } from "./codec.ts"
import { attempt } from "./store/attempts.ts"
import { sendSingle } from "./store/single.ts"
import { Store, transact } from "./Store.ts"

/** Rows one statement erases, so that no erasure outlasts a statement's limit. */
const eraseChunk = 20_000

const isDataClass = Schema.is(DataClass.DataClass)

const unavailable = ({ cause }: { readonly cause: unknown }) => new DataSink.SinkUnavailable({ cause })

type Port = DataSink.DataSink["Service"]

type Landing = Parameters<Port["land"]>[0]

/** Sends rows under an id; gives nothing. */
const sent = async (
  kysely: QueryExecutorProvider,
  id: string,
  { accountId, connectionId, dataClass, organizationId, profile }: Landing,
  rows: string
): Promise<true> => {
  await sql`select portolan.land_rows(${organizationId}, ${id}, ${connectionId}, ${accountId},
    ${Profile.keyText(profile)}, ${dataClass}, ${rows}::json)`.execute(kysely)
  return true
}

/** Lands once more what may have landed; what was sent first cannot come after it. */
const again = async (kysely: QueryExecutorProvider, id: string, landing: Landing, rows: string) => {
  await sql`select portolan.abandon_landing(${landing.organizationId}, ${id})`.execute(kysely)
  return { value: await sent(kysely, randomUUID(), landing, rows) }
}

const land = ({ database }: Store["Service"]): Port["land"] =>
  Effect.fn("DataSink.land")(function* (landing) {
    // Of two rows with one key the later counts; one statement cannot touch a row twice. Sorted, so that two
    // landings of one connection take their rows in the same order.
    const byKey = new Map(landing.rows.map((row) => [row.key, row]))
    const sorted = [...byKey.values()].toSorted((one, other) => (one.key < other.key ? -1 : 1))
    if (sorted.length === 0) return
    const rows = JSON.stringify(
      sorted.map(({ data, day, key }) => ({ key, day, data: JSON.stringify(data) })),
      wellFormed
    )
    yield* attempt({
      kind: database.kind,
      doing: "landing rows",
      run: () =>
        sendSingle(database, {
          send: (kysely, id) => sent(kysely, id, landing, rows),
          look: (kysely, id) => again(kysely, id, landing, rows)
        })
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
