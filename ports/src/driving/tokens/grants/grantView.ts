import type { Aggregate, Connection } from "@portolan/domain"
import { Effect } from "effect"
import type { Deps } from "../../shared/deps.ts"

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
