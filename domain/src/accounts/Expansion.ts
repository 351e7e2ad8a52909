/**
 * Whether a further country is an *added marketplace* of an account or a *new account* of its own (rules P-R6, C5; flow
 * F2, step 6), with the explanation. A pure function of provider, account type, region, and of what the account's
 * consent really lists: being in one region is not enough where countries are separate seller accounts. The machine of
 * an account asks the same function, so that what is advised is what is accepted.
 */
import * as Option from "effect/Option"
import { type AccountType, label as typeLabel } from "../providers/AccountType.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import type { Present } from "./account/state.ts"
import * as Channel from "../providers/Channel.ts"
import * as Marketplace from "../providers/Marketplace.ts"
import { type Message, render, say } from "../messages/Messages.ts"
import { label as providerLabel } from "../providers/Provider.ts"

/** The decision. `impossible`: no account of any kind can have it, so opening one is refused as well. */
export type Decision = "already-there" | "add-marketplace" | "add-account" | "impossible"

/** What a further country needs, and why. */
export interface Expansion {
  readonly decision: Decision
  /** Whether a consent of its own is needed for it. */
  readonly needsConsent: boolean
  /** One or two sentences for the person who asked. */
  readonly explanation: string
  /** The same as a message, for any language. */
  readonly message: Message
}

/**
 * Whether a country is an account of its own at its provider although it shares the region, for sure or by expectation.
 */
const standsAlone = ({ countryCode, provider }: Marketplace.Marketplace, catalogue: Catalogue): boolean => {
  const { confirmed = [], expected = [] } = catalogue.provider.get(provider)?.separateCountries ?? {}
  return confirmed.includes(countryCode) || expected.includes(countryCode)
}

/**
 * Decides. `listed` are the marketplaces that a consent of this account lists, by participation or by profile;
 * undefined while no consent has been looked through.
 */
export const expand = (
  account: Pick<Present, "provider" | "accountType" | "region" | "marketplaces" | "formerMarketplaces">,
  requested: { readonly marketplaceId: Marketplace.MarketplaceId; readonly accountType: AccountType },
  listed: ReadonlyArray<Marketplace.MarketplaceId> | undefined,
  catalogue: Catalogue = standard
): Expansion => {
  const target = Option.getOrUndefined(Marketplace.find(requested.marketplaceId, catalogue))
  if (target === undefined) return decided("impossible", false, say("expansion.marketplace-unknown"))
  const { country, provider } = target
  if (Channel.required(provider, requested.accountType, catalogue).length === 0) {
    const [type, providerName] = [typeLabel(requested.accountType, catalogue), providerLabel(provider, catalogue)]
    return decided("impossible", false, say("account.type-of-other-provider", { type, provider: providerName }))
  }
  if (provider !== account.provider) return apart(say("expansion.other-provider", { country }))
  if (requested.accountType !== account.accountType) {
    const own = typeLabel(account.accountType, catalogue)
    return apart(say("expansion.types-apart", { requested: typeLabel(requested.accountType, catalogue), own }))
  }
  if (account.marketplaces.includes(requested.marketplaceId)) {
    return decided("already-there", false, say("expansion.included", { country }))
  }
  if (target.region !== account.region) return apart(say("expansion.other-region", { country }))
  if (listed?.includes(requested.marketplaceId) === true) {
    return decided("add-marketplace", false, say("expansion.covered", { country }))
  }
  // It was part of the account before and was taken out: adding it takes that back.
  if (account.formerMarketplaces?.includes(requested.marketplaceId) === true) {
    return decided("add-marketplace", listed !== undefined, say("expansion.was-included", { country }))
  }
  const home = account.marketplaces.flatMap((id) => Option.toArray(Marketplace.find(id, catalogue)))
  const alone = [target, ...home].find((one) => standsAlone(one, catalogue))
  if (alone !== undefined) return apart(say("expansion.stands-alone", { alone: alone.country, country }))
  return listed === undefined
    ? decided("add-marketplace", false, say("expansion.may-be-covered", { country }))
    : decided("add-marketplace", true, say("expansion.not-listed", { country }))
}

const decided = (decision: Decision, needsConsent: boolean, message: Message): Expansion => ({
  decision,
  needsConsent,
  explanation: render(message),
  message
})

const apart = (reason: Message): Expansion => decided("add-account", true, say("expansion.add-own-account", { reason }))
