import { type Access, type Connection, type Id, type Invitation } from "@portolan/domain"
import { Effect } from "effect"
import { pageLimit } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"

type Owner = Invitation.Request["owner"]

/**
 * Who is known to own what a connection belongs to: whoever was asked last for this account, else for another account
 * of its company. Nobody when nobody was ever asked.
 */
export const ownerOf = (
  { repository }: Deps<"repository">,
  caller: Access.Caller,
  { accountId, companyId, organizationId }: Connection.Present
): Effect.Effect<Owner | undefined, StoreError> =>
  Effect.gen(function* () {
    const lastOf = (accountIds: ReadonlyArray<Id.AccountId>) =>
      Effect.map(
        repository.invitations(organizationId, { accountIds, requests: true }, { limit: 1 }),
        ({ items }) => items[0]?.request?.owner
      )
    const own = yield* lastOf([accountId])
    // Whoever sees some accounts only does not learn who owns the others (rule K-R17).
    if (own !== undefined || caller.accessScope._tag === "Limited") return own
    const { items } = yield* repository.accounts(organizationId, { companyId }, { limit: pageLimit })
    return yield* lastOf(items.map(({ id }) => id))
  }).pipe(
    // A first page has no cursor that could be invalid.
    Effect.catchTag("InvalidCursor", Effect.die)
  )

/** Who is known to own what a connection belongs to, to be asked for a consent. */
export const knownOwner = Effect.fn("Requests.knownOwner")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  connectionId: Id.ConnectionId
) {
  const { state } = yield* AccessScope.connection(deps, caller, "read", connectionId)
  return yield* ownerOf(deps, caller, state)
})
