/** The lists of the port, each with a way to fill it, to ask for a page and to know what has to come, in which order. */
import { type Aggregate, type Id, Text } from "@portolan/domain"
import type { Repository, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import * as material from "./material.ts"
import type { Stores } from "./StoreInstance.ts"

type OrganizationId = Id.OrganizationId

/** The names of all lists. */
export const names = [
  "companies",
  "accounts",
  "connections",
  "authorizations",
  "invitations",
  "grants",
  "members",
  "apiKeys",
  "history",
  "all"
] as const
/** The name of a list. */
export type Name = (typeof names)[number]

/** What a page shows of an item: enough to know it again. */
export interface Shown {
  readonly items: ReadonlyArray<string>
  readonly next: string | undefined
}

/** One list of the port. */
export interface List {
  /** Writes the `n`-th item. Items of the same `value` are equal in all that the list is sorted by, but their ids. */
  readonly item: (organizationId: OrganizationId, n: number, value: number) => UnitOfWork.Write
  /** Asks for a page, of everything or narrowed by what the list can be narrowed by. */
  readonly page: (
    stores: Stores,
    organizationId: OrganizationId,
    page: Repository.PageRequest,
    narrow: boolean
  ) => Effect.Effect<Shown, Repository.InvalidCursor | { readonly _tag: "StoreUnavailable" }>
  /** Whether it can be narrowed at all. */
  readonly narrows: boolean
  /** Whether the narrowed list holds the `n`-th item, of this value. */
  readonly isNarrow: (n: number, value: number) => boolean
  /** The ids of items that were written, with their values, in the order of the list. */
  readonly sorted: (items: ReadonlyArray<{ readonly id: string; readonly value: number }>) => ReadonlyArray<string>
}

const isEven = (n: number) => n % 2 === 0

const byText = (one: string, other: string) => Buffer.from(one).compare(Buffer.from(other))

type Item = { readonly id: string; readonly value: number }

const oldestFirst = (items: ReadonlyArray<Item>) =>
  items.toSorted((one, other) => one.value - other.value || byText(one.id, other.id)).map(({ id }) => id)

const youngestFirst = (items: ReadonlyArray<Item>) => oldestFirst(items).toReversed()

/** Company names by value. The first two read alike, and only their ids tell their companies apart. */
export const companyNames = ["Acme", "\u{ff21}CME", "acme  two", "Zebra"] as const

/** Addresses by value. The first two read alike. */
const addresses = ["acme@example.com", "ACME@Example.com", "acme.two@example.com", "zebra@example.com"] as const

const addressOf = (value: number) => addresses[value % addresses.length] ?? addresses[0]

const lastWritten = (items: ReadonlyArray<Item>) => items.map(({ id }) => id).toReversed()

const nameOf = (value: number) => companyNames[value % companyNames.length] ?? "Acme"

const folded = (value: number) => Text.folded(nameOf(value))

const shown = <A extends { readonly id: string }>({ items, next }: Repository.Page<A>): Shown => ({
  items: items.map(({ id }) => id),
  next
})

const place = (n: number) => (isEven(n) ? "even" : "odd")

const written = <K extends Aggregate.Kind>(kind: K, next: Aggregate.Present<K>) => material.write(kind, next, 0, [])

/** All lists by name. */
export const lists: { readonly [N in Name]: List } = {
  companies: {
    item: (organizationId, n, value) => written("company", material.company(organizationId, n, nameOf(value))),
    page: ({ store }, organizationId, page, narrow) =>
      Effect.map(store.companies(organizationId, narrow ? { search: " ACME" } : {}, page), shown),
    narrows: true,
    isNarrow: (_, value) => folded(value).includes("acme"),
    sorted: (items) =>
      items
        .toSorted((one, other) => byText(folded(one.value), folded(other.value)) || byText(one.id, other.id))
        .map(({ id }) => id)
  },
  accounts: {
    item: (organizationId, n, value) => written("account", material.account(organizationId, n, place(n), value)),
    page: ({ store }, organizationId, page, narrow) =>
      Effect.map(
        store.accounts(
          organizationId,
          narrow ? { companyId: material.idOf("company", organizationId, "even") } : {},
          page
        ),
        shown
      ),
    narrows: true,
    isNarrow: isEven,
    sorted: oldestFirst
  },
  connections: {
    item: (organizationId, n, value) => written("connection", material.proposed(organizationId, n, place(n), value)),
    page: ({ store }, organizationId, page, narrow) =>
      Effect.map(
        store.connections(
          organizationId,
          narrow
            ? { companyId: material.idOf("company", organizationId, "even"), states: ["Proposed", "Connected"] }
            : {},
          page
        ),
        shown
      ),
    narrows: true,
    isNarrow: isEven,
    sorted: oldestFirst
  },
  authorizations: {
    item: (organizationId, n, value) =>
      written("authorization", material.authorization(organizationId, n, place(n), value)),
    page: ({ store }, organizationId, page, narrow) =>
      Effect.map(
        store.authorizations(
          organizationId,
          narrow ? { connectionId: material.idOf("connection", organizationId, "even"), states: ["Started"] } : {},
          page
        ),
        shown
      ),
    narrows: true,
    isNarrow: isEven,
    sorted: youngestFirst
  },
  invitations: {
    item: (organizationId, n, value) => written("invitation", material.link(organizationId, n, place(n), value)),
    page: ({ store }, organizationId, page, narrow) =>
      Effect.map(
        store.invitations(
          organizationId,
          narrow
            ? { connectionId: material.idOf("connection", organizationId, "even"), states: ["Open"], requests: false }
            : {},
          page
        ),
        shown
      ),
    narrows: true,
    isNarrow: isEven,
    sorted: youngestFirst
  },
  grants: {
    item: (organizationId, n, value) => written("grant", material.keptGrant(organizationId, n, place(n), value)),
    page: ({ store }, organizationId, page, narrow) =>
      Effect.map(
        store.grants(
          organizationId,
          narrow
            ? {
                responsiblePersonId: material.idOf("person", organizationId, "even"),
                channel: "amazon-ads",
                region: "NA",
                states: ["Active"]
              }
            : {},
          page
        ),
        shown
      ),
    narrows: true,
    isNarrow: isEven,
    sorted: youngestFirst
  },
  members: {
    item: (organizationId, n, value) =>
      written(
        "member",
        isEven(n)
          ? material.member(organizationId, n, addressOf(value))
          : material.invited(organizationId, n, addressOf(value))
      ),
    page: ({ store }, organizationId, page, narrow) =>
      Effect.map(store.members(organizationId, narrow ? { states: ["Active", "Gone"] } : {}, page), shown),
    narrows: true,
    isNarrow: isEven,
    sorted: (items) =>
      items
        .toSorted(
          (one, other) =>
            byText(Text.folded(addressOf(one.value)), Text.folded(addressOf(other.value))) || byText(one.id, other.id)
        )
        .map(({ id }) => id)
  },
  apiKeys: {
    item: (organizationId, n, value) => written("apiKey", material.apiKey(organizationId, n, value)),
    page: ({ store }, organizationId, page) => Effect.map(store.apiKeys(organizationId, page), shown),
    narrows: false,
    isNarrow: () => true,
    sorted: youngestFirst
  },
  history: {
    // One event an item: the history is sorted by position, which follows from the order of the writes.
    item: (organizationId, n) =>
      material.write("company", material.company(organizationId, n, "Acme"), 0, [
        { _tag: "CompanyRenamed", name: "Acme" }
      ]),
    page: ({ log }, organizationId, page, narrow) =>
      Effect.map(
        log.of(
          organizationId,
          Array.from({ length: 130 }, (_, n) => n)
            .filter((n) => !narrow || isEven(n))
            .map((n) => material.idOf("company", organizationId, n)),
          page
        ),
        ({ items, next }) => ({ items: items.map(({ aggregate }) => aggregate.id), next })
      ),
    narrows: true,
    isNarrow: isEven,
    sorted: lastWritten
  },
  all: {
    item: (organizationId, n) =>
      isEven(n)
        ? material.write("company", material.company(organizationId, n, "Acme"), 0, [
            { _tag: "CompanyRenamed", name: "Acme" }
          ])
        : material.write("account", material.account(organizationId, n, 0), 0, [
            { _tag: "AccountRenamed", name: "Acme" }
          ]),
    page: ({ log }, organizationId, page, narrow) =>
      Effect.map(
        log.all(organizationId, narrow ? { kinds: ["company", "grant"], actor: "System" } : {}, page),
        ({ items, next }) => ({ items: items.map(({ aggregate }) => aggregate.id), next })
      ),
    narrows: true,
    isNarrow: isEven,
    sorted: lastWritten
  }
}

/** Writes items with these values, numbered from `first`; gives their ids with their values. */
export const fill = Effect.fnUntraced(function* (
  stores: Stores,
  organizationId: OrganizationId,
  list: Name,
  values: ReadonlyArray<number>,
  first = 0
) {
  const writes = values.map((value, index) => lists[list].item(organizationId, first + index, value))
  // One change an item of the history: within a change, the order of aggregates is nobody's promise.
  const changes = list === "history" || list === "all" ? writes.map((each) => [each]) : [writes]
  for (const each of changes) {
    yield* stores.unitOfWork.commit(material.change(organizationId, { writes: each, at: DateTime.makeUnsafe(0) }))
  }
  return writes.map(({ id }, index) => ({ id, value: values[index] ?? 0, n: first + index }))
})
