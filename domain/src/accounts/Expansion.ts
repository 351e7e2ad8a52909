/**
 * Whether a further country is an *added marketplace* of an account or a *new account* of its own (rules P-R6, C5; flow F2,
 * step 6), with the explanation. A pure function of provider, account type, region, and of what the account's consent really
 * lists: being in one region is not enough where countries are separate seller accounts.
 */
import { Option } from "effect"
import { type AccountType, label as typeLabel } from "../providers/AccountType.ts"
import { type Catalogue, standard } from "../providers/Catalogue.ts"
import type * as Account from "./Account.ts"
import * as Marketplace from "../providers/Marketplace.ts"

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
 * Decides. `listed` are the marketplaces that a consent of this account lists, by participation or by profile; undefined
 * while no consent has been looked through.
 */
export const expand = (
  account: Pick<Account.Present, "provider" | "accountType" | "region" | "marketplaces">,
  wanted: { readonly marketplaceId: Marketplace.MarketplaceId; readonly accountType: AccountType },
  listed: ReadonlyArray<Marketplace.MarketplaceId> | undefined,
  catalogue: Catalogue = standard
): Expansion => {
  const target = Option.getOrUndefined(Marketplace.find(wanted.marketplaceId, catalogue))
  if (target === undefined) return apart("We do not know this marketplace.")
  if (target.provider !== account.provider) return apart(`${target.country} is sold at another provider.`)
  if (wanted.accountType !== account.accountType) {
    return apart(
      `A ${typeLabel(wanted.accountType, catalogue)} account and a ${typeLabel(account.accountType, catalogue)} account ` +
        "never share a consent."
    )
  }
  if (account.marketplaces.includes(wanted.marketplaceId)) {
    return {
      decision: "already-there",
      needsConsent: false,
      explanation: `${target.country} belongs to this account already.`
    }
  }
  if (target.region !== account.region) {
    return apart(`${target.country} lies in another region, and one consent reaches one region only.`)
  }
  if (listed?.includes(wanted.marketplaceId) === true) {
    return {
      decision: "add-marketplace",
      needsConsent: false,
      explanation: `The consent you gave lists ${target.country}, so it joins this account without another one.`
    }
  }
  const home = account.marketplaces.flatMap((id) => Option.toArray(Marketplace.find(id, catalogue)))
  const alone = [target, ...home].find((one) => standsAlone(one, catalogue))
  if (alone !== undefined) {
    return apart(
      `${alone.country} is a seller account of its own at the provider, although it shares the region, and this ` +
        `account's consent does not list ${target.country}.`
    )
  }
  return listed === undefined
    ? {
        decision: "add-marketplace",
        needsConsent: false,
        explanation:
          `${target.country} lies in the same region as this account. ` +
          "Whether the consent covers it shows when it is given."
      }
    : {
        decision: "add-marketplace",
        needsConsent: true,
        explanation:
          `${target.country} lies in the same region, but the consent does not list it: the seller does not take part ` +
          "there yet, or has no campaign there. It joins this account after another consent."
      }
}

const apart = (explanation: string): Expansion => ({
  decision: "add-account",
  needsConsent: true,
  explanation: `${explanation} Add it as an account of its own.`
})
