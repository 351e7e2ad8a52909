/** Lists in pages: every list of a store is read this way. */
import { Messages, type Stored } from "@portolan/domain"
import { Schema } from "effect"

/**
 * One page of a list. `next` continues it and is absent on the last page, even when that is exactly full. `total` is
 * there when it was asked for.
 */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly next?: string
  readonly total?: Total
  /**
   * What belongs on this page and cannot be read by this release (law REPO-26); absent when there is none. One odd
   * record does not hide the others. Whoever decides by a list as a whole has to look here (`everyPage` does).
   */
  readonly unreadable?: ReadonlyArray<Stored.Unreadable>
}

/**
 * How many items the whole list has, on all its pages, as its filter and the caller's access narrow it (law REPO-45).
 * `isCapped`: counting stopped at `count`, and there are more.
 */
export interface Total {
  readonly count: number
  readonly isCapped: boolean
}

/**
 * Where to go on and how much to give. `limit` is 1 to 100. `countUpTo` asks for the total, counted up to this many, 1
 * to `totalLimit`; a store reads it together with the page, so both are of one instant.
 */
export interface PageRequest {
  readonly cursor?: string
  readonly limit: number
  readonly countUpTo?: number
}

/** The largest page. */
export const pageLimit = 100

/** The furthest that a list is counted: beyond it a list is "more than" so many, so that a total stays cheap. */
export const totalLimit = 10_000

/** What a page request asks of a store, within bounds: a limit outside 1 to 100 is moved to the nearest allowed. */
export const bounded = ({
  countUpTo,
  limit
}: PageRequest): { readonly limit: number; readonly countUpTo?: number } => ({
  limit: between(limit, pageLimit),
  ...(countUpTo === undefined ? {} : { countUpTo: between(countUpTo, totalLimit) })
})

const between = (value: number, most: number): number => Math.min(most, Math.max(1, Math.trunc(value)))

/** The total, from how many items were found when counting stopped after one more than `countUpTo`. */
export const totalOf = (found: number, countUpTo: number): Total => ({
  count: Math.min(found, countUpTo),
  isCapped: found > countUpTo
})

/** The cursor was altered, or belongs to another list or organization (law REPO-17). */
export class InvalidCursor extends Schema.TaggedError<InvalidCursor>()("InvalidCursor", {}) {
  override get message(): string {
    return Messages.text("store.cursor-invalid")
  }
}
