/**
 * Walmart: advertising through Walmart Connect, where an advertiser's admin adds us as API partner, and the
 * marketplace, where a seller consents. Each market stands alone.
 *
 * @see https://developer.walmart.com/advertising-partners-search/docs/advertising-account-and-access
 * @see https://developer.walmart.com/us-marketplace/docs/authentication-authorization
 */
import * as Duration from "effect/Duration"
import {
  define,
  type MarketplaceRow,
  type RequirementRow,
  type SourceRow,
  type StandardDataClass,
  type SyncRow
} from "./ProviderTable.ts"
import { text } from "../messages/Messages.ts"

// 60 days within 24 to 48 hours (rule W-R11). Reports end yesterday; days a report may cover are our choice.
const advertising: SourceRow<StandardDataClass> = {
  dataClass: "advertising",
  depthDays: 60,
  windowDays: 30,
  lagDays: 1,
  due: Duration.hours(48),
  // The day before can be had; attribution windows of 3, 14 and 30 days are columns, and that a day is restated while
  // its windows are open is not confirmed (https://developer.walmart.com/advertising-partners-search).
  sync: {
    lagHours: 6,
    dueHours: 24,
    again: [
      { everyDays: 1, fromAge: 1, untilAge: 3 },
      { everyDays: 7, fromAge: 1, untilAge: 30 }
    ]
  }
}

// The present has no days that change later.
const snapshot: SyncRow = { lagHours: 0, dueHours: 12, again: [] }

const partnership: ReadonlyArray<RequirementRow> = [
  { check: "partner-added", weight: "blocks" },
  { check: "write-access", weight: "limits" }
]

const marketplace = <const R extends string>(
  region: R,
  row: Pick<MarketplaceRow, "countryCode" | "country" | "currency" | "storefront">
): MarketplaceRow<R> => ({ ...row, id: `WALMART_${row.countryCode}`, region, timeZone: "UTC", assumed: ["timeZone"] })

/** Walmart's table. */
export const walmart = define({
  id: "walmart",
  label: "Walmart",
  channels: {
    "walmart-connect": {
      label: "Walmart Connect (advertising)",
      shortLabel: "Advertising",
      purpose: text("provider.advertising-purpose"),
      allows: [text("provider.advertising-allows")],
      kind: "advertising",
      access: "partner",
      missingRight: text("walmart.write-access")
    },
    "walmart-marketplace": {
      label: "Walmart Marketplace",
      shortLabel: "Marketplace",
      purpose: text("provider.commerce-purpose"),
      allows: [text("walmart.marketplace-allows")],
      kind: "commerce",
      access: "consent",
      // `sellerId` in the callback is not signed
      // (https://developer.walmart.com/us-marketplace/docs/log-in-and-authorize-app-scope).
      claimsIdentity: true,
      // The life of the refresh token (https://developer.walmart.com/us-marketplace/reference/tokenapi).
      consentEnds: { days: 365 },
      missingRight: text("provider.edit-campaigns")
    }
  },
  accountTypes: {
    "walmart-3p": {
      label: "Walmart 3P (marketplace seller)",
      noun: "Walmart 3P",
      hint: text("walmart.seller-hint"),
      merchant: "seller",
      channels: [
        { channel: "walmart-connect", optional: false, sources: [advertising], requirements: partnership },
        {
          channel: "walmart-marketplace",
          optional: true,
          sources: [
            // How far back orders can be had is not confirmed; half a year is our choice.
            // For how long orders change is not confirmed either; a month is our choice.
            {
              dataClass: "sales",
              depthDays: 180,
              windowDays: 30,
              sync: {
                lagHours: 2,
                dueHours: 6,
                again: [
                  { everyDays: 1, fromAge: 1, untilAge: 7 },
                  { everyDays: 7, fromAge: 1, untilAge: 30 }
                ]
              }
            },
            { dataClass: "inventory", depthDays: 1, windowDays: 1, sync: snapshot },
            { dataClass: "content", depthDays: 1, windowDays: 1, sync: snapshot }
          ],
          requirements: []
        }
      ]
    },
    "walmart-1p": {
      label: "Walmart 1P (supplier)",
      noun: "Walmart 1P",
      hint: text("walmart.supplier-hint"),
      merchant: "supplier",
      channels: [{ channel: "walmart-connect", optional: false, sources: [advertising], requirements: partnership }]
    }
  },
  regions: {
    "WALMART-US": { label: "Walmart United States", partnership: { channel: "walmart-connect", isSearched: true } },
    "WALMART-CA": { label: "Walmart Canada", partnership: { channel: "walmart-connect", isSearched: true } },
    "WALMART-MX": { label: "Walmart Mexico", partnership: { channel: "walmart-connect", isSearched: true } },
    // Chile has a marketplace and no advertising that we know.
    "WALMART-CL": { label: "Walmart Chile", partnership: { channel: "walmart-connect", isSearched: false } }
  },
  marketplaces: [
    marketplace("WALMART-US", {
      countryCode: "US",
      country: "United States",
      currency: "USD",
      storefront: "www.walmart.com"
    }),
    marketplace("WALMART-CA", { countryCode: "CA", country: "Canada", currency: "CAD", storefront: "www.walmart.ca" }),
    marketplace("WALMART-MX", {
      countryCode: "MX",
      country: "Mexico",
      currency: "MXN",
      storefront: "www.walmart.com.mx"
    }),
    marketplace("WALMART-CL", { countryCode: "CL", country: "Chile", currency: "CLP", storefront: "www.walmart.cl" })
  ],
  checks: {
    "partner-added": {
      title: text("walmart.partner-title"),
      question: text("walmart.partner-question"),
      why: text("walmart.partner-why"),
      failure: text("walmart.partner-missing")
    }
  }
})
