/**
 * What stands in the documents of reports, the same each time. Sales reports follow
 * https://github.com/amzn/selling-partner-api-models/tree/main/schemas/reports.
 */
import * as Data from "../core/Data.ts"
import type { DayMetrics } from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { SpReport, World } from "../core/World.ts"
import * as Wire from "../core/Wire.ts"
import * as Odd from "../core/Odd.ts"
import * as ListingText from "./listingText.ts"
import * as Tables from "./SpReportTables.ts"

type Money = { readonly amount: number; readonly currencyCode: string }

const amount = (hundredths: number, code: string): Money => ({
  amount: Number(Data.money(Math.round(hundredths), code)),
  currencyCode: code
})

const share = (part: number, whole: number): number => (whole === 0 ? 0 : Number(((100 * part) / whole).toFixed(2)))

/** Days put together. Amounts in hundredths. */
type Sum = Omit<DayMetrics, "unitPrice" | "day"> & { readonly first: string; readonly last: string }

const sumOf = (days: ReadonlyArray<DayMetrics>, first: string, last: string): Sum => {
  const total = (of: (day: DayMetrics) => number) => days.reduce((sum, day) => sum + of(day), 0)
  return {
    first,
    last,
    currency: days[0]?.currency ?? "USD",
    orderCount: total((day) => day.orderCount),
    orderItemCount: total((day) => day.orderItemCount),
    unitCount: total((day) => day.unitCount),
    totalSales: total((day) => day.totalSales),
    sessions: total((day) => day.sessions),
    pageViews: total((day) => day.pageViews)
  }
}

/** The first and the last day of the period that a day lies in; weeks begin on Sunday. */
export const periodOf = (granularity: string, day: string): readonly [string, string] => {
  if (granularity === "WEEK") {
    const first = Dates.addDays(day, -new Date(`${day}T00:00:00Z`).getUTCDay())
    return [first, Dates.addDays(first, 6)]
  }
  const months = { MONTH: 1, QUARTER: 3, YEAR: 12 }[granularity]
  if (months === undefined) return [day, day]
  const month = Math.floor((Number(day.slice(5, 7)) - 1) / months) * months
  const year = Number(day.slice(0, 4))
  const date = (months: number, days: number) => new Date(Date.UTC(year, months, days)).toISOString().slice(0, 10)
  return [date(month, 1), date(month + months, 0)]
}

const periods = (world: World, report: SpReport, granularity: string): ReadonlyArray<Sum> => {
  const marketplaceId = report.marketplaceIds[0] ?? ""
  const { first, last } = daysOf(report)
  const from = periodOf(granularity, first)[0]
  const to = periodOf(granularity, last)[1]
  const today = Dates.dayIn(Data.timeZone(marketplaceId), report.createdAt)
  const sums: Array<Sum> = []
  for (let day = from; day <= to;) {
    const [start, end] = periodOf(granularity, day)
    // A day to come has no sales yet, whatever was asked for.
    const known = end > today ? today : end
    if (start <= today) sums.push(sumOf(Data.salesRows(world, report.account, marketplaceId, start, known), start, end))
    day = Dates.addDays(end, 1)
  }
  return sums
}

/** The days that a report is about, both included. */
export const daysOf = (report: SpReport): { readonly first: string; readonly last: string } => {
  if (report.days !== undefined) return report.days
  const zone = Data.timeZone(report.marketplaceIds[0] ?? "")
  return {
    first: Dates.dayIn(zone, report.dataStartTime),
    last: Dates.dayIn(zone, Math.max(report.dataStartTime, report.dataEndTime - 1))
  }
}

const salesOf = (sum: Sum) => {
  const money = (hundredths: number) => amount(hundredths, sum.currency)
  const per = (hundredths: number, count: number) => money(count === 0 ? 0 : hundredths / count)
  return {
    orderedProductSales: money(sum.totalSales),
    unitsOrdered: sum.unitCount,
    totalOrderItems: sum.orderItemCount,
    averageSalesPerOrderItem: per(sum.totalSales, sum.orderItemCount),
    averageUnitsPerOrderItem: sum.orderItemCount === 0 ? 0 : Number((sum.unitCount / sum.orderItemCount).toFixed(2)),
    averageSellingPrice: per(sum.totalSales, sum.unitCount),
    unitsRefunded: 0,
    refundRate: 0,
    claimsGranted: 0,
    claimsAmount: money(0),
    shippedProductSales: money(sum.totalSales),
    unitsShipped: sum.unitCount,
    ordersShipped: sum.orderCount
  }
}

/** A third of the visits comes from the mobile application. */
const split = (count: number) => ({ mobile: Math.floor(count / 3), browser: count - Math.floor(count / 3) })

const visitsOf = (sessions: number, pageViews: number) => ({
  browserPageViews: split(pageViews).browser,
  mobileAppPageViews: split(pageViews).mobile,
  pageViews,
  browserSessions: split(sessions).browser,
  mobileAppSessions: split(sessions).mobile,
  sessions,
  buyBoxPercentage: 100
})

const trafficOf = (sum: Sum) => ({
  ...visitsOf(sum.sessions, sum.pageViews),
  orderItemSessionPercentage: share(sum.orderItemCount, sum.sessions),
  unitSessionPercentage: share(sum.unitCount, sum.sessions),
  averageOfferCount: 0,
  averageParentItems: 0,
  feedbackReceived: 0,
  negativeFeedbackReceived: 0,
  receivedNegativeFeedbackRate: 0
})

/** A whole split into equal parts that add up to it again. */
const part = (whole: number, index: number, count: number): number =>
  Math.floor((whole * (index + 1)) / count) - Math.floor((whole * index) / count)

/** Most articles that a report tells apart. */
const mostArticles = 5

const byAsin = (world: World, report: SpReport, sum: Sum, granularity: string): ReadonlyArray<unknown> => {
  const seller = Wire.own(world.sellers, report.account)
  const marketplaceId = report.marketplaceIds[0] ?? ""
  const articles =
    seller === undefined ? [] : Data.stock(world.seed, seller, marketplaceId, sum.last).slice(0, mostArticles)
  return articles.map((article, index) => {
    const own = (whole: number) => part(whole, index, articles.length)
    const [sessions, pageViews] = [own(sum.sessions), own(sum.pageViews)]
    return {
      parentAsin: article.asin,
      ...(granularity === "PARENT" ? {} : { childAsin: article.asin }),
      ...(granularity === "SKU" ? { sku: article.sellerSku } : {}),
      salesByAsin: {
        unitsOrdered: own(sum.unitCount),
        orderedProductSales: amount(own(sum.totalSales), sum.currency),
        totalOrderItems: own(sum.orderItemCount)
      },
      trafficByAsin: {
        ...visitsOf(sessions, pageViews),
        browserSessionPercentage: share(split(sessions).browser, split(sum.sessions).browser),
        mobileAppSessionPercentage: share(split(sessions).mobile, split(sum.sessions).mobile),
        sessionPercentage: share(sessions, sum.sessions),
        browserPageViewsPercentage: share(split(pageViews).browser, split(sum.pageViews).browser),
        mobileAppPageViewsPercentage: share(split(pageViews).mobile, split(sum.pageViews).mobile),
        pageViewsPercentage: share(pageViews, sum.pageViews),
        unitSessionPercentage: share(own(sum.unitCount), sessions)
      }
    }
  })
}

const specification = (report: SpReport, options: Readonly<Record<string, string>>, first: string, last: string) => ({
  reportType: report.reportType,
  reportOptions: options,
  dataStartTime: first,
  dataEndTime: last,
  marketplaceIds: report.marketplaceIds
})

const sellerSales = (world: World, report: SpReport): string => {
  const options = { dateGranularity: "DAY", asinGranularity: "PARENT", ...report.options }
  const rows = periods(world, report, options.dateGranularity)
  const { first, last } = daysOf(report)
  const whole = sumOf(
    Data.salesRows(
      world,
      report.account,
      report.marketplaceIds[0] ?? "",
      rows[0]?.first ?? first,
      rows.at(-1)?.last ?? first
    ),
    first,
    last
  )
  return JSON.stringify({
    reportSpecification: specification(report, options, first, last),
    salesAndTrafficByDate: rows.map((sum) => ({
      date: sum.first,
      salesByDate: salesOf(sum),
      trafficByDate: trafficOf(sum)
    })),
    salesAndTrafficByAsin: rows.length === 0 ? [] : byAsin(world, report, whole, options.asinGranularity)
  })
}

const vendorSales = (world: World, report: SpReport): string => {
  const options = { distributorView: "MANUFACTURING", reportPeriod: "DAY", sellingProgram: "RETAIL", ...report.options }
  const { first, last } = daysOf(report)
  const rows = periods(world, report, options.reportPeriod).map((sum) => ({
    startDate: sum.first,
    endDate: sum.last,
    customerReturns: 0,
    orderedRevenue: amount(sum.totalSales, sum.currency),
    orderedUnits: sum.unitCount,
    shippedCogs: amount(sum.totalSales * 0.6, sum.currency),
    shippedRevenue: amount(sum.totalSales, sum.currency),
    shippedUnits: sum.unitCount
  }))
  return JSON.stringify({
    reportSpecification: {
      ...specification(report, options, first, last),
      lastUpdatedDate: new Date(report.createdAt).toISOString().slice(0, 10)
    },
    salesAggregate: rows,
    salesByAsin: []
  })
}

const isTable = ({ reportType }: SpReport): boolean => !reportType.endsWith("_REPORT")

/** Whether a report is a table without a line below its headings. */
export const isEmpty = (world: World, report: SpReport): boolean =>
  isTable(report) && !content(world, report).includes("\n")

/** The bytes of a finished document before compression, the same each time. */
export const bytes = (world: World, report: SpReport): Uint8Array => {
  if (world.policy.spReportEmpty === "file" && isEmpty(world, report)) return new Uint8Array()
  return ListingText.encode(content(world, report), isTable(report) ? world.policy.spReportCharset : "utf-8")
}

/** The text of a finished document. */
export const content = (world: World, report: SpReport): string => {
  if (report.reportType === "GET_SALES_AND_TRAFFIC_REPORT") return sellerSales(world, report)
  if (report.reportType === "GET_VENDOR_SALES_REPORT") return vendorSales(world, report)
  const seller = Wire.own(world.sellers, report.account)
  const marketplaceId = report.marketplaceIds[0] ?? ""
  const day = Dates.dayIn(Data.timeZone(marketplaceId), report.createdAt)
  const stock = seller === undefined ? [] : Data.stock(world.seed, seller, marketplaceId, day)
  if (report.reportType !== "GET_MERCHANT_LISTINGS_ALL_DATA") return Tables.inventory(stock)
  const head = ListingText.head(report.inEnglish === true ? "en" : world.policy.spReportLanguage)
  return Tables.listings(head, Odd.entries({ world }, stock, { sellerSku: "" }) as ReadonlyArray<Data.Stock>)
}
