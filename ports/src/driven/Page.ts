/** Lists in pages: every list of a store is read this way. */
import { Messages, type Stored } from "@portolan/domain"
import { Schema } from "effect"

/** One page of a list. `next` continues it and is absent on the last page, even when that is exactly full. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly next?: string
  /**
   * What belongs on this page and cannot be read by this release (law REPO-26); absent when there is none. One odd
   * record does not hide the others. Whoever decides by a list as a whole has to look here (`everyPage` does).
   */
  readonly unreadable?: ReadonlyArray<Stored.Unreadable>
}

/** Where to go on and how much to give. `limit` is 1 to 100. */
export interface PageRequest {
  readonly cursor?: string
  readonly limit: number
}

/** The largest page. */
export const pageLimit = 100

/** The cursor was altered, or belongs to another list or organization (law REPO-17). */
export class InvalidCursor extends Schema.TaggedError<InvalidCursor>()("InvalidCursor", {}) {
  override get message(): string {
    return Messages.text("store.cursor-invalid")
  }
}
