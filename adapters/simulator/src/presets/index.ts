/** The presets that come with the simulator. All names are invented. */
import type { AccountRow, PersonRow, Preset } from "./Preset.ts"
import * as oddAnswers from "./oddAnswers.ts"
import * as walmart from "./walmartRows.ts"

const quick = {
  quotaScale: 1000,
  adsReport: { pendingSeconds: 1, processingSeconds: 2 },
  spReport: { queuedSeconds: 1, processingSeconds: 2 },
  profileDelaySeconds: 30,
  walmartSnapshot: { pendingSeconds: 1, processingSeconds: 2 },
  walmartReport: { pendingSeconds: 1, processingSeconds: 2 },
  walmartGrantDelaySeconds: 20
} as const

const lanternsNA: AccountRow = {
  key: "lanterns-na",
  kind: "seller",
  name: "Lindqvist Lanterns",
  region: "NA",
  countries: ["US", "CA", "MX"]
}
const lanternsEU: AccountRow = {
  key: "lanterns-eu",
  kind: "seller",
  name: "Lindqvist Laternen",
  region: "EU",
  countries: ["GB", "DE", "FR", "IT", "ES"],
  campaigns: ["Laternen breit", "Frühling", "Marke"]
}
const wholesale: AccountRow = {
  key: "wholesale",
  kind: "vendor",
  name: "Lindqvist Wholesale",
  region: "NA",
  countries: ["US"],
  campaigns: ["Wholesale, all", "Winter"]
}

const ada: PersonRow = {
  id: "ada",
  name: "Ada Lindqvist",
  role: "owner of Lindqvist Lanterns",
  owns: ["lanterns-na"],
  edit: ["lanterns-na"]
}
const bruno: PersonRow = {
  id: "bruno",
  name: "Bruno Okafor",
  role: "campaign manager, does not own the seller account",
  memberOf: ["lanterns-na"],
  edit: ["lanterns-na"]
}

const demo: Preset = {
  id: "demo",
  title: "A small believable world with most kinds of people in it",
  policy: quick,
  accounts: [
    lanternsNA,
    lanternsEU,
    wholesale,
    {
      key: "steppe",
      kind: "seller",
      name: "Степова майстерня",
      region: "EU",
      countries: ["DE", "PL"],
      ads: "never",
      skuCount: 40
    },
    {
      key: "marmara-seller",
      kind: "seller",
      name: "Marmara Home",
      region: "NA",
      countries: ["US"],
      skuCount: 60,
      campaigns: ["Towels"]
    },
    {
      key: "marmara-vendor",
      kind: "vendor",
      name: "Marmara Home",
      region: "NA",
      countries: ["US"],
      campaigns: ["Towels (wholesale)"]
    },
    {
      key: "marmara-homes",
      kind: "seller",
      name: "Marmara Homes",
      region: "NA",
      countries: ["US"],
      skuCount: 10,
      payment: false,
      campaigns: ["Towels"]
    },
    { key: "aoba", kind: "seller", name: "青葉堂", region: "FE", countries: ["JP"], campaigns: ["茶筒", "春の新作"] },
    { key: "palm-agency", kind: "agency", name: "وكالة النخلة", region: "EU", countries: ["AE"] }
  ],
  people: [
    {
      ...ada,
      role: "owner of Lindqvist Lanterns, Laternen and Wholesale",
      owns: ["lanterns-na", "lanterns-eu", "wholesale"],
      edit: ["lanterns-na", "lanterns-eu", "wholesale"]
    },
    { ...bruno, memberOf: ["lanterns-na", "lanterns-eu"], edit: ["lanterns-na", "lanterns-eu"] },
    {
      id: "chiara",
      name: "Chiara Fontana",
      role: "may look at advertising, not change it",
      view: ["lanterns-na", "lanterns-eu"]
    },
    {
      id: "danylo",
      name: "Данило Коваль",
      role: "owner of a seller account in Germany and Poland that never advertised",
      owns: ["steppe"],
      edit: ["steppe"]
    },
    {
      id: "emre",
      name: "Emre Yıldız",
      role: "owner with advertising profiles of nearly the same name",
      owns: ["marmara-seller", "marmara-vendor"],
      edit: ["marmara-seller", "marmara-vendor", "marmara-homes"]
    },
    { id: "hanako", name: "森 花子", role: "owner of a seller account in Japan", owns: ["aoba"], edit: ["aoba"] },
    {
      id: "layla",
      name: "ليلى حداد",
      role: "works at an agency, edits and views clients' advertising",
      edit: ["palm-agency", "lanterns-eu:DE"],
      view: ["lanterns-eu:ES", "marmara-homes"]
    },
    { id: "noor", name: "Noor Vink", role: "has a login and no account at all" },
    walmart.walt,
    walmart.wendy
  ],
  walmart: walmart.demo
}

const clientNames = [
  "Birch & Bell",
  "Кедр",
  "Casa Olmo",
  "波止場",
  "Hadar Tea",
  "Tulipán",
  "Øre Smie",
  "Zephyr Loom",
  "Ruda Glina",
  "Mistral Papier"
]

const countryOf = { NA: "US", EU: "DE", FE: "JP" } as const

// Two clashes: the 21st and the 31st client carry the name of an earlier one.
const clashes: { readonly [index: number]: number } = { 20: 1, 30: 6 }

const agencyClients: ReadonlyArray<AccountRow> = Array.from({ length: 50 }, (_, index): AccountRow => {
  const isVendor = index % 5 === 4
  const region = (["NA", "EU", "FE"] as const)[index % 3] ?? "NA"
  const serial = clashes[index] ?? index + 1
  return {
    key: `client-${index + 1}`,
    kind: isVendor ? "vendor" : "seller",
    region,
    name: `${clientNames[serial % clientNames.length] ?? "Client"} ${serial}`,
    countries: [countryOf[region]],
    skuCount: 20,
    campaigns: ["All", "Brand"],
    ...(index % 11 === 10 ? { payment: false } : {})
  }
})

/** Every preset, by id. */
export const all: ReadonlyArray<Preset> = [
  demo,
  {
    id: "seller-us-ready",
    title: "One seller in the United States; everything works",
    accounts: [{ ...lanternsNA, countries: ["US"] }],
    people: [ada]
  },
  {
    id: "seller-na-three",
    title: "One seller in three marketplaces of one region",
    accounts: [lanternsNA],
    people: [ada]
  },
  {
    id: "seller-eu-five",
    title: "One seller in five European marketplaces",
    accounts: [lanternsEU],
    people: [{ ...ada, owns: ["lanterns-eu"], edit: ["lanterns-eu"] }]
  },
  {
    id: "vendor-ready",
    title: "One vendor; everything works",
    accounts: [wholesale],
    people: [{ ...ada, role: "administrator of Lindqvist Wholesale", owns: ["wholesale"], edit: ["wholesale"] }]
  },
  {
    id: "no-campaigns",
    title: "Advertising was never active: the profile list is empty until a campaign exists, up to a day later",
    accounts: [{ ...lanternsNA, ads: "never" }],
    people: [ada]
  },
  {
    id: "view-only",
    title: "The person may look at advertising and not change it",
    accounts: [lanternsNA],
    people: [
      {
        ...ada,
        id: "chiara",
        name: "Chiara Fontana",
        role: "may look at advertising, not change it",
        owns: [],
        edit: [],
        view: ["lanterns-na"]
      }
    ]
  },
  {
    id: "owner-not-you",
    title: "The person at the keyboard may advertise but does not own the seller account",
    accounts: [lanternsNA],
    people: [bruno, ada]
  },
  {
    id: "delegate-allowed",
    title: "A delegate with the Appstore permission may consent",
    policy: { delegatesMayConsent: true },
    accounts: [lanternsNA],
    people: [{ ...bruno, memberOf: [], delegateOf: ["lanterns-na"] }, ada]
  },
  {
    id: "wrong-profile-nearby",
    title: "Profiles with confusing names next to the right one",
    accounts: [
      { key: "marmara-seller", kind: "seller", name: "Marmara Home", region: "NA", countries: ["US", "CA"] },
      { key: "marmara-vendor", kind: "vendor", name: "Marmara Home", region: "NA", countries: ["US"] },
      { key: "marmara-homes", kind: "seller", name: "Marmara Homes", region: "NA", countries: ["US"] }
    ],
    people: [
      {
        id: "emre",
        name: "Emre Yıldız",
        role: "owner of Marmara Home",
        owns: ["marmara-seller", "marmara-vendor"],
        edit: ["marmara-seller", "marmara-vendor", "marmara-homes"]
      }
    ]
  },
  {
    id: "agency-fifty",
    title: "An agency login with fifty clients in three regions, mixed rights, two name clashes",
    accounts: [
      { key: "agency", kind: "agency", name: "Cormorant Media", region: "NA", countries: ["US"] },
      ...agencyClients
    ],
    people: [
      {
        id: "gwen",
        name: "Gwen Adeyemi",
        role: "works at the agency Cormorant Media",
        edit: ["agency", ...agencyClients.filter((_, index) => index % 4 !== 3).map((one) => one.key)],
        view: agencyClients.filter((_, index) => index % 4 === 3).map((one) => one.key)
      },
      { ...ada, role: "owner of the first client", owns: ["client-1"], edit: ["client-1"] }
    ]
  },
  {
    id: "payment-problem",
    title: "The advertiser's card fails",
    accounts: [{ ...lanternsNA, payment: false }],
    people: [ada]
  },
  {
    id: "suspended-marketplace",
    title: "Listings are suspended in one marketplace",
    accounts: [{ ...lanternsNA, suspended: ["CA"] }],
    people: [ada]
  },
  {
    id: "slow-reports",
    title: "Reports take three hours",
    policy: {
      adsReport: { pendingSeconds: 1800, processingSeconds: 9000 },
      spReport: { queuedSeconds: 1800, processingSeconds: 9000 }
    },
    accounts: [lanternsNA],
    people: [ada]
  },
  {
    id: "throttled-morning",
    title: "Quotas at a tenth, and the Ads API answers one request a second",
    policy: { quotaScale: 0.1, adsRate: { perSecond: 1, burst: 3 } },
    accounts: [lanternsNA],
    people: [ada]
  },
  {
    id: "revoked-later",
    title: "The owner removes the application on day 40",
    accounts: [lanternsNA],
    people: [ada],
    revocations: [{ person: "ada", afterDays: 40 }]
  },
  {
    id: "rotation-on",
    title: "Refresh tokens change; the old one works for two minutes (Amazon does not do this)",
    policy: { rotation: "grace" },
    accounts: [lanternsNA],
    people: [ada]
  },
  {
    id: "rotation-strict",
    title: "Refresh tokens change; the old one dies at once (Amazon does not do this)",
    policy: { rotation: "strict" },
    accounts: [lanternsNA],
    people: [ada]
  },
  ...walmart.presets,
  ...oddAnswers.presets(lanternsNA, ada)
]

/** The preset with an id; undefined when there is none. */
export const find = (id: string): Preset | undefined => all.find((preset) => preset.id === id)
