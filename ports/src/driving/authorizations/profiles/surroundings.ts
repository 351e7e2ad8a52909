import { type Account, type Catalogue, Connection, type Grant, type Id } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import type { Deps } from "../../shared/deps.ts"
import { forEachSideBySide, sideBySide } from "../../shared/sideBySide.ts"

/** The account of a connection and all its connections: what the obstacles of a profile depend on. */
export interface Surroundings {
  readonly account: Account.Present
  /** The version of the account, for a change that holds only while the account is as it was read. */
  readonly version: number
  readonly connections: ReadonlyArray<Connection.Present>
  /** The consents that its connections live on. */
  readonly consents: ReadonlyArray<Grant.Present>
  /** What the installation knows of providers. */
  readonly catalogue: Catalogue.Catalogue
}

/** Reads an account with its connections and their consents. */
export const surroundings = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  accountId: Id.AccountId
) {
  const listed = repository.connections(organizationId, { accountId }, { limit: 100 }).pipe(
    // A first page has no cursor that could be invalid.
    Effect.catchTag("InvalidCursor", Effect.die)
  )
  const read = [repository.find("account", organizationId, accountId), listed] as const
  const [{ state: account, version }, { items: connections }] = yield* sideBySide(...read)
  const grantIds = new Set(connections.flatMap((one) => (Connection.isLinked(one) ? [one.link.grantId] : [])))
  const consents = yield* forEachSideBySide(grantIds, (id) =>
    Effect.map(repository.find("grant", organizationId, id), ({ state }) => state)
  )
  const catalogue = yield* CurrentCatalogue
  return { account, version, connections, consents, catalogue } satisfies Surroundings
})
