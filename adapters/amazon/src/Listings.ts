/**
 * What a seller offers, from the report `GET_MERCHANT_LISTINGS_ALL_DATA`
 * (https://github.com/amzn/selling-partner-api-models): create, poll, download.
 */
import { Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { Effect, Schema } from "effect"
import type { AmazonTransport } from "./Login.ts"
import * as Report from "./Report.ts"
import { readListings } from "./readListings.ts"
import type { Send } from "./SellingPartner.ts"
import type * as Settings from "./Settings.ts"
import * as Operation from "./SpOperation.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

const path = "/reports/2021-06-30"
const Ticket = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._-]{1,100}$/))
const isTicket = Schema.is(Ticket)
const Created = Schema.Struct({ reportId: Ticket })
const text = Schema.optionalKey(Schema.NullOr(Schema.String))
const State = Schema.Struct({ processingStatus: Schema.String, reportDocumentId: text })
const Document = Schema.Struct({ url: text })

/** What stands in place of a report or document that Amazon refuses: it is gone, for this reason. */
const Gone = Schema.Struct({ gone: Schema.String })
const gone = (detail: string): typeof Gone.Type => ({ gone: detail })

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

const lost = (reason: string): ProviderApi.WindowAnswer => ({ _tag: "Lost", reason: sanitizeProviderText(reason) })

interface Deps {
  readonly settings: Settings.Resolved
  readonly send: Send
  readonly download: ReturnType<typeof Report.download>
}

const notReady = ({ settings }: Deps, ticket: string): ProviderApi.WindowAnswer => ({
  _tag: "NotReady",
  ticket,
  retryAfterSeconds: settings.limits.spPollSeconds
})

const create = Effect.fnUntraced(function* (
  deps: Deps,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest
) {
  const { listingLocale } = deps.settings.assumptions
  const made = yield* deps.send(access, {
    operation: Operation.createReport,
    path: `${path}/reports`,
    post: {
      reportType: "GET_MERCHANT_LISTINGS_ALL_DATA",
      marketplaceIds: [request.profile.key.marketplaceId],
      ...(listingLocale === null ? {} : { reportOptions: { preferredReportDocumentLocale: listingLocale } })
    },
    schema: Created
  })
  return notReady(deps, made.reportId)
})

const fetch = Effect.fnUntraced(function* (
  deps: Deps,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest,
  documentId: string
) {
  const document = yield* deps.send(access, {
    operation: Operation.getReportDocument,
    path: `${path}/documents/${encodeURIComponent(documentId)}`,
    schema: Schema.Union([Gone, Document]),
    absent: gone("Amazon does not know the report's document any more"),
    refused: (detail) => gone(`Amazon refused the report's document: ${detail}`)
  })
  if ("gone" in document) return lost(document.gone)
  if (typeof document.url !== "string") return yield* failed("getReportDocument: the document has no link")
  const file = yield* deps.download(document.url)
  return yield* Effect.fromResult(readListings(file, deps.settings.assumptions, request))
})

const poll = Effect.fnUntraced(function* (
  deps: Deps,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest,
  ticket: string
) {
  const report = yield* deps.send(access, {
    operation: Operation.getReport,
    path: `${path}/reports/${ticket}`,
    schema: Schema.Union([Gone, State]),
    absent: gone("Amazon does not know the report any more"),
    refused: (detail) => gone(`Amazon refused the report's id: ${detail}`)
  })
  if ("gone" in report) return lost(report.gone)
  const { processingStatus, reportDocumentId } = report
  switch (processingStatus.trim().toUpperCase()) {
    case "IN_QUEUE":
    case "IN_PROGRESS":
      return notReady(deps, ticket)
    case "CANCELLED":
      // Amazon cancels a report when there is nothing to put into it, and also when the type is asked for too often or
      // is scheduled already (https://github.com/amzn/selling-partner-api-docs/issues/1329).
      return Rows.empty("Amazon cancelled the report, as it does when there is nothing to list")
    case "FATAL":
      return lost("Amazon could not make the report")
    case "DONE":
      return typeof reportDocumentId === "string" && reportDocumentId !== ""
        ? yield* fetch(deps, access, request, reportDocumentId)
        : yield* failed("the finished report has no document")
    default:
      return yield* failed(
        `getReport: the report's status is not known (${sanitizeProviderText(processingStatus).slice(0, 40)})`
      )
  }
})

/** Loads the listings as they are now. The ticket is the report's id. */
export const load = (transport: AmazonTransport, send: Send) => {
  const deps: Deps = { settings: transport.settings, send, download: Report.download(transport) }
  return (access: ProviderApi.Access, request: ProviderApi.WindowRequest) => {
    if (request.ticket === undefined) return create(deps, access, request)
    return isTicket(request.ticket)
      ? poll(deps, access, request, request.ticket)
      : Effect.succeed(lost("the ticket is not a report of this API"))
  }
}
