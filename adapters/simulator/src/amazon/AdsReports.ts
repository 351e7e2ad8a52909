/**
 * Reporting v3 of the Ads API: create, poll, cancel, download
 * (https://advertising.amazon.com/API/docs/en-us/guides/reporting/v3/get-started).
 */
import { gzipSync } from "node:zlib"
import * as AdData from "./AdData.ts"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import * as Hosts from "../core/Hosts.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Odd from "../core/Odd.ts"
import * as Wire from "../core/Wire.ts"
import type { AdsReport, Profile, Region, World } from "../core/World.ts"
import * as Worlds from "../core/World.ts"

const contentType = "application/vnd.createasyncreportrequest.v3+json"
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

const texts = (value: unknown): ReadonlyArray<string> | undefined =>
  Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every((item) => typeof item === "string")
    ? value
    : undefined

/** The bytes of a finished report, the same each time. */
export const content = (world: World, report: AdsReport): Uint8Array => {
  const { configuration } = report
  const filters = Array.isArray(configuration.filters) ? configuration.filters : []
  const states = filters.flatMap((filter: unknown) =>
    typeof filter === "object" && filter !== null && "values" in filter ? (texts(filter.values) ?? []) : []
  )
  const rows = AdData.rows(world, {
    profileId: report.profileId,
    from: report.startDate,
    to: report.endDate,
    reportTypeId: String(configuration.reportTypeId),
    columns: texts(configuration.columns) ?? [],
    groupBy: texts(configuration.groupBy) ?? [],
    timeUnit: configuration.timeUnit === "SUMMARY" ? "SUMMARY" : "DAILY",
    ...(states.length === 0 ? {} : { campaignStatus: states })
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

const bad = (call: Call, why: string) => refuse(call, "ADS-400-02", why)

type Parsed = {
  readonly name: string | null
  readonly startDate: string
  readonly endDate: string
  readonly configuration: Record<string, unknown>
}

const filtersAreSimulated = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (Array.isArray(value) &&
    value.every(
      (item: unknown) =>
        typeof item === "object" &&
        item !== null &&
        "field" in item &&
        item.field === "campaignStatus" &&
        "values" in item &&
        texts(item.values) !== undefined
    ))

const parse = (call: Call, profile: Profile): Parsed | WireReply => {
  const body = Wire.readObject(call.request.body)
  const configuration =
    typeof body?.configuration === "object" && body.configuration !== null && !Array.isArray(body.configuration)
      ? (body.configuration as Record<string, unknown>)
      : undefined
  if (body === undefined || configuration === undefined) return bad(call, "configuration is missing")
  const { startDate, endDate } = body
  if (!Dates.isDay(startDate) || !Dates.isDay(endDate)) {
    return bad(call, "startDate and endDate must be in format YYYY-MM-DD")
  }
  const type =
    typeof configuration.reportTypeId === "string"
      ? Wire.own(AdData.reportTypes, configuration.reportTypeId)
      : undefined
  if (type === undefined) return bad(call, "configuration reportTypeId is not valid")
  if (configuration.adProduct !== type.product) return bad(call, "configuration adProduct does not match reportTypeId")
  const columns = texts(configuration.columns)
  const groupBy = texts(configuration.groupBy)
  if (columns === undefined) return bad(call, "configuration columns is missing or empty")
  if (groupBy === undefined || groupBy.some((group) => !type.groups.includes(group))) {
    return bad(call, "configuration groupBy is missing or not valid for this report type")
  }
  const unknown = columns.filter((column) => !AdData.isColumn(column))
  if (unknown.length > 0) {
    return bad(call, `configuration columns includes invalid values: (${unknown.join(", ").slice(0, 200)})`)
  }
  if (configuration.timeUnit !== "DAILY" && configuration.timeUnit !== "SUMMARY") {
    return bad(call, "configuration timeUnit must be DAILY or SUMMARY")
  }
  if (configuration.timeUnit === "SUMMARY" && columns.includes("date")) {
    return bad(call, "configuration column date needs timeUnit DAILY")
  }
  if (configuration.format !== "GZIP_JSON") return bad(call, "configuration format must be GZIP_JSON")
  if (!filtersAreSimulated(configuration.filters)) {
    return bad(call, "configuration filters: only campaignStatus is simulated")
  }
  if (profile.subType === "KDP_AUTHOR" && type.product === "SPONSORED_BRANDS") return refuse(call, "ADS-400-03")
  const length = Dates.daysBetween(startDate, endDate) + 1
  if (length < 1) return bad(call, "endDate is before startDate")
  if (length > type.maxDays) return bad(call, `startDate to endDate range must not exceed ${type.maxDays} days`)
  const today = Dates.dayIn(Data.timeZone(profile.marketplaceId), call.now)
  if (endDate > today) return bad(call, "endDate is in the future")
  const retention = call.world.policy.adsRetentionDays ?? type.retentionDays
  if (Dates.daysBetween(startDate, today) > retention) {
    return call.world.policy.retentionStatus === 406
      ? refuse(call, "ADS-406-01")
      : bad(call, "Report date is too far in the past.")
  }
  return {
    name: typeof body.name === "string" ? body.name.slice(0, 200) : null,
    startDate,
    endDate,
    configuration: {
      adProduct: type.product,
      columns,
      filters: configuration.filters ?? null,
      format: "GZIP_JSON",
      groupBy,
      reportTypeId: configuration.reportTypeId,
      timeUnit: configuration.timeUnit
    }
  }
}

const create = (call: Call, profile: Profile, clientId: string): WireReply => {
  call.note.operation = "createAdsReport"
  const { world, now } = call
  const type = (call.request.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase()
  if (type !== contentType) return refuse(call, "ADS-415-01")
  const parsed = parse(call, profile)
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

/** Answers a reporting call for a profile that the caller may see. */
export const handle = (call: Call, profile: Profile, clientId: string): WireReply => {
  const { method, path } = call.request
  if (path === "/reporting/reports") {
    return method === "POST" ? create(call, profile, clientId) : refuse(call, "ADS-404-01")
  }
  const report = Wire.own(call.world.adsReports, path.slice("/reporting/reports/".length))
  if (report === undefined || report.profileId !== profile.id || report.cancelled) return refuse(call, "ADS-404-01")
  if (method === "GET") {
    call.note.operation = "getAdsReport"
    return Wire.json(200, show(call, report, profile.region))
  }
  if (method !== "DELETE") return refuse(call, "ADS-404-01")
  call.note.operation = "cancelAdsReport"
  if (status(report, call.now) !== "PENDING") return bad(call, "only a pending report can be cancelled")
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
