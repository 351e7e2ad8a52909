/**
 * Daily campaign figures from Sponsored Search reports, snapshot version 2
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview): create,
 * poll, download.
 */
import { Day, Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { DateTime, Effect, Option, Schema } from "effect"
import type { Connect } from "./Connect.ts"
import { reachesTooFarBack } from "./judgeConnect.ts"
import * as NewestDay from "./newestDay.ts"
import { readReport } from "./readReport.ts"
import type * as Settings from "./Settings.ts"
import * as Snapshot from "./Snapshot.ts"
import type { WalmartTransport } from "./Token.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })
const refused = (detail: string, beyondRetention = false) => new Failure.RequestRefused({ detail, beyondRetention })

const isAdvertiserId = (text: string): boolean => /^\d{1,30}$/.test(text)
const isId = Schema.is(Snapshot.Id)

const notReady = (settings: Settings.Resolved, ticket: string): ProviderApi.WindowAnswer => ({
  _tag: "NotReady",
  ticket,
  retryAfterSeconds: settings.limits.reportPollSeconds
})
const lost = (reason: string): ProviderApi.WindowAnswer => ({ _tag: "Lost", reason: sanitizeProviderText(reason) })

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
    notBefore: tomorrow,
    retryAfterSeconds: Math.ceil((DateTime.toEpochMillis(tomorrow) - DateTime.toEpochMillis(now)) / 1000)
  })
})

/** Asks for the report; an answer that says "failure" is a refusal like any other. */
const order = Effect.fnUntraced(function* ({ connect, settings }: Deps, request: ProviderApi.WindowRequest) {
  const { assumptions } = settings
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
  if (!Snapshot.hasFailed(made)) return made
  const detail = sanitizeProviderText(`createReport: ${made.details ?? "it gives no reason"}`)
  const words = Failure.providerWords({ code: made.code, details: sanitizeProviderText(made.details ?? "") })
  return yield* new Failure.RequestRefused({ detail, words, beyondRetention: reachesTooFarBack(detail) })
})

const create = Effect.fnUntraced(function* (deps: Deps, request: ProviderApi.WindowRequest) {
  yield* assertCovered(deps.settings.assumptions, request)
  const made = yield* order(deps, request).pipe(
    Effect.catchTag("RequestRefused", (refusal) => NewestDay.explain(deps, request, refusal))
  )
  return isId(made.snapshotId)
    ? notReady(deps.settings, made.snapshotId)
    : yield* failed("createReport: the answer holds no id of a snapshot")
})

const fetch = Effect.fnUntraced(function* (deps: Deps, request: ProviderApi.WindowRequest, link: string) {
  const file = yield* deps.connect.download(request.profile.key.region, link)
  const answer = yield* Effect.fromResult(readReport(file, request, deps.settings.assumptions))
  const lacks = yield* NewestDay.lacking(deps, request, answer)
  return lacks === undefined ? answer : lost(`Walmart has no figures of ${lacks} yet, and the report was made without`)
})

const poll = Effect.fnUntraced(function* (deps: Deps, request: ProviderApi.WindowRequest, ticket: string) {
  const { externalId: advertiserId, region } = request.profile.key
  const gone: Snapshot.State = { jobStatus: "gone", details: "Walmart does not know the report any more" }
  const state = yield* deps.connect
    .send({
      region,
      operation: "getReport",
      advertiserId,
      schema: Snapshot.State,
      absent: gone,
      path: `/api/v2/snapshot?advertiserId=${advertiserId}&snapshotId=${ticket}`
    })
    .pipe(
      Effect.catchTag("RequestRefused", ({ detail }) =>
        Effect.succeed<Snapshot.State>({ ...gone, details: `Walmart refused the report's id: ${detail}` })
      )
    )
  const status = Snapshot.status(state)
  switch (status) {
    case "pending":
    case "processing":
      return notReady(deps.settings, ticket)
    case "gone":
      return lost(state.details ?? "")
    case "failed":
    case "expired":
      return lost(`Walmart says that the report is ${status}: ${state.details ?? "it gives no reason"}`)
    case "done":
      return yield* fetch(deps, request, state.details ?? "")
    default:
      return Snapshot.hasFailed(state)
        ? lost(`Walmart could not make the report: ${state.details ?? "it gives no reason"}`)
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
