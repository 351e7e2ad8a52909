/** The lists of connections and what leads to them: connections, authorizations, invitations, grants. */
import { Effect } from "effect"
import * as fixtures from "./fixtures/index.ts"
import { isEven, oldestFirst, parity, shown, type List, written, youngestFirst } from "./List.ts"

/** The list of connections, oldest first. */
export const connections: List = {
  item: (organizationId, n, value) => written("connection", fixtures.proposed(organizationId, n, parity(n), value)),
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
}

/** The list of authorizations, youngest first. */
export const authorizations: List = {
  item: (organizationId, n, value) =>
    written("authorization", fixtures.authorization(organizationId, n, parity(n), value)),
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
}

/** The list of invitations, youngest first. */
export const invitations: List = {
  item: (organizationId, n, value) => written("invitation", fixtures.link(organizationId, n, parity(n), value)),
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
}

/** The list of grants, youngest first. */
export const grants: List = {
  item: (organizationId, n, value) => written("grant", fixtures.keptGrant(organizationId, n, parity(n), value)),
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
}
