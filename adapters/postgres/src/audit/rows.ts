/** Reads what is on record, a page of the chain at a time, for verification and export. */
import type { Id } from "@portolan/domain"
import { sql } from "kysely"
import type { Trx } from "../Store.ts"
import type { BatchRow, ErasureRow, EventRow, ReadRow, SecurityRow } from "./digest.ts"

/** Entries of a page. One of them may hold the digests of a thousand reads. */
export const pageSize = 200

/** An entry of a chain as it is stored. */
export interface ChainRow {
  readonly sequence: number
  readonly source: "event" | "token-reads" | "security" | "erasure"
  readonly place: number
  readonly digest: Uint8Array
  readonly link: Uint8Array
}

/** The head of a chain beside its last entry, both of one instant. */
export interface EndRow {
  readonly head_sequence: number | null
  readonly head_link: Uint8Array | null
  readonly sealed_read: number
  readonly last_sequence: number | null
  readonly last_link: Uint8Array | null
  /** The last position of an event on the chain, and the one that the history's counter gave out. */
  readonly last_event: number
  readonly counted_events: number
}

/** How a chain ends. */
export const endOf = async (trx: Trx, organizationId: Id.OrganizationId): Promise<EndRow> => {
  const { rows } = await sql<EndRow>`
    select h.sequence as head_sequence, h.link as head_link, coalesce(h.sealed_read, 0) as sealed_read,
      c.sequence as last_sequence, c.link as last_link,
      coalesce((select max(place) from portolan.audit_chain
        where organization_id = ${organizationId} and source = 'event'), 0) as last_event,
      coalesce((select position from portolan.histories where organization_id = ${organizationId}), 0)
        as counted_events
    from (select 1) as one
    left join portolan.audit_heads h on h.organization_id = ${organizationId}
    left join lateral (select sequence, link from portolan.audit_chain
      where organization_id = ${organizationId} order by sequence desc limit 1) as c on true`.execute(trx)
  const [row] = rows
  if (row === undefined) throw new Error("a select without a condition gave no row")
  return row
}

/** The entries after one, in their order. */
export const entriesAfter = async (trx: Trx, organizationId: Id.OrganizationId, after: number, limit = pageSize) =>
  (
    await sql<ChainRow>`select sequence, source, place, digest, link from portolan.audit_chain
      where organization_id = ${organizationId} and sequence > ${after} order by sequence limit ${limit}`.execute(trx)
  ).rows

/** The records of some entries, by place. */
export interface Records {
  readonly events: ReadonlyMap<number, EventRow>
  readonly batches: ReadonlyMap<number, BatchRow>
  readonly security: ReadonlyMap<number, SecurityRow>
  readonly erasures: ReadonlyMap<number, ErasureRow>
}

const placesOf = (entries: ReadonlyArray<ChainRow>, source: ChainRow["source"]) =>
  sql`${entries.filter((entry) => entry.source === source).map(({ place }) => place)}::bigint[]`

const by = <A, K extends keyof A>(rows: ReadonlyArray<A>, key: K): ReadonlyMap<A[K], A> =>
  new Map(rows.map((row) => [row[key], row]))

/** Reads the records of entries. JSON comes as the text that is stored. */
export const recordsOf = async (
  trx: Trx,
  organizationId: Id.OrganizationId,
  entries: ReadonlyArray<ChainRow>
): Promise<Records> => {
  const own = sql`organization_id = ${organizationId}`
  const events = await sql<EventRow>`select organization_id, position, id, kind, aggregate_id, version, at, actor_tag,
      actor::text as actor, schema_version, event::text as event from portolan.events
    where ${own} and position = any (${placesOf(entries, "event")})`.execute(trx)
  const batches = await sql<BatchRow>`select number, ids, digests from portolan.token_read_batches
    where ${own} and number = any (${placesOf(entries, "token-reads")}) order by number`.execute(trx)
  const security = await sql<SecurityRow>`select organization_id, id, at, kind, subject, detail::text as detail
    from portolan.security_events where ${own} and id = any (${placesOf(entries, "security")})`.execute(trx)
  const erasures = await sql<ErasureRow>`select id, at, source, place, because from portolan.audit_erasures
    where ${own} and id = any (${placesOf(entries, "erasure")})`.execute(trx)
  return {
    events: by(events.rows, "position"),
    // The drivers give elements of arrays as they like.
    batches: by(
      batches.rows.map((batch) => ({ ...batch, ids: batch.ids.map(Number) })),
      "number"
    ),
    security: by(security.rows, "id"),
    erasures: by(erasures.rows, "id")
  }
}

/** Reads of tokens after one and up to another, at most `limit`, by id. */
export const readsBetween = async (
  trx: Trx,
  organizationId: Id.OrganizationId,
  { after, limit, upTo }: { readonly after: number; readonly upTo: number; readonly limit: number }
) =>
  (
    await sql<ReadRow>`select organization_id, id, at, reference, version, actor_tag, actor, operation, connection_id,
        job_id from portolan.token_reads
      where organization_id = ${organizationId} and id > ${after} and id <= ${upTo} order by id limit ${limit}`.execute(
      trx
    )
  ).rows

/** What was erased by law, as `source place`. */
export const erasedPlaces = async (trx: Trx, organizationId: Id.OrganizationId): Promise<ReadonlySet<string>> => {
  const { rows } = await sql<Pick<ErasureRow, "source" | "place">>`select source, place from portolan.audit_erasures
    where organization_id = ${organizationId}`.execute(trx)
  return new Set(rows.map(({ place, source }) => `${source} ${place}`))
}
