/** A small correct repository: every law passes on it, and the mutants are made from it. */
import { UnitOfWork } from "@portolan/ports"
import { Effect } from "effect"
import type { Services } from "../../laws/repository/RepositoryInstance.ts"
import { commit as apply, idempotentResource as recordOf } from "./commit.ts"
import type { Model } from "./listing.ts"
import * as log from "./log.ts"
import * as lookups from "./lookups.ts"
import * as tenantLists from "./tenantLists.ts"

type Service = UnitOfWork.UnitOfWork["Service"]

const commit =
  ({ backend, faultPoints }: Model): Service["commit"] =>
  (change) =>
    Effect.flatMap(
      backend.access(() => apply(backend, faultPoints, change)),
      (answer) => ("versions" in answer ? Effect.succeed(answer) : Effect.fail(answer))
    )

const idempotentResource =
  ({ backend }: Model): Service["idempotentResource"] =>
  (organizationId, key, fingerprint) =>
    Effect.flatMap(
      backend.access(() => recordOf(backend, organizationId, key)),
      (before) =>
        before === undefined || before.fingerprint === fingerprint
          ? Effect.succeed(before?.resource)
          : Effect.fail(new UnitOfWork.KeyReused({ key }))
    )

/** Binds the services to what they work on. */
export const make = (model: Model): Services => ({
  unitOfWork: { commit: commit(model), idempotentResource: idempotentResource(model) },
  repository: {
    find: lookups.find(model),
    companies: tenantLists.companies(model),
    accounts: tenantLists.accounts(model),
    accessibleAccounts: lookups.accessibleAccounts(model),
    connections: tenantLists.connections(model),
    authorizations: tenantLists.authorizations(model),
    invitations: tenantLists.invitations(model),
    grants: tenantLists.grants(model),
    members: tenantLists.members(model),
    memberships: lookups.memberships(model),
    memberByToken: lookups.memberByToken(model),
    apiKeys: tenantLists.apiKeys(model),
    apiKeyByDigest: lookups.apiKeyByDigest(model),
    organizations: lookups.organizations(model),
    advertisers: lookups.advertisers(model),
    awaited: lookups.awaited(model),
    incidents: lookups.incidents(model),
    linked: lookups.linked(model),
    connectionsOfGrant: lookups.connectionsOfGrant(model),
    backfillOf: lookups.backfillOf(model),
    windows: lookups.windows(model),
    tallies: lookups.tallies(model),
    holders: lookups.holders(model),
    authorizationByState: lookups.authorizationByState(model),
    invitationByToken: lookups.invitationByToken(model)
  },
  log: { after: log.after(model), of: log.of(model), all: log.all(model), follow: log.follow(model) }
})
