/** Entries of a chain with their records, as they are exported: a page is one statement. */
import type { Id } from "@portolan/domain"
import type { AuditLog } from "@portolan/ports"
import { Effect } from "effect"
import { sql } from "kysely"
import type { Store } from "../Store.ts"
import { read } from "../store/reading.ts"

/** Entries of a page of an export, at most. */
const pageSize = 500

/** A page ends with the entry that brings it to so many records; a batch of reads may have a thousand. */
const pageRecords = 5_000

interface Row extends Omit<AuditLog.Entry, "record"> {
  readonly record: unknown
}

const own = (organizationId: Id.OrganizationId) => sql`organization_id = ${organizationId}`

/** The reads of a batch, and what was computed of them. Bytes are written as hexadecimal digits. */
const batch = (organizationId: Id.OrganizationId) => sql`json_build_object('number', s.place, 'ids', s.ids,
  'digests', encode(s.digests, 'hex'), 'reads', (select coalesce(json_agg(r), '[]'::json) from (
    select organization_id, id, at, reference, version, actor_tag, actor, operation, connection_id, job_id
    from portolan.token_reads where ${own(organizationId)} and id between s.ids[1] and s.ids[cardinality(s.ids)]
    order by id limit cardinality(s.ids)) as r))`

/** The record of an entry, with the JSON that it holds as text: digests are over that text. */
const record = (organizationId: Id.OrganizationId) => sql`case s.source
  when 'event' then (select to_json(e) from (
    select organization_id, position, id, kind, aggregate_id, version, at, actor_tag, actor::text as actor,
      schema_version, event::text as event
    from portolan.events where ${own(organizationId)} and position = s.place) as e)
  when 'security' then (select to_json(e) from (
    select organization_id, id, at, kind, subject, detail::text as detail
    from portolan.security_events where ${own(organizationId)} and id = s.place) as e)
  when 'erasure' then (select to_json(e) from (
    select id, at, source, place, because
    from portolan.audit_erasures where ${own(organizationId)} and id = s.place) as e)
  when 'token-reads' then case when s.ids is not null then ${batch(organizationId)} end end`

/** The entries after one, with their records. */
export const entriesPage = (store: Store["Service"], organizationId: Id.OrganizationId, after: number) =>
  read<Row>(
    store,
    { doing: "exporting the audit log", scope: { organizationId } },
    sql<Row>`with slice as materialized (
        select c.*, b.ids, b.digests,
          sum(1 + coalesce(cardinality(b.ids), 0)) over (order by c.sequence rows unbounded preceding)
            - coalesce(cardinality(b.ids), 0) as records
        from (select sequence, source, place, digest, link from portolan.audit_chain
          where ${own(organizationId)} and sequence > ${after} order by sequence limit ${pageSize}::integer) as c
        left join portolan.token_read_batches b
          on c.source = 'token-reads' and b.organization_id = ${organizationId} and b.number = c.place
      )
      select s.sequence, s.source, s.place, encode(s.digest, 'hex') as digest, encode(s.link, 'hex') as link,
        ${record(organizationId)} as record
      from slice s where s.records <= ${pageRecords}::integer order by s.sequence`
  ).pipe(
    Effect.map((rows) =>
      rows.map(({ record: found, ...entry }): AuditLog.Entry => (found === null ? entry : { ...entry, record: found }))
    )
  )
