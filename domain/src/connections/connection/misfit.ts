/** Whether a profile can serve a connection at all. */
import type * as Profile from "../../authorizations/Profile.ts"
import { type Message, say } from "../../messages/Messages.ts"
import { noun } from "../../providers/AccountType.ts"
import type { Catalogue } from "../../providers/Catalogue.ts"
import { label } from "../../providers/Channel.ts"
import { type MarketplaceId, unknown } from "../../providers/Marketplace.ts"
import type { Present } from "./state.ts"

const marketplaceName = (id: MarketplaceId, catalogue: Catalogue) => {
  const found = catalogue.marketplaces.get(id)
  return found === undefined
    ? id
    : `${catalogue.provider.get(found.provider)?.label ?? found.provider} ${found.country}`
}

/**
 * Why a profile is not one for this connection: it is reached through another channel, lies in another marketplace, or
 * is of another account type (rules K-R13, P-R7, W-R8); undefined when it fits. A connection that was proposed before
 * account types were kept takes every type that uses its channel; one that was proposed before marketplaces were kept
 * takes every marketplace.
 */
export const misfit = (
  { accountType, channel, marketplaceId }: Present,
  { key, name: profile, type }: Profile.Candidate,
  catalogue: Catalogue
): Message | undefined => {
  if (key.channel !== channel) {
    const [found, expected] = [label(key.channel, catalogue), label(channel, catalogue)]
    return say("connection.other-channel", { profile, found, expected })
  }
  if (key.marketplaceId !== marketplaceId && marketplaceId !== unknown) {
    const found = marketplaceName(key.marketplaceId, catalogue)
    return say("connection.other-marketplace", { profile, found, expected: marketplaceName(marketplaceId, catalogue) })
  }
  if (accountType === type) return undefined
  if (accountType !== undefined) {
    const [found, expected] = [noun(type, catalogue), noun(accountType, catalogue)]
    return say("connection.other-type", { profile, found, expected })
  }
  const usesChannel = catalogue.accountTypes.get(type)?.channels.some((one) => one.channel === channel) === true
  return usesChannel
    ? undefined
    : say("connection.type-without-channel", {
        profile,
        type: noun(type, catalogue),
        channel: label(channel, catalogue)
      })
}

/**
 * The marketplace in which a connection of an account is linked: its own, or the account's first one when it was
 * proposed before connections had one.
 */
export const marketplaceOf = (
  { marketplaceId }: Present,
  account: { readonly marketplaces: readonly [MarketplaceId, ...ReadonlyArray<MarketplaceId>] }
): MarketplaceId => (marketplaceId === unknown ? account.marketplaces[0] : marketplaceId)
