/**
 * Daily campaign figures from reporting v3
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started): create, poll, download.
 */
import { Day, Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Json, Rows } from "@portolan/wire"
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
const State = Schema.Struct({
  status: Schema.String,
  url: Schema.optionalKey(Schema.NullOr(Schema.String)),
  failureReason: Schema.optionalKey(Schema.NullOr(Schema.String))
})
const isReportId = Schema.is(ReportId)

const Line = Schema.StructWithRest(
  Schema.Struct({ date: Day.Day, campaignId: Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._-]{1,100}$/)) }),
  [Schema.Record(Schema.String, Schema.Json)]
)
const decodeLines = Schema.decodeUnknownOption(Schema.Array(Line))

/**
 * Counts become numbers; every other number stays the text it was, because it is an id or money. Counts are told by
 * their names: views, clicks, and what was bought within so many days.
 */
const isCount = (column: string): boolean =>
  /^(?:impressions|clicks|(?:purchases|unitsSold)[A-Za-z]*\d{1,2}d)$/.test(column)

const row = (line: typeof Line.Type): ProviderApi.Row => ({
  key: Rows.key(line.date, line.campaignId),
  day: line.date,
  data: Object.fromEntries(
    Object.entries(line).map(([column, value]) => [
      column,
      isCount(column) && typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value
    ])
  )
})

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

const read = (bytes: Uint8Array): Result.Result<ReadonlyArray<ProviderApi.Row>, Failure.Temporary> => {
  const broken = () => Result.fail(failed("the report is no list of daily campaign lines"))
  try {
    const lines = Option.flatMap(Json.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)), decodeLines)
    return Option.match(lines, { onNone: broken, onSome: (found) => Result.succeed(Rows.unique(found.map(row))) })
  } catch {
    return broken()
  }
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
  const gone: typeof State.Type = { status: "GONE" }
  const { failureReason, status, url } = yield* deps.send(access, {
    operation: "getReport",
    path: `${path}/${ticket}`,
    profileId: request.profile.key.externalId,
    schema: State,
    absent: gone
  })
  switch (status) {
    case "PENDING":
    case "PROCESSING":
      return notReady(deps, ticket)
    case "FAILED":
      return lost(sanitizeProviderText(`Amazon could not make the report: ${failureReason ?? "it gives no reason"}`))
    case "GONE":
      return lost("Amazon does not know the report any more")
    case "COMPLETED": {
      if (typeof url !== "string") return yield* failed("the finished report has no link")
      const { bytes } = yield* deps.download(url)
      const rows = yield* Effect.fromResult(read(bytes))
      return { _tag: "Rows", rows } satisfies ProviderApi.WindowAnswer
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
