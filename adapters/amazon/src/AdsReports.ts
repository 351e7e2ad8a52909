/**
 * Daily campaign figures from reporting v3
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started): create, poll, download.
 */
import { Day, Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Charset, type Download, Quarantine, Rows, Table, Values } from "@portolan/wire"
import { Effect, Option, Result, Schema } from "effect"
import type { Send } from "./Ads.ts"
import type { AmazonTransport } from "./Login.ts"
import * as Report from "./Report.ts"
import type * as Settings from "./Settings.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

const path = "/reporting/reports"
const createType = "application/vnd.createasyncreportrequest.v3+json"

const ReportId = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9-]{1,100}$/))
const Created = Schema.Struct({ reportId: ReportId })
const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const State = Schema.Struct({ status: Schema.String, url: text, failureReason: text })
const isReportId = Schema.is(ReportId)
const isCampaignId = (value: unknown): value is string => typeof value === "string" && /^[\w.-]{1,100}$/.test(value)

/**
 * Counts become numbers and amounts decimal text; every other number stays the text it was, because it is an id or a
 * rate. They are known by their names: views, clicks, and what was bought within so many days.
 */
const figureOf = (column: string): Rows.Figure | undefined => {
  if (/^(?:impressions|clicks|(?:purchases|unitsSold)[A-Za-z]*\d{1,2}d)$/.test(column)) return "count"
  return /^(?:cost|spend|(?:attributedSales|sales)[A-Za-z]*\d{1,2}d)$/.test(column) ? "amount" : undefined
}

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

/** One line as a row, or why it is none. */
const row = (line: Table.Line, { from, until }: ProviderApi.WindowRequest): Result.Result<ProviderApi.Row, string> => {
  const day = Values.day(line["date"])
  const { campaignId } = line
  if (Option.isNone(day)) return Result.fail("A line has no readable date.")
  if (!isCampaignId(campaignId)) return Result.fail("A line has no readable campaignId.")
  if (day.value < from || day.value >= until) return Result.fail("A line is of a day that was not asked for.")
  const data = Rows.figures({ ...line, date: day.value }, figureOf)
  return Result.isFailure(data)
    ? Result.fail(`The column ${data.failure} of a line holds no number.`)
    : Result.succeed({ key: Rows.key(day.value, campaignId), day: day.value, data: data.success })
}

/**
 * Reads a whole report. A line that cannot be placed is kept apart; a file that is no list, or was cut, is no answer.
 */
export const readReport = (
  { bytes, charset }: Download.File,
  request: ProviderApi.WindowRequest,
  columns: ReadonlyArray<string> = []
): Result.Result<ProviderApi.WindowAnswer, Failure.Temporary | Failure.RequestRefused> => {
  const content = Charset.decode(bytes, [charset])
  if (content !== undefined && Table.isBlank(content)) return Result.succeed(Rows.empty("the report's file is empty"))
  const table = content === undefined ? Option.none() : Table.read(content)
  if (Option.isNone(table)) return Result.fail(failed("the report is no list of daily campaign lines, or it was cut"))
  const rows: Array<ProviderApi.Row> = []
  const odd = [...table.value.odd]
  const rename = Table.renamed(table.value.head, ["date", "campaignId", ...columns])
  for (const given of table.value.lines) {
    const line = rename(given)
    const one = row(line, request)
    if (Result.isSuccess(one)) rows.push(one.success)
    else odd.push(Quarantine.apart(one.failure, given, Quarantine.fieldOf(line, "campaignId")))
  }
  // Amazon gives one line a campaign and day, so two that differ are no parts of a sum.
  return Rows.land({ what: "getReport", rows, odd, twice: "refuse" })
}

const lost = (reason: string): ProviderApi.WindowAnswer => ({ _tag: "Lost", reason })

interface Deps {
  readonly settings: Settings.Resolved
  readonly send: Send
  readonly download: ReturnType<typeof Report.download>
}

const notReady = ({ settings }: Deps, ticket: string): ProviderApi.WindowAnswer => ({
  _tag: "NotReady",
  ticket,
  retryAfterSeconds: settings.limits.adsPollSeconds
})

const create = Effect.fnUntraced(function* (
  deps: Deps,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest
) {
  const made = yield* deps.send(access, {
    operation: "createReport",
    path,
    profileId: request.profile.key.externalId,
    schema: Created,
    // An identical report is being made, perhaps by a call of ours whose answer was lost: its id is the ticket.
    duplicate: (reportId) => ({ reportId }),
    post: {
      type: createType,
      body: {
        name: `Campaigns ${request.from} to ${Day.plus(request.until, -1)}`,
        startDate: request.from,
        endDate: Day.plus(request.until, -1),
        configuration: {
          adProduct: "SPONSORED_PRODUCTS",
          groupBy: ["campaign"],
          columns: [...new Set(["date", "campaignId", ...deps.settings.assumptions.adsColumns])],
          reportTypeId: "spCampaigns",
          timeUnit: "DAILY",
          format: "GZIP_JSON"
        }
      }
    }
  })
  return notReady(deps, made.reportId)
})

const poll = Effect.fnUntraced(function* (
  deps: Deps,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest,
  ticket: string
) {
  const gone: typeof State.Type = { status: "GONE", failureReason: "Amazon does not know the report any more" }
  const { failureReason, status, url } = yield* deps.send(access, {
    operation: "getReport",
    path: `${path}/${ticket}`,
    profileId: request.profile.key.externalId,
    schema: State,
    absent: gone,
    refused: (detail) => ({ ...gone, failureReason: `Amazon refused the report's id: ${detail}` })
  })
  switch (status.trim().toUpperCase()) {
    case "PENDING":
    case "PROCESSING":
      return notReady(deps, ticket)
    case "FAILED":
    case "CANCELLED":
      return lost(sanitizeProviderText(`Amazon could not make the report: ${failureReason ?? "it gives no reason"}`))
    case "GONE":
      return lost(sanitizeProviderText(failureReason ?? ""))
    case "COMPLETED": {
      if (typeof url !== "string") return yield* failed("the finished report has no link")
      const file = yield* deps.download(url)
      return yield* Effect.fromResult(readReport(file, request, deps.settings.assumptions.adsColumns))
    }
    default:
      return yield* failed(`getReport: the report's status is not known (${sanitizeProviderText(status).slice(0, 40)})`)
  }
})

/** Loads the window's figures of one profile. The ticket is the report's id. */
export const load = (transport: AmazonTransport, send: Send) => {
  const deps: Deps = { settings: transport.settings, send, download: Report.download(transport) }
  return (access: ProviderApi.Access, request: ProviderApi.WindowRequest) => {
    if (request.ticket === undefined) return create(deps, access, request)
    return isReportId(request.ticket)
      ? poll(deps, access, request, request.ticket)
      : Effect.succeed(lost("the ticket is not a report of this API"))
  }
}
