import type { Aggregate, Connection, Id } from "@portolan/domain"
import { Effect } from "effect"
import type { PageRequest, Repository } from "../../../driven/Repository.ts"
import type { Deps } from "../../shared/deps.ts"
import { forEachSideBySide } from "../../shared/sideBySide.ts"

/** A consent, or a partnership, with the connections that live on it. */
export interface GrantView {
  readonly grant: Aggregate.Present<"grant">
  readonly connections: ReadonlyArray<Connection.Linked>
}

/** Adds to a grant the connections that live on it. */
export const withConnections = ({ repository }: Deps<"repository">, grant: Aggregate.Present<"grant">) =>
  Effect.map(repository.connectionsOfGrant(grant.organizationId, grant.id), (found): GrantView => ({
    grant,
    connections: found.map(({ state }) => state)
  }))

/** What narrows the list of consents. */
export type GrantFilter = Parameters<Repository["Service"]["grants"]>[1]

/** Lists the consents of an organization, each with the connections that live on it. */
export const listIn = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  filter: GrantFilter,
  page: PageRequest
) {
  const found = yield* deps.repository.grants(organizationId, filter, page)
  return { ...found, items: yield* forEachSideBySide(found.items, (grant) => withConnections(deps, grant)) }
})
