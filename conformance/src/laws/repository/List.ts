/** What a list of the port is to the laws about pages, and the orders in which lists come. */
import { type Aggregate, type Id } from "@portolan/domain"
import type { Repository, StoreUnavailable, UnitOfWork } from "@portolan/ports"
import type { Effect } from "effect"
import * as fixtures from "./fixtures/index.ts"
import type { Services } from "./RepositoryInstance.ts"
import { byText } from "./support.ts"

type OrganizationId = Id.OrganizationId

/** What a page shows of an item: enough to know it again. */
export interface Shown {
  readonly items: ReadonlyArray<string>
  readonly next: string | undefined
  readonly total: Repository.Total | undefined
}

/** One list of the port. */
export interface List {
  /** Writes the `n`-th item. Items of the same `value` are equal in all that the list is sorted by, but their ids. */
  readonly item: (organizationId: OrganizationId, n: number, value: number) => UnitOfWork.Write
  /** Asks for a page, of everything or narrowed by what the list can be narrowed by. */
  readonly page: (
    services: Services,
    organizationId: OrganizationId,
    page: Repository.PageRequest,
    filtered: boolean
  ) => Effect.Effect<Shown, Repository.InvalidCursor | StoreUnavailable.StoreError>
  /** Whether it can be narrowed at all. */
  readonly hasFilter: boolean
  /** Whether the narrowed list holds the `n`-th item, of this value. */
  readonly matchesFilter: (n: number, value: number) => boolean
  /** The ids of items that were written, with their values, in the order of the list. */
  readonly sorted: (items: ReadonlyArray<Item>) => ReadonlyArray<string>
}

/** An item that was written, and the value that its list is sorted by. */
export interface Item {
  readonly id: string
  readonly value: number
}

/** The ids of items, the smallest value first, then by id. */
export const oldestFirst = (items: ReadonlyArray<Item>) =>
  items.toSorted((one, other) => one.value - other.value || byText(one.id, other.id)).map(({ id }) => id)

/** The same the other way round. */
export const youngestFirst = (items: ReadonlyArray<Item>) => oldestFirst(items).toReversed()

/** The ids of items by a text of their value, then by id. */
export const byTextOf = (text: (value: number) => string) => (items: ReadonlyArray<Item>) =>
  items
    .toSorted((one, other) => byText(text(one.value), text(other.value)) || byText(one.id, other.id))
    .map(({ id }) => id)

/** Whether a number is even: half of the items match a filter. */
export const isEven = (n: number) => n % 2 === 0

/** What every second item belongs to: the thing named `even`. */
export const parity = (n: number) => (isEven(n) ? "even" : "odd")

/** Gives the ids of a page. */
export const shown = <A extends { readonly id: string }>({ items, next, total }: Repository.Page<A>): Shown => ({
  items: items.map(({ id }) => id),
  next,
  total
})

/** The first write of an aggregate, without events. */
export const written = <K extends Aggregate.Kind>(kind: K, next: Aggregate.Present<K>) =>
  fixtures.write(kind, next, 0, [])
