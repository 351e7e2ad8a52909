/**
 * Reports 2021-06-30 of the Selling Partner API: create, list, poll, document, download
 * (https://developer-docs.amazon.com/sp-api/docs/reports-api-v2021-06-30-reference).
 */
import { gzipSync } from "node:zlib"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Dates from "../core/Dates.ts"
import * as Hosts from "../core/Hosts.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Wire from "../core/Wire.ts"
import type { SpReport } from "../core/World.ts"
import * as Worlds from "../core/World.ts"
import type { Input } from "../describe/check.ts"
import * as Check from "../describe/check.ts"
import * as Own from "../describe/own.ts"
import * as Page from "./Page.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import * as Content from "./SpReportContent.ts"
import * as Order from "./SpReportOrder.ts"
import type { SpOperation } from "./SpOperation.ts"

const linkSeconds = 300
const DAY_MS = 86_400_000
/** How far back reports are listed. */
const listedDays = 90
const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)

type Status = "IN_QUEUE" | "IN_PROGRESS" | "DONE" | "CANCELLED" | "FATAL"

/** Where a report stands at an instant. */
export const status = (report: SpReport, now: number): Status => {
  if (report.cancelled) return "CANCELLED"
  if (now < report.processingAt) return "IN_QUEUE"
  if (now < report.doneAt) return "IN_PROGRESS"
  if (report.lapses === true) return "CANCELLED"
  return report.fails ? "FATAL" : "DONE"
}

/** `POST /reports/2021-06-30/reports`, answered with 202. */
const create = (call: Call, partner: Partner, input: Input): WireReply => {
  const { world, now } = call
  const order = input.body as Order.Order
  const type = Wire.own(Order.types, order.reportType)
  if (type === undefined) return refuse(call, "SPA-400-03", `report type ${order.reportType.slice(0, 80)}`)
  if (type.kind !== partner.account.kind) return refuse(call, "SPA-403-07")
  const options = order.reportOptions ?? {}
  const odd = Order.oddOption(type, options)
  if (odd !== undefined) return refuse(call, "SPA-400-03", odd)
  const refused = checkMarketplaces(call, partner, order.marketplaceIds)
  if (refused !== undefined) return refused
  const window = Order.windowOf(call, order)
  if (typeof window === "string") return bad(call, window)
  if (Order.isOffPeriod(type, options, window))
    return bad(call, "dataStartTime and dataEndTime must be the ends of a reportPeriod")
  const serial = Worlds.count(world, "sp-report")
  const processingAt = now + world.policy.spReport.queuedSeconds * 1000
  const id = String(50_000_000_000 + serial)
  const seal = Credentials.sign(world, `document/${serial}`).slice(0, 36)
  const report: SpReport = {
    id,
    documentId: `amzn1.spdoc.1.4.${partner.account.region.toLowerCase()}.${seal}`,
    account: partner.account.id,
    region: partner.account.region,
    clientId: partner.clientId,
    reportType: order.reportType,
    marketplaceIds: order.marketplaceIds,
    dataStartTime: window.from,
    dataEndTime: window.to,
    ...(window.days === undefined ? {} : { days: window.days }),
    options,
    createdAt: now,
    processingAt,
    doneAt: processingAt + world.policy.spReport.processingSeconds * 1000,
    ...Order.fateOf(call, order, window),
    cancelled: Order.isTooSoon(call, partner.account.id, order),
    ...(Order.isEnglish(order) && world.policy.spReportHeedsLocale ? { inEnglish: true } : {})
  }
  world.spReports[id] = report
  if (world.policy.spReportEmpty === "cancelled" && Content.isEmpty(world, report)) report.cancelled = true
  if (serial % 500 === 0) Worlds.trim(world.spReports, 20_000)
  return Wire.json(202, { reportId: id })
}

const isOf = (report: SpReport, partner: Partner): boolean =>
  report.account === partner.account.id && report.clientId === partner.clientId

const find = (call: Call, partner: Partner, id: string | undefined): SpReport | undefined => {
  const report = Wire.own(call.world.spReports, id)
  return report !== undefined && isOf(report, partner) ? report : undefined
}

const show = (report: SpReport, now: number): unknown => {
  const state = status(report, now)
  const time = (at: number) => new Date(at).toISOString()
  return {
    reportId: report.id,
    reportType: report.reportType,
    marketplaceIds: report.marketplaceIds,
    dataStartTime: time(report.dataStartTime),
    dataEndTime: time(report.dataEndTime),
    createdTime: time(report.createdAt),
    processingStatus: state,
    ...(state === "IN_QUEUE" || state === "CANCELLED" ? {} : { processingStartTime: time(report.processingAt) }),
    ...(state === "DONE" || state === "FATAL" ? { processingEndTime: time(report.doneAt) } : {}),
    ...(state === "DONE" ? { reportDocumentId: report.documentId } : {})
  }
}

/** `GET /reports/2021-06-30/reports/{reportId}`. */
const get = (call: Call, partner: Partner, { path }: Input): WireReply => {
  const report = find(call, partner, path.reportId)
  return report === undefined ? refuse(call, "SPA-404-01", "reportId") : Wire.json(200, show(report, call.now))
}

type Filter = {
  readonly reportTypes?: ReadonlyArray<string>
  readonly processingStatuses?: ReadonlyArray<string>
  readonly marketplaceIds?: ReadonlyArray<string>
  readonly pageSize?: number
  readonly createdSince?: string
  readonly createdUntil?: string
}

/** `GET /reports/2021-06-30/reports`: newest first, by report types or by the token of a page, which stands alone. */
const list = (call: Call, partner: Partner, { query }: Input): WireReply => {
  const { nextToken: _, ...given } = query
  const nextToken = Check.text(query, "nextToken")
  if (nextToken !== undefined && Object.keys(given).length > 0)
    return bad(call, "nextToken takes no other parameter beside it")
  if (nextToken === undefined && given.reportTypes === undefined)
    return bad(call, "reportTypes or nextToken is required")
  const turned =
    nextToken === undefined
      ? { filter: given as Filter, from: 0 }
      : Page.open<Filter>(call, partner.account.id, nextToken)
  if (turned === undefined) return bad(call, "nextToken")
  const { filter, from } = turned
  const since =
    filter.createdSince === undefined ? call.now - listedDays * DAY_MS : (Dates.instant(filter.createdSince) ?? 0)
  const until = filter.createdUntil === undefined ? call.now : (Dates.instant(filter.createdUntil) ?? 0)
  if (nextToken === undefined && call.now - since > listedDays * DAY_MS)
    return bad(call, "createdSince lies at most 90 days back")
  const all = Object.values(call.world.spReports)
    .filter(
      (report) =>
        isOf(report, partner) &&
        filter.reportTypes?.includes(report.reportType) !== false &&
        filter.processingStatuses?.includes(status(report, call.now)) !== false &&
        (filter.marketplaceIds === undefined ||
          report.marketplaceIds.some((id) => filter.marketplaceIds?.includes(id))) &&
        report.createdAt >= since &&
        report.createdAt <= until
    )
    .toReversed()
  const end = from + (filter.pageSize ?? 10)
  return Wire.json(200, {
    reports: all.slice(from, end).map((report) => show(report, call.now)),
    ...(end < all.length ? { nextToken: Page.seal(call, partner.account.id, { filter, from: end }) } : {})
  })
}

/** `DELETE /reports/2021-06-30/reports/{reportId}`, while it waits. */
const cancel = (call: Call, partner: Partner, { path }: Input): WireReply => {
  const report = find(call, partner, path.reportId)
  if (report === undefined) return refuse(call, "SPA-404-01", "reportId")
  if (status(report, call.now) !== "IN_QUEUE") return bad(call, "only a queued report can be cancelled")
  report.cancelled = true
  return { status: 200, headers: {}, body: "" }
}

/** `GET /reports/2021-06-30/documents/{reportDocumentId}`: a link that lives for five minutes. */
const document = (call: Call, partner: Partner, { path, query }: Input): WireReply => {
  const documentId = path.reportDocumentId ?? ""
  const report = Object.values(call.world.spReports).find((one) => one.documentId === documentId)
  if (report === undefined || !isOf(report, partner) || status(report, call.now) !== "DONE") {
    return refuse(call, "SPA-404-01", "reportDocumentId")
  }
  const file = `/${report.id}/${report.documentId}`
  const expires = call.now + linkSeconds * 1000
  const encoding = query.enableContentEncodingUrlHeader === true ? "&response-content-encoding=gzip" : ""
  const signature = Credentials.sign(call.world, `${file}/${expires}${encoding}`)
  const link = `Expires=${expires}${encoding}&Signature=${signature}`
  return Wire.json(200, {
    reportDocumentId: documentId,
    compressionAlgorithm: "GZIP",
    url: Wire.address(call.request.base, Hosts.spStorage, `${file}?${link}`)
  })
}

/** Serves a document to the holder of a fresh link. */
export const download = (call: Call): WireReply => {
  call.note.operation = "downloadReportDocument"
  const { path } = call.request
  const report = Wire.own(call.world.spReports, path.split("/")[1])
  if (report === undefined || path !== `/${report.id}/${report.documentId}` || call.request.method !== "GET") {
    return refuse(call, "STO-404-01")
  }
  const query = new URLSearchParams(call.request.query)
  const expires = Number(query.get("Expires"))
  const isEncoded = query.get("response-content-encoding") === "gzip"
  const encoding = isEncoded ? "&response-content-encoding=gzip" : ""
  if (query.get("Signature") !== Credentials.sign(call.world, `${path}/${expires}${encoding}`))
    return refuse(call, "STO-403-02")
  if (call.now > expires) return refuse(call, "STO-403-01")
  call.note.account = report.account
  return {
    status: 200,
    headers: { "content-type": "application/octet-stream", ...(isEncoded ? { "content-encoding": "gzip" } : {}) },
    body: gzipSync(Content.bytes(call.world, report))
  }
}

const statuses = Own.oneOf("CANCELLED", "DONE", "FATAL", "IN_PROGRESS", "IN_QUEUE")

const common = { kind: "any", roles: [] } as const

/** Operations of the Reports API. */
export const operations: ReadonlyArray<SpOperation> = [
  {
    ...common,
    described: Own.operation("getReports", "GET /reports/2021-06-30/reports", {
      parameters: [
        Own.query("reportTypes", Own.list(Own.text, 1, 10)),
        Own.query("processingStatuses", Own.list(statuses)),
        Own.query("marketplaceIds", Own.list(Own.text, 1, 10)),
        Own.query("pageSize", Own.whole(1, 100)),
        Own.query("createdSince", Own.instant),
        Own.query("createdUntil", Own.instant),
        Own.query("nextToken", Own.text)
      ]
    }),
    run: list
  },
  {
    ...common,
    described: Own.operation("createReport", "POST /reports/2021-06-30/reports", { body: Own.json(Order.schema) }),
    run: create
  },
  { ...common, described: Own.operation("getReport", "GET /reports/2021-06-30/reports/{reportId}"), run: get },
  { ...common, described: Own.operation("cancelReport", "DELETE /reports/2021-06-30/reports/{reportId}"), run: cancel },
  {
    ...common,
    described: Own.operation("getReportDocument", "GET /reports/2021-06-30/documents/{reportDocumentId}", {
      parameters: [Own.query("enableContentEncodingUrlHeader", Own.flag)]
    }),
    run: document
  }
]
