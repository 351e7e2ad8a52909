/** A provider that this package knows nothing of: one channel with consent, one kind of account, data of its own. */
import { Catalogue, type Marketplace, type Profile, type ProviderTable } from "@portolan/domain"
import { Duration, Result } from "effect"

/** The table, as somebody outside writes it. */
export const bazaar = Catalogue.define({
  id: "bazaar",
  label: "Bazaar",
  channels: {
    "bazaar-trade": {
      label: "Bazaar Trade API",
      shortLabel: "Trade",
      purpose: "Orders and returns.",
      allows: ["Orders and returns of your stall"],
      kind: "commerce",
      access: "consent",
      missingRight: "the right to change prices"
    }
  },
  accountTypes: {
    "bazaar-stall": {
      label: "Bazaar stall",
      noun: "stall",
      hint: "Sells on the bazaar in its own name.",
      merchant: "seller",
      channels: [
        {
          channel: "bazaar-trade",
          optional: false,
          sources: [
            { dataClass: "sales", depthDays: 2, windowDays: 2 },
            { dataClass: "bazaar-returns", depthDays: 1, windowDays: 1 }
          ],
          requirements: [{ check: "participates", weight: "blocks", title: "The stall is open" }]
        }
      ]
    }
  },
  regions: { "bazaar-north": { label: "Bazaar North" } },
  marketplaces: [
    {
      id: "bazaar-se",
      region: "bazaar-north",
      countryCode: "SE",
      country: "Sweden",
      currency: "SEK",
      timeZone: "Europe/Stockholm",
      storefront: "bazaar.example"
    }
  ],
  dataClasses: { "bazaar-returns": { label: "Returns", due: Duration.hours(12) } }
})

/** Ours and theirs. */
export const catalogue = Result.getOrThrow(Catalogue.make([...Catalogue.standard.providers, bazaar]))

/** The bazaar's one marketplace. */
export const market = "bazaar-se" as Marketplace.MarketplaceId

/** A stall as the bazaar shows it. */
export const stall: Extract<Profile.Candidate, { readonly _tag: "ProviderProfile" }> = {
  _tag: "ProviderProfile",
  key: {
    channel: "bazaar-trade",
    region: "bazaar-north",
    marketplaceId: market,
    externalId: "stall-7" as Profile.ExternalId
  },
  name: "Lindqvist Lanterns",
  countryCode: "SE",
  currency: "SEK",
  type: "bazaar-stall",
  permission: "edit",
  ownerId: "lindqvist",
  details: [{ name: "Row", value: "7" }]
}

/** A table with something else in it, for tables that are wrong. */
export const changed = (change: Partial<ProviderTable.ProviderTable>): ProviderTable.ProviderTable => ({
  ...bazaar,
  ...change
})
