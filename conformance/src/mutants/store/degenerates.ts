/** Stores that no one could call correct. A law that one of them keeps shows nothing, unless there is a reason. */
import { ConnectionStore, StoreUnavailable } from "@portolan/ports"
import { Effect, Stream } from "effect"
import type { StoreInstance, Stores } from "../../laws/store/StoreInstance.ts"
import type { Degenerate } from "../../Port.ts"
import { modelSubject } from "../../reference/store/modelSubject.ts"

const none = Effect.succeed({ items: [] })

const notFound = () => Effect.fail(new ConnectionStore.NotFound({ kind: "anything", id: "anything" }))

/** Accepts everything, and keeps nothing. */
const idle: Stores = {
  unitOfWork: {
    commit: ({ writes }) =>
      Effect.succeed({ versions: new Map(writes.map(({ expected, id }) => [id, expected + 1])), position: 0 }),
    remembered: () => Effect.as(Effect.void, undefined)
  },
  store: {
    find: notFound, companies: () => none, accounts: () => none, connections: () => none, authorizations: () => none,
    invitations: () => none, connectionsOfGrant: () => Effect.succeed([]), backfillOf: notFound,
    holders: () => Effect.succeed([]), authorizationByState: notFound, invitationByToken: notFound
  },
  log: { after: () => Effect.succeed([]), of: () => none, follow: () => Stream.empty }
}

const away = () => Effect.fail(new StoreUnavailable.StoreUnavailable({ doing: "anything", cause: "always" }))

/** Is never there. */
const failing: Stores = {
  unitOfWork: { commit: away, remembered: away },
  store: {
    find: away, companies: away, accounts: away, connections: away, authorizations: away, invitations: away,
    connectionsOfGrant: away, backfillOf: away, holders: away, authorizationByState: away, invitationByToken: away
  },
  log: { after: away, of: away, follow: () => Stream.unwrap(away()) }
}

/** The degenerate stores, and the laws that they keep for a reason. */
export const degenerates: ReadonlyArray<Degenerate<StoreInstance>> = [
  {
    subject: modelSubject("idle store", { wrap: () => idle }),
    passes: {
      "REPO-19/alone": "It shows nothing at all, so it shows nothing of others.",
      "REPO-29/race": "It never refuses, so it has nothing to explain."
    }
  },
  { subject: modelSubject("failing store", { wrap: () => failing }), passes: {} }
]
