/** Reads aggregates and lists out of the world in memory. */
import { Access, type Aggregate, type Company, Connection, Id, Profile, Text } from "@portolan/domain"
import { Repository, Cursor } from "@portolan/ports"
import { DateTime, Effect, HashMap, Layer, Option } from "effect"
import { type Contents, Memory, read, tenant } from "./Memory.ts"
import { byText, paged, type SortKey } from "./paged.ts"

const { NotFound } = Repository

const ofKind = <K extends Aggregate.Kind>(
  contents: Contents,
  organizationId: Id.OrganizationId,
  kind: K
): ReadonlyArray<Repository.Versioned<Aggregate.Present<K>>> => {
  const found: Array<Repository.Versioned<Aggregate.Present<K>>> = []
  for (const kept of HashMap.values(tenant(contents, organizationId).aggregates)) {
    // What is kept under a kind was written as that kind.
    if (kept.kind === kind) found.push({ state: kept.state as Aggregate.Present<K>, version: kept.version })
  }
  return found
}

const requireUnrestricted = <K extends Aggregate.Kind>(contents: Contents, kind: K) =>
  [...HashMap.keys(contents.tenants)].flatMap((organizationId) => ofKind(contents, organizationId, kind))

const since = (instant: DateTime.Utc, id: string): SortKey => [DateTime.toEpochMillis(instant), id]

const contains = (company: Company.Open, search: string) =>
  [company.name, ...company.brands.map((brand) => brand.name)].some((name) => Text.folded(name).includes(search))

const isLinked = (found: Repository.Versioned<Connection.Present>): found is Repository.Versioned<Connection.Linked> =>
  Connection.isLinked(found.state)

/** Whether a filter that may be left out lets a value through. */
const is = <A>(wanted: A | undefined, value: A): boolean => wanted === undefined || wanted === value
/** The same for a choice of several; a choice of none lets nothing through. */
const among = <A>(wanted: ReadonlyArray<A> | undefined, value: A): boolean =>
  wanted === undefined || wanted.includes(value)

const isPaused = (connection: Connection.Present): boolean =>
  Connection.isLinked(connection) && connection.paused !== undefined

const endsBefore = (connection: Connection.Present, instant: DateTime.Utc) =>
  Connection.isLinked(connection) &&
  connection.link.expiresAt !== undefined &&
  DateTime.isLessThan(connection.link.expiresAt, instant)

interface List<K extends Aggregate.Kind> {
  readonly kind: K
  readonly filter: object
  readonly wanted: (state: Aggregate.Present<K>) => boolean
  readonly key: (state: Aggregate.Present<K>) => SortKey
  readonly youngestFirst?: boolean
  /** The organization; left out for a list across all of them. */
  readonly organizationId?: Id.OrganizationId
}

/** Reads from `Memory`. */
export const layer: Layer.Layer<Repository.Repository, never, Memory> = Layer.effect(
  Repository.Repository,
  Effect.gen(function* () {
    const memory = yield* Memory
    const all = <K extends Aggregate.Kind>(kind: K, organizationId?: Id.OrganizationId) =>
      read(memory, (contents) =>
        organizationId === undefined ? requireUnrestricted(contents, kind) : ofKind(contents, organizationId, kind)
      )

    const list = Effect.fnUntraced(function* <K extends Aggregate.Kind>(
      { filter, key, kind, organizationId, wanted, youngestFirst = false }: List<K>,
      page: Repository.PageRequest
    ) {
      const found = (yield* all(kind, organizationId)).map(({ state }) => state).filter(wanted)
      const name = [organizationId ?? null, kind, Cursor.spelled(filter)]
      return yield* paged<Aggregate.Present<K>>(memory.cursorKey, name, found, page, { key, descending: youngestFirst })
    })

    return Repository.Repository.of({
      find: Effect.fn("Repository.find")(function* <K extends Aggregate.Kind>(
        kind: K,
        organizationId: Id.OrganizationId,
        id: string
      ) {
        const own = yield* read(memory, (contents) => tenant(contents, organizationId))
        const kept = Option.getOrUndefined(HashMap.get(own.aggregates, `${kind}/${id}`))
        if (kept === undefined) return yield* new NotFound({ kind, id })
        return { state: kept.state as Aggregate.Present<K>, version: kept.version }
      }),

      companies: Effect.fn("Repository.companies")(function* (organizationId, filter, page) {
        const text = filter.search === undefined ? undefined : Text.folded(filter.search)
        return yield* list(
          {
            kind: "company",
            organizationId,
            filter: { ...filter, search: text },
            wanted: (company) =>
              among(filter.companyIds, company.id) && (text === undefined || contains(company, text)),
            key: (company) => [Text.folded(company.name), company.id]
          },
          page
        )
      }),

      accounts: Effect.fn("Repository.accounts")(function* (organizationId, filter, page) {
        const { accountIds, companyId, states = ["Open"] } = filter
        return yield* list(
          {
            kind: "account",
            organizationId,
            filter: { ...filter, states },
            wanted: (account) =>
              is(companyId, account.companyId) && among(accountIds, account.id) && among(states, account._tag),
            key: (account) => since(account.createdAt, account.id)
          },
          page
        )
      }),

      accessibleAccounts: Effect.fn("Repository.accessibleAccounts")(function* (organizationId, accessScope) {
        return (yield* all("account", organizationId))
          .map(({ state: { brandIds, companyId, id } }) => ({ id, companyId, brandIds }))
          .filter((account) => Access.canSee(accessScope, account))
          .toSorted((one, other) => byText(one.id, other.id))
          .slice(0, Repository.accessScopeLimit)
      }),

      connections: Effect.fn("Repository.connections")(function* (organizationId, filter, page) {
        const { accountId, accountIds, channel, companyId, expiresBefore, marketplaceId, paused, states } = filter
        return yield* list(
          {
            kind: "connection",
            organizationId,
            filter,
            wanted: (connection) =>
              is(companyId, connection.companyId) &&
              is(accountId, connection.accountId) &&
              among(accountIds, connection.accountId) &&
              is(marketplaceId, connection.marketplaceId) &&
              is(channel, connection.channel) &&
              among(states, connection._tag) &&
              is(paused, isPaused(connection)) &&
              (expiresBefore === undefined || endsBefore(connection, expiresBefore)),
            key: (connection) => since(connection.proposedAt, connection.id)
          },
          page
        )
      }),

      authorizations: Effect.fn("Repository.authorizations")(function* (organizationId, filter, page) {
        return yield* list(
          {
            kind: "authorization",
            organizationId,
            filter,
            youngestFirst: true,
            wanted: (authorization) =>
              is(filter.connectionId, authorization.connectionId) &&
              among(filter.accountIds, authorization.accountId) &&
              among(filter.states, authorization._tag),
            key: (authorization) => since(authorization.startedAt, authorization.id)
          },
          page
        )
      }),

      invitations: Effect.fn("Repository.invitations")(function* (organizationId, filter, page) {
        return yield* list(
          {
            kind: "invitation",
            organizationId,
            filter,
            youngestFirst: true,
            wanted: (link) =>
              is(filter.connectionId, link.connectionId) &&
              among(filter.accountIds, link.accountId) &&
              among(filter.states, link._tag) &&
              is(filter.requests, link.request !== undefined),
            key: (link) => since(link.issuedAt, link.id)
          },
          page
        )
      }),

      grants: Effect.fn("Repository.grants")(function* (organizationId, filter, page) {
        return yield* list(
          {
            kind: "grant",
            organizationId,
            filter,
            youngestFirst: true,
            wanted: (grant) =>
              is(filter.channel, grant.channel) &&
              is(filter.region, grant.region) &&
              among(filter.states, grant._tag) &&
              is(filter.responsiblePersonId, grant.responsibleMember?.personId),
            key: (grant) => since(grant.consentedAt, grant.id)
          },
          page
        )
      }),

      members: Effect.fn("Repository.members")(function* (organizationId, filter, page) {
        return yield* list(
          {
            kind: "member",
            organizationId,
            filter,
            wanted: (member) => among(filter.states, member._tag),
            key: (member) => [Text.folded(member.email), member.id]
          },
          page
        )
      }),

      memberships: Effect.fn("Repository.memberships")(function* (personId) {
        return (yield* all("member"))
          .flatMap(({ state }) => (state._tag === "Active" && state.personId === personId ? [state] : []))
          .toSorted(
            (one, other) =>
              DateTime.toEpochMillis(one.joinedAt) - DateTime.toEpochMillis(other.joinedAt) || byText(one.id, other.id)
          )
          .slice(0, 100)
      }),

      memberByToken: Effect.fn("Repository.memberByToken")(function* (tokenDigest) {
        return (
          (yield* all("member")).find(({ state }) => state._tag === "Invited" && state.tokenDigest === tokenDigest) ??
          (yield* new NotFound({ kind: "member", id: "with this token" }))
        )
      }),

      apiKeys: Effect.fn("Repository.apiKeys")(function* (organizationId, page) {
        return yield* list(
          {
            kind: "apiKey",
            organizationId,
            filter: {},
            wanted: () => true,
            youngestFirst: true,
            key: (key) => since(key.createdAt, key.id)
          },
          page
        )
      }),

      apiKeyByDigest: Effect.fn("Repository.apiKeyByDigest")(function* (digest) {
        return (
          (yield* all("apiKey")).find(({ state }) => state.digest === digest) ??
          (yield* new NotFound({ kind: "apiKey", id: "with this digest" }))
        )
      }),

      organizations: Effect.fn("Repository.organizations")(function* (search, page) {
        const text = search === undefined ? undefined : Text.folded(search)
        return yield* list(
          {
            kind: "organization",
            filter: { search: text },
            wanted: (organization) => text === undefined || Text.folded(organization.name).includes(text),
            key: (organization) => [Text.folded(organization.name), organization.id]
          },
          page
        )
      }),

      advertisers: Effect.fn("Repository.advertisers")(function* (filter, page) {
        return yield* list(
          {
            kind: "advertiser",
            organizationId: Id.installation,
            filter,
            wanted: (found) =>
              is(filter.assigned, found.assignment !== undefined) &&
              is(filter.region, found.advertiser.key.region) &&
              among(filter.states, found._tag),
            key: (found) => [Text.folded(found.advertiser.name), found.id]
          },
          page
        )
      }),

      awaited: Effect.fn("Repository.awaited")(function* (filter, page) {
        return yield* list(
          {
            kind: "awaited",
            organizationId: Id.installation,
            filter,
            wanted: (awaited) => among(filter.states, awaited._tag),
            key: (awaited) => since(awaited.since, awaited.id)
          },
          page
        )
      }),

      connectionsOfGrant: Effect.fn("Repository.connectionsOfGrant")(function* (organizationId, grantId) {
        return (yield* all("connection", organizationId))
          .filter(isLinked)
          .filter(({ state }) => state.link.grantId === grantId)
          .toSorted((one, other) => byText(one.state.id, other.state.id))
          .slice(0, 100)
      }),

      backfillOf: Effect.fn("Repository.backfillOf")(function* (organizationId, connectionId) {
        const [latest] = (yield* all("backfill", organizationId))
          .filter(({ state }) => state.connectionId === connectionId)
          .toSorted((one, other) => byText(other.state.id, one.state.id))
        return latest ?? (yield* new NotFound({ kind: "backfill", id: `of ${connectionId}` }))
      }),

      holders: Effect.fn("Repository.holders")(function* (organizationId, keys) {
        const claims = yield* read(memory, (contents) => contents.claims)
        return keys.flatMap((key) => {
          const held = Option.getOrUndefined(HashMap.get(claims, Profile.keyText(key)))
          return held?.organizationId === organizationId
            ? [{ key: held.key, accountId: held.accountId, connectionId: held.connectionId }]
            : []
        })
      }),

      authorizationByState: Effect.fn("Repository.authorizationByState")(function* (stateDigest) {
        return (
          (yield* all("authorization")).find(({ state }) => state.stateDigest === stateDigest) ??
          (yield* new NotFound({ kind: "authorization", id: "with this state" }))
        )
      }),

      invitationByToken: Effect.fn("Repository.invitationByToken")(function* (tokenDigest) {
        return (
          (yield* all("invitation")).find(({ state }) => state.tokenDigest === tokenDigest) ??
          (yield* new NotFound({ kind: "invitation", id: "with this token" }))
        )
      })
    })
  })
)
