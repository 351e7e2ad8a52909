/** Reads aggregates and lists. Every query names the organization, and row level security says the same once more. */
import { Access, type Aggregate, Connection, Id, Profile, Text } from "@portolan/domain"
import { Repository, Cursor } from "@portolan/ports"
import { DateTime, Effect, Layer, Redacted, Schema } from "effect"
import { type RawBuilder, sql } from "kysely"
import { isStorable, readState, type Value } from "./codec.ts"
import { paged, type Window } from "./paged.ts"
import { type Sight, Store, transact } from "./Store.ts"
import { tableOf } from "./Tables.ts"

const { NotFound } = Repository

const isBrandId = Schema.is(Id.BrandId)

interface Row {
  readonly id: string
  readonly version: number
  readonly state: unknown
}

interface ListRow extends Row {
  readonly place: string | number
}

type Condition = RawBuilder<unknown>

const versioned = <K extends Aggregate.Kind>(kind: K, row: Row): Repository.Versioned<Aggregate.Present<K>> => ({
  state: readState(kind, row.id, row.state),
  version: row.version
})

/** Whether a column is what a filter wants; a filter that is left out wants nothing. */
const is = (column: string, wanted: Value | undefined): ReadonlyArray<Condition> =>
  wanted === undefined ? [] : [sql`${sql.ref(column)} = ${wanted}`]

/** The same for a choice of several; a choice of none lets nothing through. */
const among = (column: string, wanted: ReadonlyArray<string> | undefined): ReadonlyArray<Condition> =>
  wanted === undefined ? [] : wanted.length === 0 ? [sql`false`] : [sql`${sql.ref(column)} in (${sql.join(wanted)})`]

const escaped = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`)

const contains = (column: string, text: string | undefined): ReadonlyArray<Condition> =>
  text === undefined ? [] : isStorable(text) ? [sql`${sql.ref(column)} like ${`%${escaped(text)}%`}`] : [sql`false`]

/** What a limited access reaches, as a condition on accounts. */
const reached = ({ accounts, brands, companies }: Access.Limited): Condition => {
  const idsOf = (chosen: ReadonlyArray<{ readonly id: string }>) => chosen.map(({ id }) => id)
  return sql`(${sql.join(
    [
      ...among("id", idsOf(accounts)),
      ...among("company_id", idsOf(companies)),
      ...(brands.length === 0
        ? []
        : [sql`string_to_array(brand_ids, ',') && array[${sql.join(idsOf(brands))}]::text[]`])
    ],
    sql` or `
  )})`
}

/** Options of a store that lists. */
export interface Options {
  /** Seals cursors; 32 characters or more, the same in all processes. */
  readonly cursorSecret: Redacted.Redacted<string>
}

interface List<K extends Aggregate.Kind> {
  readonly kind: K
  /** The organization, or the opening for a list across all of them. */
  readonly sight: { readonly organizationId: Id.OrganizationId } | { readonly directory: true }
  /** What the list's cursors are bound to. */
  readonly filter: object
  readonly where: ReadonlyArray<Condition>
  readonly sort?: "at" | "sort_name" | "sort_address"
  readonly youngestFirst?: boolean
}

/** Reads from `Store`. */
export const layer = ({ cursorSecret }: Options): Layer.Layer<Repository.Repository, never, Store> =>
  Layer.effect(
    Repository.Repository,
    Effect.gen(function* () {
      const store = yield* Store
      const key = yield* Cursor.key(Redacted.value(cursorSecret))

      const select = <K extends Aggregate.Kind>(kind: K, sight: Sight, rest: Condition) =>
        Effect.map(
          transact(store, `reading a ${kind}`, sight, (trx) =>
            sql<Row>`select id, version, state from ${sql.table(tableOf[kind])} where ${rest}`.execute(trx)
          ),
          ({ rows }) => rows.map((row) => versioned(kind, row))
        )

      const list = <K extends Aggregate.Kind>(
        { filter, kind, sight, sort = "at", where, youngestFirst = false }: List<K>,
        page: Repository.PageRequest
      ) => {
        const column = sql.ref(sort)
        const order = sql.raw(youngestFirst ? "desc" : "asc")
        const own = "organizationId" in sight ? [sql`organization_id = ${sight.organizationId}`] : []
        const query = ({ after, limit }: Window) => {
          const from =
            after === undefined
              ? []
              : [sql`(${column}, id) ${sql.raw(youngestFirst ? "<" : ">")} (${after[0]}, ${after[1]})`]
          const conditions = [...own, ...where, ...from, sql`true`]
          return Effect.map(
            transact(store, `listing ${kind} rows`, sight, (trx) =>
              sql<ListRow>`
            select id, version, state, ${column} as place from ${sql.table(tableOf[kind])}
            where ${sql.join(conditions, sql` and `)} order by ${column} ${order}, id ${order} limit ${limit}`.execute(
                trx
              )
            ),
            ({ rows }) => rows
          )
        }
        const name = ["organizationId" in sight ? sight.organizationId : null, kind, Cursor.spelled(filter)]
        return paged(key, name, page, query, {
          place: (row) => [sort === "at" ? Number(row.place) : row.place, row.id],
          read: (row) => versioned(kind, row).state
        })
      }

      /** Finds the one row that belongs to a digest, in whatever organization. */
      const byDigest = Effect.fnUntraced(function* <K extends Aggregate.Kind>(
        kind: K,
        column: string,
        digest: string,
        id: string
      ) {
        const [found] =
          !isStorable(digest) || digest === ""
            ? []
            : yield* select(kind, { digest }, sql`${sql.ref(column)} = ${digest} limit 1`)
        return found ?? (yield* new NotFound({ kind, id }))
      })

      return Repository.Repository.of({
        find: Effect.fn("Repository.find")(function* <K extends Aggregate.Kind>(
          kind: K,
          organizationId: Id.OrganizationId,
          id: string
        ) {
          const [found] = !isStorable(id)
            ? []
            : yield* select(kind, { organizationId }, sql`organization_id = ${organizationId} and id = ${id}`)
          return found ?? (yield* new NotFound({ kind, id }))
        }),

        companies: Effect.fn("Repository.companies")(function* (organizationId, filter, page) {
          const search = filter.search === undefined ? undefined : Text.folded(filter.search)
          return yield* list(
            {
              kind: "company",
              sight: { organizationId },
              filter: { ...filter, search },
              sort: "sort_name",
              where: [...among("id", filter.companyIds), ...contains("search", search)]
            },
            page
          )
        }),

        accounts: Effect.fn("Repository.accounts")(function* (organizationId, filter, page) {
          const { accountIds, companyId, states = ["Open"] } = filter
          return yield* list(
            {
              kind: "account",
              sight: { organizationId },
              filter: { ...filter, states },
              where: [...is("company_id", companyId), ...among("id", accountIds), ...among("tag", states)]
            },
            page
          )
        }),

        accessibleAccounts: Effect.fn("Repository.accessibleAccounts")(function* (organizationId, reach) {
          const { rows } = yield* transact(store, "looking what is reached", { organizationId }, (trx) =>
            sql<{
              readonly id: Id.AccountId
              readonly company_id: Id.CompanyId
              readonly brand_ids: string
            }>`select id, company_id, brand_ids from portolan.accounts
          where organization_id = ${organizationId} and ${reached(reach)}
          order by id limit ${Repository.accessScopeLimit}`.execute(trx)
          )
          return rows.map((row) => ({
            id: row.id,
            companyId: row.company_id,
            brandIds: row.brand_ids.split(",").filter(isBrandId)
          }))
        }),

        connections: Effect.fn("Repository.connections")(function* (organizationId, filter, page) {
          const { expiresBefore } = filter
          return yield* list(
            {
              kind: "connection",
              sight: { organizationId },
              filter,
              where: [
                ...is("company_id", filter.companyId),
                ...is("account_id", filter.accountId),
                ...among("account_id", filter.accountIds),
                ...is("marketplace_id", filter.marketplaceId),
                ...is("channel", filter.channel),
                ...among("tag", filter.states),
                ...(filter.paused === undefined
                  ? []
                  : [filter.paused ? sql`(state ->> 'paused') is not null` : sql`(state ->> 'paused') is null`]),
                ...(expiresBefore === undefined ? [] : [sql`expires_at < ${DateTime.toEpochMillis(expiresBefore)}`])
              ]
            },
            page
          )
        }),

        authorizations: Effect.fn("Repository.authorizations")(function* (organizationId, filter, page) {
          return yield* list(
            {
              kind: "authorization",
              sight: { organizationId },
              filter,
              youngestFirst: true,
              where: [
                ...is("connection_id", filter.connectionId),
                ...among("account_id", filter.accountIds),
                ...among("tag", filter.states)
              ]
            },
            page
          )
        }),

        invitations: Effect.fn("Repository.invitations")(function* (organizationId, filter, page) {
          return yield* list(
            {
              kind: "invitation",
              sight: { organizationId },
              filter,
              youngestFirst: true,
              where: [
                ...is("connection_id", filter.connectionId),
                ...among("account_id", filter.accountIds),
                ...among("tag", filter.states),
                ...is("is_request", filter.requests)
              ]
            },
            page
          )
        }),

        grants: Effect.fn("Repository.grants")(function* (organizationId, filter, page) {
          return yield* list(
            {
              kind: "grant",
              sight: { organizationId },
              filter,
              youngestFirst: true,
              where: [
                ...is("channel", filter.channel),
                ...is("region", filter.region),
                ...among("tag", filter.states),
                ...is("responsible_member_id", filter.responsiblePersonId)
              ]
            },
            page
          )
        }),

        members: Effect.fn("Repository.members")(function* (organizationId, filter, page) {
          return yield* list(
            {
              kind: "member",
              sight: { organizationId },
              filter,
              sort: "sort_address",
              where: among("tag", filter.states)
            },
            page
          )
        }),

        memberships: Effect.fn("Repository.memberships")(function* (personId) {
          const found = yield* select("member", { personId }, sql`person_id = ${personId} order by at, id limit 100`)
          return found.flatMap(({ state }) => (state._tag === "Active" ? [state] : []))
        }),

        memberByToken: (tokenDigest) => byDigest("member", "token_digest", tokenDigest, "with this token"),

        apiKeys: Effect.fn("Repository.apiKeys")(function* (organizationId, page) {
          return yield* list(
            { kind: "apiKey", sight: { organizationId }, filter: {}, where: [], youngestFirst: true },
            page
          )
        }),

        apiKeyByDigest: (digest) => byDigest("apiKey", "digest", digest, "with this digest"),

        organizations: Effect.fn("Repository.organizations")(function* (wanted, page) {
          const search = wanted === undefined ? undefined : Text.folded(wanted)
          return yield* list(
            {
              kind: "organization",
              sight: { directory: true },
              filter: { search },
              sort: "sort_name",
              where: contains("sort_name", search)
            },
            page
          )
        }),

        advertisers: Effect.fn("Repository.advertisers")(function* (filter, page) {
          return yield* list(
            {
              kind: "advertiser",
              sight: { organizationId: Id.installation },
              filter,
              sort: "sort_name",
              where: [
                ...is("assigned", filter.assigned),
                ...is("region", filter.region),
                ...among("tag", filter.states)
              ]
            },
            page
          )
        }),

        awaited: Effect.fn("Repository.awaited")(function* (filter, page) {
          return yield* list(
            { kind: "awaited", sight: { organizationId: Id.installation }, filter, where: among("tag", filter.states) },
            page
          )
        }),

        connectionsOfGrant: Effect.fn("Repository.connectionsOfGrant")(function* (organizationId, grantId) {
          const found = yield* select(
            "connection",
            { organizationId },
            sql`organization_id = ${organizationId} and grant_id = ${grantId} order by id limit 100`
          )
          return found.flatMap(({ state, version }) => (Connection.isLinked(state) ? [{ state, version }] : []))
        }),

        backfillOf: Effect.fn("Repository.backfillOf")(function* (organizationId, connectionId) {
          const [found] = yield* select(
            "backfill",
            { organizationId },
            sql`organization_id = ${organizationId} and connection_id = ${connectionId} order by id desc limit 1`
          )
          return found ?? (yield* new NotFound({ kind: "backfill", id: `of ${connectionId}` }))
        }),

        holders: Effect.fn("Repository.holders")(function* (organizationId, keys) {
          if (keys.length === 0) return []
          const wanted = sql.join(
            keys.map((one) => sql`(${one.channel}, ${one.region}, ${one.marketplaceId}, ${one.externalId})`)
          )
          const { rows } = yield* transact(store, "looking up profiles", { organizationId }, (trx) =>
            sql<{
              readonly channel: string
              readonly region: string
              readonly marketplace_id: string
              readonly external_id: string
              readonly account_id: Id.AccountId
              readonly connection_id: Id.ConnectionId
            }>`select * from portolan.claims where organization_id = ${organizationId}
          and (channel, region, marketplace_id, external_id) in (${wanted})`.execute(trx)
          )
          const held = new Map(
            rows.map((row) => [`${row.channel}/${row.region}/${row.marketplace_id}/${row.external_id}`, row])
          )
          return keys.flatMap((one) => {
            const row = held.get(Profile.keyText(one))
            return row === undefined ? [] : [{ key: one, accountId: row.account_id, connectionId: row.connection_id }]
          })
        }),

        authorizationByState: (stateDigest) =>
          byDigest("authorization", "state_digest", stateDigest, "with this state"),

        invitationByToken: (tokenDigest) => byDigest("invitation", "token_digest", tokenDigest, "with this token")
      })
    })
  )
