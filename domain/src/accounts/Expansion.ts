/**
 * Whether a further country is an *added marketplace* of an account or a *new account* of its own (rules P-R6, C5; flow
 * F2, step 6), with the explanation. A pure function of provider, account type, region, and of what the account's
 * consent really lists: being in one region is not enough where countries are separate seller accounts.
 */
import { Option } from "effect"
import { type AccountType, label as typeLabel } from "../providers/AccountType.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import type * as Account from "./Account.ts"
import * as Marketplace from "../providers/Marketplace.ts"
import { text } from "../messages/Messages.ts"

/** The decision. */
export type Decision = "already-there" | "add-marketplace" | "add-account"

/** What a further country needs, and why. */
export interface Expansion {
  readonly decision: Decision
  /** Whether a consent of its own is needed for it. */
  readonly needsConsent: boolean
  /** One or two sentences for the person who asked. */
  readonly explanation: string
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
  account: Pick<Account.Present, "provider" | "accountType" | "region" | "marketplaces">,
  requested: { readonly marketplaceId: Marketplace.MarketplaceId; readonly accountType: AccountType },
  listed: ReadonlyArray<Marketplace.MarketplaceId> | undefined,
  catalogue: Catalogue = standard
): Expansion => {
  const target = Option.getOrUndefined(Marketplace.find(requested.marketplaceId, catalogue))
  if (target === undefined) return apart(text("expansion.marketplace-unknown"))
  if (target.provider !== account.provider) return apart(text("expansion.other-provider", { country: target.country }))
  if (requested.accountType !== account.accountType) {
    return apart(
      text("expansion.types-apart", {
        requested: typeLabel(requested.accountType, catalogue),
        own: typeLabel(account.accountType, catalogue)
      })
    )
  }
  if (account.marketplaces.includes(requested.marketplaceId)) {
    return {
      decision: "already-there",
      needsConsent: false,
      explanation: text("expansion.included", { country: target.country })
    }
  }
  if (target.region !== account.region) {
    return apart(text("expansion.other-region", { country: target.country }))
  }
  if (listed?.includes(requested.marketplaceId) === true) {
    return {
      decision: "add-marketplace",
      needsConsent: false,
      explanation: text("expansion.covered", { country: target.country })
    }
  }
  const home = account.marketplaces.flatMap((id) => Option.toArray(Marketplace.find(id, catalogue)))
  const alone = [target, ...home].find((one) => standsAlone(one, catalogue))
  if (alone !== undefined) {
    return apart(text("expansion.stands-alone", { alone: alone.country, country: target.country }))
  }
  return listed === undefined
    ? {
        decision: "add-marketplace",
        needsConsent: false,
        explanation: text("expansion.may-be-covered", { country: target.country })
      }
    : {
        decision: "add-marketplace",
        needsConsent: true,
        explanation: text("expansion.not-listed", { country: target.country })
      }
}

const apart = (explanation: string): Expansion => ({
  decision: "add-account",
  needsConsent: true,
  explanation: text("expansion.add-own-account", { reason: explanation })
})
