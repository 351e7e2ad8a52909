/** The lists of the port: how each is filled, how a page of it is read, and what it has to hold, in which order. */
import { type Aggregate, type Id, Text } from "@portolan/domain"
import type { Repository, UnitOfWork } from "@portolan/ports"
import { Effect } from "effect"
import * as fixtures from "./fixtures/index.ts"
import { byText } from "./support.ts"
import type { Services } from "./RepositoryInstance.ts"

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
    services: Services,
    organizationId: OrganizationId,
    page: Repository.PageRequest,
    filtered: boolean
  ) => Effect.Effect<Shown, Repository.InvalidCursor | { readonly _tag: "StoreUnavailable" }>
  /** Whether it can be narrowed at all. */
  readonly hasFilter: boolean
  /** Whether the narrowed list holds the `n`-th item, of this value. */
  readonly matchesFilter: (n: number, value: number) => boolean
  /** The ids of items that were written, with their values, in the order of the list. */
  readonly sorted: (items: ReadonlyArray<{ readonly id: string; readonly value: number }>) => ReadonlyArray<string>
}

const isEven = (n: number) => n % 2 === 0

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

const written = <K extends Aggregate.Kind>(kind: K, next: Aggregate.Present<K>) => fixtures.write(kind, next, 0, [])

/** All lists by name. */
export const lists: { readonly [N in Name]: List } = {
  companies: {
    item: (organizationId, n, value) => written("company", fixtures.company(organizationId, n, nameOf(value))),
    page: ({ repository }, organizationId, page, filtered) =>
      Effect.map(repository.companies(organizationId, filtered ? { search: " ACME" } : {}, page), shown),
    hasFilter: true,
    matchesFilter: (_, value) => folded(value).includes("acme"),
    sorted: (items) =>
      items
        .toSorted((one, other) => byText(folded(one.value), folded(other.value)) || byText(one.id, other.id))
        .map(({ id }) => id)
  },
  accounts: {
    item: (organizationId, n, value) => written("account", fixtures.account(organizationId, n, place(n), value)),
    page: ({ repository }, organizationId, page, filtered) =>
      Effect.map(
        repository.accounts(
          organizationId,
          filtered ? { companyId: fixtures.idOf("company", organizationId, "even") } : {},
          page
        ),
        shown
      ),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: oldestFirst
  },
  connections: {
    item: (organizationId, n, value) => written("connection", fixtures.proposed(organizationId, n, place(n), value)),
    page: ({ repository }, organizationId, page, filtered) =>
      Effect.map(
        repository.connections(
          organizationId,
          filtered
            ? { companyId: fixtures.idOf("company", organizationId, "even"), states: ["Proposed", "Connected"] }
            : {},
          page
        ),
        shown
      ),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: oldestFirst
  },
  authorizations: {
    item: (organizationId, n, value) =>
      written("authorization", fixtures.authorization(organizationId, n, place(n), value)),
    page: ({ repository }, organizationId, page, filtered) =>
      Effect.map(
        repository.authorizations(
          organizationId,
          filtered ? { connectionId: fixtures.idOf("connection", organizationId, "even"), states: ["Started"] } : {},
          page
        ),
        shown
      ),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: youngestFirst
  },
  invitations: {
    item: (organizationId, n, value) => written("invitation", fixtures.link(organizationId, n, place(n), value)),
    page: ({ repository }, organizationId, page, filtered) =>
      Effect.map(
        repository.invitations(
          organizationId,
          filtered
            ? { connectionId: fixtures.idOf("connection", organizationId, "even"), states: ["Open"], requests: false }
            : {},
          page
        ),
        shown
      ),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: youngestFirst
  },
  grants: {
    item: (organizationId, n, value) => written("grant", fixtures.keptGrant(organizationId, n, place(n), value)),
    page: ({ repository }, organizationId, page, filtered) =>
      Effect.map(
        repository.grants(
          organizationId,
          filtered
            ? {
                responsiblePersonId: fixtures.idOf("person", organizationId, "even"),
                channel: "amazon-ads",
                region: "NA",
                states: ["Active"]
              }
            : {},
          page
        ),
        shown
      ),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: youngestFirst
  },
  members: {
    item: (organizationId, n, value) =>
      written(
        "member",
        isEven(n)
          ? fixtures.member(organizationId, n, addressOf(value))
          : fixtures.invited(organizationId, n, addressOf(value))
      ),
    page: ({ repository }, organizationId, page, filtered) =>
      Effect.map(repository.members(organizationId, filtered ? { states: ["Active", "Gone"] } : {}, page), shown),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: (items) =>
      items
        .toSorted(
          (one, other) =>
            byText(Text.folded(addressOf(one.value)), Text.folded(addressOf(other.value))) || byText(one.id, other.id)
        )
        .map(({ id }) => id)
  },
  apiKeys: {
    item: (organizationId, n, value) => written("apiKey", fixtures.apiKey(organizationId, n, value)),
    page: ({ repository }, organizationId, page) => Effect.map(repository.apiKeys(organizationId, page), shown),
    hasFilter: false,
    matchesFilter: () => true,
    sorted: youngestFirst
  },
  history: {
    // One event an item: the history is sorted by position, which follows from the order of the writes.
    item: (organizationId, n) =>
      fixtures.write("company", fixtures.company(organizationId, n, "Acme"), 0, [
        { _tag: "CompanyRenamed", name: "Acme" }
      ]),
    page: ({ log }, organizationId, page, filtered) =>
      Effect.map(
        log.of(
          organizationId,
          Array.from({ length: 130 }, (_, n) => n)
            .filter((n) => !filtered || isEven(n))
            .map((n) => fixtures.idOf("company", organizationId, n)),
          page
        ),
        ({ items, next }) => ({ items: items.map(({ aggregate }) => aggregate.id), next })
      ),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: lastWritten
  },
  all: {
    item: (organizationId, n) =>
      isEven(n)
        ? fixtures.write("company", fixtures.company(organizationId, n, "Acme"), 0, [
            { _tag: "CompanyRenamed", name: "Acme" }
          ])
        : fixtures.write("account", fixtures.account(organizationId, n, 0), 0, [
            { _tag: "AccountRenamed", name: "Acme" }
          ]),
    page: ({ log }, organizationId, page, filtered) =>
      Effect.map(
        log.all(organizationId, filtered ? { kinds: ["company", "grant"], actor: "System" } : {}, page),
        ({ items, next }) => ({ items: items.map(({ aggregate }) => aggregate.id), next })
      ),
    hasFilter: true,
    matchesFilter: isEven,
    sorted: lastWritten
  }
}
