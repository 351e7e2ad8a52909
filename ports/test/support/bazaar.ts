/** A provider that neither package knows: rows, and a catalogue that has them beside the standard ones. */
import { Catalogue, type Marketplace, type Profile } from "@portolan/domain"
import { Result } from "effect"

const bazaar = Catalogue.define({
  id: "bazaar",
  label: "Bazaar",
  channels: {
    "bazaar-trade": {
      label: "Bazaar Trade API",
      shortLabel: "Trade",
      purpose: "Orders.",
      allows: ["Orders of your stall"],
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
          sources: [{ dataClass: "sales", depthDays: 3, windowDays: 3 }],
          requirements: []
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
  ]
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
  permission: "edit"
}
