/**
 * Snapshots of Walmart Connect: who let us in, and what advertising did; made, polled, downloaded
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
import { gzipSync } from "node:zlib"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Dates from "../core/Dates.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Odd from "../core/Odd.ts"
import * as Wire from "../core/Wire.ts"
import * as Worlds from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Access from "./Access.ts"
import * as AdRows from "./AdRows.ts"
import type { Caller } from "./Door.ts"
import { root, scoped } from "./Door.ts"
import type { AccessRow, Advertiser, Snapshot } from "./Walmart.ts"
import { zip } from "./Zip.ts"

type Status = "pending" | "processing" | "done" | "failed" | "expired"

/** Where a snapshot stands at an instant. */
export const status = (call: Pick<Call, "world" | "now">, one: Snapshot): Status => {
  if (call.now >= one.createdAt + call.world.policy.walmartFileHours * 3_600_000) return "expired"
  if (call.now < one.processingAt) return "pending"
  if (call.now < one.doneAt) return "processing"
  return one.fails ? "failed" : "done"
}

const answer = (call: Call, body: Readonly<Record<string, unknown>>): WireReply =>
  Wire.json(200, call.world.policy.walmartSnapshotAnswer === "array" ? [body] : body)

const store = (
  call: Call,
  caller: Caller,
  advertiserId: string | null,
  content: Snapshot["content"],
  waits: { readonly pendingSeconds: number; readonly processingSeconds: number }
): Snapshot => {
  const { world, now } = call
  const fails = world.failingReports > 0
  if (fails) world.failingReports -= 1
  const processingAt = now + waits.pendingSeconds * 1000
  const made: Snapshot = {
    id: Worlds.uuid(world, "walmart-snapshot"),
    partner: caller.partner.id,
    advertiserId,
    content,
    createdAt: now,
    processingAt,
    doneAt: processingAt + waits.processingSeconds * 1000,
    fails
  }
  world.walmart.snapshots[made.id] = made
  if (Worlds.count(world, "walmart-snapshot-made") % 100 === 0) Worlds.trim(world.walmart.snapshots, 2_000)
  return made
}

/** Today in the zone of Walmart's reports. */
export const today = (call: Pick<Call, "world" | "now">): string =>
  Dates.dayIn(call.world.policy.walmartTimeZone, call.now)

const newest = (call: Call): string => Dates.addDays(today(call), -call.world.policy.walmartReportLagDays)

type Row = Readonly<Record<string, unknown>>

/** One advertiser as the file will tell it, ids still as texts: a copy of the world would lose raw numbers. */
const describe = (call: Call, caller: Caller, advertiser: Advertiser, row: AccessRow, isV2: boolean): Row => {
  const granted = new Date(row.grantedAt).toISOString()
  const writes = row.type === "write"
  const permissionType = writes ? "Edit" : "View Only"
  return {
    advertiserId: advertiser.id,
    advertiserName: advertiser.name,
    advertiserType: advertiser.type,
    sellerId: advertiser.sellerId,
    sellerName: advertiser.sellerName,
    accountSpendLimitReached: advertiser.type === "1p" ? "N/A" : String(Number(advertiser.spendLimitReached)),
    reportDate: today(call),
    ...(isV2
      ? {
          organizationId: advertiser.organizationId,
          organizationName: advertiser.organizationName,
          approvedBrandNames: advertiser.brands,
          advertiserAccess: [
            { resourceGroupName: "REPORTING", permissionType: "View Only", grantTimeStamp: granted },
            { resourceGroupName: "CAMPAIGN_MANAGER", permissionType, grantTimeStamp: granted },
            ...(writes && caller.partner.type === "full-service"
              ? [{ resourceGroupName: "CREATIVE_HUB", permissionType, grantTimeStamp: granted }]
              : [])
          ]
        }
      : { apiAccessType: row.type, accessGrantTimeStamp: granted })
  }
}

/** `POST /api/v1/snapshot/insight`: a listing of exactly the advertisers that let this partner in. */
export const createAttributes = (call: Call, caller: Caller, { body }: Input): WireReply => {
  const { format, insightType: kind } = body as {
    readonly insightType: "advertiserAttributes" | "advertiserAttributesV2"
    readonly format: "gzip" | "zip"
  }
  const rows = Access.listed(call.world, caller.partner.id, caller.tenant, call.now).map(({ advertiser, row }) =>
    describe(call, caller, advertiser, row, kind === "advertiserAttributesV2")
  )
  const made = store(call, caller, null, { kind: "attributes", rows, format }, call.world.policy.walmartSnapshot)
  return answer(call, { code: "success", snapshotId: made.id, jobStatus: "pending" })
}

const list = (value: unknown): ReadonlyArray<string> | undefined =>
  Array.isArray(value) && value.length > 0 && value.length <= 100 && value.every((item) => typeof item === "string")
    ? value
    : undefined

type Window = { readonly from: string; readonly to: string }

const windowOf = (call: Call, body: Readonly<Record<string, unknown>>, dated: boolean): Window | string => {
  const { reportDate, startDate, endDate } = body
  const isRange = startDate !== undefined || endDate !== undefined
  if (!dated) {
    return reportDate !== undefined || isRange ? "this report takes no dates" : { from: newest(call), to: newest(call) }
  }
  if (reportDate !== undefined && isRange) return "reportDate and a range cannot be combined"
  const from = reportDate ?? startDate
  const to = reportDate ?? endDate
  if (!Dates.isDay(from) || !Dates.isDay(to)) return "reportDate, or startDate and endDate, must be yyyy-MM-dd"
  if (to < from) return "endDate is before startDate"
  if (to >= today(call)) return "the current date is not available"
  return Dates.daysBetween(from, today(call)) > call.world.policy.walmartLookbackDays
    ? `only the last ${call.world.policy.walmartLookbackDays} days are available`
    : { from, to }
}

/** `POST /api/v2/snapshot/report`. */
export const createReport = (call: Call, caller: Caller, input: Input): WireReply => {
  const body = input.body as Readonly<Record<string, unknown>>
  const advertiser = scoped(call, caller, body.advertiserId, false)
  if ("status" in advertiser) return advertiser
  const reportType = typeof body.reportType === "string" ? body.reportType : ""
  const type = Wire.own(AdRows.reportTypes, reportType)
  if (type === undefined) return refuse(call, "WMC-400-01", "reportType is not valid")
  if (type.suppliersOnly && advertiser.type !== "1p") {
    return refuse(call, "WMC-422-01", `the report type ${reportType} is for suppliers`)
  }
  const columns = list(body.reportMetrics)
  if (columns === undefined) return refuse(call, "WMC-400-01", "reportMetrics is missing or empty")
  const unknown = columns.filter((name) => !AdRows.isColumn(name))
  if (unknown.length > 0) return refuse(call, "WMC-400-01", `reportMetrics: ${unknown.join(", ").slice(0, 200)}`)
  if (!columns.some(AdRows.isDimension)) return refuse(call, "WMC-400-01", "reportMetrics needs at least one dimension")
  const window = windowOf(call, body, type.dated)
  const { walmartReportWindowStatus } = call.world.policy
  if (typeof window === "string") return refuse(call, "WMC-400-04", window, {}, walmartReportWindowStatus)
  if (window.to > newest(call)) return refuse(call, "WMC-400-05", newest(call), {}, walmartReportWindowStatus)
  const made = store(
    call,
    caller,
    advertiser.id,
    { kind: "report", reportType, columns, ...window },
    call.world.policy.walmartReport
  )
  return answer(call, { code: "success", snapshotId: made.id })
}

const poll = (call: Call, caller: Caller, query: Input["query"], kind: Snapshot["content"]["kind"]): WireReply => {
  const found = Wire.own(call.world.walmart.snapshots, Check.text(query, "snapshotId"))
  const advertiserId = Check.text(query, "advertiserId") ?? null
  if (kind === "report") {
    const advertiser = scoped(call, caller, advertiserId, false)
    if ("status" in advertiser) return advertiser
  }
  if (
    found === undefined ||
    found.partner !== caller.partner.id ||
    found.content.kind !== kind ||
    (found.advertiserId !== null && found.advertiserId !== advertiserId)
  ) {
    return refuse(call, "WMC-404-02")
  }
  const jobStatus = status(call, found)
  const link = Wire.address(call.request.base, call.request.host, `${root}/api/v1/file/${found.id}`)
  return answer(call, {
    code: jobStatus === "failed" ? "failure" : "success",
    snapshotId: found.id,
    jobStatus,
    ...(jobStatus === "done" ? { details: link } : {}),
    ...(jobStatus === "failed" ? { details: "The snapshot could not be generated." } : {})
  })
}

/** `GET /api/v1/snapshot`. */
export const pollAttributes = (call: Call, caller: Caller, { query }: Input): WireReply =>
  poll(call, caller, query, "attributes")

/** `GET /api/v2/snapshot`. */
export const pollReport = (call: Call, caller: Caller, { query }: Input): WireReply =>
  poll(call, caller, query, "report")

const attributesText = (rows: ReadonlyArray<Row>): string =>
  JSON.stringify(
    rows.map((row) => ({
      ...row,
      advertiserId: Wire.digits(String(row.advertiserId)),
      sellerId: typeof row.sellerId === "string" ? Wire.digits(row.sellerId) : null
    }))
  )

/** `GET /api/v1/file/{id}`, with the same headers as any other call. */
export const download = (call: Call, caller: Caller, { path }: Input): WireReply => {
  const found = Wire.own(call.world.walmart.snapshots, path.id)
  if (found === undefined || found.partner !== caller.partner.id || status(call, found) !== "done") {
    return refuse(call, "WMC-404-02")
  }
  const bytes = (body: Uint8Array, type: string): WireReply => ({
    status: 200,
    headers: { "content-type": type },
    body
  })
  const { content } = found
  if (content.kind === "attributes") {
    const text = attributesText(Odd.entries(call, content.rows, { advertiserType: null }) as ReadonlyArray<Row>)
    return content.format === "gzip"
      ? bytes(gzipSync(text), "application/gzip")
      : bytes(zip("advertiserAttributes.json", text), "application/zip")
  }
  const advertiser = scoped(call, caller, found.advertiserId, false, 0)
  if ("status" in advertiser) return advertiser
  const rows = AdRows.rows(call.world, {
    advertiserId: advertiser.id,
    from: content.from,
    columns: content.columns,
    to: content.to < newest(call) ? content.to : newest(call)
  })
  const lines = Odd.entries(call, rows, { campaignId: "" }) as ReadonlyArray<Readonly<Record<string, string>>>
  return bytes(gzipSync(AdRows.csv(content.columns, lines)), "application/gzip")
}

/** `GET /api/v1/latestReportDate`: one day for all; version 2 says it for each type (WC-S changelog of June 2026). */
export const latest =
  (isV2: boolean) =>
  (call: Call, caller: Caller, { query }: Input): WireReply => {
    const advertiser = scoped(call, caller, query.advertiserId, false)
    if ("status" in advertiser) return advertiser
    const latestReportDate = newest(call)
    return Wire.json(
      200,
      isV2
        ? Object.keys(AdRows.reportTypes).map((reportType) => ({ reportType, latestReportDate }))
        : { latestReportDate }
    )
  }

/** `GET /api/v1/stats`: today so far, which counts up with the hours. */
export const stats = (call: Call, caller: Caller, { query }: Input): WireReply => {
  const advertiser = scoped(call, caller, query.advertiserId, false)
  if ("status" in advertiser) return advertiser
  const day = today(call)
  const share = (call.now % 86_400_000) / 86_400_000
  const part = (text: string | undefined, digits: number) => (Number(text ?? "0") * share).toFixed(digits)
  return Wire.json(
    200,
    AdRows.rows(call.world, {
      advertiserId: advertiser.id,
      from: day,
      to: day,
      columns: ["campaignId", "numAdsShown", "numAdsClicks", "adSpend"]
    }).map((row) => ({
      advertiserId: Wire.digits(advertiser.id),
      campaignId: Wire.digits(row.campaignId ?? "0"),
      numAdsShown: Wire.digits(part(row.numAdsShown, 0)),
      numAdsClicks: Wire.digits(part(row.numAdsClicks, 0)),
      adSpend: Wire.digits(part(row.adSpend, 2))
    }))
  )
}
