/**
 * Reporting v3 of the Ads API: create, poll, cancel, download
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started).
 */
import { gzipSync } from "node:zlib"
import * as AdData from "./AdData.ts"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Hosts from "../core/Hosts.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Odd from "../core/Odd.ts"
import * as Wire from "../core/Wire.ts"
import type { AdsReport, Profile, Region, World } from "../core/World.ts"
import * as Worlds from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import type { Caller } from "./AdsDoor.ts"
import * as Order from "./AdsReportOrder.ts"

/** Media type of a report request. */
export const contentType = "application/vnd.createasyncreportrequest.v3+json"
const linkSeconds = 3600

type Status = "PENDING" | "PROCESSING" | "COMPLETED" | "FAILED"

/** Where a report stands at an instant. */
export const status = (report: AdsReport, now: number): Status => {
  if (now < report.processingAt) return "PENDING"
  if (now < report.doneAt) return "PROCESSING"
  return report.fails ? "FAILED" : "COMPLETED"
}

const updatedAt = (report: AdsReport, state: Status): number => {
  if (state === "PENDING") return report.createdAt
  return state === "PROCESSING" ? report.processingAt : report.doneAt
}

/** The bytes of a finished report, the same each time. */
export const content = (world: World, report: AdsReport): Uint8Array => {
  const { configuration } = report
  const rows = AdData.rows(world, {
    profileId: report.profileId,
    from: report.startDate,
    to: report.endDate,
    reportTypeId: String(configuration.reportTypeId),
    columns: Order.texts(configuration.columns) ?? [],
    groupBy: Order.texts(configuration.groupBy) ?? [],
    timeUnit: configuration.timeUnit === "SUMMARY" ? "SUMMARY" : "DAILY",
    ...Order.filtersOf(configuration.filters)
  })
  return gzipSync(JSON.stringify(Odd.entries({ world }, rows, { campaignId: null })))
}

const show = (call: Call, report: AdsReport, region: Region): unknown => {
  const state = status(report, call.now)
  const isDone = state === "COMPLETED"
  if (isDone && report.fileSize === null) report.fileSize = content(call.world, report).byteLength
  const file = `/${report.id}-${report.createdAt}/report-${report.id}-${report.createdAt}.json.gz`
  const date = new Date(call.now).toISOString().replaceAll(/[-:]|\.\d{3}/g, "")
  const at = Math.floor(call.now / 1000) * 1000
  const signature = Credentials.sign(call.world, `${file}/${at}`)
  const link =
    `${file}?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=${date}` +
    `&X-Amz-Expires=${linkSeconds}&X-Amz-Signature=${signature}`
  const time = (millis: number) => new Date(millis).toISOString()
  return {
    configuration: report.configuration,
    createdAt: time(report.createdAt),
    endDate: report.endDate,
    failureReason: state === "FAILED" ? "The report could not be generated." : null,
    fileSize: report.fileSize,
    generatedAt: isDone ? time(report.doneAt) : null,
    name: report.name,
    reportId: report.id,
    startDate: report.startDate,
    status: state,
    updatedAt: time(updatedAt(report, state)),
    url: isDone ? Wire.address(call.request.base, Hosts.adsStorage[region], link) : null,
    urlExpiresAt: isDone ? time(at + linkSeconds * 1000) : null
  }
}

/** `POST /reporting/reports`. */
export const create = (call: Call, profile: Profile, { body }: Input, { clientId }: Caller): WireReply => {
  const { world, now } = call
  const type = (call.request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase()
  if (type !== contentType && world.policy.adsReportMedia === "vendored") return refuse(call, "ADS-415-01")
  const parsed = Order.parse(call, profile, body)
  if ("status" in parsed) return parsed
  const { configuration, endDate, startDate } = parsed
  const fingerprint = `${clientId}/${profile.id}/${JSON.stringify([startDate, endDate, configuration])}`
  const running = Wire.own(world.adsReports, Wire.own(world.adsRunning, fingerprint))
  if (running !== undefined && !running.cancelled && now < running.doneAt) return refuse(call, "ADS-425-01", running.id)
  const { pendingSeconds, processingSeconds } = world.policy.adsReport
  const fails = world.failingReports > 0
  if (fails) world.failingReports -= 1
  const processingAt = now + pendingSeconds * 1000
  const report: AdsReport = {
    id: Worlds.uuid(world, "ads-report"),
    profileId: profile.id,
    clientId,
    ...parsed,
    fingerprint,
    createdAt: now,
    processingAt,
    doneAt: processingAt + processingSeconds * 1000,
    fails,
    cancelled: false,
    fileSize: null
  }
  world.adsReports[report.id] = report
  world.adsRunning[fingerprint] = report.id
  if (Worlds.count(world, "ads-report-made") % 500 === 0) {
    Worlds.trim(world.adsReports, 20_000)
    Worlds.trim(world.adsRunning, 20_000)
  }
  return Wire.json(200, show(call, report, profile.region))
}

const find = (call: Call, profile: Profile, id: string | undefined): AdsReport | undefined => {
  const report = Wire.own(call.world.adsReports, id)
  return report?.profileId === profile.id && !report.cancelled ? report : undefined
}

/** `GET /reporting/reports/{reportId}`. */
export const get = (call: Call, profile: Profile, { path }: Input): WireReply => {
  const report = find(call, profile, path.reportId)
  return report === undefined ? refuse(call, "ADS-404-01") : Wire.json(200, show(call, report, profile.region))
}

/** `DELETE /reporting/reports/{reportId}`, while it waits. */
export const cancel = (call: Call, profile: Profile, { path }: Input): WireReply => {
  const report = find(call, profile, path.reportId)
  if (report === undefined) return refuse(call, "ADS-404-01")
  if (status(report, call.now) !== "PENDING")
    return refuse(call, "ADS-400-02", "only a pending report can be cancelled")
  report.cancelled = true
  return Wire.json(200, { reportId: report.id })
}

/** Serves a finished file to the holder of a fresh link. No Amazon headers belong on this call. */
export const download = (call: Call): WireReply => {
  call.note.operation = "downloadAdsReport"
  const { path } = call.request
  const report = Wire.own(call.world.adsReports, /\/report-([0-9a-f-]{36})-\d+\.json\.gz$/.exec(path)?.[1])
  if (report === undefined || call.request.method !== "GET") return refuse(call, "STO-404-01")
  if (call.request.headers.authorization !== undefined) return refuse(call, "STO-400-01")
  const query = new URLSearchParams(call.request.query)
  const date = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/.exec(query.get("X-Amz-Date") ?? "")
  const at =
    date === null ? Number.NaN : Date.parse(`${date[1]}-${date[2]}-${date[3]}T${date[4]}:${date[5]}:${date[6]}Z`)
  if (query.get("X-Amz-Signature") !== Credentials.sign(call.world, `${path}/${at}`)) return refuse(call, "STO-403-02")
  if (call.now - at > linkSeconds * 1000) return refuse(call, "STO-403-01")
  call.note.account = report.profileId
  return { status: 200, headers: { "content-type": "application/octet-stream" }, body: content(call.world, report) }
}
