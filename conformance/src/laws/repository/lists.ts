/** The lists of the port by name: how each is filled, how a page of it is read, and what it holds in which order. */
import { all, history } from "./eventLists.ts"
import { authorizations, connections, grants, invitations } from "./connectionLists.ts"
import type { List } from "./List.ts"
import { accounts, apiKeys, companies, members } from "./organizationLists.ts"

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

/** All lists by name. */
export const lists: { readonly [N in Name]: List } = {
  companies,
  accounts,
  connections,
  authorizations,
  invitations,
  grants,
  members,
  apiKeys,
  history,
  all
}
