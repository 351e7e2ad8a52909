/** Who did what (rules K-R1, P-R17). */
import { type Actor, Aggregate, given } from "@portolan/domain"
import { type Audit, Identity, Repository } from "@portolan/ports"
import { Effect, Option, Schema, Stream } from "effect"
import { linesRoute } from "../linesRoute.ts"
import { route } from "../Route.ts"
import type { RouteRequest } from "../RouteRequest.ts"
import type { Services } from "../services.ts"
import * as AuditRecord from "../wire/AuditRecord.ts"
import { page } from "../wire/Text.ts"
import { pageOf, pageQuery, several, showPage } from "./shared.ts"

const By = Schema.Literals(["person", "api-key", "guest", "operator", "system"])

const tags: { readonly [B in typeof By.Type]: Actor.Actor["_tag"] } = {
  person: "Person",
  "api-key": "ApiKey",
  guest: "Guest",
  operator: "Operator",
  system: "System"
}

const changes = (found: Repository.Page<Aggregate.Recorded>): Repository.Page<Audit.Record> => ({
  ...found,
  items: found.items.map((change) => ({ _tag: "Change", change }))
})

const Kind = Schema.Literals(["change", "token-read", "security"])

const recordTags: { readonly [K in typeof Kind.Type]: Audit.RecordTag } = {
  change: "Change",
  "token-read": "TokenRead",
  security: "Security"
}

const Filter = Schema.Struct({
  ...pageQuery,
  record: Schema.optionalKey(
    Schema.Union([Kind, Schema.Array(Kind).check(Schema.isMaxLength(3))]).annotate({
      description:
        "Changes, reads of tokens or security events; several by repeating the parameter. Everything when it is left " +
        "out, and changes alone with `kind`, `by` or `total`."
    })
  ),
  kind: Schema.optionalKey(
    Schema.Union([Aggregate.Kind, Schema.Array(Aggregate.Kind).check(Schema.isMaxLength(14))]).annotate({
      description: "Kind of subject, or several by repeating the parameter."
    })
  ),
  by: Schema.optionalKey(By.annotate({ description: "Only events of this kind of actor." }))
})

const filterOf = ({ by, kind }: typeof Filter.Type) =>
  given({ kinds: several(kind), actor: by === undefined ? undefined : tags[by] })

/** What is asked for beyond changes; nothing where it is the history alone. */
const tagsOf = ({ by, kind, record, total }: typeof Filter.Type): ReadonlyArray<Audit.RecordTag> | undefined => {
  const included = several(record)?.map((one) => recordTags[one])
  if (included?.length === 1 && included[0] === "Change") return undefined
  if (included !== undefined) return included
  return kind === undefined && by === undefined && total === undefined ? Object.values(recordTags) : undefined
}

const Export = Schema.Struct({
  record: Schema.optionalKey(
    Schema.Union([Kind, Schema.Array(Kind).check(Schema.isMaxLength(3))]).annotate({
      description:
        "Changes, reads of tokens or security events; several by repeating the parameter, and everything without it."
    })
  )
})

type Page = Repository.Page<Audit.Record>

const linesOf = ({ items, unreadable = [] }: Page): ReadonlyArray<typeof AuditRecord.Line.Type> => [
  ...items.map((item) => AuditRecord.of(item)),
  ...unreadable.map((one) => AuditRecord.ofUnreadable(one))
]

/** Pages of everything on record. Rights are looked up again before each page, by the key or session of the request. */
const exported = Effect.fnUntraced(function* (
  { audit, callers }: Services,
  { caller, headers, query }: RouteRequest<unknown, typeof Export.Type, unknown>
) {
  const included = several(query.record)?.map((one) => recordTags[one]) ?? Object.values(recordTags)
  const limit = Repository.pageLimit
  const first = yield* audit.records(caller, included, { limit })
  const later = Effect.fnUntraced(function* (cursor: string) {
    const now = yield* callers.whoIs(headers)
    // A session may work for another organization meanwhile.
    if (now.organizationId !== caller.organizationId) return yield* new Identity.NotSignedIn()
    return yield* audit.records(now, included, { limit, cursor })
  })
  return Stream.paginate<string | undefined, Page, Effect.Error<ReturnType<typeof later>>>(undefined, (cursor) =>
    Effect.map(cursor === undefined ? Effect.succeed(first) : later(cursor), (page) => [
      [page],
      Option.fromUndefinedOr(page.next)
    ])
  ).pipe(Stream.map(linesOf))
})

/** The routes. */
export const audit = [
  route({
    method: "GET",
    path: "/v1/audit",
    operationId: "listAudit",
    tag: "Organization",
    summary: "Lists everything on record, the latest first",
    description:
      "For owners and admins. Every change is listed with its actor, every read of a token with who read it and why, " +
      "and attempts that were refused. To follow new events, read /v1/events.",
    query: Filter,
    answer: page(AuditRecord.Answer),
    problems: ["invalid-cursor"],
    call: ({ audit }, { caller, query }) => {
      const included = tagsOf(query)
      return included === undefined
        ? Effect.map(audit.list(caller, filterOf(query), pageOf(query)), changes)
        : audit.records(caller, included, pageOf(query))
    },
    show: showPage(AuditRecord.of)
  }),
  linesRoute({
    path: "/v1/audit/export",
    operationId: "exportAudit",
    tag: "Organization",
    summary: "Exports everything on record as JSON lines, the latest first",
    description:
      "For owners and admins. Each line is what `GET /v1/audit` lists, or says that a record cannot be read. It is " +
      "read while it is sent, and ends with the oldest record; a connection that is cut before means that lines are " +
      "missing. What is recorded meanwhile is not in it, and a record may come twice.",
    query: Export,
    answer: AuditRecord.Line,
    call: exported
  })
]
