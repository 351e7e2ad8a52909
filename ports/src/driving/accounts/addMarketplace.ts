import { type Access, type Account, Expansion, given, type Id, type Marketplace } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { proposeConnections } from "./accountConnections.ts"
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
 * its own.
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
  return yield* decideAndCommit(deps, caller, ({ at }) =>
    Effect.gen(function* () {
      const read = yield* AccessScope.account(deps, caller, "administer", accountId)
      const added = yield* decideOn("account", read, command)
      const proposed = added.events.length === 0 ? [] : yield* propose(deps, read.state, marketplaceId, at)
      return { decided: [added, ...proposed], result: added.next as Account.Present }
    })
  )
})

const propose = (
  deps: ChangeDeps,
  { accountType, companyId, id: accountId, organizationId, provider }: Account.Present,
  marketplaceId: Marketplace.MarketplaceId,
  at: DateTime.Utc
) => proposeConnections(deps, { organizationId, companyId, accountId, accountType, marketplaceId, provider }, at)
