/**
 * Reports 2021-06-30 of the Selling Partner API: create, poll, document, download
 * (https://github.com/amzn/selling-partner-api-models).
 */
import { gzipSync } from "node:zlib"
import type { Call } from "../core/Call.ts"
import { refuse } from "../core/Call.ts"
import * as Credentials from "../core/Credentials.ts"
import * as Data from "../core/Data.ts"
import * as Dates from "../core/Dates.ts"
import * as Hosts from "../core/Hosts.ts"
import type { Partner } from "./Partner.ts"
import { checkMarketplaces } from "./Partner.ts"
import type { WireReply } from "../core/Wire.ts"
import * as Odd from "../core/Odd.ts"
import * as Wire from "../core/Wire.ts"
import * as ListingText from "./listingText.ts"
import type { SpReport, World } from "../core/World.ts"
import * as Worlds from "../core/World.ts"

const linkSeconds = 300
const longestDays = 731
const bad = (call: Call, why: string): WireReply => refuse(call, "SPA-400-01", why)

/** Report types with content here. Others are refused rather than made up. */
export const reportTypes: Readonly<Record<string, "seller" | "vendor">> = {
  GET_SALES_AND_TRAFFIC_REPORT: "seller",
  GET_MERCHANT_LISTINGS_ALL_DATA: "seller",
  GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA: "seller",
  GET_VENDOR_SALES_REPORT: "vendor"
}

/** Where a report stands at an instant. */
export const status = (report: SpReport, now: number): "IN_QUEUE" | "IN_PROGRESS" | "DONE" | "CANCELLED" | "FATAL" => {
  if (report.cancelled) return "CANCELLED"
  if (now < report.processingAt) return "IN_QUEUE"
  if (now < report.doneAt) return "IN_PROGRESS"
  return report.fails ? "FATAL" : "DONE"
}

/** An instant that a body gives as text, or the default when it gives none; nothing for anything else. */
const instantOr = (value: unknown, fallback: number): number | undefined => {
  if (value === undefined) return fallback
  return typeof value === "string" ? Dates.instant(value) : undefined
}

const table = (head: ReadonlyArray<string>, lines: ReadonlyArray<ReadonlyArray<string | number>>): string =>
  [head, ...lines].map((line) => line.join("\t")).join("\n")

const amount = (hundredths: number, code: string) => ({
  amount: Number(Data.money(hundredths, code)),
  currencyCode: code
})

const sales = (world: World, report: SpReport, isVendor: boolean): string => {
  const marketplaceId = report.marketplaceIds[0] ?? ""
  const zone = Data.timeZone(marketplaceId)
  const first = Dates.dayIn(zone, report.dataStartTime)
  // A day to come has no sales yet, whatever was asked for.
  const end = Math.min(report.dataEndTime - 1, report.createdAt)
  const last = Dates.dayIn(zone, Math.max(report.dataStartTime, end))
  const rows = Data.salesRows(world, report.account, marketplaceId, first, last)
  const reportSpecification = {
    reportType: report.reportType,
    dataStartTime: first,
    dataEndTime: last,
    marketplaceIds: report.marketplaceIds
  }
  return JSON.stringify(
    isVendor
      ? {
          reportSpecification,
          salesAggregate: rows.map((day) => ({
            startDate: day.day,
            endDate: day.day,
            shippedUnits: day.unitCount,
            shippedRevenue: amount(day.totalSales, day.currency),
            customerReturns: 0
          }))
        }
      : {
          reportSpecification,
          salesAndTrafficByDate: rows.map((day) => ({
            date: day.day,
            salesByDate: {
              orderedProductSales: amount(day.totalSales, day.currency),
              unitsOrdered: day.unitCount,
              totalOrderItems: day.orderItemCount
            },
            trafficByDate: { pageViews: day.pageViews, sessions: day.sessions }
          })),
          salesAndTrafficByAsin: []
        }
  )
}

const stockColumns = [
  "sku",
  "fnsku",
  "asin",
  "product-name",
  "condition",
  "afn-fulfillable-quantity",
  "afn-reserved-quantity",
  "afn-total-quantity"
]

const isTable = (report: SpReport): boolean => !report.reportType.endsWith("_REPORT")

/** The bytes of a finished document before compression, the same each time. */
export const bytes = (world: World, report: SpReport): Uint8Array => {
  const text = content(world, report)
  const isEmpty = isTable(report) && !text.includes("\n")
  if (isEmpty && world.policy.spReportEmpty === "file") return new Uint8Array()
  return ListingText.encode(text, isTable(report) ? world.policy.spReportCharset : "utf-8")
}

/** The text of a finished document, the same each time. */
export const content = (world: World, report: SpReport): string => {
  if (report.reportType === "GET_SALES_AND_TRAFFIC_REPORT") return sales(world, report, false)
  if (report.reportType === "GET_VENDOR_SALES_REPORT") return sales(world, report, true)
  const seller = Wire.own(world.sellers, report.account)
  const marketplaceId = report.marketplaceIds[0] ?? ""
  const day = Dates.dayIn(Data.timeZone(marketplaceId), report.createdAt)
  const stock = seller === undefined ? [] : Data.stock(world.seed, seller, marketplaceId, day)
  return report.reportType === "GET_MERCHANT_LISTINGS_ALL_DATA"
    ? table(
        ListingText.head(report.inEnglish === true ? "en" : world.policy.spReportLanguage),
        Odd.entries({ world }, stock, { sellerSku: "" }).map((one) => {
          const item = one as Data.Stock
          return [item.productName, item.sellerSku, item.asin, item.fulfillable, "Active"]
        })
      )
    : table(
        stockColumns,
        stock.map((item) => [
          item.sellerSku,
          item.fnSku,
          item.asin,
          item.productName,
          "New",
          item.fulfillable,
          item.reserved,
          item.fulfillable + item.reserved + item.inbound
        ])
      )
}

/** Whether a request prefers English headings. */
const isEnglishAsked = ({ reportOptions }: Readonly<Record<string, unknown>>): boolean =>
  typeof reportOptions === "object" &&
  reportOptions !== null &&
  "preferredReportDocumentLocale" in reportOptions &&
  String(reportOptions.preferredReportDocumentLocale).startsWith("en")

/** `POST /reports/2021-06-30/reports`, answered with 202. */
export const create = (call: Call, partner: Partner): WireReply => {
  const { world, now } = call
  const body = Wire.readObject(call.request.body)
  const type = body?.reportType
  if (body === undefined || typeof type !== "string") return bad(call, "reportType")
  const kind = Wire.own(reportTypes, type)
  if (kind === undefined) return refuse(call, "SPA-400-03", `report type ${type.slice(0, 80)}`)
  if (kind !== partner.account.kind) return refuse(call, "SPA-403-07")
  const ids = Array.isArray(body.marketplaceIds) ? body.marketplaceIds.filter((id) => typeof id === "string") : []
  if (ids.length < 1 || ids.length > 25) return bad(call, "marketplaceIds takes 1 to 25 marketplaces")
  const refused = checkMarketplaces(call, partner, ids)
  if (refused !== undefined) return refused
  const from = instantOr(body.dataStartTime, now - 86_400_000)
  const to = instantOr(body.dataEndTime, now)
  if (from === undefined || to === undefined || to < from) return bad(call, "dataStartTime, dataEndTime")
  if (to - from > longestDays * 86_400_000) return bad(call, "the range is too long")
  const isTooSoon = Object.values(world.spReports).some(
    (one) =>
      one.account === partner.account.id &&
      one.reportType === type &&
      now - one.createdAt < world.policy.spReportSpacingSeconds * 1000
  )
  const fails = world.failingReports > 0
  if (fails) world.failingReports -= 1
  const serial = Worlds.count(world, "sp-report")
  const processingAt = now + world.policy.spReport.queuedSeconds * 1000
  const id = String(50_000_000_000 + serial)
  const seal = Credentials.sign(world, `document/${serial}`).slice(0, 36)
  const documentId = `amzn1.spdoc.1.4.${partner.account.region.toLowerCase()}.${seal}`
  world.spReports[id] = {
    id,
    documentId,
    account: partner.account.id,
    region: partner.account.region,
    clientId: partner.clientId,
    reportType: type,
    marketplaceIds: ids,
    dataStartTime: from,
    dataEndTime: to,
    createdAt: now,
    processingAt,
    doneAt: processingAt + world.policy.spReport.processingSeconds * 1000,
    fails,
    // Amazon cancels what is asked for too often (https://github.com/amzn/selling-partner-api-docs/issues/1329).
    cancelled: isTooSoon,
    ...(isEnglishAsked(body) && world.policy.spReportHeedsLocale ? { inEnglish: true } : {})
  }
  const made = world.spReports[id]
  const isEmpty = made !== undefined && isTable(made) && !content(world, made).includes("\n")
  if (made !== undefined && isEmpty && world.policy.spReportEmpty === "cancelled") made.cancelled = true
  if (serial % 500 === 0) Worlds.trim(world.spReports, 20_000)
  return Wire.json(202, { reportId: id })
}

const find = (call: Call, partner: Partner, id: string): SpReport | undefined => {
  const report = Wire.own(call.world.spReports, id)
  return report?.account === partner.account.id && report.clientId === partner.clientId ? report : undefined
}

/** `GET /reports/2021-06-30/reports/{reportId}`. */
export const get = (call: Call, partner: Partner, id: string): WireReply => {
  const report = find(call, partner, id)
  if (report === undefined) return refuse(call, "SPA-404-01", "reportId")
  const state = status(report, call.now)
  const time = (at: number) => new Date(at).toISOString()
  return Wire.json(200, {
    reportId: id,
    reportType: report.reportType,
    marketplaceIds: report.marketplaceIds,
    dataStartTime: time(report.dataStartTime),
    dataEndTime: time(report.dataEndTime),
    createdTime: time(report.createdAt),
    processingStatus: state,
    ...(state === "IN_QUEUE" || state === "CANCELLED" ? {} : { processingStartTime: time(report.processingAt) }),
    ...(state === "DONE" || state === "FATAL" ? { processingEndTime: time(report.doneAt) } : {}),
    ...(state === "DONE" ? { reportDocumentId: report.documentId } : {})
  })
}

/** `DELETE /reports/2021-06-30/reports/{reportId}`, while it waits. */
export const cancel = (call: Call, partner: Partner, id: string): WireReply => {
  const report = find(call, partner, id)
  if (report === undefined) return refuse(call, "SPA-404-01", "reportId")
  if (status(report, call.now) !== "IN_QUEUE") return bad(call, "only a queued report can be cancelled")
  report.cancelled = true
  return { status: 200, headers: {}, body: "" }
}

/** `GET /reports/2021-06-30/documents/{reportDocumentId}`: a link that lives for five minutes. */
export const document = (call: Call, partner: Partner, documentId: string): WireReply => {
  const report = Object.values(call.world.spReports).find((one) => one.documentId === documentId)
  if (
    report === undefined ||
    report.account !== partner.account.id ||
    report.clientId !== partner.clientId ||
    status(report, call.now) !== "DONE"
  ) {
    return refuse(call, "SPA-404-01", "reportDocumentId")
  }
  const path = `/${report.id}/${report.documentId}`
  const expires = call.now + linkSeconds * 1000
  const query = `Expires=${expires}&Signature=${Credentials.sign(call.world, `${path}/${expires}`)}`
  return Wire.json(200, {
    reportDocumentId: documentId,
    compressionAlgorithm: "GZIP",
    url: Wire.address(call.request.base, Hosts.spStorage, `${path}?${query}`)
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
  if (query.get("Signature") !== Credentials.sign(call.world, `${path}/${expires}`)) return refuse(call, "STO-403-02")
  if (call.now > expires) return refuse(call, "STO-403-01")
  call.note.account = report.account
  return {
    status: 200,
    headers: { "content-type": "application/octet-stream" },
    body: gzipSync(bytes(call.world, report))
  }
}
