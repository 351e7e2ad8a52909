/** Reading single aggregates, and what belongs to one. */
import { type Aggregate, Connection, Id, Profile } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { Effect, Result, Schema } from "effect"
import { sql } from "kysely"
import { isStorable } from "../codec.ts"
import { read } from "../store/reading.ts"
import { covered } from "./conditions.ts"
import { byDigest, type Keyed, type RepositoryContext, select, selectByKey, selectEach } from "./queries.ts"

type Port = Repository.Repository["Service"]

const { NotFound } = Repository

const isBrandId = Schema.is(Id.BrandId)

interface CoveredRow {
  readonly id: Id.AccountId
  readonly company_id: Id.CompanyId
  readonly brand_ids: string
}

interface ClaimRow {
  readonly channel: string
  readonly region: string
  readonly marketplace_id: string
  readonly external_id: string
  readonly account_id: Id.AccountId
  readonly connection_id: Id.ConnectionId
}

/** One aggregate by its id. */
export const find = (context: RepositoryContext): Port["find"] =>
  Effect.fn("Repository.find")(function* <K extends Aggregate.Kind>(
    kind: K,
    organizationId: Id.OrganizationId,
    id: string
  ) {
    const [found] = !isStorable(id)
      ? []
      : yield* selectByKey(context, { kind, column: "id", rest: (ids) => sql`id = any (${ids})` }, organizationId, id)
    return found ?? (yield* new NotFound({ kind, id }))
  })

/** The accounts that a limited access scope covers. */
export const accessibleAccounts = (context: RepositoryContext): Port["accessibleAccounts"] =>
  Effect.fn("Repository.accessibleAccounts")(function* (organizationId, accessScope) {
    const rows = yield* read(
      context.store,
      { doing: "reading what an access scope covers", scope: { organizationId } },
      sql<CoveredRow>`select id, company_id, brand_ids from portolan.accounts
        where organization_id = ${organizationId} and ${covered(organizationId, accessScope)}
        order by id limit ${Repository.accessScopeLimit}`
    )
    return rows.map((row) => ({
      id: row.id,
      companyId: row.company_id,
      brandIds: row.brand_ids.split(",").filter(isBrandId)
    }))
  })

/**
 * The memberships of a person, in every organization. One that cannot be read gives access to nothing, and takes nobody
 * out of the organizations beside it.
 */
export const memberships = (context: RepositoryContext): Port["memberships"] =>
  Effect.fn("Repository.memberships")(function* (personId) {
    const rows = yield* selectEach(
      context,
      "member",
      { personId },
      sql`person_id = ${personId} order by at, id limit 100`
    )
    const odd = rows.filter(Result.isFailure)
    yield* Effect.forEach(odd, ({ failure }) => Effect.logError(failure.message), { discard: true })
    return rows.flatMap((row) =>
      Result.isSuccess(row) && row.success.state._tag === "Active" ? [row.success.state] : []
    )
  })

/** The invitation to join that a token belongs to. */
export const memberByToken =
  (context: RepositoryContext): Port["memberByToken"] =>
  (tokenDigest) =>
    byDigest(context, "member", { column: "token_digest", digest: tokenDigest, id: "with this token" })

/** The API key that a digest belongs to. */
export const apiKeyByDigest =
  (context: RepositoryContext): Port["apiKeyByDigest"] =>
  (digest) =>
    byDigest(context, "apiKey", { column: "digest", digest: digest, id: "with this digest" })

/** The most connections of a grant that are read. */
const mostOnGrant = 100

/** The connections of each grant, by id. */
const onGrants: Keyed<"connection"> = {
  kind: "connection",
  column: "grant_id",
  rest: (grants, organizationId) => sql`id in (select c.id from unnest(${grants}) as g
    cross join lateral (select id from portolan.connections where organization_id = ${organizationId} and grant_id = g
      order by id limit ${mostOnGrant}) as c) order by id`
}

/** The latest load of each connection. */
const latestLoads: Keyed<"backfill"> = {
  kind: "backfill",
  column: "connection_id",
  rest: (connections, organizationId) => sql`id in (select (select id from portolan.backfills
    where organization_id = ${organizationId} and connection_id = c order by id desc limit 1)
    from unnest(${connections}) as c)`
}

/** The connections that use a grant. */
export const connectionsOfGrant = (context: RepositoryContext): Port["connectionsOfGrant"] =>
  Effect.fn("Repository.connectionsOfGrant")(function* (organizationId, grantId) {
    const found = yield* selectByKey(context, onGrants, organizationId, grantId)
    return found.flatMap(({ state, version }) => (Connection.isLinked(state) ? [{ state, version }] : []))
  })

/** The first load of a connection. */
export const backfillOf = (context: RepositoryContext): Port["backfillOf"] =>
  Effect.fn("Repository.backfillOf")(function* (organizationId, connectionId) {
    const [found] = yield* selectByKey(context, latestLoads, organizationId, connectionId)
    return found ?? (yield* new NotFound({ kind: "backfill", id: `of ${connectionId}` }))
  })

/** Incidents of the installation, by id. */
export const incidents = (context: RepositoryContext): Port["incidents"] =>
  Effect.fn("Repository.incidents")(function* () {
    const organizationId = Id.installation
    const found = yield* select(
      context,
      "incident",
      { organizationId },
      sql`organization_id = ${organizationId} order by id limit ${Repository.incidentLimit}`
    )
    return found.map(({ state }) => state)
  })

/** How many accounts and organizations are linked through a channel, in the whole installation. */
export const linked = (context: RepositoryContext): Port["linked"] =>
  Effect.fn("Repository.linked")(function* (channel, region) {
    if (!isStorable(channel) || (region !== undefined && !isStorable(region))) return { accounts: 0, organizations: 0 }
    const there = region === undefined ? sql`true` : sql`region = ${region}`
    const rows = yield* read(
      context.store,
      { doing: "counting what is linked", scope: { linked: true } },
      sql<{ readonly accounts: number; readonly organizations: number }>`
        select count(distinct (organization_id, account_id)) as accounts,
          count(distinct organization_id) as organizations
        from portolan.claims where channel = ${channel} and ${there}`
    )
    return { accounts: rows[0]?.accounts ?? 0, organizations: rows[0]?.organizations ?? 0 }
  })

/** The holders of profiles, within one organization. */
export const holders = (context: RepositoryContext): Port["holders"] =>
  Effect.fn("Repository.holders")(function* (organizationId, keys) {
    if (keys.length === 0) return []
    const profiles = sql.join(
      keys.map((one) => sql`(${one.channel}, ${one.region}, ${one.marketplaceId}, ${one.externalId})`)
    )
    const rows = yield* read(
      context.store,
      { doing: "looking up profiles", scope: { organizationId } },
      sql<ClaimRow>`select * from portolan.claims where organization_id = ${organizationId}
        and (channel, region, marketplace_id, external_id) in (${profiles})`
    )
    const held = new Map(
      rows.map((row) => [`${row.channel}/${row.region}/${row.marketplace_id}/${row.external_id}`, row])
    )
    return keys.flatMap((one) => {
      const row = held.get(Profile.keyText(one))
      return row === undefined ? [] : [{ key: one, accountId: row.account_id, connectionId: row.connection_id }]
    })
  })

/** The authorization that a `state` belongs to. */
export const authorizationByState =
  (context: RepositoryContext): Port["authorizationByState"] =>
  (stateDigest) =>
    byDigest(context, "authorization", { column: "state_digest", digest: stateDigest, id: "with this state" })

/** The invitation that a token belongs to. */
export const invitationByToken =
  (context: RepositoryContext): Port["invitationByToken"] =>
  (tokenDigest) =>
    byDigest(context, "invitation", { column: "token_digest", digest: tokenDigest, id: "with this token" })
