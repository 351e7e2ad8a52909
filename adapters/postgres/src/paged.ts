import type { Stored } from "@portolan/domain"
import { Cursor, Repository, type StoreUnavailable } from "@portolan/ports"
import { Effect, Result } from "effect"
import { type RawBuilder, sql } from "kysely"
import { readList, type Subject } from "./store/reading.ts"
import type { Store } from "./Store.ts"

/** A row's place in its list: the value it is sorted by, then its id. */
export type Place = readonly [string | number, string]

/** What a list's query has to know: after which place, and how many rows. */
export interface Window {
  readonly after: Place | undefined
  /** One more than asked for, which tells whether there is another page. */
  readonly limit: number
  /** How far to count all that the list has; nothing when no total was asked for. */
  readonly countUpTo?: number
}

/** The rows of a page, and how many the list has; counting ends one after `countUpTo`. */
export interface Counted<Row> {
  readonly rows: ReadonlyArray<Row>
  readonly found?: number
}

/** What a list's statement reads. */
export interface Selection {
  readonly columns: RawBuilder<unknown>
  readonly table: RawBuilder<unknown>
  /** What belongs to the list. */
  readonly where: RawBuilder<unknown>
  /** What comes after the place of the page before. */
  readonly after: RawBuilder<unknown>
  /** The order, by names among the columns. */
  readonly order: RawBuilder<unknown>
}

/**
 * Reads the rows of a page, and the total when it is asked for. It is one statement in both cases, so a page and its
 * total are of one snapshot (law REPO-45).
 */
export const readPage = <Row extends { readonly id: string }>(
  store: Store["Service"],
  subject: Subject,
  { after, columns, order, table, where }: Selection,
  { countUpTo, limit }: Window
): Effect.Effect<Counted<Row>, StoreUnavailable.StoreUnavailable> => {
  const page = sql<Row>`select ${columns} from ${table} where ${where} and ${after} order by ${order} limit ${limit}`
  if (countUpTo === undefined) return Effect.map(readList(store, subject, page), (rows) => ({ rows }))
  // The outer join gives a row also when the page is empty.
  const counted = sql<Row & { readonly found: number }>`with page as (${page}),
    counted as (select count(*)::int as found
      from (select 1 from ${table} where ${where} limit ${countUpTo + 1}) as matching)
    select counted.found, page.* from counted left join page on true order by ${order}`
  return Effect.map(readList(store, subject, counted), (rows) => ({
    rows: rows.filter(({ id }) => id !== null),
    found: rows[0]?.found ?? 0
  }))
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
  query: (window: Window) => Effect.Effect<Counted<Row>, E>,
  row: { readonly place: (row: Row) => Place; readonly read: (row: Row) => Result.Result<A, Stored.Unreadable> }
): Effect.fn.Return<Repository.Page<A>, Repository.InvalidCursor | E> {
  const name = JSON.stringify(list)
  const { limit, ...total } = Repository.bounded(page)
  let after: Place | undefined
  if (page.cursor !== undefined) {
    const [value, id] = yield* Cursor.open(key, name, page.cursor)
    if (value === undefined || id === undefined) return yield* new Repository.InvalidCursor()
    after = [value, String(id)]
  }
  const { found, rows } = yield* query({ after, limit: limit + 1, ...total })
  const shown = rows.slice(0, limit)
  const read = shown.map(row.read)
  const unreadable = read.flatMap((one) => (Result.isFailure(one) ? [one.failure] : []))
  yield* Effect.forEach(unreadable, (one) => Effect.logError(one.message), { discard: true })
  const { countUpTo } = total
  const answer = {
    items: read.flatMap((one) => (Result.isSuccess(one) ? [one.success] : [])),
    ...(unreadable.length === 0 ? {} : { unreadable }),
    ...(found === undefined || countUpTo === undefined ? {} : { total: Repository.totalOf(found, countUpTo) })
  }
  const last = shown.at(-1)
  return last === undefined || rows.length <= limit
    ? answer
    : { ...answer, next: yield* Cursor.seal(key, name, [...row.place(last)]) }
})
