/**
 * Who did what (rules K-R1, P-R17): the organization's whole history, the youngest first, written in the same
 * transaction as every change; and beside it reads of tokens, security events, and the chain that all of it is on.
 */
import type { Access, Aggregate, Refused } from "@portolan/domain"
import { Context, type Effect, Layer, type Stream } from "effect"
import type { Entry } from "../../driven/AuditLog.ts"
import type { EventLog } from "../../driven/EventLog.ts"
import type { InvalidCursor, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as ExportAudit from "./exportAudit.ts"
import * as ListHistory from "./listHistory.ts"
import * as ListRecords from "./listRecords.ts"

export { jsonLine } from "./jsonLine.ts"
export type { Record, RecordTag } from "./listRecords.ts"

/** Narrows the history. */
export type AuditFilter = Parameters<EventLog["Service"]["all"]>[1]

/** Reads what is on record. */
export interface Contract {
  /** The history, the youngest first. For owners and admins: it covers all accounts and people. */
  readonly list: (
    caller: Access.Caller,
    filter: AuditFilter,
    page: PageRequest
  ) => Effect.Effect<Page<Aggregate.Recorded>, Refused.Refused | InvalidCursor | StoreError>

  /** Changes, reads of tokens and security events in one list, the youngest first; those of some kinds alone. */
  readonly records: (
    caller: Access.Caller,
    included: ReadonlyArray<ListRecords.RecordTag>,
    page: Omit<PageRequest, "countUpTo">
  ) => Effect.Effect<Page<ListRecords.Record>, Refused.Refused | InvalidCursor | StoreError>

  /** The organization's hash chain with its records, the oldest first, for its owner. */
  readonly entries: (caller: Access.Caller) => Stream.Stream<Entry, Refused.Refused | StoreError>

  /** Puts reads of tokens on the chains of all organizations, until nothing is left. Says how many. */
  readonly seal: () => Effect.Effect<number, StoreError>

  /** Seals every minute. Runs until it is interrupted. */
  readonly watch: () => Effect.Effect<never>
}

const verbs = { ...ListHistory, ...ListRecords, ...ExportAudit }

/** Reads what is on record. */
export class Audit extends Context.Service<Audit, Service<Contract, typeof verbs>>()("@portolan/ports/driving/Audit") {
  /** The service over the event log and the audit log. */
  static readonly layer = Layer.effect(
    Audit,
    bound(deps("auditLog", "eventLog"), {
      list: ListHistory.list,
      records: ListRecords.records,
      entries: ExportAudit.entries,
      seal: ExportAudit.seal,
      watch: ExportAudit.watch
    })
  )
}
