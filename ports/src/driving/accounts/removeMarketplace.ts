/** Taking a marketplace out of an account to which it was added by mistake. */
import {
  type Access,
  type Account,
  Connection,
  Effects,
  type Id,
  type Invitation,
  type Marketplace,
  Messages
} from "@portolan/domain"
import { DateTime, Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { dismissWaiting } from "../connections/dismissWaiting.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { type CommitContext, type Decided, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps, Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"
import { connectionsOf } from "./accountConnections.ts"

/** The account's connections in a marketplace that are on the lists. */
const connectionsIn = (deps: Deps<"repository">, account: Account.Present, marketplaceId: Marketplace.MarketplaceId) =>
  Effect.map(connectionsOf(deps, account), (all) => all.filter((one) => one.marketplaceId === marketplaceId))

/** The links and requests of a connection that can still be followed. */
const openLinks = ({ repository }: Deps<"repository">, { id: connectionId, organizationId }: Connection.Present) =>
  everyPage((page) => repository.invitations(organizationId, { connectionId, states: ["Open"] }, page))

/** What taking a marketplace out would do, for a page that asks for confirmation (rule C14). Changes nothing. */
export const marketplaceEffects = Effect.fn("Accounts.marketplaceEffects")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  accountId: Id.AccountId,
  marketplaceId: Marketplace.MarketplaceId
) {
  const { state: account } = yield* AccessScope.account(deps, caller, "administer", accountId)
  const connections = yield* connectionsIn(deps, account, marketplaceId)
  const now = yield* DateTime.now
  const links: Array<Invitation.Present> = []
  let started = 0
  let waiting = 0
  for (const connection of connections) {
    const states = ["Started", "Exchanging", "AwaitingSelection"] as const
    const { id: connectionId, organizationId } = connection
    const open = yield* everyPage((page) =>
      deps.repository.authorizations(organizationId, { connectionId, states }, page)
    )
    for (const one of open) {
      if (one._tag === "AwaitingSelection") waiting += 1
      else if (DateTime.isLessThan(now, one.expiresAt)) started += 1
    }
    links.push(...(yield* openLinks(deps, connection)))
  }
  const country = (yield* CurrentCatalogue).marketplaces.get(marketplaceId)?.country ?? marketplaceId
  const usable = links.filter(({ expiresAt }) => DateTime.isLessThan(now, expiresAt))
  return Effects.ofMarketplace({ country, connections, waiting, started, links: usable.length })
})

/**
 * Takes a marketplace out of an account; refused for its first one, and while a connection there is live. The
 * connections there leave the lists, and what they wait for ends: consents without a choice, links and requests,
 * expected advertisers. A visit to the provider that is under way finds the connection gone when it returns.
 */
export const removeMarketplace = Effect.fn("Accounts.removeMarketplace")(
  (deps: ChangeDeps, caller: Access.Caller, accountId: Id.AccountId, marketplaceId: Marketplace.MarketplaceId) =>
    decideAndCommit(deps, caller, (context) =>
      Effect.gen(function* () {
        const { actor: by, at } = context
        const read = yield* AccessScope.account(deps, caller, "administer", accountId)
        const connections = yield* connectionsIn(deps, read.state, marketplaceId)
        const connected = connections.filter(Connection.isLinked).length
        const command = { _tag: "RemoveMarketplace", marketplaceId, connected, at, by } as const
        const removed = yield* decideOn("account", read, command)
        const left =
          removed.events.length === 0
            ? []
            : yield* Effect.forEach(connections, (connection) => withdraw(deps, context, connection))
        return { decided: [removed, ...left.flat()], result: removed.next as Account.Present }
      })
    )
)

/** A connection leaves the account, and everything that waits for it ends. */
const withdraw = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  context: CommitContext,
  connection: Connection.Present
) {
  const { actor: by, at, organizationId } = context
  const read = yield* deps.repository.find("connection", organizationId, connection.id)
  const because = Messages.text("authorization.marketplace-removed")
  const waiting = yield* dismissWaiting(deps, context, connection.id, because)
  const links = yield* Effect.forEach(yield* openLinks(deps, connection), ({ id }) =>
    Effect.flatMap(deps.repository.find("invitation", organizationId, id), (link) =>
      decideOn("invitation", link, { _tag: "Revoke", at, by })
    )
  )
  const gone = yield* decideOn("connection", read, { _tag: "Withdraw", at, by })
  const decided: ReadonlyArray<Decided> = [gone, ...waiting.flatMap((one) => one.decided), ...links]
  return decided
})
