/**
 * Who did what (rules K-R1, P-R17): the organization's whole history, the youngest first, written in the same
 * transaction as every change.
 */
import type { Access, Aggregate, Refused } from "@portolan/domain"
import { Context, type Effect, Layer } from "effect"
import type { EventLog } from "../../driven/EventLog.ts"
import type { InvalidCursor, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as ListHistory from "./listHistory.ts"

/** Narrows the history. */
export type AuditFilter = Parameters<EventLog["Service"]["all"]>[1]

/** Reads the history. */
export interface Contract {
  /** The history, the youngest first. For owners and admins: it covers all accounts and people. */
  readonly list: (
    caller: Access.Caller,
    filter: AuditFilter,
    page: PageRequest
  ) => Effect.Effect<Page<Aggregate.Recorded>, Refused.Refused | InvalidCursor | StoreError>
}

/** Reads the history. */
export class Audit extends Context.Service<Audit, Service<Contract, typeof ListHistory>>()(
  "@portolan/ports/driving/Audit"
) {
  /** The service over the event log. */
  static readonly layer = Layer.effect(Audit, bound(deps("eventLog"), { ...ListHistory }))
}
