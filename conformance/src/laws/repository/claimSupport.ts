/** What the laws about bound profiles share: binding, freeing, and who holds a profile. */
import { type Id, Profile } from "@portolan/domain"
import { Effect } from "effect"
import * as fc from "fast-check"
import * as fixtures from "./fixtures/index.ts"
import type { RepositoryInstance, Services } from "./RepositoryInstance.ts"
import { outcome } from "./support.ts"

/** One of three. */
export const third = fc.constantFrom<0 | 1 | 2>(0, 1, 2)

/** Binds a profile to connection `n` and nothing else. */
export const bind = (services: Services, organizationId: Id.OrganizationId, key: Profile.Key, n: number) =>
  outcome(
    services.unitOfWork.commit(fixtures.change(organizationId, { claims: [fixtures.hold(organizationId, key, n)] }))
  )

/** Frees a profile of connection `n` and does nothing else. */
export const free = (services: Services, organizationId: Id.OrganizationId, key: Profile.Key, n: number) =>
  services.unitOfWork.commit(fixtures.change(organizationId, { claims: [fixtures.release(organizationId, key, n)] }))

/** Who holds a profile, as all organizations together see it. */
export const holdersOf = (services: Services, organizations: RepositoryInstance["organizations"], key: Profile.Key) =>
  Effect.map(
    Effect.forEach(organizations, (organizationId) => services.repository.holders(organizationId, [key])),
    (found) =>
      found.flatMap((holders, index) =>
        holders.map(
          ({ connectionId }) => `organization ${index}, connection ${numberOf(organizations[index], connectionId)}`
        )
      )
  )

/** Which of a case's connections an id belongs to; -1 for none. */
export const numberOf = (organizationId: Id.OrganizationId | undefined, connectionId: string) =>
  organizationId === undefined
    ? -1
    : [0, 1, 2, 3, 4, 5].findIndex((n) => fixtures.idOf("connection", organizationId, n) === connectionId)
