/** Repositories that nobody could call correct. A law that one keeps shows nothing, unless there is a reason. */
import { Repository, DataSink, StoreUnavailable } from "@portolan/ports"
import { Effect, Stream } from "effect"
import type { RepositoryInstance, Services } from "../../laws/repository/RepositoryInstance.ts"
import type { Degenerate } from "../../Port.ts"
import { modelSubject } from "../../reference/repository/modelSubject.ts"

const none = Effect.succeed({ items: [] })

const nothing = () => Effect.succeed([])

const notFound = () => Effect.fail(new Repository.NotFound({ kind: "anything", id: "anything" }))

/** Accepts everything, and keeps nothing. */
const idle: Services = {
  unitOfWork: {
    commit: ({ writes }) =>
      Effect.succeed({ versions: new Map(writes.map(({ expected, id }) => [id, expected + 1])), position: 0 }),
    idempotentResource: () => Effect.as(Effect.void, undefined)
  },
  repository: {
    find: notFound,
    companies: () => none,
    accounts: () => none,
    accessibleAccounts: nothing,
    connections: () => none,
    authorizations: () => none,
    invitations: () => none,
    grants: () => none,
    members: () => none,
    memberships: nothing,
    memberByToken: notFound,
    apiKeys: () => none,
    apiKeyByDigest: notFound,
    organizations: () => none,
    advertisers: () => none,
    awaited: () => none,
    incidents: nothing,
    linked: () => Effect.succeed({ accounts: 0, organizations: 0 }),
    connectionsOfGrant: nothing,
    backfillOf: notFound,
    windows: nothing,
    tallies: nothing,
    holders: nothing,
    authorizationByState: notFound,
    invitationByToken: notFound
  },
  log: { after: nothing, of: () => none, all: () => none, follow: () => Stream.empty }
}

const idleSink: DataSink.DataSink["Service"] = {
  land: () => Effect.void,
  count: () => Effect.succeed(new Map()),
  erase: () => Effect.succeed(0)
}

const away = () => Effect.fail(new StoreUnavailable.StoreUnavailable({ doing: "anything", cause: "always" }))

/** Is never there. */
const failing: Services = {
  unitOfWork: { commit: away, idempotentResource: away },
  repository: {
    find: away,
    companies: away,
    accounts: away,
    accessibleAccounts: away,
    connections: away,
    authorizations: away,
    invitations: away,
    grants: away,
    members: away,
    memberships: away,
    memberByToken: away,
    apiKeys: away,
    apiKeyByDigest: away,
    organizations: away,
    advertisers: away,
    awaited: away,
    incidents: away,
    linked: away,
    connectionsOfGrant: away,
    backfillOf: away,
    windows: away,
    tallies: away,
    holders: away,
    authorizationByState: away,
    invitationByToken: away
  },
  log: { after: away, of: away, all: away, follow: () => Stream.unwrap(away()) }
}

const closed = () => Effect.fail(new DataSink.SinkUnavailable({ cause: "always" }))

const failingSink: DataSink.DataSink["Service"] = { land: closed, count: closed, erase: closed }

/** The degenerate repositories, and the laws that they keep for a reason. */
export const degenerates: ReadonlyArray<Degenerate<RepositoryInstance>> = [
  {
    subject: modelSubject("idle repository", { wrap: () => idle, sink: () => idleSink }),
    passes: {
      "REPO-19/alone": "It shows nothing at all, so it shows nothing of others.",
      "REPO-29/race": "It never refuses, so it has nothing to explain."
    }
  },
  { subject: modelSubject("failing repository", { wrap: () => failing, sink: () => failingSink }), passes: {} }
]
