/** Lists of token reads and of security events, the latest first. */
import { Actor, Id } from "@portolan/domain"
import type { AuditLog, Repository } from "@portolan/ports"
import { DateTime, Effect, Result, Schema } from "effect"
import { type RawBuilder, sql } from "kysely"
import { paged, readPage } from "../paged.ts"
import type { Store } from "../Store.ts"
import { columnOf, referenceOf } from "../vault/rows.ts"
import type { ReadRow, SecurityRow } from "./digest.ts"

/** What the lists work with. */
export interface ListContext {
  readonly store: Store["Service"]
  /** Seals cursors. */
  readonly key: CryptoKey
}

type Port = AuditLog.AuditLog["Service"]

type ListError = Effect.Error<ReturnType<Port["tokenReads"]>>

interface List<Row, A> {
  readonly name: ReadonlyArray<string | null>
  readonly table: string
  readonly columns: RawBuilder<unknown>
  readonly conditions: ReadonlyArray<RawBuilder<unknown>>
  readonly read: (row: Row) => A
}

/** Reads one page, from the end of the primary key. */
const latest = <Row extends { readonly id: number }, A>(
  { key, store }: ListContext,
  organizationId: Id.OrganizationId,
  page: Repository.PageRequest,
  { columns, conditions, name, read, table }: List<Row, A>
) =>
  paged<Row & { readonly id: string }, A, ListError>(
    { key, name: [organizationId, ...name], page },
    (window) => {
      const { after } = window
      return readPage<Row & { readonly id: string }>(
        store,
        { doing: "reading the audit log", scope: { organizationId } },
        {
          columns,
          table: sql.table(table),
          where: sql.join([sql`organization_id = ${organizationId}`, ...conditions], sql` and `),
          after: after === undefined ? sql`true` : sql`id < ${after[0]}`,
          order: sql`id desc`
        },
        window
      )
    },
    { place: (row) => [Number(row.id), String(row.id)], read: (row) => Result.succeed(read(row)) }
  )

const decodeActor = Schema.decodeUnknownSync(Schema.fromJsonString(Actor.Actor))
const isConnection = Schema.is(Id.ConnectionId)
const isJob = Schema.is(Id.JobId)

const readOf = (row: ReadRow & { readonly is_sealed: boolean }): AuditLog.TokenRead => ({
  id: Number(row.id),
  at: DateTime.makeUnsafe(row.at),
  actor: decodeActor(row.actor),
  operation: row.operation,
  reference: referenceOf(row.reference),
  ...(isConnection(row.connection_id) ? { connectionId: row.connection_id } : {}),
  ...(isJob(row.job_id) ? { jobId: row.job_id } : {}),
  isSealed: row.is_sealed
})

/** Reads of tokens, the latest first. */
export const tokenReads = (context: ListContext): Port["tokenReads"] =>
  Effect.fn("AuditLog.tokenReads")(function* (organizationId, { connectionId, reference }, page) {
    return yield* latest<ReadRow & { readonly is_sealed: boolean }, AuditLog.TokenRead>(context, organizationId, page, {
      name: ["token-reads", reference ?? null, connectionId ?? null],
      table: "portolan.token_reads",
      columns: sql`id, at, actor, operation, reference, connection_id, job_id,
        id <= coalesce((select sealed_read from portolan.audit_heads h
          where h.organization_id = ${organizationId}), 0) as is_sealed`,
      conditions: [
        ...(reference === undefined ? [] : [sql`reference = ${columnOf(reference)}`]),
        ...(connectionId === undefined ? [] : [sql`coalesce(connection_id, ${connectionId}) = ${connectionId}`])
      ],
      read: readOf
    })
  })

const decodeDetail = Schema.decodeUnknownSync(Schema.fromJsonString(Schema.Record(Schema.String, Schema.String)))

/** Security events, the latest first. */
export const securityEvents = (context: ListContext): Port["securityEvents"] =>
  Effect.fn("AuditLog.securityEvents")(function* (organizationId, page) {
    return yield* latest<SecurityRow, AuditLog.SecurityEvent>(context, organizationId, page, {
      name: ["security-events"],
      table: "portolan.security_events",
      columns: sql`id, at, kind, subject, detail::text as detail`,
      conditions: [],
      read: (row) => ({
        id: Number(row.id),
        at: DateTime.makeUnsafe(row.at),
        kind: row.kind as AuditLog.SecurityKind,
        subject: row.subject,
        detail: decodeDetail(row.detail)
      })
    })
  })
