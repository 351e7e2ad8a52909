import { type Access, Account, Connection, type Id, Invitation } from "@portolan/domain"
import { DateTime, type Duration, Effect } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import { requireConsentChannel } from "../../requests/requireConsentChannel.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import { change, onNew } from "../../shared/change.ts"
import type { ChangeDeps, Deps } from "../../shared/deps.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../../shared/idempotency.ts"
import { tokenOf, withAddress } from "./linkAddress.ts"

type CreateDeps = ChangeDeps & Deps<"deployment">

/** Makes a link for one connection. Repeated under a key, it gives the same link. */
export const create = Effect.fn("AuthLinks.create")(function* (
  deps: CreateDeps,
  caller: Access.Caller,
  connectionId: Id.ConnectionId,
  options: CreateLink = {}
) {
  const { idempotencyKey } = options
  const { state: connection } = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  return yield* withIdempotency(deps, caller, idempotencyKey, {
    create: Effect.gen(function* () {
      const { accountId, channel, companyId, organizationId } = connection
      yield* requireConsentChannel(deps.deployment, connection)
      const { state: account } = yield* deps.repository.find("account", organizationId, accountId)
      // A person who follows a link to a removed account is turned away, so none is made.
      yield* Effect.fromResult(Account.inUse(account, "Invitation", "Issue"))
      yield* Effect.fromResult(Connection.inUse(connection, "Invitation", "Issue", yield* CurrentCatalogue))
      const id = yield* deps.secrets.id("invitation")
      const tokenDigest = yield* Effect.flatMap(tokenOf(deps, id), deps.secrets.digest)
      const of = { id, organizationId, connectionId, companyId, accountId, channel, tokenDigest }
      const [link] = yield* change(deps, { ...caller, ...idempotencyRecord(idempotencyKey, id) }, [
        onNew("invitation", id, (issuedAt) => {
          const expiresAt = DateTime.addDuration(issuedAt, options.life ?? Invitation.lifetime.standard)
          return { _tag: "Issue", link: { ...of, issuedBy: caller.actor, issuedAt, expiresAt } }
        })
      ])
      return yield* withAddress(deps, link)
    }),
    show: (id) =>
      Effect.flatMap(deps.repository.find("invitation", caller.organizationId, id), ({ state }) =>
        withAddress(deps, state)
      )
  })
})

/** How a link is made. */
export interface CreateLink {
  /** One hour to 30 days; seven days when left out. */
  readonly life?: Duration.Duration
  readonly idempotencyKey?: IdempotencyKey | undefined
}
