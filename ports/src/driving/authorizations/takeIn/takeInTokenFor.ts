/**
 * A refresh token that an operator takes in for an organization, e.g. because its people cannot sign in yet, or sent it
 * to support. Operators act outside every organization, so no role is checked here. The history names the operator.
 */
import { Access, type Account, Channel, type Connection, type Id } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import { pageLimit, type PageRequest } from "../../../driven/Repository.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import type { RedirectDeps } from "../redirect.ts"
import { type TakeInToken, takeInToken } from "./takeInToken.ts"
import { forEachSideBySide, sideBySide } from "../../shared/sideBySide.ts"

/** The most companies whose accounts a search of `tokenTargets` lists. */
const companiesSearched = 20

/** A token, and the organization that it is for. */
export interface TakeInTokenFor extends TakeInToken {
  readonly organizationId: Id.OrganizationId
}

/** A connection that a token can be taken in for, with its account. */
export interface TokenTarget {
  readonly account: Account.Present
  readonly connection: Connection.Present
}

/** Connections that a token can be taken in for. */
export interface TokenTargets {
  readonly items: ReadonlyArray<TokenTarget>
  /** Whether there are more than are listed; a search finds them. */
  readonly hasMore: boolean
}

/** Takes in a token for a connection of any organization. A connection of another organization is not found. */
export const takeInTokenFor = Effect.fn("Connecting.takeInTokenFor")(function* (
  deps: ChangeDeps & RedirectDeps & Deps<"vault">,
  { actor }: Access.Operator,
  { organizationId, ...token }: TakeInTokenFor
) {
  const caller: Access.Caller = { organizationId, actor, role: "admin", accessScope: Access.everything }
  return yield* takeInToken(deps, caller, token)
})

// A first page has no cursor that could be invalid.
const firstPage: PageRequest = { limit: pageLimit }

/** The connections among which a search looks: of the companies that it finds, or of all. */
const connectionsOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  search: string | undefined
) {
  if (search === undefined) return [yield* repository.connections(organizationId, {}, firstPage)]
  const companies = yield* repository.companies(organizationId, { search }, { limit: companiesSearched })
  const found = yield* forEachSideBySide(companies.items, ({ id }) =>
    repository.connections(organizationId, { companyId: id }, firstPage)
  )
  return companies.next === undefined ? found : [...found, { items: [], next: companies.next }]
})

/**
 * Lists the connections of any organization that a token can be taken in for: those in use, of channels that give
 * access by a consent; with a search, those of companies with it in their name or brand.
 */
export const tokenTargets = Effect.fn("Connecting.tokenTargets")(function* (
  deps: Deps<"repository">,
  _operator: Access.Operator,
  organizationId: Id.OrganizationId,
  search?: string
) {
  const { repository } = deps
  const catalogue = yield* CurrentCatalogue
  const read = [
    repository.find("organization", organizationId, organizationId),
    connectionsOf(deps, organizationId, search).pipe(Effect.catchTag("InvalidCursor", Effect.die))
  ] as const
  const [, pages] = yield* sideBySide(...read)
  const possible = pages
    .flatMap(({ items }) => items)
    .filter(({ _tag, channel }) => _tag !== "Withdrawn" && Channel.accessBy(channel, catalogue) === "consent")
  const accounts = new Map<Id.AccountId, Account.Present>(
    yield* forEachSideBySide(new Set(possible.map(({ accountId }) => accountId)), (id) =>
      Effect.map(repository.find("account", organizationId, id), ({ state }) => [id, state] as const)
    )
  )
  const items = possible.flatMap((connection): ReadonlyArray<TokenTarget> => {
    const account = accounts.get(connection.accountId)
    return account?._tag === "Open" ? [{ account, connection }] : []
  })
  return { items, hasMore: pages.some(({ next }) => next !== undefined) } satisfies TokenTargets
})
