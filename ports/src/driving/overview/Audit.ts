/**
 * The conversation with whoever wants to know who did what (rules K-R1, P-R17): the organization's whole history, the youngest
 * first, written in the same transaction as every change.
 */
import type { Access, Aggregate, Refused } from "@portolan/domain"
import { Context, Effect, Layer } from "effect"
import type { InvalidCursor, Page, PageRequest } from "../../driven/Repository.ts"
import { EventLog } from "../../driven/EventLog.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** Narrows the history. */
export type AuditFilter = Parameters<EventLog["Service"]["all"]>[1]

/** Reads the history. */
export class Audit extends Context.Service<
  Audit,
  {
    /** The history, the youngest first. For owners and admins: it tells of all accounts and of people. */
    readonly list: (
      caller: Access.Caller,
      filter: AuditFilter,
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Recorded>, Refused.Refused | InvalidCursor | StoreUnavailable>
  }
>()("@portolan/ports/driving/Audit") {
  /** The conversation over the event log. */
  static readonly layer = Layer.effect(
    Audit,
    Effect.gen(function* () {
      const log = yield* EventLog
      const accessScope = yield* makeAccessScope
      return Audit.of({
        list: Effect.fn("Audit.list")(function* (caller, filter, page) {
          yield* accessScope.requireUnrestricted(caller, "administer")
          return yield* log.all(caller.organizationId, filter, page)
        })
      })
    })
  )
}
