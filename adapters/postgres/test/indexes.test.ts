/**
 * Every list and lookup, with every filter that the ports offer, on tables of 100,000 rows of one organization: what
 * the statements of the adapter look at. Filters are typed by the ports, so a new one does not compile without its row.
 */
import { expect, it } from "@effect/vitest"
import { type Access, type Aggregate, Id } from "@portolan/domain"
import { AuditLog, EventLog, Mailer, Repository, Scheduler } from "@portolan/ports"
import { Database, PostgresAdapters } from "../src/index.ts"
import { DateTime, Effect, Layer, Logger, Redacted } from "effect"
import { asSuperuser, freshDatabase } from "./support/databases.ts"
import { fill, filled, nth } from "./support/large.ts"
import * as Plans from "./support/Plans.ts"
import { options, secrets } from "./support/subjects.ts"

const rows = 100_000

/** Rows that one statement may look at: pages of a hundred, totals up to a thousand, and what a filter passes over. */
const visitLimit = 12_000

/** Rows that may be sorted: what limited access covers at most, or a filter whose values are few. */
const sortLimit = Repository.accessScopeLimit

/** Statements that may do more, and why. */
const allowed: ReadonlyArray<readonly [text: RegExp, because: string]> = [
  [/count\(distinct/, "operators count everything that is linked through a channel; an index alone serves it"],
  [
    /strpos\("(search|sort_name)", \$\d+\) > 0(?! and exists)/,
    "a search for one or two signs, and one for organizations, follow the list: what they find is near, or rare in a list"
  ],
  [
    /token_reads" where organization_id = \$\d+ and coalesce/,
    "no route asks for a connection's reads without its consent; reads without a connection belong to each"
  ]
]

/** Tables without 100,000 rows, and why they never have as many. */
const small = { incidents: "one row a kind, channel and region: at most `Repository.incidentLimit`" }

type Port = Repository.Repository["Service"]

/** All keys of a filter. */
type Every<F> = { readonly [K in keyof Required<F>]: ReadonlyArray<Exclude<F[K], undefined>> }

const soon = DateTime.makeUnsafe("2026-06-10T00:00:00Z")
const ids = <A extends string>(prefix: string, from: number, count: number) =>
  Array.from({ length: count }, (_, n) => nth<A>(prefix, from + n * 7))
const accountIds = [ids<Id.AccountId>("acc", 5, 1), ids<Id.AccountId>("acc", 100, 40)]

const companies: Every<Parameters<Port["companies"]>[1]> = {
  search: ["7919", "791", "79", "7", "nowhere", "0zz"],
  companyIds: [ids("com", 3, 30)],
  states: [["Removed"], ["Open"]]
}
const accounts: Every<Parameters<Port["accounts"]>[1]> = {
  companyId: [nth("com", 77)],
  accountIds,
  states: [["Removed"], ["Open"]]
}
const connections: Every<Parameters<Port["connections"]>[1]> = {
  companyId: [nth("com", 77)],
  accountId: [nth("acc", 77)],
  accountIds,
  marketplaceId: ["A1F83G8C2ARO7P", "ATVPDKIKX0DER"] as never,
  expiresBefore: [soon],
  channel: ["walmart-connect", "amazon-sp"],
  states: [["ReauthorizationNeeded"], ["ReauthorizationNeeded", "Disconnected"], ["Connected", "Limited"]],
  paused: [true, false]
}
const authorizations: Every<Parameters<Port["authorizations"]>[1]> = {
  states: [["AwaitingSelection"], ["AwaitingSelection", "Started"]],
  connectionId: [nth("con", 77)],
  accountIds
}
const invitations: Every<Parameters<Port["invitations"]>[1]> = {
  states: [["Open"], ["Open", "Revoked"]],
  connectionId: [nth("con", 77)],
  accountIds,
  requests: [true, false]
}
const grants: Every<Parameters<Port["grants"]>[1]> = {
  channel: ["walmart-connect", "amazon-ads"],
  region: ["FE", "NA"],
  states: [["Ended"], ["Active"]],
  responsiblePersonId: [nth("per", 3)]
}
const members: Every<Parameters<Port["members"]>[1]> = { states: [["Gone"], ["Invited", "Gone"], ["Active"]] }
const advertisers: Every<Parameters<Port["advertisers"]>[0]> = {
  assigned: [true, false],
  region: ["WALMART-CA", "WALMART-US"],
  states: [["Lost"], ["Listed"]]
}
const awaited: Every<Parameters<Port["awaited"]>[0]> = { states: [["Waiting"]] }
const events: Every<Parameters<EventLog.EventLog["Service"]["all"]>[1]> = {
  kinds: [["company"], ["company", "account"], ["connection"]],
  actor: ["Person", "System"]
}
const tokenReads: Every<Parameters<AuditLog.AuditLog["Service"]["tokenReads"]>[1]> = {
  reference: [nth("gra", 77)],
  connectionId: [nth("con", 77)]
}

/** No filter, each value of each key alone, and the first values of each two keys together. */
const variants = <F extends object>(every: Every<F>): ReadonlyArray<F> => {
  const entries = Object.entries<ReadonlyArray<unknown>>(every)
  const alone = entries.flatMap(([key, values]) => values.map((value) => ({ [key]: value })))
  const first = entries.map(([key, values]) => ({ [key]: values[0] }))
  const pairs = first.flatMap((one, n) => first.slice(n + 1).map((other) => ({ ...one, ...other })))
  // Of typed keys and values; a list of entries cannot say so.
  return [{}, ...alone, ...pairs] as ReadonlyArray<object> as ReadonlyArray<F>
}

type Paged = (page: Repository.PageRequest) => Effect.Effect<{ readonly next?: string }, unknown>

/** A list: its first page with the total, a page after it, and one without a total. */
const pages = (list: Paged) =>
  Effect.gen(function* () {
    const { next } = yield* list({ limit: 100, countUpTo: 1000 })
    yield* list({ limit: 100 })
    if (next !== undefined) yield* list({ limit: 100, cursor: next })
  })

const scope: Access.Limited = {
  _tag: "Limited",
  companies: ids<Id.CompanyId>("com", 3, 5).map((id) => ({ id, right: "read" })),
  brands: ids<Id.BrandId>("bra", 3, 5).map((id) => ({ id, right: "read" })),
  accounts: ids<Id.AccountId>("acc", 3, 5).map((id) => ({ id, right: "read" }))
}

const organizationId = Id.installation

/** Every list with every filter. */
const lists = Effect.gen(function* () {
  const store = yield* Repository.Repository
  const log = yield* EventLog.EventLog
  const audit = yield* AuditLog.AuditLog
  const mailer = yield* Mailer.Mailer
  const of =
    <F extends object>(list: (filter: F, page: Repository.PageRequest) => ReturnType<Paged>) =>
    (every: Every<F>): ReadonlyArray<Paged> =>
      variants(every).map((filter) => (page) => list(filter, page))
  return [
    ...of((filter: Parameters<Port["companies"]>[1], page) => store.companies(organizationId, filter, page))(companies),
    ...of((filter: Parameters<Port["accounts"]>[1], page) => store.accounts(organizationId, filter, page))(accounts),
    ...of((filter: Repository.ConnectionFilter, page) => store.connections(organizationId, filter, page))(connections),
    ...of((filter: Parameters<Port["authorizations"]>[1], page) => store.authorizations(organizationId, filter, page))(
      authorizations
    ),
    ...of((filter: Parameters<Port["invitations"]>[1], page) => store.invitations(organizationId, filter, page))(
      invitations
    ),
    ...of((filter: Parameters<Port["grants"]>[1], page) => store.grants(organizationId, filter, page))(grants),
    ...of((filter: Parameters<Port["members"]>[1], page) => store.members(organizationId, filter, page))(members),
    ...of(store.advertisers)(advertisers),
    ...of(store.awaited)(awaited),
    ...of((filter: Parameters<typeof log.all>[1], page) => log.all(organizationId, filter, page))(events),
    ...of((filter: Parameters<typeof audit.tokenReads>[1], page) => audit.tokenReads(organizationId, filter, page))(
      tokenReads
    ),
    (page) => store.apiKeys(organizationId, page),
    ...[undefined, "79", "nowhere"].map(
      (search): Paged =>
        (page) =>
          store.organizations(search, page)
    ),
    ...[1, 3].map(
      (count): Paged =>
        (page) =>
          log.of(organizationId, ids("con", 5, count), page)
    ),
    (page) => audit.securityEvents(organizationId, page),
    (page) => mailer.kept(organizationId, page)
  ] satisfies ReadonlyArray<Paged>
})

/** Every lookup. Rows of the test hold no states: what becomes of them afterwards is not looked at. */
const lookups = Effect.gen(function* () {
  const store = yield* Repository.Repository
  const key = (externalId: string) =>
    ({ channel: "amazon-ads", region: "NA", marketplaceId: "ATVPDKIKX0DER", externalId }) as never
  const kinds: ReadonlyArray<readonly [kind: Aggregate.Kind, prefix: string]> = [
    ["organization", "org"],
    ["member", "mem"],
    ["company", "com"],
    ["account", "acc"],
    ["connection", "con"],
    ["grant", "gra"]
  ]
  return [
    ...kinds.map(([kind, prefix]) => store.find(kind, organizationId, nth(prefix, 77))),
    store.accessibleAccounts(organizationId, scope),
    store.memberships(nth("per", 77)),
    store.memberByToken("join 77"),
    store.apiKeyByDigest("key 77"),
    store.authorizationByState("state 77"),
    store.invitationByToken("link 77"),
    store.connectionsOfGrant(organizationId, nth("gra", 77)),
    store.backfillOf(organizationId, nth("con", 77)),
    store.holders(organizationId, [key("7"), key("8")]),
    store.incidents(),
    store.linked("walmart-connect"),
    store.linked("amazon-ads", "NA"),
    (yield* EventLog.EventLog).after(organizationId, 5_000, 500),
    (yield* Scheduler.Scheduler).deadLetters(organizationId)
  ] satisfies ReadonlyArray<Effect.Effect<unknown, unknown>> as ReadonlyArray<Effect.Effect<unknown, unknown>>
})

it.live(
  "no list and no lookup reads a table from end to end, or sorts what no index gives in order",
  () =>
    Effect.gen(function* () {
      const { url } = yield* freshDatabase
      const plans = Plans.make()
      const context = yield* Layer.build(
        Layer.mergeAll(PostgresAdapters.layer(options), PostgresAdapters.mailArchive(options), secrets).pipe(
          Layer.provideMerge(Database.layerPostgres({ url, poolSize: 2, wrap: plans.wrap }))
        )
      )
      yield* asSuperuser(Redacted.value(url), (sql) => fill(sql, organizationId, rows))
      const wrong: Array<string> = []
      const look = <A, E>(what: string, read: Effect.Effect<A, E>) =>
        Effect.gen(function* () {
          plans.listen(true)
          yield* Effect.exit(read)
          plans.listen(false)
          const seen = plans.take()
          expect(seen.length, what).toBeGreaterThan(0)
          for (const { scans, shown, sorted, tables, text, visited } of seen) {
            // What is not filled would show no plan that says anything.
            expect(tables.filter((table) => !filled.includes(table) && !Object.hasOwn(small, table))).toEqual([])
            if (allowed.some(([pattern]) => pattern.test(text))) continue
            const read = scans.filter((table) => !Object.hasOwn(small, table))
            if (read.length > 0) wrong.push(`reads all of ${read.join()}: ${text}\n${shown}`)
            else if (sorted > sortLimit) wrong.push(`sorts ${sorted} rows: ${text}\n${shown}`)
            else if (visited > visitLimit) wrong.push(`looks at ${visited} rows: ${text}\n${shown}`)
          }
        })
      for (const [n, list] of (yield* Effect.provide(lists, context)).entries()) yield* look(`list ${n}`, pages(list))
      for (const [n, read] of (yield* Effect.provide(lookups, context)).entries()) yield* look(`lookup ${n}`, read)
      expect(wrong).toEqual([])
    }).pipe(Effect.scoped, Effect.provide(Logger.layer([]))),
  600_000
)
