/** What a report is ordered with, and what becomes of it. */
import type { Call } from "../core/Call.ts"
import * as Dates from "../core/Dates.ts"
import type { SpReport } from "../core/World.ts"
import * as Wire from "../core/Wire.ts"
import * as Own from "../describe/own.ts"
import * as Content from "./SpReportContent.ts"

const DAY_MS = 86_400_000
/** Two years and a day (https://github.com/amzn/selling-partner-api-models/tree/main/schemas/reports). */
const longestDays = 731

/** A report type with content here: whose it is, and the options that it understands with their values. */
export type Type = {
  readonly kind: "seller" | "vendor"
  readonly options: Readonly<Record<string, ReadonlyArray<string>>>
}

/** Locales that may be preferred for the headings of the listings report (assumed; only English ones change it). */
const locales = ["en_US", "en_GB", "de_DE", "fr_FR", "it_IT", "es_ES", "ja_JP", "zh_CN"]

/** Report types with content here. Others are refused rather than made up. */
export const types: Readonly<Record<string, Type>> = {
  GET_SALES_AND_TRAFFIC_REPORT: {
    kind: "seller",
    options: { dateGranularity: ["DAY", "WEEK", "MONTH"], asinGranularity: ["PARENT", "CHILD", "SKU"] }
  },
  GET_MERCHANT_LISTINGS_ALL_DATA: { kind: "seller", options: { preferredReportDocumentLocale: locales } },
  GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA: { kind: "seller", options: {} },
  GET_VENDOR_SALES_REPORT: {
    kind: "vendor",
    options: {
      reportPeriod: ["DAY", "WEEK", "MONTH", "QUARTER", "YEAR"],
      distributorView: ["MANUFACTURING", "SOURCING"],
      sellingProgram: ["RETAIL", "BUSINESS", "FRESH"]
    }
  }
}

/** What a client orders. */
export type Order = {
  readonly reportType: string
  readonly marketplaceIds: ReadonlyArray<string>
  readonly dataStartTime?: string
  readonly dataEndTime?: string
  readonly reportOptions?: Readonly<Record<string, string>>
}

/** The window of a report, and the days as they were written. */
export type Window = { readonly from: number; readonly to: number; readonly days?: NonNullable<SpReport["days"]> }

const dayOf = (text: string): string => text.slice(0, 10)

/**
 * The window of an order. The time of day is ignored and both days count whole, as the schemas of the sales reports say
 * (https://github.com/amzn/selling-partner-api-models/tree/main/schemas/reports). The policy `spReportDays` has the
 * other reading, in which the instants are cut by the clock of the marketplace.
 */
export const windowOf = ({ now, world }: Call, order: Order): Window | string => {
  const from = order.dataStartTime === undefined ? now - DAY_MS : Dates.instant(order.dataStartTime)
  const to = order.dataEndTime === undefined ? now : Dates.instant(order.dataEndTime)
  if (from === undefined || to === undefined || to < from) return "dataStartTime, dataEndTime"
  if (to - from > longestDays * DAY_MS) return "the range is too long"
  const isWritten = world.policy.spReportDays === "written" && order.dataStartTime !== undefined
  return isWritten
    ? {
        from,
        to,
        days: { first: dayOf(order.dataStartTime), last: dayOf(order.dataEndTime ?? new Date(now).toISOString()) }
      }
    : { from, to }
}

/** An option that a report type does not know, or a value that it does not take. */
export const oddOption = (type: Type, options: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(options)
    .filter(([name, value]) => Wire.own(type.options, name)?.includes(value) !== true)
    .map(([name, value]) => `report option ${name} ${value}`.slice(0, 120))[0]

/** A vendor's report begins and ends with a period. */
export const isOffPeriod = (type: Type, options: Readonly<Record<string, string>>, { days }: Window): boolean => {
  const period = options.reportPeriod
  return (
    type.kind === "vendor" &&
    days !== undefined &&
    period !== undefined &&
    (Content.periodOf(period, days.first)[0] !== days.first || Content.periodOf(period, days.last)[1] !== days.last)
  )
}

/** Whether an order prefers English headings. */
export const isEnglish = ({ reportOptions }: Order): boolean =>
  reportOptions?.preferredReportDocumentLocale?.startsWith("en") === true

/**
 * Whether a report of the type was ordered shortly before: Amazon cancels what is asked for too often
 * (https://github.com/amzn/selling-partner-api-docs/issues/1329).
 */
export const isTooSoon = ({ now, world }: Call, account: string, { reportType }: Order): boolean =>
  Object.values(world.spReports).some(
    (one) =>
      one.account === account &&
      one.reportType === reportType &&
      now - one.createdAt < world.policy.spReportSpacingSeconds * 1000
  )

/** What becomes of a report that was accepted (https://github.com/amzn/selling-partner-api-models, schemas/reports). */
export const fateOf = (call: Call, order: Order, { from }: Window): Pick<SpReport, "fails" | "lapses"> => {
  const { now, world } = call
  const isSales = order.reportType === "GET_SALES_AND_TRAFFIC_REPORT"
  const fails = world.failingReports > 0
  if (fails) world.failingReports -= 1
  const isTooOld = isSales && now - from > longestDays * DAY_MS
  return {
    fails: fails || (isSales && order.marketplaceIds.length > 1),
    ...(isTooOld ? { lapses: true as const } : {})
  }
}

/** Any report type is read; one without content here is refused by the operation, with words of its own. */
export const schema = Own.fields({
  reportType: Own.text,
  marketplaceIds: Own.list(Own.text, 1, 25),
  "dataStartTime?": Own.instant,
  "dataEndTime?": Own.instant,
  "reportOptions?": { type: "object", additionalProperties: { type: "string" } }
})
