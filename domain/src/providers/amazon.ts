/**
 * Amazon: advertising through the Amazon Ads API, and what sellers and vendors sell through the Selling Partner API. One login
 * consents to both, each in one of three regions: North America with Brazil; Europe with India, the Gulf, Egypt, Turkey and South
 * Africa; and the Far East. Sources: Amazon Ads API overview; Selling Partner API marketplace ids.
 */
import { marketplaces } from "./amazonMarketplaces.ts"
import { define, type RequirementRow, type SourceRow, type StandardDataClass } from "./ProviderTable.ts"

// Reporting v3, Sponsored Products: at most 31 days a report, 95 days kept (Ads API, report types).
const advertising: SourceRow<StandardDataClass> = { dataClass: "advertising", depthDays: 95, windowDays: 31 }

const campaigns = (title: string): ReadonlyArray<RequirementRow> => [
  { check: "campaign-exists", weight: "blocks", title },
  {
    check: "campaign-editable",
    weight: "blocks",
    title: "The login has admin permission (view and edit) in the campaign manager",
    remedy:
      "Ask the primary account owner to give this login view and edit in the campaign manager. An agency's user needs " +
      "it before connecting. If it was given and nothing changed, have the user removed and added again."
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
      purpose: "Campaigns, spend and results of sponsored advertising.",
      allows: [
        "Your sponsored advertising: campaigns, spend and results",
        "The list of advertising profiles your login can see"
      ],
      kind: "advertising",
      access: "consent",
      missingRight: "the right to edit campaigns (this login can only view)",
      hasChecklist: true,
      accountLookup: {
        nextStep: "Connect Amazon Advertising once with this login, with “Login with Amazon”; then look again."
      }
    },
    "amazon-sp": {
      label: "Amazon Selling Partner API",
      shortLabel: "Selling Partner",
      purpose: "Sales, inventory and product content.",
      allows: ["Sales, inventory and product content of your seller or vendor account"],
      kind: "commerce",
      access: "consent",
      missingRight: "the right to edit campaigns (this login can only view)",
      hasChecklist: true
    }
  },
  accountTypes: {
    seller: {
      label: "Seller",
      noun: "seller",
      hint: "Sells to shoppers in its own name (Seller Central).",
      merchant: "seller",
      channels: [
        {
          channel: "amazon-ads",
          optional: false,
          sources: [advertising],
          requirements: campaigns("The account has at least one active advertising campaign in this marketplace")
        },
        {
          channel: "amazon-sp",
          optional: false,
          sources: [
            // Order metrics by day: two years are kept by Amazon's sales API; 30 days a call is our choice.
            { dataClass: "sales", depthDays: 730, windowDays: 30 },
            // FBA inventory summaries and the listings report describe the present: one window.
            { dataClass: "inventory", depthDays: 1, windowDays: 1 },
            { dataClass: "content", depthDays: 1, windowDays: 1 }
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
      hint: "Sells to Amazon, which sells to shoppers (Vendor Central).",
      merchant: "supplier",
      channels: [
        {
          channel: "amazon-ads",
          optional: false,
          sources: [advertising],
          requirements: campaigns("The vendor has advertised in this marketplace before")
        },
        // Order metrics, FBA inventory and the listings report belong to sellers; vendors' reports come with their own flow.
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
  unusableProfiles: { agency: "An agency profile cannot hold sponsored advertising; choose the client's own profile." },
  // Confirmed: Selling Partner API documentation issues 2384 and 3680. Of the others the same is expected.
  separateCountries: { confirmed: ["JP", "AU", "SG"], expected: ["AE", "SA", "EG", "IN", "TR", "ZA"] },
  checks: {
    "login-used": {
      title: 'The login was connected with "Login with Amazon"',
      question: 'Did you sign in with the button "Login with Amazon", with the login that has the accounts?',
      why: "Signing in here with a password shows no account; only the button lets Amazon tell us which there are.",
      failure: 'Nobody has signed in with "Login with Amazon" yet, so Amazon tells us nothing.',
      remedy: "Connect Amazon Advertising with the main login, or send an auth link to the person who has it."
    }
  }
})
