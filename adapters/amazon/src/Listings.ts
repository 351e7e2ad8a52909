/**
 * What a seller offers, from the report `GET_MERCHANT_LISTINGS_ALL_DATA`
 * (https://github.com/amzn/selling-partner-api-models).
 */
import { Failure } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { Rows } from "@portolan/wire"
import { Effect, Result, Schema } from "effect"
import type { AmazonTransport } from "./Login.ts"
import * as Report from "./Report.ts"
import type { Send } from "./SellingPartner.ts"
import type * as Settings from "./Settings.ts"
import * as Operation from "./SpOperation.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

const path = "/reports/2021-06-30"
const Ticket = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._-]{1,100}$/))
const isTicket = Schema.is(Ticket)
const Created = Schema.Struct({ reportId: Ticket })
const State = Schema.Struct({
  processingStatus: Schema.String,
  reportDocumentId: Schema.optionalKey(Schema.NullOr(Schema.String))
})
const Document = Schema.Struct({ url: Schema.String })

const failed = (detail: string) => new Failure.Temporary({ detail, throttled: false })

const decode = ({ bytes, charset }: Report.Report, fallback: string): string | undefined => {
  for (const label of charset === undefined ? ["utf-8", fallback] : [charset, "utf-8", fallback]) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes)
    } catch {
      // Not this character set, or none that is known: the next one.
    }
  }
  return undefined
}

/**
 * Reads the tab separated text: a line of names, then a listing a line. Amazon quotes nothing in it, so a quote is only
 * a quote. Lines without an identifier cannot be landed and are left out.
 */
export const readLines = (
  text: string,
  assumptions: Pick<Settings.Assumptions, "listingKeys">,
  day: ProviderApi.Row["day"]
): Result.Result<ReadonlyArray<ProviderApi.Row>, Failure.Temporary> => {
  const [head, ...lines] = text.split(/\r\n|\r|\n/)
  const names = (head ?? "").split("\t").map((name) => name.trim())
  const folded = names.map((name) => name.toLowerCase())
  const column = assumptions.listingKeys.map((name) => folded.indexOf(name.toLowerCase())).find((index) => index >= 0)
  if (column === undefined) return Result.fail(failed("the listings report has no column that identifies a listing"))
  const rows: Array<ProviderApi.Row> = []
  for (const line of lines) {
    const cells = line.split("\t")
    const sku = cells[column]?.trim() ?? ""
    if (sku === "") continue
    rows.push({
      key: Rows.key(sku),
      day,
      data: Object.fromEntries(names.map((name, index) => [name, cells[index] ?? ""]))
    })
  }
  return Result.succeed(Rows.unique(rows))
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
  retryAfterSeconds: settings.limits.spPollSeconds
})

const create = Effect.fnUntraced(function* (
  deps: Deps,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest
) {
  const made = yield* deps.send(access, {
    operation: Operation.createReport,
    path: `${path}/reports`,
    post: { reportType: "GET_MERCHANT_LISTINGS_ALL_DATA", marketplaceIds: [request.profile.key.marketplaceId] },
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
  const { url } = yield* deps.send(access, {
    operation: Operation.getReportDocument,
    path: `${path}/documents/${encodeURIComponent(documentId)}`,
    schema: Document
  })
  const text = decode(yield* deps.download(url), deps.settings.assumptions.listingCharset)
  if (text === undefined) return yield* failed("the listings report is in an unknown character set")
  const rows = yield* Effect.fromResult(readLines(text, deps.settings.assumptions, request.from))
  return { _tag: "Rows", rows } satisfies ProviderApi.WindowAnswer
})

const poll = Effect.fnUntraced(function* (
  deps: Deps,
  access: ProviderApi.Access,
  request: ProviderApi.WindowRequest,
  ticket: string
) {
  const gone: typeof State.Type = { processingStatus: "GONE" }
  const { processingStatus, reportDocumentId } = yield* deps.send(access, {
    operation: Operation.getReport,
    path: `${path}/reports/${ticket}`,
    schema: State,
    absent: gone
  })
  switch (processingStatus) {
    case "IN_QUEUE":
    case "IN_PROGRESS":
      return notReady(deps, ticket)
    case "CANCELLED":
      // Amazon cancels a report when there is nothing to put into it; nobody else cancels ours.
      return { _tag: "Rows", rows: [] } satisfies ProviderApi.WindowAnswer
    case "FATAL":
      return lost("Amazon could not make the report")
    case "GONE":
      return lost("Amazon does not know the report any more")
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
