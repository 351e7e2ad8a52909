/**
 * What Walmart advertising did, as pure functions of (seed, advertiser, campaign, day). Every campaign's day is cut
 * into six pieces, and each report adds up the same six by the dimensions it was asked for, so that all agree in total.
 */
import * as Dates from "../core/Dates.ts"
import * as Random from "../core/Random.ts"
import { own } from "../core/Wire.ts"
import type { World } from "../core/World.ts"
import type { Advertiser, Campaign } from "./Walmart.ts"

/** What a report type is limited to. */
export type ReportType = { readonly dated: boolean; readonly suppliersOnly: boolean }

const type = (dated = true, suppliersOnly = false): ReportType => ({ dated, suppliersOnly })

/**
 * Report types of snapshot v2
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview); `brand` and
 * `category` are for suppliers (WC-S, availability of types).
 */
export const reportTypes: Readonly<Record<string, ReportType>> = {
  adGroup: type(),
  adItem: type(),
  brand: type(true, true),
  category: type(true, true),
  itemHealth: type(false),
  itemKeyword: type(),
  keyword: type(),
  outOfBudgetRecommendations: type(false),
  pageType: type(),
  platform: type(),
  placement: type(),
  attributedPurchases: type(),
  searchImpression: type(false),
  videoCampaigns: type(),
  videoKeywords: type()
}

type Piece = {
  readonly advertiser: Advertiser
  readonly campaign: Campaign
  readonly index: number
  readonly day: string
}
/** Amounts in hundredths; orders and units for windows of 3, 14 and 30 days. */
type Numbers = {
  readonly shown: number
  readonly clicks: number
  readonly spend: number
  readonly orders: ReadonlyArray<number>
  readonly units: ReadonlyArray<number>
  readonly sales: ReadonlyArray<number>
}

const pieces = 6

const numbers = (seed: string, { advertiser, campaign, index, day }: Piece): Numbers => {
  const draw = Random.stream(`${seed}/walmart-ads/${advertiser.id}/${campaign.id}/${index}/${day}`)
  const shown = Math.floor(40 + draw() * 900)
  const clicks = Math.floor(shown * (0.003 + draw() * 0.02))
  const spend = Math.round(clicks * (30 + draw() * 110))
  const late = Math.floor(clicks * (0.05 + draw() * 0.25))
  const price = Math.round(700 + draw() * 4500)
  const orders = [0.7, 0.9, 1].map((share) => Math.floor(late * share))
  const units = orders.map((count) => count + Math.floor(count * 0.2))
  return { shown, clicks, spend, orders, units, sales: units.map((count) => count * price) }
}

const sum = (a: Numbers, b: Numbers): Numbers => {
  const each = (one: ReadonlyArray<number>, two: ReadonlyArray<number>) =>
    one.map((value, index) => value + (two[index] ?? 0))
  return {
    shown: a.shown + b.shown,
    clicks: a.clicks + b.clicks,
    spend: a.spend + b.spend,
    orders: each(a.orders, b.orders),
    units: each(a.units, b.units),
    sales: each(a.sales, b.sales)
  }
}

const idOf = (seed: string, piece: Piece, kind: string, part: number): string =>
  String(100_000_000 + (Random.hash32(`${seed}/walmart-${kind}/${piece.campaign.id}/${part}`) % 800_000_000))
const pick = (list: ReadonlyArray<string>, index: number): string => list[index % list.length] ?? ""

const dimensions: Readonly<Record<string, (seed: string, piece: Piece) => string>> = {
  date: (_, { day }) => day,
  campaignId: (_, { campaign }) => campaign.id,
  campaignName: (_, { campaign }) => campaign.name,
  campaignType: () => "sponsoredProducts",
  adGroupId: (seed, piece) => idOf(seed, piece, "group", piece.index < 3 ? 0 : 1),
  adGroupName: (_, { index }) => `Group ${index < 3 ? 1 : 2}`,
  itemId: (seed, piece) => idOf(seed, piece, "item", piece.index % 3),
  itemName: (_, { index }) => `${pick(["Desk lamp", "Tea tin", "Wool blanket"], index)} no. ${(index % 3) + 1}`,
  keywordId: (seed, piece) => idOf(seed, piece, "keyword", piece.index % 3),
  biddedKeyword: (_, { index }) => pick(["desk lamp", "tea tin", "wool blanket"], index),
  searchedKeyword: (_, { index }) => pick(["desk lamp small", "tea tin", 'blanket, "warm"'], index),
  matchType: (_, { index }) => pick(["broad", "exact", "phrase"], index),
  brand: (_, { advertiser, index }) =>
    pick(advertiser.brands.length === 0 ? [advertiser.name] : advertiser.brands, index),
  category: (_, { index }) => pick(["Home", "Kitchen", "Garden"], index),
  platform: (_, { index }) => pick(["Desktop", "App", "Mobile"], index),
  pageType: (_, { index }) => pick(["Search", "Item", "Browse"], index),
  placement: (_, { index }) => pick(["Search In-grid", "Buy Box", "Carousel"], index)
}

const windows = ["3days", "14days", "30days"]

const metric = (name: string, n: Numbers): string | undefined => {
  if (name === "numAdsShown") return String(n.shown)
  if (name === "numAdsClicks") return String(n.clicks)
  if (name === "adSpend") return (n.spend / 100).toFixed(2)
  const match = /^(attributedOrders|attributedUnits|unitsSold|attributedSales)(3days|14days|30days)$/.exec(name)
  if (match === null) return undefined
  const index = windows.indexOf(match[2] ?? "")
  if (match[1] === "attributedOrders") return String(n.orders[index] ?? 0)
  return match[1] === "attributedSales" ? ((n.sales[index] ?? 0) / 100).toFixed(2) : String(n.units[index] ?? 0)
}

const nothing: Numbers = { shown: 0, clicks: 0, spend: 0, orders: [0, 0, 0], units: [0, 0, 0], sales: [0, 0, 0] }

/** Whether a report can be asked for this dimension. */
export const isDimension = (name: string): boolean => Object.hasOwn(dimensions, name)
/** Whether a report can be asked for this dimension or metric. */
export const isColumn = (name: string): boolean => isDimension(name) || metric(name, nothing) !== undefined

/** Columns served when a helper is not told any. */
export const usualColumns: ReadonlyArray<string> = [
  "date",
  "campaignId",
  "campaignName",
  "numAdsShown",
  "numAdsClicks",
  "adSpend",
  "attributedSales14days",
  "attributedOrders14days"
]

/** What to build rows for. Days in the zone of `walmartTimeZone`, both ends included. */
export type Query = {
  readonly advertiserId: string
  readonly from: string
  readonly to: string
  readonly columns?: ReadonlyArray<string>
}

/** The rows of a report, every cell as the text that stands in the file. Rows are grouped by the asked dimensions. */
export const rows = (world: World, query: Query): ReadonlyArray<Readonly<Record<string, string>>> => {
  const advertiser = own(world.walmart.advertisers, query.advertiserId)
  if (advertiser === undefined) return []
  const columns = query.columns ?? usualColumns
  const dimensionColumns = columns.filter(isDimension)
  const groups = new Map<string, { readonly piece: Piece; numbers: Numbers }>()
  for (const day of Dates.days(query.from, query.to)) {
    for (const campaign of advertiser.campaigns) {
      if (day < campaign.startDate || day > campaign.endDate) continue
      for (let index = 0; index < pieces; index += 1) {
        const piece = { advertiser, campaign, index, day }
        const key = dimensionColumns.map((name) => dimensions[name]?.(world.seed, piece)).join("\u0000")
        const known = groups.get(key)
        const drawn = numbers(world.seed, piece)
        if (known === undefined) groups.set(key, { piece, numbers: drawn })
        else known.numbers = sum(known.numbers, drawn)
      }
    }
  }
  return [...groups.values()].map((group) =>
    Object.fromEntries(
      columns.map((name) => [
        name,
        own(dimensions, name)?.(world.seed, group.piece) ?? metric(name, group.numbers) ?? ""
      ])
    )
  )
}

/** The rows as a file: a header line, texts in quotation marks, numbers bare. */
export const csv = (columns: ReadonlyArray<string>, list: ReadonlyArray<Readonly<Record<string, string>>>): string => {
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
  const cell = (row: Readonly<Record<string, string>>, name: string) =>
    isDimension(name) ? quote(row[name] ?? "") : (row[name] ?? "")
  return [columns.map(quote).join(","), ...list.map((row) => columns.map((name) => cell(row, name)).join(","))]
    .map((line) => `${line}\n`)
    .join("")
}
