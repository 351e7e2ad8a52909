import {
  type Access,
  type Account,
  type Connection,
  Expansion,
  given,
  type Id,
  type Marketplace
} from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { type CommitContext, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { connectionsOf, proposeConnections } from "./accountConnections.ts"
import { type ListedDeps, listedMarketplaces } from "./listedMarketplaces.ts"
import type { ExpansionInput } from "./accountInput.ts"

/** What the account's consents list, as far as it decides about this country; undefined while that is not known. */
const listedFor = Effect.fnUntraced(function* (
  deps: ListedDeps,
  account: Account.Present,
  marketplaceId: Marketplace.MarketplaceId
) {
  const { isComplete, listed } = yield* listedMarketplaces(deps, account)
  // A list with gaps says what is there and not what is not.
  return isComplete || listed.has(marketplaceId) ? [...listed] : undefined
})

/** Whether a further country joins this account or needs one of its own, and why (rule P-R6). */
export const expansion = Effect.fn("Accounts.expansion")(function* (
  deps: ListedDeps,
  caller: Access.Caller,
  accountId: Id.AccountId,
  input: ExpansionInput
) {
  const { state: account } = yield* AccessScope.account(deps, caller, "read", accountId)
  const listed = yield* listedFor(deps, account, input.marketplaceId)
  return Expansion.expand(account, input, listed, yield* CurrentCatalogue)
})

/**
 * Adds a country to an account and proposes its connections; refused where `expansion` says that it needs an account of
 * its own. A country that was taken out comes back with the connections that it had.
 */
export const addMarketplace = Effect.fn("Accounts.addMarketplace")(function* (
  deps: ListedDeps & ChangeDeps,
  caller: Access.Caller,
  accountId: Id.AccountId,
  marketplaceId: Marketplace.MarketplaceId
) {
  const { state: account } = yield* AccessScope.account(deps, caller, "administer", accountId)
  const listed = yield* listedFor(deps, account, marketplaceId)
  const command = { _tag: "AddMarketplace", marketplaceId, ...given({ listed }) } as const
  return yield* decideAndCommit(deps, caller, (context) =>
    Effect.gen(function* () {
      const { at } = context
      const read = yield* AccessScope.account(deps, caller, "administer", accountId)
      const added = yield* decideOn("account", read, command)
      const back = added.events.length === 0 ? [] : yield* reinstate(deps, context, read.state, marketplaceId)
      const known = new Set(back.map(({ next }) => ("channel" in next ? next.channel : undefined)))
      const proposed = added.events.length === 0 ? [] : yield* propose(deps, read.state, marketplaceId, at)
      const missing = proposed.filter(({ next }) => "channel" in next && !known.has(next.channel))
      return { decided: [added, ...back, ...missing], result: added.next as Account.Present }
    })
  )
})

/** The connections that left with the marketplace come back, one a channel: the one that left last. */
const reinstate = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  { actor: by, at, organizationId }: CommitContext,
  account: Account.Present,
  marketplaceId: Marketplace.MarketplaceId
) {
  const withdrawn = (yield* connectionsOf(deps, account, ["Withdrawn"]))
    .filter((one) => one._tag === "Withdrawn" && one.marketplaceId === marketplaceId)
    .toSorted((one, other) => leftAt(one) - leftAt(other))
  const latest = new Map(withdrawn.map(({ channel, id }) => [channel, id]))
  return yield* Effect.forEach(latest.values(), (id) =>
    Effect.flatMap(deps.repository.find("connection", organizationId, id), (read) =>
      decideOn("connection", read, { _tag: "Reinstate", at, by })
    )
  )
})

const leftAt = (connection: Connection.Present): number =>
  connection._tag === "Withdrawn" ? DateTime.toEpochMillis(connection.withdrawnAt) : 0

const propose = (
  deps: ChangeDeps,
  { accountType, companyId, id: accountId, organizationId, provider }: Account.Present,
  marketplaceId: Marketplace.MarketplaceId,
  at: DateTime.Utc
) => proposeConnections(deps, { organizationId, companyId, accountId, accountType, marketplaceId, provider }, at)
