/** The connections of an account. */
import { type Account, type AccountType, Channel, Connection, type Id, type Marketplace } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { pageLimit } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { decideNew } from "../shared/change.ts"
import type { Deps } from "../shared/deps.ts"

/**
 * The connections of an account, oldest first, at most one page: an account has few. Those on the lists, unless other
 * states are asked for.
 */
export const connectionsOf = (
  { repository }: Deps<"repository">,
  { id: accountId, organizationId }: Pick<Account.Present, "id" | "organizationId">,
  states: ReadonlyArray<Connection.Present["_tag"]> = Connection.listed
): Effect.Effect<ReadonlyArray<Connection.Present>, StoreError> =>
  repository.connections(organizationId, { accountId, states }, { limit: pageLimit }).pipe(
    // A first page has no cursor that could be invalid.
    Effect.catchTag("InvalidCursor", Effect.die),
    Effect.map(({ items }) => items)
  )

/** How many connections of an account are linked to a profile. */
export const linkedCount = (deps: Deps<"repository">, account: Pick<Account.Present, "id" | "organizationId">) =>
  Effect.map(connectionsOf(deps, account), (all) => all.filter(Connection.isLinked).length)

/** An account in one marketplace, for which connections are proposed. */
export interface Proposal {
  readonly organizationId: Id.OrganizationId
  readonly companyId: Id.CompanyId
  readonly accountId: Id.AccountId
  readonly accountType: AccountType.AccountType
  readonly marketplaceId: Marketplace.MarketplaceId
  readonly provider: Marketplace.Provider
}

/** Decides to propose one connection for every channel that an account has in a marketplace. */
export const proposeConnections = (
  { secrets }: Deps<"secrets">,
  { accountType, provider, ...account }: Proposal,
  proposedAt: DateTime.Utc
) =>
  Effect.flatMap(CurrentCatalogue, (catalogue) =>
    Effect.forEach(Channel.required(provider, accountType, catalogue), ({ channel, optional }) =>
      Effect.gen(function* () {
        const id = yield* secrets.id("connection")
        const connection = { ...account, id, accountType, channel, optional, proposedAt }
        return yield* decideNew("connection", id, { _tag: "Propose", connection })
      })
    )
  )
