import type { Stored } from "@portolan/domain"
import { Repository, Cursor } from "@portolan/ports"
import { Effect } from "effect"

/** What a list is sorted by: a value, then the id, so that no two items are equal. */
export type SortKey = readonly [string | number, string]

/** In which order items come, and which of them cannot be read. */
export interface Order<A> {
  readonly key: (item: A) => SortKey
  readonly descending: boolean
  readonly unreadable?: ReadonlyMap<unknown, Stored.Unreadable>
}

/** Orders text by its code points, as a database with the C collation does. */
export const byText = (one: string, other: string): number => {
  const left = Buffer.from(one)
  return left.compare(Buffer.from(other))
}

const compare = (one: string | number, other: string | number): number =>
  typeof one === "number" && typeof other === "number" ? one - other : byText(String(one), String(other))

const byKey = (one: SortKey, other: SortKey): number => compare(one[0], other[0]) || compare(one[1], other[1])

/** Which page of which list. */
export interface ListPage {
  /** Seals cursors. */
  readonly key: CryptoKey
  /** The organization, the list and its filter: what cursors are bound to. */
  readonly name: ReadonlyArray<string | null | ReadonlyArray<string>>
  readonly page: Repository.PageRequest
}

/**
 * Cuts one page out of a list. A cursor made for one list does not open another (law REPO-17). A limit outside 1 to 100
 * is moved to the nearest that is allowed.
 */
export const paged = Effect.fnUntraced(function* <A>(
  { key, name: list, page }: ListPage,
  items: ReadonlyArray<A>,
  order: Order<A>
): Effect.fn.Return<Repository.Page<A>, Repository.InvalidCursor> {
  const name = JSON.stringify(list)
  const { countUpTo, limit } = Repository.bounded(page)
  const total = countUpTo === undefined ? {} : { total: Repository.totalOf(items.length, countUpTo) }
  const sign = order.descending ? -1 : 1
  const sorted = items
    .map((item) => ({ item, at: order.key(item) }))
    .toSorted((one, other) => sign * byKey(one.at, other.at))
  let rest = sorted
  if (page.cursor !== undefined) {
    const [value, id] = yield* Cursor.open(key, name, page.cursor)
    if (value === undefined || id === undefined) return yield* new Repository.InvalidCursor()
    rest = sorted.filter(({ at }) => sign * byKey(at, [value, String(id)]) > 0)
  }
  const shown = rest.slice(0, limit)
  const last = shown.at(-1)
  const { unreadable = new Map<unknown, Stored.Unreadable>() } = order
  const odd = shown.flatMap(({ item }) => unreadable.get(item) ?? [])
  const found = {
    items: shown.flatMap(({ item }) => (unreadable.has(item) ? [] : [item])),
    ...(odd.length === 0 ? {} : { unreadable: odd })
  }
  return last === undefined || rest.length <= limit
    ? { ...found, ...total }
    : { ...found, next: yield* Cursor.seal(key, name, [...last.at]), ...total }
})
