/** Profiles that a provider lists, some of which fit and some of which do not. */
import type { Profile } from "@portolan/domain"
import type { World } from "./Oracle.ts"

/** A profile that was chosen: whether the login may only view it, and whether it is one for the connection. */
export const profileOf = (world: World, walmart: boolean) => {
  const n = world.below(2)
  const view = world.chance(25)
  const stray = world.pick("none", "none", "none", "none", "channel", "marketplace", "type")
  const amazon: Profile.Candidate = {
    _tag: "AdvertisingProfile",
    key: {
      channel: "amazon-ads",
      region: "NA",
      marketplaceId: (stray === "marketplace" ? "A2EUQ1WTGCTBG2" : "ATVPDKIKX0DER") as Profile.Key["marketplaceId"],
      externalId: `90071992547409930${n}${stray === "none" ? "" : stray.length}` as Profile.ExternalId
    },
    name: `Profile ${n}`,
    countryCode: stray === "marketplace" ? "CA" : "US",
    currency: "USD",
    timeZone: "America/Los_Angeles",
    ownerId: `A${n}`,
    type: stray === "type" ? "vendor" : "seller",
    permission: view ? "view" : "edit"
  }
  const advertiser: Profile.Candidate = {
    _tag: "Advertiser",
    key: {
      channel: "walmart-connect",
      region: "WALMART-US",
      marketplaceId: "WALMART_US" as Profile.Key["marketplaceId"],
      externalId: `${5000 + n}${stray === "none" ? "" : stray.length}` as Profile.ExternalId
    },
    name: `Advertiser ${n}`,
    countryCode: "US",
    currency: "USD",
    type: stray === "type" ? "walmart-1p" : "walmart-3p",
    permission: view ? "view" : "edit"
  }
  // At Walmart there is one country, so that a stray country is a stray channel there.
  const isAlien = stray === "channel" || (walmart && stray === "marketplace")
  return { profile: walmart === isAlien ? amazon : advertiser, view, fits: stray === "none" }
}
