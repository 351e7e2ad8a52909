/**
 * Advertising rows, as pure functions of (seed, profile, campaign, day), in the columns of reporting v3
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started).
 */
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import * as Random from "../core/Random.ts"
import type { Campaign, Profile, World } from "../core/World.ts"
import { digits, own } from "../core/Wire.ts"

/** What a report type may ask for. */
export type ReportType = {
  readonly product: string
  readonly maxDays: number
  readonly retentionDays: number
  readonly level: Level
  readonly groups: ReadonlyArray<string>
}

type Level = "campaign" | "adGroup" | "ad" | "targeting" | "searchTerm" | "asin" | "placement"

const type = (
  product: string,
  maxDays: number,
  retentionDays: number,
  level: Level,
  ...groups: ReadonlyArray<string>
): ReportType => ({ product, maxDays, retentionDays, level, groups })

const SP = "SPONSORED_PRODUCTS"
const SB = "SPONSORED_BRANDS"
const SD = "SPONSORED_DISPLAY"

/**
 * Report types with their longest range and retention
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started).
 */
export const reportTypes: Readonly<Record<string, ReportType>> = {
  spCampaigns: type(SP, 31, 95, "campaign", "campaign", "adGroup", "campaignPlacement"),
  spAdvertisedProduct: type(SP, 31, 95, "ad", "advertiser"),
  spTargeting: type(SP, 31, 95, "targeting", "targeting"),
  spSearchTerm: type(SP, 31, 95, "searchTerm", "searchTerm"),
  spPurchasedProduct: type(SP, 31, 95, "asin", "asin"),
  sbCampaigns: type(SB, 31, 60, "campaign", "campaign"),
  sbAdGroup: type(SB, 31, 60, "adGroup", "adGroup"),
  sbAds: type(SB, 31, 60, "ad", "ads"),
  sbTargeting: type(SB, 31, 60, "targeting", "targeting"),
  sbSearchTerm: type(SB, 31, 60, "searchTerm", "searchTerm"),
  sbCampaignPlacement: type(SB, 31, 60, "placement", "campaignPlacement"),
  sbPurchasedProduct: type(SB, 731, 731, "asin", "purchasedAsin"),
  sdCampaigns: type(SD, 31, 65, "campaign", "campaign"),
  sdAdGroup: type(SD, 31, 65, "adGroup", "adGroup"),
  sdAdvertisedProduct: type(SD, 31, 65, "ad", "advertiser"),
  sdTargeting: type(SD, 31, 65, "targeting", "targeting"),
  sdPurchasedProduct: type(SD, 31, 65, "asin", "asin"),
  stCampaigns: type("SPONSORED_TELEVISION", 31, 95, "campaign", "campaign"),
  stTargeting: type("SPONSORED_TELEVISION", 31, 95, "targeting", "targeting"),
  dspCampaign: type("DEMAND_SIDE_PLATFORM", 31, 95, "campaign", "campaign")
}

type Numbers = { impressions: number; clicks: number; cost: number; purchases: ReadonlyArray<number>; price: number }

const numbers = (seed: string, profileId: string, entity: string, day: string): Numbers => {
  const draw = Random.stream(`${seed}/ads/${profileId}/${entity}/${day}`)
  const impressions = Math.floor(100 + draw() * 6000)
  const clicks = Math.floor(impressions * (0.002 + draw() * 0.018))
  const cost = Math.round(clicks * (25 + draw() * 160))
  const late = Math.floor(clicks * (0.03 + draw() * 0.15))
  return {
    impressions,
    clicks,
    cost,
    purchases: [0.6, 0.85, 0.95, 1].map((share) => Math.floor(late * share)),
    price: Math.round(900 + draw() * 4000)
  }
}

const add = (a: Numbers, b: Numbers): Numbers => ({
  impressions: a.impressions + b.impressions,
  clicks: a.clicks + b.clicks,
  cost: a.cost + b.cost,
  purchases: a.purchases.map((value, index) => value + (b.purchases[index] ?? 0)),
  price: Math.round((a.price + b.price) / 2)
})

const windows: Readonly<Record<string, number>> = { "1d": 0, "7d": 1, "14d": 2, "30d": 3 }
const counted = new Set([
  "orders",
  "purchases",
  "purchasesSameSku",
  "unitsSoldClicks",
  "unitsSoldSameSku",
  "unitsSoldOtherSku"
])
const earned = new Set(["sales", "attributedSalesSameSku", "salesOtherSku"])
const wholePlain = new Set([
  "impressions",
  "clicks",
  "purchases",
  "purchasesClicks",
  "unitsSold",
  "unitsSoldClicks",
  "viewableImpressions",
  "newToBrandPurchases"
])

const metric = (name: string, n: Numbers): number | undefined => {
  if (name === "impressions" || name === "viewableImpressions") return n.impressions
  if (name === "clicks" || name === "detailPageViews") return n.clicks
  if (name === "cost" || name === "spend") return n.cost / 100
  if (name === "clickThroughRate")
    return n.impressions === 0 ? 0 : Number(((100 * n.clicks) / n.impressions).toFixed(4))
  if (name === "costPerClick") return n.clicks === 0 ? 0 : Number((n.cost / n.clicks / 100).toFixed(4))
  if (wholePlain.has(name)) return n.purchases[2] ?? 0
  if (name === "sales" || name === "salesClicks") return ((n.purchases[2] ?? 0) * n.price) / 100
  const match = /^([A-Za-z]+?)(1d|7d|14d|30d)$/.exec(name)
  if (match === null) return undefined
  const value = n.purchases[windows[match[2] ?? ""] ?? 0] ?? 0
  if (counted.has(match[1] ?? "")) return /Other/.test(name) ? 0 : value
  return earned.has(match[1] ?? "") ? (/Other/.test(name) ? 0 : (value * n.price) / 100) : undefined
}

type Row = {
  readonly profile: Profile
  readonly campaign: Campaign
  readonly part: number
  readonly from: string
  readonly to: string
  readonly numbers: Numbers
}

const part = (seed: string, row: Row, kind: string): string =>
  String(100_000_000_000 + Random.hash32(`${seed}/${kind}/${row.campaign.id}/${row.part}`))
const asin = (seed: string, row: Row): string =>
  `B0${Random.letters(seed, `advertised/${row.campaign.id}/${row.part}`, 8, "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789")}`
const phrases = ["desk lamp", "lampe de bureau", "Schreibtischlampe", "lámpara", "ランプ", "wool blanket"]
const phrase = (row: Row): string => phrases[(row.part + row.campaign.name.length) % phrases.length] ?? ""

/** Values of the column and the filter (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/columns). */
const keywordTypes = ["BROAD", "EXACT", "TARGETING_EXPRESSION"]
const keywordType = (row: Pick<Row, "part">): string => keywordTypes[row.part % keywordTypes.length] ?? ""

const dimensions: Readonly<Record<string, (seed: string, row: Row) => unknown>> = {
  date: (_, row) => row.from,
  startDate: (_, row) => row.from,
  endDate: (_, row) => row.to,
  // A number here although campaign calls use a text
  // (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started, sample rows).
  campaignId: (_, row) => digits(row.campaign.id),
  campaignName: (_, row) => row.campaign.name,
  campaignStatus: (_, row) => row.campaign.state,
  campaignBudgetAmount: (_, row) => Number(row.campaign.budget),
  campaignBudgetType: () => "DAILY_BUDGET",
  campaignBudgetCurrencyCode: (_, row) => Data.currency(row.profile.marketplaceId),
  adGroupId: (seed, row) => digits(part(seed, row, "group")),
  adGroupName: (_, row) => `Group ${row.part + 1}`,
  adId: (seed, row) => digits(part(seed, row, "ad")),
  advertisedAsin: asin,
  purchasedAsin: asin,
  advertisedSku: (_, row) => `SKU-${String(row.part + 1).padStart(4, "0")}`,
  keywordId: (seed, row) => digits(part(seed, row, "keyword")),
  keyword: (_, row) => phrase(row),
  targeting: (_, row) => phrase(row),
  searchTerm: (_, row) => phrase(row),
  productName: (_, row) => `Article ${row.part + 1}`,
  keywordType: (_, row) => keywordType(row),
  matchType: (_, row) => keywordType(row),
  placementClassification: (_, row) =>
    ["Top of Search on-Amazon", "Detail Page on-Amazon", "Other on-Amazon"][row.part % 3],
  portfolioId: () => null
}

const nothing: Numbers = { impressions: 0, clicks: 0, cost: 0, purchases: [0, 0, 0, 0], price: 0 }

/** Whether a report can have a column of this name. */
export const isColumn = (name: string): boolean =>
  Object.hasOwn(dimensions, name) || metric(name, nothing) !== undefined

/** Columns served when a helper is not told any: those a daily campaign report usually asks for. */
export const usualColumns: ReadonlyArray<string> = [
  "date",
  "campaignId",
  "campaignName",
  "impressions",
  "clicks",
  "cost",
  "purchases7d",
  "sales7d"
]

const parts: Readonly<Record<Level, number>> = {
  campaign: 1,
  adGroup: 2,
  ad: 3,
  targeting: 3,
  searchTerm: 3,
  asin: 2,
  placement: 3
}

const campaigns = (world: World, profile: Profile, product: string): ReadonlyArray<Campaign> => {
  const own_ = own(world.campaigns, profile.id) ?? []
  const first = own_[0]
  if (product === SP || first === undefined) return product === SP ? own_ : []
  if (product !== SB && product !== SD) return []
  return [
    {
      ...first,
      id: String(200_000_000_000 + Random.hash32(`${world.seed}/${product}/${first.id}`)),
      name: `${first.name} (${product === SB ? "Brands" : "Display"})`
    }
  ]
}

/** What to build rows for. Days are in the profile's time zone, both ends included. */
export type Query = {
  readonly profileId: string
  readonly from: string
  readonly to: string
  readonly reportTypeId?: string
  readonly columns?: ReadonlyArray<string>
  readonly groupBy?: ReadonlyArray<string>
  readonly timeUnit?: "DAILY" | "SUMMARY"
  readonly campaignStatus?: ReadonlyArray<string>
  readonly keywordType?: ReadonlyArray<string>
}

const isLive = ({ endDate, startDate }: Campaign, day: string): boolean =>
  day >= startDate && (endDate === undefined || day <= endDate)

const level = (type: ReportType, groupBy: ReadonlyArray<string>): Level => {
  if (groupBy.includes("adGroup")) return "adGroup"
  return groupBy.includes("campaignPlacement") ? "placement" : type.level
}

/**
 * The rows a report of this kind holds, day by day, campaign by campaign. Ids above 2^53 are raw JSON numbers:
 * serialise with `JSON.stringify`, or use `Expected.adRows` for comparable texts.
 */
export const rows = (world: World, query: Query): ReadonlyArray<Readonly<Record<string, unknown>>> => {
  const profile = own(world.profiles, query.profileId)
  const type = own(reportTypes, query.reportTypeId ?? "spCampaigns")
  if (profile === undefined || type === undefined) return []
  const columns = query.columns ?? usualColumns
  const count = parts[level(type, query.groupBy ?? [])]
  const make = (campaign: Campaign, part: number, day: string) => {
    const entity = type.level === "campaign" && count === 1 ? "" : part
    return numbers(world.seed, profile.id, `${type.product}/${campaign.id}/${entity}`, day)
  }
  const selected = campaigns(world, profile, type.product).filter(
    (one) => query.campaignStatus === undefined || query.campaignStatus.includes(one.state)
  )
  const days = Dates.days(query.from, query.to)
  const pieces = selected
    .flatMap((campaign) => Array.from({ length: count }, (_, part) => ({ campaign, part })))
    .filter((piece) => query.keywordType?.includes(keywordType(piece)) !== false)
  const summary = (): ReadonlyArray<Row> =>
    pieces.flatMap(({ campaign, part }) => {
      const live = days.filter((day) => isLive(campaign, day)).map((day) => make(campaign, part, day))
      return live.length === 0
        ? []
        : [{ profile, campaign, part, from: query.from, to: query.to, numbers: live.reduce(add) }]
    })
  const daily = (): ReadonlyArray<Row> =>
    days.flatMap((day) =>
      pieces
        .filter(({ campaign }) => isLive(campaign, day))
        .map(({ campaign, part }) => ({
          profile,
          campaign,
          part,
          from: day,
          to: day,
          numbers: make(campaign, part, day)
        }))
    )
  const cell = (row: Row, name: string) => own(dimensions, name)?.(world.seed, row) ?? metric(name, row.numbers) ?? null
  return (query.timeUnit === "SUMMARY" ? summary() : daily()).map((row) =>
    Object.fromEntries(columns.map((name) => [name, cell(row, name)]))
  )
}
