/** Presets whose providers answer oddly, each in one way that was seen in the field. */
import type { Policy } from "../core/World.ts"
import type { AccountRow, PersonRow, Preset } from "./Preset.ts"
import * as walmart from "./walmartRows.ts"

type Odd = readonly [id: string, title: string, policy: Partial<Policy>]

const amazon: ReadonlyArray<Odd> = [
  [
    "headings-chinese",
    "Listings reports have Chinese headings, whatever language is asked for",
    { spReportLanguage: "zh", spReportHeedsLocale: false }
  ],
  [
    "headings-japanese",
    "Listings reports have Japanese headings, in Shift_JIS",
    { spReportLanguage: "ja", spReportHeedsLocale: false, spReportCharset: "shift_jis" }
  ],
  [
    "headings-german",
    "Listings reports have German headings in windows-1252, unless English ones are asked for",
    { spReportLanguage: "de", spReportCharset: "windows-1252" }
  ],
  ["reports-cancelled", "A report asked for twice within an hour is cancelled", { spReportSpacingSeconds: 3600 }],
  ["page-tokens-die", "The next three page tokens are dead when they come back", { dyingPageTokens: 3 }],
  ["odd-entries", "Every twentieth entry of reports and lists cannot be read", { oddEntryEvery: 20 }],
  ["odd-entries-many", "Every second entry of reports and lists cannot be read", { oddEntryEvery: 2 }]
]

const ofWalmart: ReadonlyArray<Odd> = [
  ["walmart-day-late", "Walmart's figures end three days back", { walmartReportLagDays: 3 }],
  ["walmart-lists-short", "Walmart's lists end before their own total", { walmartShortLists: true }],
  ["walmart-orders-capped", "A search of Walmart's orders finds three at most", { walmartOrdersLimit: 3 }]
]

/** The presets, for a seller's account and the person who owns it. */
export const presets = (account: AccountRow, person: PersonRow): ReadonlyArray<Preset> => [
  ...amazon.map(([id, title, policy]) => ({ id, title, policy, accounts: [account], people: [person] })),
  ...ofWalmart.map(([id, title, policy]) => {
    const ready = walmart.presets.find(
      (one) => one.id === (id === "walmart-day-late" ? "walmart-connect-ready" : "walmart-marketplace-ready")
    )
    if (ready === undefined) throw new Error("the presets of Walmart are gone")
    return { ...ready, id, title, policy: { ...ready.policy, ...policy } }
  })
]
