import { type Access, Account, Advertiser, type Connection, type Id, Profile, type Text } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { assertUnchanged, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { advertiserGrants, requirePartnerChannel } from "./partnerChannel.ts"

/**
 * Says that an advertiser has added us, or is about to, by its name or id. Operators see it, and people are notified
 * when it has not appeared within a day (rules W-R3, W-R10). Refused for an account that was removed, or is being
 * removed.
 */
export const expect = Effect.fn("Advertisers.expect")(
  (deps: ChangeDeps, caller: Access.Caller, connectionId: Id.ConnectionId, advertiser: Text.Name) =>
    decideAndCommit(deps, caller, ({ actor: by, at, organizationId }) =>
      Effect.gen(function* () {
        const read = yield* AccessScope.connection(deps, caller, "connect", connectionId)
        yield* requirePartnerChannel(read.state)
        const { accountId } = read.state
        const account = yield* deps.repository.find("account", organizationId, accountId)
        yield* Effect.fromResult(Account.inUse(account.state, "Connection", "ExpectAccess"))
        const arrived = yield* arrivedAlready(deps, read.state, account.state, advertiser)
        const expecting: Connection.Command = { _tag: "ExpectAccess", advertiser, by, at }
        const noted = arrived.map(({ name }): Connection.Command => ({ _tag: "NoteAccess", advertiser: name, at }))
        const decided = yield* decideOn("connection", read, expecting, ...noted)
        return {
          decided: [decided, assertUnchanged("account", accountId, account)],
          result: decided.next as Connection.Present
        }
      })
    )
)

/** The advertiser of that name or id that is there already and linked to no account; none or one. */
const arrivedAlready = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { channel, marketplaceId, organizationId }: Connection.Present,
  { region }: Account.Present,
  named: Text.Name
) {
  const listed = (yield* advertiserGrants(deps, organizationId, { channel, region }))
    .map(({ advertiser }) => advertiser)
    .filter((one) => one.key.marketplaceId === marketplaceId && Advertiser.isNamed(one, named))
  const taken = yield* deps.repository.holders(
    organizationId,
    listed.map(({ key }) => key)
  )
  return listed.filter(({ key }) => !taken.some((holder) => Profile.sameKey(holder.key, key))).slice(0, 1)
})

/** Stops expecting one. */
export const stopExpecting = Effect.fn("Advertisers.stopExpecting")(
  (deps: ChangeDeps, caller: Access.Caller, connectionId: Id.ConnectionId) =>
    decideAndCommit(deps, caller, ({ at }) =>
      Effect.gen(function* () {
        const read = yield* AccessScope.connection(deps, caller, "connect", connectionId)
        yield* requirePartnerChannel(read.state)
        const decided = yield* decideOn("connection", read, { _tag: "DropExpectation", at })
        return { decided: [decided], result: decided.next as Connection.Present }
      })
    )
)
