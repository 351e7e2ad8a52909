/** A window of data: what is asked of a provider, and what it may answer. */
import type { DataClass, Day, Profile } from "@portolan/domain"
import type { Schema } from "effect"
import type { Quarantined } from "./LeftOut.ts"

/** One window of data to fetch. */
export interface WindowRequest {
  readonly dataClass: DataClass.DataClass
  readonly profile: Profile.Candidate
  readonly from: Day.Day
  /** Excluded. */
  readonly until: Day.Day
  /** What `NotReady` gave last time. */
  readonly ticket?: string
}

/** One row as it will be landed. */
export interface Row {
  /**
   * Unique within connection and data class; the same fact always has the same key, so landing twice is landing once.
   */
  readonly key: string
  readonly day: Day.Day
  /** The provider's fields; numbers that are identifiers or money are text. */
  readonly data: { readonly [field: string]: Schema.Json }
}

/** A window's data, or the ticket to come back with. */
export type WindowAnswer =
  | {
      readonly _tag: "Rows"
      /** What landed; none when the answer is complete and there is nothing. */
      readonly rows: ReadonlyArray<Row>
      /** What cannot be read, beside the rows that can; left out when there is nothing of the kind. */
      readonly quarantined?: ReadonlyArray<Quarantined>
      /**
       * Days of the window that the answer lacks, although the provider lists every day: they look empty by this look,
       * as `Empty` says of a whole window. Left out when none is missing, or when the provider lists no empty days.
       */
      readonly missing?: ReadonlyArray<Day.Day>
    }
  /** Looks empty by this look, and does not prove it. `how`: what the answer was, in words for a person. */
  | {
      readonly _tag: "Empty"
      readonly how: string
      /** Never any; there for whoever only counts rows. */
      readonly rows?: readonly []
    }
  /** The provider is preparing it. */
  | { readonly _tag: "NotReady"; readonly ticket: string; readonly retryAfterSeconds: number }
  /** What the ticket stood for failed or is gone; ask anew without a ticket. */
  | { readonly _tag: "Lost"; readonly reason: string }
