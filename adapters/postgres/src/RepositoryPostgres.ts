/** Reads aggregates and lists. Every query names the organization, and row level security says the same once more. */
import { Cursor, Repository } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import * as lists from "./repository/lists.ts"
import * as lookups from "./repository/lookups.ts"
import { tallies, windows } from "./repository/windows.ts"
import type { RepositoryContext } from "./repository/queries.ts"
import { Store } from "./Store.ts"

/** Options of a store that lists. */
export interface Options {
  /** Seals cursors; 32 characters or more, the same in all processes. */
  readonly cursorSecret: Redacted.Redacted<string>
}

/** Reads from `Store`. */
export const layer = ({ cursorSecret }: Options): Layer.Layer<Repository.Repository, never, Store> =>
  Layer.effect(
    Repository.Repository,
    Effect.gen(function* () {
      const context: RepositoryContext = { store: yield* Store, key: yield* Cursor.key(Redacted.value(cursorSecret)) }
      return Repository.Repository.of({
        find: lookups.find(context),
        companies: lists.companies(context),
        accounts: lists.accounts(context),
        accessibleAccounts: lookups.accessibleAccounts(context),
        connections: lists.connections(context),
        authorizations: lists.authorizations(context),
        invitations: lists.invitations(context),
        grants: lists.grants(context),
        members: lists.members(context),
        memberships: lookups.memberships(context),
        memberByToken: lookups.memberByToken(context),
        apiKeys: lists.apiKeys(context),
        apiKeyByDigest: lookups.apiKeyByDigest(context),
        organizations: lists.organizations(context),
        advertisers: lists.advertisers(context),
        awaited: lists.awaited(context),
        incidents: lookups.incidents(context),
        linked: lookups.linked(context),
        connectionsOfGrant: lookups.connectionsOfGrant(context),
        backfillOf: lookups.backfillOf(context),
        windows: windows(context),
        tallies: tallies(context),
        holders: lookups.holders(context),
        authorizationByState: lookups.authorizationByState(context),
        invitationByToken: lookups.invitationByToken(context)
      })
    })
  )
