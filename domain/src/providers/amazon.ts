/**
 * Amazon: advertising through the Amazon Ads API, and what sellers and vendors sell through the Selling Partner API.
 * One login consents to both, each in one of three regions: North America with Brazil; Europe with India, the Gulf,
 * Egypt, Turkey and South Africa; and the Far East.
 *
 * @see https://advertising.amazon.com/API/docs/en-us/reference/api-overview
 * @see https://developer-docs.amazon.com/sp-api/docs/marketplace-ids
 */
import { marketplaces } from "./amazonMarketplaces.ts"
import { define, type RequirementRow, type SourceRow, type StandardDataClass, type SyncRow } from "./ProviderTable.ts"
import { text } from "../messages/Messages.ts"

// Reporting v3, Sponsored Products: at most 31 days a report, 95 days kept.
// https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/report-types
// Clicks come within 12 hours and are validated for three days; conversions are restated 1, 7 and 28 days after they
// happened, which a 14-day attribution window puts up to 42 days after the report's date, and up to 60 at the latest;
// one or two requests a report type, advertiser and day.
// https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/faq
const advertising: SourceRow<StandardDataClass> = {
  dataClass: "advertising",
  depthDays: 95,
  windowDays: 31,
  sync: {
    lagHours: 12,
    dueHours: 12,
    again: [
      { everyDays: 1, fromAge: 1, untilAge: 4 },
      { everyDays: 7, fromAge: 1, untilAge: 31 },
      { everyDays: 14, fromAge: 31, untilAge: 61 }
    ]
  }
}

// The present has no days that change later. A listings report may take hours.
const snapshot: SyncRow = { lagHours: 0, dueHours: 12, again: [] }

const campaigns = (title: string): ReadonlyArray<RequirementRow> => [
  { check: "campaign-exists", weight: "blocks", title },
  {
    check: "campaign-editable",
    weight: "blocks",
    title: text("amazon.campaign-permission"),
    remedy: text("amazon.campaign-permission-ask")
  }
]

/** Amazon's table. */
export const amazon = define({
  id: "amazon",
  label: "Amazon",
  channels: {
    "amazon-ads": {
      label: "Amazon Advertising API",
      shortLabel: "Advertising",
      purpose: text("provider.advertising-purpose"),
      allows: [text("provider.advertising-allows"), text("amazon.profiles-allows")],
      kind: "advertising",
      access: "consent",
      // Reported for consents from that day on; another report says a month later
      // (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/refresh-tokens).
      consentEnds: { days: 365, from: "2026-06-30" },
      missingRight: text("provider.edit-campaigns"),
      hasChecklist: true,
      accountLookup: { nextStep: text("amazon.lookup-connect") }
    },
    "amazon-sp": {
      label: "Amazon Selling Partner API",
      shortLabel: "Selling Partner",
      purpose: text("provider.commerce-purpose"),
      allows: [text("amazon.seller-allows")],
      kind: "commerce",
      access: "consent",
      // `selling_partner_id` in the callback is not signed
      // (https://developer-docs.amazon.com/sp-api/docs/website-authorization-workflow).
      claimsIdentity: true,
      // Public applications (https://developer-docs.amazon.com/sp-api/docs/renew-authorizations).
      consentEnds: { days: 365 },
      missingRight: text("provider.edit-campaigns"),
      hasChecklist: true
    }
  },
  accountTypes: {
    seller: {
      label: "Seller",
      noun: "seller",
      hint: text("amazon.seller-hint"),
      merchant: "seller",
      channels: [
        {
          channel: "amazon-ads",
          optional: false,
          sources: [advertising],
          requirements: campaigns(text("amazon.active-campaign"))
        },
        {
          channel: "amazon-sp",
          optional: false,
          sources: [
            // Order metrics by day go back two years; 30 days a call is our choice.
            // https://developer-docs.amazon.com/sp-api/docs/sales-api-v1-reference
            // They are near real time; for how long orders change them is not confirmed, so a month is our choice.
            {
              dataClass: "sales",
              depthDays: 730,
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
            // FBA inventory summaries and the listings report describe the present: one window a day.
            { dataClass: "inventory", depthDays: 1, windowDays: 1, sync: snapshot },
            { dataClass: "content", depthDays: 1, windowDays: 1, sync: snapshot }
          ],
          requirements: [
            { check: "advertising-permission-in-seller-central", weight: "blocks" },
            { check: "participates", weight: "blocks" }
          ]
        }
      ]
    },
    vendor: {
      label: "Vendor",
      noun: "vendor",
      hint: text("amazon.vendor-hint"),
      merchant: "supplier",
      channels: [
        {
          channel: "amazon-ads",
          optional: false,
          sources: [advertising],
          requirements: campaigns(text("amazon.vendor-advertised"))
        },
        // Order metrics, FBA inventory and the listings report belong to sellers; vendors' reports come with their own
        // flow.
        { channel: "amazon-sp", optional: true, sources: [], requirements: [] }
      ]
    }
  },
  regions: {
    NA: { label: "Amazon North America (with Brazil)" },
    EU: { label: "Amazon Europe, Middle East and India" },
    FE: { label: "Amazon Far East" }
  },
  marketplaces,
  unusableProfiles: { agency: text("amazon.agency-profile") },
  // https://advertising.amazon.com/API/docs/en-us/reference/1/profiles; the DSP's account type is the one of manager
  // accounts (https://advertising.amazon.com/API/docs/en-us/guides/account-management/manager-accounts).
  doubtfulProfiles: {
    AMAZON_ATTRIBUTION: text("amazon.attribution-profile"),
    KDP_AUTHOR: text("amazon.author-profile"),
    DSP: text("amazon.dsp-profile"),
    DSP_ADVERTISING_ACCOUNT: text("amazon.dsp-profile")
  },
  // Entities of advertising, and vendor groups (https://github.com/amzn/selling-partner-api-models/issues/2397).
  otherIds: ["ENTITY", "amzn1.vg."],
  // Confirmed by https://github.com/amzn/selling-partner-api-docs/issues/2384 and
  // https://github.com/amzn/selling-partner-api-docs/issues/3680; the others are expected to be alike.
  separateCountries: { confirmed: ["JP", "AU", "SG"], expected: ["AE", "SA", "EG", "IN", "TR", "ZA"] },
  checks: {
    "login-used": {
      title: text("amazon.login-title"),
      question: text("amazon.login-question"),
      why: text("amazon.login-why"),
      failure: text("amazon.login-missing"),
      remedy: text("amazon.login-connect")
    }
  }
})
