/** How the model lists and finds aggregates. */
import { Text, type Aggregate, type Id, type Stored } from "@portolan/domain"
import { Cursor, Repository } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import type { FaultPoints, SortKey } from "./faultPoints.ts"
import type { MemoryBackend } from "./MemoryBackend.ts"

const { InvalidCursor, NotFound } = Repository

/** Everything a repository works on. */
export interface Model {
  readonly backend: MemoryBackend
  readonly faultPoints: FaultPoints
}

/** All aggregates of a kind of an organization, or of all organizations. */
export const all = <K extends Aggregate.Kind>(
  { backend }: Model,
  kind: K,
  organizationId?: Id.OrganizationId
): ReadonlyArray<Repository.Versioned<Aggregate.Present<K>>> =>
  [...backend.rows.values()].flatMap((row) =>
    row.kind === kind && (organizationId === undefined || row.organizationId === organizationId)
      ? // What is kept under a kind was written as that kind.
        [{ state: row.state as Aggregate.Present<K>, version: row.version }]
      : []
  )

/** Their states. */
export const states = <K extends Aggregate.Kind>(model: Model, kind: K, organizationId?: Id.OrganizationId) =>
  all(model, kind, organizationId).map(({ state }) => state)

/** Whether a filter that may be left out lets a value through. */
export const is = <A>(filter: A | undefined, value: A) => filter === undefined || filter === value

/** The same for a choice of several; a choice of none lets nothing through. */
export const among = <A>(filter: ReadonlyArray<A> | undefined, value: A) =>
  filter === undefined || filter.includes(value)

/** Whether a name holds a folded search. */
export const reads = (name: string, search: string | undefined) =>
  search === undefined || Text.folded(name).includes(search)

/** The place of what is sorted by an instant. */
export const since = (at: DateTime.Utc, id: string): SortKey => [DateTime.toEpochMillis(at), id]

/** How a list is cut: its name for cursors, its items, their places, and whether the youngest come first. */
export interface Cut<A> {
  readonly name: ReadonlyArray<unknown>
  readonly items: () => ReadonlyArray<A>
  readonly sortKey: (item: A) => SortKey
  readonly descending: boolean
}

const totalOf = (
  faultPoints: FaultPoints,
  [all, rest]: readonly [all: ReadonlyArray<unknown>, rest: ReadonlyArray<unknown>],
  countUpTo: number | undefined
) => {
  if (countUpTo === undefined) return {}
  const most = Math.min(Repository.totalLimit, Math.max(1, Math.trunc(countUpTo)))
  return { total: faultPoints.total(all.length, rest.length, most) }
}

/** Why a record cannot be read; nothing when it can. */
export const unreadableOf = (backend: MemoryBackend, value: unknown): ReadonlyArray<Stored.Unreadable> => {
  const found = typeof value === "object" && value !== null ? backend.unreadable.get(value) : undefined
  return found === undefined ? [] : [found]
}

/** Gives one page of a list. */
export const paged = <A>({ backend, faultPoints }: Model, cut: Cut<A>, page: Repository.PageRequest) => {
  const compare = (one: SortKey, other: SortKey) =>
    cut.descending ? faultPoints.compare(other, one) : faultPoints.compare(one, other)
  return Effect.flatMap(
    backend.access(cut.items),
    (items): Effect.Effect<Repository.Page<A>, Repository.InvalidCursor> => {
      const sorted = items
        .map((item) => ({ item, at: cut.sortKey(item) }))
        .toSorted((one, other) => compare(one.at, other.at))
      const name = JSON.stringify(cut.name)
      const rest = page.cursor === undefined ? sorted : faultPoints.resume(name, page.cursor, sorted, compare)
      if (rest === undefined) return Effect.fail(new InvalidCursor())
      const size = faultPoints.size(page.limit)
      const given = rest.slice(0, size)
      const last = given.at(-1)
      const odd = given.flatMap(({ item }) => unreadableOf(backend, item))
      const named = faultPoints.named(odd)
      const answer = {
        items: given.flatMap(({ item }) => (unreadableOf(backend, item).length === 0 ? [item] : [])),
        ...(named.length === 0 ? {} : { unreadable: named }),
        ...totalOf(faultPoints, [sorted, rest], page.countUpTo)
      }
      if (last === undefined || !faultPoints.hasNext(given.length, rest.length, size)) return Effect.succeed(answer)
      const next = faultPoints.seal(name, last.at, sorted.length - rest.length + given.length)
      return Effect.succeed({ ...answer, next })
    }
  )
}

/** How aggregates are listed: which, in what order, and the filter that the cursors are bound to. */
export interface List<K extends Aggregate.Kind> {
  readonly kind: K
  /** Left out for a list across organizations. */
  readonly organizationId?: Id.OrganizationId
  readonly filter: object
  readonly matches: (state: Aggregate.Present<K>) => boolean
  readonly sortKey: (state: Aggregate.Present<K>) => SortKey
  readonly youngestFirst?: boolean
}

/** Gives one page of the aggregates of a kind. */
export const list = <K extends Aggregate.Kind>(
  model: Model,
  { filter, kind, organizationId, sortKey, matches, youngestFirst = false }: List<K>,
  page: Repository.PageRequest
) =>
  paged(
    model,
    {
      name: [organizationId ?? null, kind, Cursor.spelled(filter)],
      sortKey,
      descending: youngestFirst,
      items: () => states(model, kind, organizationId).filter(matches)
    },
    page
  )

/** Gives what `look` finds, or says that it is not there, or cannot be read. */
export const found = <A extends { readonly state: object }>(
  { backend }: Model,
  kind: Aggregate.Kind,
  id: string,
  look: () => A | undefined
) =>
  Effect.flatMap(backend.access(look), (answer): Effect.Effect<A, Repository.NotFound | Stored.Unreadable> => {
    const [odd] = unreadableOf(backend, answer?.state)
    if (odd !== undefined) return Effect.fail(odd)
    return answer === undefined ? Effect.fail(new NotFound({ kind, id })) : Effect.succeed(answer)
  })
