/** Reads aggregates and lists out of the world in memory. */
import { Repository } from "@portolan/ports"
import { Effect, Layer } from "effect"
import { Memory } from "./Memory.ts"
import * as lists from "./repository/lists.ts"
import * as lookups from "./repository/lookups.ts"
import * as loads from "./repository/windows.ts"

/** Reads from `Memory`. */
export const layer: Layer.Layer<Repository.Repository, never, Memory> = Layer.effect(
  Repository.Repository,
  Effect.gen(function* () {
    const memory = yield* Memory
    return Repository.Repository.of({
      find: lookups.find(memory),
      companies: lists.companies(memory),
      accounts: lists.accounts(memory),
      accessibleAccounts: lookups.accessibleAccounts(memory),
      connections: lists.connections(memory),
      authorizations: lists.authorizations(memory),
      invitations: lists.invitations(memory),
      grants: lists.grants(memory),
      members: lists.members(memory),
      memberships: lookups.memberships(memory),
      memberByToken: lookups.memberByToken(memory),
      apiKeys: lists.apiKeys(memory),
      apiKeyByDigest: lookups.apiKeyByDigest(memory),
      organizations: lists.organizations(memory),
      advertisers: lists.advertisers(memory),
      awaited: lists.awaited(memory),
      incidents: lookups.incidents(memory),
      linked: lookups.linked(memory),
      connectionsOfGrant: lookups.connectionsOfGrant(memory),
      backfillOf: lookups.backfillOf(memory),
      windows: loads.windows(memory),
      tallies: loads.tallies(memory),
      holders: lookups.holders(memory),
      authorizationByState: lookups.authorizationByState(memory),
      invitationByToken: lookups.invitationByToken(memory)
    })
  })
)
