/**
 * What an advertising report is ordered with
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started).
 */
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { Profile } from "../core/World.ts"
import * as Own from "../describe/own.ts"
import * as AdData from "./AdData.ts"

/** A list of up to a hundred texts; undefined for anything else. */
export const texts = (value: unknown): ReadonlyArray<string> | undefined =>
  Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every((item) => typeof item === "string")
    ? value
    : undefined

/** What a report is ordered with; what is inside the configuration is judged by report type. */
export const schema = Own.fields({
  "name?": { type: "string" },
  startDate: { type: "string" },
  endDate: { type: "string" },
  configuration: Own.fields({
    adProduct: { type: "string" },
    columns: { type: "array", items: { type: "string" } },
    "filters?": { type: ["array", "null"] },
    format: { type: "string" },
    groupBy: { type: "array", items: { type: "string" } },
    reportTypeId: { type: "string" },
    timeUnit: { type: "string" }
  })
})

const bad = (call: Call, why: string) => refuse(call, "ADS-400-02", why)

/** What was ordered, once it is judged. */
export type Parsed = {
  readonly name: string | null
  readonly startDate: string
  readonly endDate: string
  readonly configuration: Record<string, unknown>
}

/** Fields that reports can be narrowed by here. */
const fields = ["campaignStatus", "keywordType"] as const

/** The filters of an order, by field. */
export type Filters = { readonly [F in (typeof fields)[number]]?: ReadonlyArray<string> }

/** The filters of a configuration; those that nobody knows are left out. */
export const filtersOf = (value: unknown): Filters =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const values = (Array.isArray(value) ? value : [])
        .filter((item: unknown) => isFilter(item) && item.field === field)
        .flatMap((item: unknown) => (isFilter(item) ? item.values : []))
      return values.length === 0 ? [] : [[field, values]]
    })
  )

const isFilter = (item: unknown): item is { readonly field: string; readonly values: ReadonlyArray<string> } =>
  typeof item === "object" && item !== null && "field" in item && "values" in item && texts(item.values) !== undefined

/** A filter that is none, or that the provider knows and this simulator does not; undefined when all are good. */
const oddFilter = (call: Call, value: unknown): WireReply | undefined => {
  for (const item of Array.isArray(value) ? (value as ReadonlyArray<unknown>) : []) {
    if (!isFilter(item)) return bad(call, "configuration filters have a field, and a list of values")
    if (!fields.some((field) => field === item.field))
      return refuse(call, "ADS-400-04", `filter ${item.field}`.slice(0, 100))
  }
  return undefined
}

/** What is wrong with the configuration for its report type. */
const misfit = (
  type: AdData.ReportType | undefined,
  configuration: Readonly<Record<string, unknown>>
): string | undefined => {
  if (type === undefined) return "configuration reportTypeId is not valid"
  if (configuration.adProduct !== type.product) return "configuration adProduct does not match reportTypeId"
  const columns = texts(configuration.columns)
  const groupBy = texts(configuration.groupBy)
  if (columns === undefined) return "configuration columns is missing or empty"
  if (groupBy === undefined || groupBy.some((group) => !type.groups.includes(group))) {
    return "configuration groupBy is missing or not valid for this report type"
  }
  const unknown = columns.filter((column) => !AdData.isColumn(column))
  if (unknown.length > 0) {
    return `configuration columns includes invalid values: (${unknown.join(", ").slice(0, 200)})`
  }
  if (configuration.timeUnit !== "DAILY" && configuration.timeUnit !== "SUMMARY") {
    return "configuration timeUnit must be DAILY or SUMMARY"
  }
  if (configuration.timeUnit === "SUMMARY" && columns.includes("date")) {
    return "configuration column date needs timeUnit DAILY"
  }
  return configuration.format === "GZIP_JSON" ? undefined : "configuration format must be GZIP_JSON"
}

/** What is wrong with the days of an order. */
const misplaced = (call: Call, profile: Profile, type: AdData.ReportType, order: Body): WireReply | undefined => {
  const { endDate, startDate } = order
  const length = Dates.daysBetween(startDate, endDate) + 1
  if (length < 1) return bad(call, "endDate is before startDate")
  if (length > type.maxDays) return bad(call, `startDate to endDate range must not exceed ${type.maxDays} days`)
  const today = Dates.dayIn(Data.timeZone(profile.marketplaceId), call.now)
  if (endDate > today) return bad(call, "endDate is in the future")
  const retention = call.world.policy.adsRetentionDays ?? type.retentionDays
  if (Dates.daysBetween(startDate, today) <= retention) return undefined
  return call.world.policy.retentionStatus === 406
    ? refuse(call, "ADS-406-01")
    : bad(call, "Report date is too far in the past.")
}

type Body = {
  readonly name?: string
  readonly startDate: string
  readonly endDate: string
  readonly configuration: Readonly<Record<string, unknown>>
}

/** Reads an order that fits its schema; the refusal where it is none. */
export const parse = (call: Call, profile: Profile, body: unknown): Parsed | WireReply => {
  const order = body as Body
  const { configuration, endDate, name, startDate } = order
  if (!Dates.isDay(startDate) || !Dates.isDay(endDate)) {
    return bad(call, "startDate and endDate must be in format YYYY-MM-DD")
  }
  const type = Wire.own(AdData.reportTypes, String(configuration.reportTypeId))
  const wrong = misfit(type, configuration)
  if (type === undefined || wrong !== undefined) return bad(call, wrong ?? "")
  const refused = oddFilter(call, configuration.filters)
  if (refused !== undefined) return refused
  if (profile.subType === "KDP_AUTHOR" && type.product === "SPONSORED_BRANDS") return refuse(call, "ADS-400-03")
  const { adProduct, columns, filters = null, format, groupBy, reportTypeId, timeUnit } = configuration
  return (
    misplaced(call, profile, type, order) ?? {
      name: name === undefined ? null : name.slice(0, 200),
      startDate,
      endDate,
      configuration: { adProduct, columns, filters, format, groupBy, reportTypeId, timeUnit }
    }
  )
}
