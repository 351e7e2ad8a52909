/**
 * Daily campaign figures from Sponsored Search reports, snapshot version 2
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview): create,
 * poll, download.
 */
import { Day, Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { DateTime, Effect, Option, Result, Schema } from "effect"
import type { Connect } from "./Connect.ts"
import type * as Settings from "./Settings.ts"
import * as Snapshot from "./Snapshot.ts"
import * as Table from "./Table.ts"
import type { WalmartTransport } from "./Token.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })
const refused = (detail: string, beyondRetention = false) => new Failure.RequestRefused({ detail, beyondRetention })

const isAdvertiserId = (text: string): boolean => /^\d{1,30}$/.test(text)
const isId = Schema.is(Snapshot.Id)
const decodeDay = Schema.decodeUnknownOption(Day.Day)

/**
 * Counts become numbers; every other number stays the text it was, because it is an id or money. Told by their names.
 */
const isCount = (column: string): boolean =>
  /^(?:numAds(?:Shown|Clicks)|(?:attributedOrders|attributedUnits|unitsSold)\d+days)$/.test(column)

const row = (
  line: Table.Line,
  request: ProviderApi.WindowRequest,
  keys: ReadonlyArray<string>
): Result.Result<ProviderApi.Row, Failure.Temporary> => {
  const [dayColumn = "date"] = keys
  const value = line[dayColumn]
  const day = decodeDay(typeof value === "string" ? value.slice(0, 10) : value)
  if (Option.isNone(day)) return Result.fail(failed(`the report has a line without a day in the column ${dayColumn}`))
  if (day.value < request.from || day.value >= request.until) {
    return Result.fail(failed("the report has a day that was not asked for"))
  }
  const transport = keys.map((name) => line[name])
  if (!transport.every((part) => typeof part === "string" && part !== "")) {
    return Result.fail(failed(`the report has a line without ${keys.join(", ")}`))
  }
  return Result.succeed({
    key: Rows.key(...transport.map(String)),
    day: day.value,
    data: Object.fromEntries(
      Object.entries(line).map(([column, value]) => [
        column,
        isCount(column) && typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value
      ])
    )
  })
}

/**
 * Reads a whole report. One line that cannot be placed makes the report unreadable, because half of it is no answer.
 */
export const readReport = (
  bytes: Uint8Array,
  request: ProviderApi.WindowRequest,
  assumptions: Pick<Settings.Assumptions, "reportKeys">
): Result.Result<ReadonlyArray<ProviderApi.Row>, Failure.Temporary> => {
  const lines = Table.read(bytes)
  if (Option.isNone(lines)) return Result.fail(failed("the report is no table, or not complete"))
  const rows: Array<ProviderApi.Row> = []
  for (const line of lines.value) {
    const one = row(line, request, assumptions.reportKeys)
    if (Result.isFailure(one)) return Result.fail(one.failure)
    rows.push(one.success)
  }
  return Result.succeed(Rows.unique(rows))
}

const notReady = (settings: Settings.Resolved, ticket: string): ProviderApi.WindowAnswer => ({
  _tag: "NotReady",
  ticket,
  retryAfterSeconds: settings.limits.reportPollSeconds
})
const lost = (reason: string): ProviderApi.WindowAnswer => ({ _tag: "Lost", reason })

interface Deps {
  readonly settings: Settings.Resolved
  readonly connect: Connect
}

const midnightAfter = (day: Day.Day, timeZone: string): DateTime.Utc =>
  DateTime.toUtc(
    Option.getOrThrow(
      DateTime.makeZoned(`${Day.plus(day, 1)}T00:00:00Z`, {
        timeZone,
        adjustForTimeZone: true,
        disambiguation: "compatible"
      })
    )
  )

/** Refuses days that Walmart keeps no longer; days that are not over wait until they are. */
const assertCovered = Effect.fnUntraced(function* (
  { lookbackDays, reportTimeZone }: Settings.Assumptions,
  { from, until }: ProviderApi.WindowRequest
) {
  const now = yield* DateTime.now
  const today = Day.at(now, reportTimeZone)
  if (Day.between(from, today) > lookbackDays) {
    return yield* refused(`Walmart Connect keeps ${lookbackDays} days, and ${from} is older`, true)
  }
  if (until <= today) return
  const tomorrow = midnightAfter(today, reportTimeZone)
  return yield* new Failure.Temporary({
    detail: "the window reaches into today, which reports do not cover yet",
    throttled: false,
    retryAfterSeconds: Math.ceil((DateTime.toEpochMillis(tomorrow) - DateTime.toEpochMillis(now)) / 1000)
  })
})

const create = Effect.fnUntraced(function* ({ connect, settings }: Deps, request: ProviderApi.WindowRequest) {
  const { assumptions } = settings
  yield* assertCovered(assumptions, request)
  const advertiserId = request.profile.key.externalId
  const body = JSON.stringify({
    reportType: assumptions.reportType,
    reportMetrics: [...new Set([...assumptions.reportKeys, ...assumptions.reportColumns])],
    startDate: request.from,
    endDate: Day.plus(request.until, -1)
  })
  const made = yield* connect.send({
    region: request.profile.key.region,
    operation: "createReport",
    advertiserId,
    path: "/api/v2/snapshot/report",
    schema: Snapshot.State,
    // The id is a number there, and may have more digits than numbers here.
    body: `{"advertiserId":${advertiserId},${body.slice(1)}`
  })
  if (Snapshot.hasFailed(made))
    return yield* failed(sanitizeProviderText(`createReport: ${made.details ?? "it gives no reason"}`))
  return isId(made.snapshotId)
    ? notReady(settings, made.snapshotId)
    : yield* failed("createReport: the answer holds no id of a snapshot")
})

const poll = Effect.fnUntraced(function* (
  { connect, settings }: Deps,
  request: ProviderApi.WindowRequest,
  ticket: string
) {
  const { externalId: advertiserId, region } = request.profile.key
  const gone: Snapshot.State = { jobStatus: "gone" }
  const state = yield* connect.send({
    region,
    operation: "getReport",
    advertiserId,
    schema: Snapshot.State,
    absent: gone,
    path: `/api/v2/snapshot?advertiserId=${advertiserId}&snapshotId=${ticket}`
  })
  const status = Snapshot.status(state)
  switch (status) {
    case "pending":
    case "processing":
      return notReady(settings, ticket)
    case "gone":
      return lost("Walmart does not know the report any more")
    case "failed":
    case "expired":
      return lost(
        sanitizeProviderText(`Walmart says that the report is ${status}: ${state.details ?? "it gives no reason"}`)
      )
    case "done": {
      const bytes = yield* connect.download(region, state.details ?? "")
      const rows = yield* Effect.fromResult(readReport(bytes, request, settings.assumptions))
      return { _tag: "Rows", rows } satisfies ProviderApi.WindowAnswer
    }
    default:
      return Snapshot.hasFailed(state)
        ? lost(sanitizeProviderText(`Walmart could not make the report: ${state.details ?? "it gives no reason"}`))
        : yield* failed(`getReport: the report's status is not known (${sanitizeProviderText(status).slice(0, 40)})`)
  }
})

/** Loads the window's figures of one advertiser. The ticket is the snapshot's id. */
export const load = ({ settings }: WalmartTransport, connect: Connect) => {
  const deps: Deps = { connect, settings }
  return (request: ProviderApi.WindowRequest) => {
    if (!isAdvertiserId(request.profile.key.externalId)) {
      return Effect.fail(refused("the profile's id is none of an advertiser"))
    }
    if (request.ticket === undefined) return create(deps, request)
    return isId(request.ticket)
      ? poll(deps, request, request.ticket)
      : Effect.succeed(lost("the ticket is not a report of this API"))
  }
}
