/** Reads the file of an advertising report of Walmart Connect. */
import { Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Charset, type Download, Quarantine, Rows, Table, Values } from "@portolan/wire"
import { Option, Result, type Schema } from "effect"
import type * as Settings from "./Settings.ts"

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

/**
 * Counts become numbers and amounts decimal text; every other number stays the text it was, because it is an id or a
 * rate. Known by their names.
 */
const figureOf = (column: string): Rows.Figure | undefined => {
  if (/^(?:numAds(?:Shown|Clicks)|(?:attributedOrders|attributedUnits|unitsSold)\d+days)$/.test(column)) return "count"
  return /^(?:adSpend|attributedSales\d+days)$/.test(column) ? "amount" : undefined
}

const isText = (value: Schema.Json | undefined): value is string => typeof value === "string" && value.trim() !== ""

/** How Walmart writes, an American company; days belong to the zone of its reports. */
const formOf = ({ reportTimeZone }: Pick<Settings.Assumptions, "reportTimeZone">): Values.Form => ({
  hasMonthFirst: true,
  timeZone: reportTimeZone
})

/** What of the settings says what a report holds. */
export type Assumptions = Pick<Settings.Assumptions, "reportColumns" | "reportKeys" | "reportTimeZone">

/** One line as a row, or why it is none. */
const row = (
  line: Table.Line,
  { from, until }: ProviderApi.WindowRequest,
  assumptions: Assumptions
): Result.Result<ProviderApi.Row, string> => {
  const [dayColumn = "date", ...others] = assumptions.reportKeys
  const day = Values.day(line[dayColumn], formOf(assumptions))
  if (Option.isNone(day)) return Result.fail(`A line has no day in the column ${dayColumn}.`)
  if (day.value < from || day.value >= until) return Result.fail("A line is of a day that was not asked for.")
  const keys = others.map((name) => line[name])
  if (!keys.every(isText)) return Result.fail(`A line is without ${assumptions.reportKeys.join(", ")}.`)
  const data = Rows.figures({ ...line, [dayColumn]: day.value }, figureOf, formOf(assumptions))
  return Result.isFailure(data)
    ? Result.fail(`The column ${data.failure} of a line holds no number.`)
    : Result.succeed({ key: Rows.key(day.value, ...keys.map(String)), day: day.value, data: data.success })
}

/**
 * Reads a whole report. A line that cannot be placed is kept apart; a file that was cut is no answer. Lines of one key
 * are added up: what Walmart counts by ad group, or any other way that was not asked for, is one row here.
 */
export const readReport = (
  { bytes, charset }: Download.File,
  request: ProviderApi.WindowRequest,
  assumptions: Assumptions
): Result.Result<ProviderApi.WindowAnswer, Failure.Temporary | Failure.RequestRefused> => {
  const text = Charset.decode(bytes, [charset])
  if (text !== undefined && Table.isBlank(text)) return Result.succeed(Rows.empty("the report's file is empty"))
  const table = text === undefined ? Option.none() : Table.read(text)
  if (Option.isNone(table)) return Result.fail(failed("the report is no table, or not complete"))
  const { head, lines, odd, total } = table.value
  const expected = [...assumptions.reportKeys, ...assumptions.reportColumns]
  const rename = Table.renamed(head, expected)
  const lacking = assumptions.reportKeys.filter(
    (name) => lines.length > 0 && !head.some((one) => Table.folded(one) === Table.folded(name))
  )
  if (lacking.length > 0) {
    const detail = `the report has no column ${lacking.join(", ")}`
    const words = Failure.providerWords({ message: Quarantine.raw(head.join(" | ")) })
    return Result.fail(new Failure.RequestRefused({ detail, words, beyondRetention: false }))
  }
  const rows: Array<ProviderApi.Row> = []
  const apart = [...odd]
  for (const given of lines) {
    const line = rename(given)
    const one = row(line, request, assumptions)
    const [, id = ""] = assumptions.reportKeys
    if (Result.isSuccess(one)) rows.push(one.success)
    else apart.push(Quarantine.apart(one.failure, given, Quarantine.fieldOf(line, id)))
  }
  const short = total === undefined || apart.length > 0 ? undefined : Rows.shortOf(rows, rename(total), figureOf)
  return short === undefined
    ? Rows.land({ what: "getReport", rows, odd: apart, twice: Rows.adding(figureOf) })
    : Result.fail(failed(`the lines of the report do not add up to its own total of ${short}`))
}
