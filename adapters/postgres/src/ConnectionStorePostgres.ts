/** Reads aggregates and lists. Every query names the organization, and row level security says the same once more. */
import { type Aggregate, Connection, type Id, Profile, Text } from "@portolan/domain"
import { ConnectionStore, Cursor } from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { type RawBuilder, sql } from "kysely"
import { readState } from "./codec.ts"
import { paged, type Window } from "./paged.ts"
import { type Sight, Store, transact } from "./Store.ts"
import { tableOf } from "./Tables.ts"

const { NotFound } = ConnectionStore

interface Row {
  readonly id: string
  readonly version: number
  readonly state: unknown
}

interface ListRow extends Row {
  readonly place: string | number
}

const versioned = <K extends Aggregate.Kind>(kind: K, row: Row): ConnectionStore.Versioned<Aggregate.Present<K>> =>
  ({ state: readState(kind, row.id, row.state), version: row.version })

/** Whether a text column could hold it. What it could not hold is nowhere, and is not asked for. */
const isStorable = (text: string) => !text.includes("\0") && text.isWellFormed()

const escaped = (text: string) => text.replace(/[\\%_]/g, (character) => `\\${character}`)

/** Options of a store that lists. */
export interface Options {
  /** Seals cursors; 32 characters or more, the same in all processes. */
  readonly cursorSecret: Redacted.Redacted<string>
}

interface List<K extends Aggregate.Kind> {
  readonly kind: K
  readonly organizationId: Id.OrganizationId
  /** The list's name and filter, for its cursors. */
  readonly name: ReadonlyArray<string | null | ReadonlyArray<string>>
  readonly where: ReadonlyArray<RawBuilder<unknown>>
  readonly sort: "at" | "sort_name"
  readonly descending: boolean
}

/** Reads from `Store`. */
export const layer = ({ cursorSecret }: Options): Layer.Layer<ConnectionStore.ConnectionStore, never, Store> =>
  Layer.effect(ConnectionStore.ConnectionStore, Effect.gen(function*() {
    const store = yield* Store
    const key = yield* Cursor.key(Redacted.value(cursorSecret))

    const select = <K extends Aggregate.Kind>(kind: K, sight: Sight, rest: RawBuilder<unknown>) =>
      Effect.map(
        transact(store, `reading a ${kind}`, sight, (trx) =>
          sql<Row>`select id, version, state from ${sql.table(tableOf[kind])} where ${rest}`.execute(trx)),
        ({ rows }) => rows.map((row) => versioned(kind, row))
      )

    const list = <K extends Aggregate.Kind>(
      { descending, kind, name, organizationId, sort, where }: List<K>, page: ConnectionStore.PageRequest
    ) => {
      const column = sql.ref(sort)
      const order = sql.raw(descending ? "desc" : "asc")
      const query = ({ after, limit }: Window) => {
        const from = after === undefined ? []
          : [sql`(${column}, id) ${sql.raw(descending ? "<" : ">")} (${after[0]}, ${after[1]})`]
        const conditions = [sql`organization_id = ${organizationId}`, ...where, ...from]
        return Effect.map(
          transact(store, `listing ${kind} rows`, { organizationId }, (trx) => sql<ListRow>`
            select id, version, state, ${column} as place from ${sql.table(tableOf[kind])}
            where ${sql.join(conditions, sql` and `)} order by ${column} ${order}, id ${order} limit ${limit}`.execute(trx)),
          ({ rows }) => rows
        )
      }
      return paged(key, [organizationId, kind, ...name], page, query, {
        place: (row) => [sort === "at" ? Number(row.place) : row.place, row.id],
        read: (row) => versioned(kind, row).state
      })
    }

    return ConnectionStore.ConnectionStore.of({
      find: Effect.fn("ConnectionStore.find")(function*<K extends Aggregate.Kind>(
        kind: K, organizationId: Id.OrganizationId, id: string
      ) {
        const [found] = !isStorable(id) ? []
          : yield* select(kind, { organizationId }, sql`organization_id = ${organizationId} and id = ${id}`)
        return found ?? (yield* new NotFound({ kind, id }))
      }),

      companies: Effect.fn("ConnectionStore.companies")(function*(organizationId, search, page) {
        const text = search === undefined ? undefined : Text.folded(search)
        return yield* list({
          kind: "company", organizationId, name: [text ?? null], sort: "sort_name", descending: false,
          where: text === undefined ? []
            : isStorable(text) ? [sql`search like ${`%${escaped(text)}%`}`] : [sql`false`]
        }, page)
      }),

      accounts: Effect.fn("ConnectionStore.accounts")(function*(organizationId, companyId, page) {
        return yield* list({
          kind: "account", organizationId, name: [companyId ?? null], sort: "at", descending: false,
          where: companyId === undefined ? [] : [sql`company_id = ${companyId}`]
        }, page)
      }),

      connections: Effect.fn("ConnectionStore.connections")(function*(organizationId, filter, page) {
        const { accountId, channel, companyId, states } = filter
        return yield* list({
          kind: "connection", organizationId, sort: "at", descending: false,
          name: [companyId ?? null, accountId ?? null, channel ?? null, states?.toSorted() ?? null],
          where: [
            ...(companyId === undefined ? [] : [sql`company_id = ${companyId}`]),
            ...(accountId === undefined ? [] : [sql`account_id = ${accountId}`]),
            ...(channel === undefined ? [] : [sql`channel = ${channel}`]),
            ...tagged(states)
          ]
        }, page)
      }),

      authorizations: Effect.fn("ConnectionStore.authorizations")(function*(organizationId, { connectionId, states }, page) {
        return yield* list({
          kind: "authorization", organizationId, sort: "at", descending: true,
          name: [connectionId ?? null, states?.toSorted() ?? null],
          where: [...(connectionId === undefined ? [] : [sql`connection_id = ${connectionId}`]), ...tagged(states)]
        }, page)
      }),

      invitations: Effect.fn("ConnectionStore.invitations")(function*(organizationId, { connectionId }, page) {
        return yield* list({
          kind: "invitation", organizationId, name: [connectionId ?? null], sort: "at", descending: true,
          where: connectionId === undefined ? [] : [sql`connection_id = ${connectionId}`]
        }, page)
      }),

      connectionsOfGrant: Effect.fn("ConnectionStore.connectionsOfGrant")(function*(organizationId, grantId) {
        const found = yield* select("connection", { organizationId },
          sql`organization_id = ${organizationId} and grant_id = ${grantId} order by id limit 100`)
        return found.flatMap(({ state, version }) => Connection.isLinked(state) ? [{ state, version }] : [])
      }),

      backfillOf: Effect.fn("ConnectionStore.backfillOf")(function*(organizationId, connectionId) {
        const [found] = yield* select("backfill", { organizationId },
          sql`organization_id = ${organizationId} and connection_id = ${connectionId} order by id desc limit 1`)
        return found ?? (yield* new NotFound({ kind: "backfill", id: `of ${connectionId}` }))
      }),

      holders: Effect.fn("ConnectionStore.holders")(function*(organizationId, keys) {
        if (keys.length === 0) return []
        const wanted = sql.join(keys.map((one) =>
          sql`(${one.channel}, ${one.region}, ${one.marketplaceId}, ${one.externalId})`))
        const { rows } = yield* transact(store, "looking up profiles", { organizationId }, (trx) => sql<{
          readonly channel: string; readonly region: string; readonly marketplace_id: string; readonly external_id: string
          readonly account_id: Id.AccountId; readonly connection_id: Id.ConnectionId
        }>`select * from portolan.claims where organization_id = ${organizationId}
          and (channel, region, marketplace_id, external_id) in (${wanted})`.execute(trx))
        const held = new Map(rows.map((row) =>
          [`${row.channel}/${row.region}/${row.marketplace_id}/${row.external_id}`, row]))
        return keys.flatMap((one) => {
          const row = held.get(Profile.keyText(one))
          return row === undefined ? [] : [{ key: one, accountId: row.account_id, connectionId: row.connection_id }]
        })
      }),

      authorizationByState: Effect.fn("ConnectionStore.authorizationByState")(function*(stateDigest) {
        const [found] = !isStorable(stateDigest) ? []
          : yield* select("authorization", { digest: stateDigest }, sql`state_digest = ${stateDigest} limit 1`)
        return found ?? (yield* new NotFound({ kind: "authorization", id: "with this state" }))
      }),

      invitationByToken: Effect.fn("ConnectionStore.invitationByToken")(function*(tokenDigest) {
        const [found] = !isStorable(tokenDigest) ? []
          : yield* select("invitation", { digest: tokenDigest }, sql`token_digest = ${tokenDigest} limit 1`)
        return found ?? (yield* new NotFound({ kind: "invitation", id: "with this token" }))
      })
    })
  }))

const tagged = (states: ReadonlyArray<string> | undefined): ReadonlyArray<RawBuilder<unknown>> =>
  states === undefined ? []
    : states.length === 0 ? [sql`false`]
    : [sql`tag in (${sql.join(states)})`]
