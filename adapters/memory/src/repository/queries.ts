/** How aggregates are read: all of a kind, or one page of a list. */
import type { Aggregate, Id } from "@portolan/domain"
import { Cursor, type Repository } from "@portolan/ports"
import { DateTime, Effect, HashMap } from "effect"
import { type Contents, type Memory, read, tenant } from "../Memory.ts"
import { paged, type SortKey } from "../paged.ts"

const ofKind = <K extends Aggregate.Kind>(
  contents: Contents,
  organizationId: Id.OrganizationId,
  kind: K
): ReadonlyArray<Repository.Versioned<Aggregate.Present<K>>> => {
  const found: Array<Repository.Versioned<Aggregate.Present<K>>> = []
  for (const kept of HashMap.values(tenant(contents, organizationId).aggregates)) {
    // What is kept under a kind was written as that kind.
    if (kept.kind === kind) found.push({ state: kept.state as Aggregate.Present<K>, version: kept.version })
  }
  return found
}

const ofEveryTenant = <K extends Aggregate.Kind>(contents: Contents, kind: K) =>
  [...HashMap.keys(contents.tenants)].flatMap((organizationId) => ofKind(contents, organizationId, kind))

const everyRow = <K extends Aggregate.Kind>(memory: Memory["Service"], kind: K, organizationId?: Id.OrganizationId) =>
  read(memory, (contents) =>
    organizationId === undefined ? ofEveryTenant(contents, kind) : ofKind(contents, organizationId, kind)
  )

/** Why records cannot be read, by what they were before. */
export const unreadableOf = (memory: Memory["Service"]) => read(memory, ({ unreadable }) => unreadable)

/** All aggregates of a kind that can be read, of one organization or of all. */
export const all = <K extends Aggregate.Kind>(memory: Memory["Service"], kind: K, organizationId?: Id.OrganizationId) =>
  Effect.zipWith(everyRow(memory, kind, organizationId), unreadableOf(memory), (rows, unreadable) =>
    unreadable.size === 0 ? rows : rows.filter(({ state }) => !unreadable.has(state))
  )

/** Sorts by an instant. */
export const since = (instant: DateTime.Utc, id: string): SortKey => [DateTime.toEpochMillis(instant), id]

/** Whether a value equals the one of a filter; every value does when the filter leaves it out. */
export const is = <A>(expected: A | undefined, value: A): boolean => expected === undefined || expected === value

/** Whether a value is among those of a filter; none is among none. */
export const among = <A>(expected: ReadonlyArray<A> | undefined, value: A): boolean =>
  expected === undefined || expected.includes(value)

/** What a list shows, and in which order. */
export interface List<K extends Aggregate.Kind> {
  readonly kind: K
  /** What the list's cursors are bound to. */
  readonly filter: object
  readonly matches: (state: Aggregate.Present<K>) => boolean
  readonly key: (state: Aggregate.Present<K>) => SortKey
  readonly latestFirst?: boolean
  /** The organization; left out for a list across all of them. */
  readonly organizationId?: Id.OrganizationId
}

/** Reads one page of a list. */
export const list = Effect.fnUntraced(function* <K extends Aggregate.Kind>(
  memory: Memory["Service"],
  { filter, key, kind, latestFirst = false, matches, organizationId }: List<K>,
  page: Repository.PageRequest
) {
  const found = (yield* everyRow(memory, kind, organizationId)).map(({ state }) => state).filter(matches)
  const unreadable = yield* unreadableOf(memory)
  const name = [organizationId ?? null, kind, Cursor.spelled(filter)]
  return yield* paged<Aggregate.Present<K>>({ key: memory.cursorKey, name, page }, found, {
    key,
    descending: latestFirst,
    unreadable
  })
})
