/**
 * Connections (flow F1, steps 3 and 7): their status and the evidence for it, their first load, pausing and ending
 * them.
 */
import type { Access, Aggregate, DataClass, Effects, Id, Refused } from "@portolan/domain"
import { Context, Effect, Layer } from "effect"
import type { TokenRead } from "../../driven/AuditLog.ts"
import type { ConnectionFilter, InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import type { ConnectionDetail, ConnectionView, Ledger } from "./connectionView.ts"
import * as Disconnect from "./disconnect.ts"
import * as ReadEffects from "./effects.ts"
import { type FreshnessView, freshness, stripDays } from "./freshness.ts"
import * as History from "./history.ts"
import * as List from "./list.ts"
import * as Pause from "./pause.ts"
import * as RetryLoad from "./retryLoad.ts"
import * as View from "./view.ts"

export { stripDays }
export type { ClassDays, FreshnessView } from "./freshness.ts"
export type { BackfillView, ConnectionDetail, ConnectionView, KnownIncident, Ledger } from "./connectionView.ts"

/** A deliberate command, and the connection as it stands then. */
type Change = (
  caller: Access.Caller,
  id: Id.ConnectionId
) => Effect.Effect<ConnectionDetail, Refused.Refused | NotFound | WriteError>

/** Shows, pauses and ends connections. */
export interface Contract {
  /** Lists connections, oldest first. */
  readonly list: (
    caller: Access.Caller,
    filter: ConnectionFilter,
    page: PageRequest
  ) => Effect.Effect<Page<ConnectionView>, Refused.Refused | InvalidCursor | StoreError>

  /** Reads one connection. */
  readonly view: (
    caller: Access.Caller,
    id: Id.ConnectionId
  ) => Effect.Effect<ConnectionDetail, Refused.Refused | NotFound | StoreError>

  /** The first load, window by window. Not found until it is planned. */
  readonly ledger: (
    caller: Access.Caller,
    id: Id.ConnectionId
  ) => Effect.Effect<Ledger, Refused.Refused | NotFound | StoreError>

  /**
   * How fresh the data of each class are, and what became of the last 90 days. Not found until a load is planned; no
   * class while the connection is not linked.
   */
  readonly freshness: (
    caller: Access.Caller,
    id: Id.ConnectionId
  ) => Effect.Effect<FreshnessView, Refused.Refused | NotFound | StoreError>

  /** What happened to a connection, its authorizations and its first load, the youngest first. */
  readonly history: (
    caller: Access.Caller,
    id: Id.ConnectionId,
    page: PageRequest
  ) => Effect.Effect<Page<Aggregate.Recorded>, Refused.Refused | NotFound | InvalidCursor | StoreError>

  /** Who read the tokens of its consent, and why, the youngest first. */
  readonly tokenReads: (
    caller: Access.Caller,
    id: Id.ConnectionId,
    page: PageRequest
  ) => Effect.Effect<Page<TokenRead>, Refused.Refused | NotFound | InvalidCursor | StoreError>

  /** What a command would do, for a page that asks for confirmation (rule C14). */
  readonly effects: (
    caller: Access.Caller,
    id: Id.ConnectionId,
    command: Parameters<typeof Effects.ofConnection>[0]
  ) => Effect.Effect<ReadonlyArray<Effects.Effect>, Refused.Refused | NotFound | StoreError>

  /** Fetches nothing until it is resumed; consent, profile and data stay (rule P-R19). */
  readonly pause: Change

  /** Fetches again, the gap included. */
  readonly resume: Change

  /**
   * Asks again for the windows of the load that wait for a person: all of them, or those of one class. Changes nothing
   * when none waits. Refused (`not-possible-now`) while nothing could be fetched.
   */
  readonly retry: (
    caller: Access.Caller,
    id: Id.ConnectionId,
    dataClass?: DataClass.DataClass
  ) => Effect.Effect<ConnectionDetail, Refused.Refused | NotFound | WriteError>

  /**
   * Ends a connection: frees the profile, asks the provider to end the consent where it offers that, forgets the
   * tokens, stops the load. Consents that wait for a choice of profile end with it, or their tokens would live on for
   * nobody. Loaded data stays where it landed. For an advertiser it is the deliberate unlink (rules W-R9, C14).
   */
  readonly disconnect: Change
}

const verbs = { freshness, ...List, ...View, ...History, ...ReadEffects, ...Pause, ...RetryLoad, ...Disconnect }

/** Shows, pauses and ends connections. */
export class Connections extends Context.Service<Connections, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Connections"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(
    Connections,
    bound(deps("auditLog", "eventLog", "readModels", "repository", "secrets", "unitOfWork"), verbs)
  )
}
