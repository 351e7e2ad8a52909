/** The people, advertisers and sellers of Walmart that presets have. All names are invented. */
import type { PersonRow, Preset } from "./Preset.ts"
import type { AdvertiserRow, Change, SellerRow, WalmartRows } from "./Walmart.ts"

/** May let API partners in, and applications. */
export const walt: PersonRow = {
  id: "walt",
  name: "Walt Marsh",
  role: "account admin of advertisers and sellers at Walmart"
}
/** May not. */
export const wendy: PersonRow = {
  id: "wendy",
  name: "Wendy Castellanos",
  role: "runs campaigns at Walmart, not an account admin"
}

const people = { admins: ["walt"], members: ["wendy"] } as const
const campaigns = ["Lanterns, automatic", "Lanterns, keywords", "Brand defence"]

const lanternsShop: SellerRow = { key: "lanterns", name: "Lindqvist Lanterns", ...people }
const lanterns: AdvertiserRow = {
  name: "Lindqvist Lanterns",
  type: "3p",
  seller: "lanterns",
  access: "write",
  campaigns,
  ...people
}
const wholesale: AdvertiserRow = {
  name: "Lindqvist Wholesale",
  type: "1p",
  access: "write",
  campaigns: ["Wholesale, automatic", "Winter"],
  ...people
}

/** Seven advertisers of every kind, two of them with a name that is nearly another's, and two sellers. */
export const demo: WalmartRows = {
  sellers: [lanternsShop, { key: "lanternes", name: "Lanternes Lindqvist", market: "CA", skuCount: 12, ...people }],
  advertisers: [
    lanterns,
    wholesale,
    {
      name: "Lindqvist Lantern Co",
      type: "3p",
      access: "write",
      spendLimitReached: true,
      campaigns: ["Lamps"],
      ...people
    },
    { name: "Marmara Home", type: "3p", access: "read", campaigns: ["Towels"], ...people },
    { name: "Marmara Homes", type: "3p", campaigns: ["Towels"], ...people },
    { name: "Quiet Harbor Linens", type: "1p", access: "write", ...people },
    {
      name: "Lanternes Lindqvist",
      type: "3p",
      market: "CA",
      seller: "lanternes",
      access: "write",
      campaigns: ["Lanternes"],
      ...people
    }
  ]
}

const connect = (advertisers: ReadonlyArray<AdvertiserRow>, changes: ReadonlyArray<Change> = []): WalmartRows => ({
  sellers: [lanternsShop],
  advertisers,
  changes
})

const withoutAccess = ({ access: _, ...row }: AdvertiserRow): AdvertiserRow => row

/** Presets about Walmart alone. */
export const presets: ReadonlyArray<Preset> = [
  {
    id: "walmart-connect-ready",
    title: "A Walmart seller and a Walmart supplier let the partner in with write access",
    accounts: [],
    people: [walt, wendy],
    walmart: connect([lanterns, wholesale])
  },
  {
    id: "walmart-read-only",
    title: "The Walmart advertisers gave read access, so nothing can be written",
    accounts: [],
    people: [walt, wendy],
    walmart: connect([lanterns, wholesale].map((row) => ({ ...row, access: "read" })))
  },
  {
    id: "walmart-not-yet-granted",
    title: "The Walmart advertisers have not added the partner yet",
    accounts: [],
    people: [walt, wendy],
    walmart: connect([withoutAccess(lanterns), withoutAccess(wholesale)])
  },
  {
    id: "walmart-partner-pending",
    title: "The Walmart admin adds the partner after forty minutes",
    accounts: [],
    people: [walt, wendy],
    walmart: connect(
      [withoutAccess(lanterns)],
      [{ advertiser: "Lindqvist Lanterns", access: "write", afterMinutes: 40 }]
    )
  },
  {
    id: "walmart-grant-withdrawn",
    title: "The Walmart admin removes the partner after three hours",
    accounts: [],
    people: [walt, wendy],
    walmart: connect([lanterns, wholesale], [{ advertiser: "Lindqvist Lanterns", access: "none", afterMinutes: 180 }])
  },
  {
    id: "walmart-marketplace-ready",
    title: "One Walmart marketplace seller that may consent; everything works",
    accounts: [],
    people: [walt, wendy],
    walmart: { sellers: [lanternsShop] }
  }
]
