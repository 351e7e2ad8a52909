/** Which marketplaces the consents of an account list, as far as the providers can be asked now. */
import { type Account, Channel, Connection, type Grant, type Marketplace, Profile } from "@portolan/domain"
import { Effect } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import type { TokenDeps } from "../tokens/AccessTokens.ts"
import { accessTo, callAsGrant } from "../tokens/callProvider.ts"
import { connectionsOf } from "./accountConnections.ts"

/** The ports of an account's consents. */
export type ListedDeps = TokenDeps<"provider" | "repository">

/** How long the provider may take to list what one consent sees. */
const discoveryTimeout = "20 seconds"

/**
 * The marketplaces that the account's consents list now, and whether every consent could be asked. Without a consent
 * the list is not complete.
 */
export const listedMarketplaces = Effect.fnUntraced(function* (deps: ListedDeps, account: Account.Present) {
  const linked = (yield* connectionsOf(deps, account)).filter(Connection.isLinked)
  const owners = new Set(linked.map(({ link }) => Profile.owner(link.profile)))
  const grantIds = new Set(linked.map(({ link }) => link.grantId))
  const listed = new Set<Marketplace.MarketplaceId>()
  let isComplete = grantIds.size > 0
  for (const grantId of grantIds) {
    const { state: grant } = yield* deps.repository.find("grant", account.organizationId, grantId)
    if (grant._tag !== "Active" || Channel.accessBy(grant.channel, yield* CurrentCatalogue) === "partner") continue
    const candidates = yield* candidatesOf(deps, account, grant)
    if (candidates === undefined) isComplete = false
    for (const candidate of candidates ?? []) {
      const takesPart = candidate._tag !== "SellingPartner" || candidate.isParticipating
      const isSame = candidate.type === account.accountType && owners.has(Profile.owner(candidate))
      if (takesPart && isSame) listed.add(candidate.key.marketplaceId)
    }
  }
  return { listed, isComplete }
})

/** What a consent sees; `undefined` when it cannot be read now: then it is not known, and the decision says so. */
const candidatesOf = (deps: ListedDeps, account: Account.Present, grant: Grant.Active) => {
  const { accountType, marketplaces } = account
  return callAsGrant(deps, grant, (accessToken) =>
    deps.provider.discover(accessTo({ ...grant, accountType, marketplaceId: marketplaces[0] }, accessToken, grant))
  ).pipe(
    Effect.timeout(discoveryTimeout),
    Effect.catch(() => Effect.succeed(undefined))
  )
}
