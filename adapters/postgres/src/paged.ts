import type { Stored } from "@portolan/domain"
import { Repository, Cursor } from "@portolan/ports"
import { Effect, Result } from "effect"

/** A row's place in its list: the value it is sorted by, then its id. */
export type Place = readonly [string | number, string]

/** What a list's query has to know: after which place, and how many rows. */
export interface Window {
  readonly after: Place | undefined
  /** One more than asked for, which tells whether there is another page. */
  readonly limit: number
}

/** Which page of which list. */
export interface ListPage {
  /** Seals cursors. */
  readonly key: CryptoKey
  /** The organization, the list and its filter: what cursors are bound to. */
  readonly name: ReadonlyArray<string | null | ReadonlyArray<string>>
  readonly page: Repository.PageRequest
}

/**
 * Reads one page by keyset: `query` gives the rows after a place, in order. A cursor made for one list does not open
 * another (law REPO-17). A limit outside 1 to 100 is moved to the nearest that is allowed. A row that cannot be read is
 * named beside the others.
 */
export const paged = Effect.fnUntraced(function* <Row, A, E>(
  { key, name: list, page }: ListPage,
  query: (window: Window) => Effect.Effect<ReadonlyArray<Row>, E>,
  row: { readonly place: (row: Row) => Place; readonly read: (row: Row) => Result.Result<A, Stored.Unreadable> }
): Effect.fn.Return<Repository.Page<A>, Repository.InvalidCursor | E> {
  const name = JSON.stringify(list)
  const limit = Math.min(Repository.pageLimit, Math.max(1, Math.trunc(page.limit)))
  let after: Place | undefined
  if (page.cursor !== undefined) {
    const [value, id] = yield* Cursor.open(key, name, page.cursor)
    if (value === undefined || id === undefined) return yield* new Repository.InvalidCursor()
    after = [value, String(id)]
  }
  const rows = yield* query({ after, limit: limit + 1 })
  const shown = rows.slice(0, limit)
  const read = shown.map(row.read)
  const unreadable = read.flatMap((one) => (Result.isFailure(one) ? [one.failure] : []))
  yield* Effect.forEach(unreadable, (one) => Effect.logError(one.message), { discard: true })
  const found = {
    items: read.flatMap((one) => (Result.isSuccess(one) ? [one.success] : [])),
    ...(unreadable.length === 0 ? {} : { unreadable })
  }
  const last = shown.at(-1)
  return last === undefined || rows.length <= limit
    ? found
    : { ...found, next: yield* Cursor.seal(key, name, [...row.place(last)]) }
})
