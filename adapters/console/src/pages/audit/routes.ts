/**
 * Who did what: the organization's whole history, reads of tokens and security events, the youngest first, for owners
 * and admins (rules K-R1, P-R17).
 */
import { Access, type Aggregate, given, Id } from "@portolan/domain"
import type { Audit } from "@portolan/ports"
import { Effect, Option, Schema } from "effect"
import type { PageContext } from "../../page/context.ts"
import { asMember, get, type Routes } from "../../page/handle.ts"
import * as Http from "../../page/http.ts"
import * as Labels from "../../page/labels.ts"
import * as Layout from "../../page/layout.ts"
import { sendMember } from "../../page/send.ts"
import type { MemberVisit } from "../../page/visit.ts"
import { together } from "../../page/together.ts"
import * as History from "./history.ts"
import { connectionOf, type Subjects } from "./recordRows.ts"
import { actorTags, auditPage, everything, groups, recordsPage, recordTags } from "./view.ts"

const decodeConnection = Schema.decodeUnknownOption(Id.ConnectionId)

const decodeMember = Schema.decodeUnknownOption(Id.MemberId)

const decodeAccount = Schema.decodeUnknownOption(Id.AccountId)

const decodeCompany = Schema.decodeUnknownOption(Id.CompanyId)

const pageSize = 50

/** First loads take hundreds of steps, which would hide what people did. Other small steps are left out one by one. */
const story = everything.filter((kind) => kind !== "backfill" && kind !== "window")

const subjectOf = (context: PageContext, me: Layout.Me, { id, kind }: Aggregate.Recorded["aggregate"]) => {
  switch (kind) {
    case "company":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeCompany(id)), (known) => context.companies.view(me, known)),
        ({ name }) => ({ href: `/companies/${id}`, name })
      )
    case "account":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeAccount(id)), (known) => context.accounts.view(me, known)),
        ({ name }) => ({ href: `/accounts/${id}`, name })
      )
    case "connection":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeConnection(id)), (known) => context.connections.view(me, known)),
        ({ account, connection }) => ({
          href: `/connections/${id}`,
          name: `${account.name}, ${Labels.shortChannel(connection.channel)}`
        })
      )
    case "member":
      return Effect.map(
        Effect.flatMap(Effect.fromOption(decodeMember(id)), (known) => context.members.view(me, known)),
        ({ member }) => ({ href: `/members/${id}`, name: member._tag === "Active" ? member.name : member.email })
      )
    default:
      return undefined
  }
}

const subjectsOf = Effect.fnUntraced(function* (
  context: PageContext,
  me: Layout.Me,
  items: ReadonlyArray<Aggregate.Recorded["aggregate"]>
) {
  const unique = new Map(items.map((aggregate) => [aggregate.id, aggregate]))
  const found = yield* Effect.forEach(
    unique.values(),
    (aggregate) => {
      const looked = subjectOf(context, me, aggregate)
      // A name is an extra; the line is complete without it.
      return looked === undefined
        ? Effect.succeed(undefined)
        : Effect.map(Effect.option(looked), (name) =>
            Option.isNone(name) ? undefined : ([aggregate.id, name.value] as const)
          )
    },
    together
  )
  return new Map(found.flatMap((one) => (one === undefined ? [] : [one]))) satisfies Subjects
})

/** The kinds of events of a filter; all when absent. A filter that is not offered counts as none. */
const kindsOf = (kind: string): ReadonlyArray<Aggregate.Kind> | undefined => {
  if (kind === "all") return undefined
  return Object.hasOwn(groups, kind) ? groups[kind]?.kinds : story
}

/** Reads of tokens, or security events. */
const showRecords = Effect.fnUntraced(function* (visit: MemberVisit, record: string, tag: Audit.RecordTag) {
  const { c, context, me } = visit
  const cursor = Http.cursorOf(c)
  const page = yield* context.audit.records(me, [tag], Http.pageOf(pageSize, cursor))
  const connections = page.items.flatMap((one) => {
    const id = connectionOf(one)
    return id === undefined ? [] : [{ kind: "connection" as const, id }]
  })
  return yield* sendMember(
    visit,
    recordsPage({ cursor, page, record, subjects: yield* subjectsOf(context, me, connections) })
  )
})

const showChanges = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, context, me } = visit
  const kind = c.req.query("kind") ?? ""
  const actor = actorTags.find((tag) => tag === c.req.query("actor"))
  const cursor = Http.cursorOf(c)
  const kinds = kindsOf(kind)
  const page = yield* context.audit.list(me, given({ kinds, actor }), Http.pageOf(pageSize, cursor))
  const shown = kinds === story ? page.items.filter(({ event }) => History.line(event).isStep !== true) : page.items
  const subjects = yield* subjectsOf(
    context,
    me,
    shown.map(({ aggregate }) => aggregate)
  )
  return yield* sendMember(visit, auditPage({ actor, cursor, kind, page, shown, subjects }))
})

const showAudit = Effect.fnUntraced(function* (visit: MemberVisit) {
  const { c, me } = visit
  yield* Effect.fromResult(Access.check(me, "administer"))
  const record = c.req.query("record") ?? ""
  const tag = Object.hasOwn(recordTags, record) ? recordTags[record] : undefined
  return yield* tag === undefined ? showChanges(visit) : showRecords(visit, record, tag)
})

/** `/audit`. */
export const routes: Routes = [get("/audit", asMember(showAudit))]
