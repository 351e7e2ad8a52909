/** The lists of an organization itself: companies, accounts, members, API keys. */
import { Text } from "@portolan/domain"
import { Effect } from "effect"
import * as fixtures from "./fixtures/index.ts"
import { byTextOf, isEven, oldestFirst, parity, shown, type List, written, youngestFirst } from "./List.ts"

/** Company names by value. The first two read alike, and only their ids tell their companies apart. */
const companyNames = ["Acme", "\u{ff21}CME", "acme  two", "Zebra"] as const

const nameOf = (value: number) => companyNames[value % companyNames.length] ?? "Acme"

const foldedName = (value: number) => Text.folded(nameOf(value))

/** Addresses by value. The first two read alike. */
const addresses = ["acme@example.com", "ACME@Example.com", "acme.two@example.com", "zebra@example.com"] as const

const addressOf = (value: number) => addresses[value % addresses.length] ?? addresses[0]

/** The list of companies, by name. */
export const companies: List = {
  item: (organizationId, n, value) => written("company", fixtures.company(organizationId, n, nameOf(value))),
  page: ({ repository }, organizationId, page, filtered) =>
    Effect.map(repository.companies(organizationId, filtered ? { search: " ACME" } : {}, page), shown),
  hasFilter: true,
  matchesFilter: (_, value) => foldedName(value).includes("acme"),
  sorted: byTextOf(foldedName)
}

/** The list of accounts in use, oldest first. */
export const accounts: List = {
  item: (organizationId, n, value) => written("account", fixtures.account(organizationId, n, parity(n), value)),
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
}

/** The list of members, by address. */
export const members: List = {
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
  sorted: byTextOf((value) => Text.folded(addressOf(value)))
}

/** The list of API keys, youngest first. */
export const apiKeys: List = {
  item: (organizationId, n, value) => written("apiKey", fixtures.apiKey(organizationId, n, value)),
  page: ({ repository }, organizationId, page) => Effect.map(repository.apiKeys(organizationId, page), shown),
  hasFilter: false,
  matchesFilter: () => true,
  sorted: youngestFirst
}
