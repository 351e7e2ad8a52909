/** Consents that end (rules C11, X-R13): what ends when, as a list and a calendar. `Requests` asks for new ones. */
import type { Access, Refused } from "@portolan/domain"
import { Context, type Effect, Layer, type Redacted } from "effect"
import type { InvalidCursor, NotFound, Page, PageRequest } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import type { WriteError } from "../../driven/UnitOfWork.ts"
import { bound, deps, type Service } from "../shared/deps.ts"
import * as Feed from "./calendarFeed.ts"
import * as List from "./listRenewals.ts"

export type { CalendarFeed } from "./calendarFeed.ts"
export type { Ending } from "./endings.ts"
export { calendarLimit, daysAhead, type Renewal, type RenewalFilter } from "./listRenewals.ts"

/** Lists consents that end, and gives them to calendars. */
export interface Contract {
  /**
   * Lists consents that end within a time or are lost, of the accounts that the caller may see: lost ones first, then
   * the nearest end. At most 10,000 connections are looked at.
   */
  readonly list: (
    caller: Access.Caller,
    filter: List.RenewalFilter,
    page: PageRequest
  ) => Effect.Effect<Page<List.Renewal>, Refused.Refused | InvalidCursor | StoreError>

  /** The ends of the next `daysAhead` days, the nearest first, at most `calendarLimit`. */
  readonly calendar: (caller: Access.Caller) => Effect.Effect<ReadonlyArray<List.Renewal>, Refused.Refused | StoreError>

  /** Whether the caller has an address for their calendar. Keys have none and are refused. */
  readonly feed: (
    caller: Access.Caller
  ) => Effect.Effect<Feed.CalendarFeed | undefined, NotFound | Refused.Refused | StoreError>

  /** Makes the caller's address, in place of one before. Gives its token, which nobody can read later. */
  readonly openFeed: (
    caller: Access.Caller
  ) => Effect.Effect<Redacted.Redacted<string>, NotFound | Refused.Refused | WriteError>

  /** Withdraws the caller's address; nothing when there is none. */
  readonly closeFeed: (caller: Access.Caller) => Effect.Effect<void, NotFound | Refused.Refused | WriteError>

  /**
   * The calendar behind a token, as its member sees it now. Not found, in the same words, when the token never was, was
   * withdrawn or replaced, or its member left.
   */
  readonly byFeed: (
    token: Redacted.Redacted<string>
  ) => Effect.Effect<ReadonlyArray<List.Renewal>, NotFound | Refused.Refused | StoreError>
}

const { byFeed, closeFeed, feed, openFeed } = Feed
const verbs = { byFeed, calendar: List.calendar, closeFeed, feed, list: List.list, openFeed }

/** Lists consents that end, and gives them to calendars. */
export class Renewals extends Context.Service<Renewals, Service<Contract, typeof verbs>>()(
  "@portolan/ports/driving/Renewals"
) {
  /** The service over the driven ports. */
  static readonly layer = Layer.effect(Renewals, bound(deps("repository", "secrets", "unitOfWork"), verbs))
}
