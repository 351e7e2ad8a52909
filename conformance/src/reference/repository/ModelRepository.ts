/** A small correct store: every law passes on it, and the mutants are made from it. */
import { Access, Connection, type Aggregate, Id, Text } from "@portolan/domain"
import { Repository, Cursor, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Stream } from "effect"
import type { Services } from "../../laws/repository/RepositoryInstance.ts"
import { commit, idempotentResource } from "./commit.ts"
import { history, type MemoryBackend } from "./MemoryBackend.ts"
import type { SortKey, FaultPoints } from "./faultPoints.ts"

const { InvalidCursor, NotFound } = Repository

/** Everything a store works on. */
export interface Model {
  readonly backend: MemoryBackend
  readonly faultPoints: FaultPoints
}

/** All aggregates of a kind of an organization, or of all organizations. */
export const all = <K extends Aggregate.Kind>(
  { backend }: Model,
  kind: K,
  organizationId?: Id.OrganizationId
): ReadonlyArray<Repository.Versioned<Aggregate.Present<K>>> =>
  [...backend.rows.values()].flatMap((row) =>
    row.kind === kind && (organizationId === undefined || row.organizationId === organizationId)
      ? // What is kept under a kind was written as that kind.
        [{ state: row.state as Aggregate.Present<K>, version: row.version }]
      : []
  )

/** How aggregates are listed: which, in what order, and the filter that the cursors are bound to. */
interface List<K extends Aggregate.Kind> {
  readonly kind: K
  /** Left out for a list across organizations. */
  readonly organizationId?: Id.OrganizationId
  readonly filter: object
  readonly matches: (state: Aggregate.Present<K>) => boolean
  readonly sortKey: (state: Aggregate.Present<K>) => SortKey
  readonly youngestFirst?: boolean
}

/** Whether a filter that may be left out lets a value through. */
const is = <A>(matches: A | undefined, value: A) => matches === undefined || matches === value

/** The same for a choice of several; a choice of none lets nothing through. */
const among = <A>(matches: ReadonlyArray<A> | undefined, value: A) => matches === undefined || matches.includes(value)

const reads = (name: string, search: string | undefined) => search === undefined || Text.folded(name).includes(search)

const endsBefore = (each: Connection.Present, instant: DateTime.Utc | undefined) =>
  instant === undefined ||
  (Connection.isLinked(each) && each.link.expiresAt !== undefined && DateTime.isLessThan(each.link.expiresAt, instant))

/** How a list is cut: its name for cursors, its items, their places, and whether the youngest come first. */
interface Cut<A> {
  readonly name: ReadonlyArray<unknown>
  readonly items: () => ReadonlyArray<A>
  readonly sortKey: (item: A) => SortKey
  readonly descending: boolean
}

const since = (at: DateTime.Utc, id: string): SortKey => [DateTime.toEpochMillis(at), id]

/** Makes the services on these parts. */
export const make = (model: Model): Services => {
  const { backend, faultPoints } = model
  const { access } = backend
  const states = <K extends Aggregate.Kind>(kind: K, organizationId?: Id.OrganizationId) =>
    all(model, kind, organizationId).map(({ state }) => state)

  const paged = <A>({ name, items, sortKey, descending }: Cut<A>, page: Repository.PageRequest) =>
    Effect.flatMap(access(items), (found): Effect.Effect<Repository.Page<A>, Repository.InvalidCursor> => {
      const compare = (one: SortKey, other: SortKey) =>
        descending ? faultPoints.compare(other, one) : faultPoints.compare(one, other)
      const sorted = found
        .map((item) => ({ item, at: sortKey(item) }))
        .toSorted((one, other) => compare(one.at, other.at))
      const list = JSON.stringify(name)
      const rest = page.cursor === undefined ? sorted : faultPoints.resume(list, page.cursor, sorted, compare)
      if (rest === undefined) return Effect.fail(new InvalidCursor())
      const size = faultPoints.size(page.limit)
      const given = rest.slice(0, size)
      const last = given.at(-1)
      const answer = given.map(({ item }) => item)
      if (last === undefined || !faultPoints.hasNext(given.length, rest.length, size))
        return Effect.succeed({ items: answer })
      const next = faultPoints.seal(list, last.at, sorted.length - rest.length + given.length)
      return Effect.succeed({ items: answer, next })
    })

  const list = <K extends Aggregate.Kind>(
    { filter, kind, organizationId, sortKey, matches, youngestFirst = false }: List<K>,
    page: Repository.PageRequest
  ) =>
    paged(
      {
        name: [organizationId ?? null, kind, Cursor.spelled(filter)],
        sortKey,
        descending: youngestFirst,
        items: () => states(kind, organizationId).filter(matches)
      },
      page
    )

  const found = <A>(kind: Aggregate.Kind, id: string, look: () => A | undefined) =>
    Effect.flatMap(access(look), (answer) =>
      answer === undefined ? Effect.fail(new NotFound({ kind, id })) : Effect.succeed(answer)
    )

  const slice = (organizationId: Id.OrganizationId, position: number, limit: number) =>
    access(() =>
      history(backend, organizationId)
        .filter((event) => event.position > position)
        .slice(0, limit)
    )

  return {
    unitOfWork: {
      commit: (change) =>
        Effect.flatMap(
          access(() => commit(backend, faultPoints, change)),
          (answer) => ("versions" in answer ? Effect.succeed(answer) : Effect.fail(answer))
        ),
      idempotentResource: (organizationId, key, fingerprint) =>
        Effect.flatMap(
          access(() => idempotentResource(backend, organizationId, key)),
          (before) =>
            before === undefined || before.fingerprint === fingerprint
              ? Effect.succeed(before?.resource)
              : Effect.fail(new UnitOfWork.KeyReused({ key }))
        )
    },

    repository: {
      find: (kind, organizationId, id) =>
        found(kind, id, () => all(model, kind, organizationId).find(({ state }) => state.id === id)),

      companies: (organizationId, filter, page) => {
        const search = filter.search === undefined ? undefined : Text.folded(filter.search)
        return list(
          {
            kind: "company",
            organizationId,
            filter: { ...filter, search },
            matches: (each) =>
              among(filter.companyIds, each.id) &&
              [each.name, ...each.brands.map((brand) => brand.name)].some((name) => reads(name, search)),
            sortKey: (each) => [Text.folded(each.name), each.id]
          },
          page
        )
      },

      accounts: (organizationId, filter, page) => {
        const { accountIds, companyId, states = ["Open"] } = filter
        return list(
          {
            kind: "account",
            organizationId,
            filter: { ...filter, states },
            matches: (each) => is(companyId, each.companyId) && among(accountIds, each.id) && among(states, each._tag),
            sortKey: (each) => since(each.createdAt, each.id)
          },
          page
        )
      },

      accessibleAccounts: (organizationId, accessScope) =>
        access(() =>
          states("account", organizationId)
            .map(({ brandIds, companyId, id }) => ({ id, companyId, brandIds }))
            .filter((account) => Access.canSee(accessScope, account))
            .slice(0, Repository.accessScopeLimit)
        ),

      connections: (organizationId, filter, page) =>
        list(
          {
            kind: "connection",
            organizationId,
            filter,
            matches: (each) =>
              is(filter.companyId, each.companyId) &&
              is(filter.accountId, each.accountId) &&
              among(filter.accountIds, each.accountId) &&
              is(filter.marketplaceId, each.marketplaceId) &&
              is(filter.channel, each.channel) &&
              among(filter.states, each._tag) &&
              is(filter.paused, Connection.isLinked(each) && each.paused !== undefined) &&
              endsBefore(each, filter.expiresBefore),
            sortKey: (each) => since(each.proposedAt, each.id)
          },
          page
        ),

      authorizations: (organizationId, filter, page) =>
        list(
          {
            kind: "authorization",
            organizationId,
            filter,
            youngestFirst: true,
            matches: (each) =>
              is(filter.connectionId, each.connectionId) &&
              among(filter.accountIds, each.accountId) &&
              among(filter.states, each._tag),
            sortKey: (each) => since(each.startedAt, each.id)
          },
          page
        ),

      invitations: (organizationId, filter, page) =>
        list(
          {
            kind: "invitation",
            organizationId,
            filter,
            youngestFirst: true,
            matches: (each) =>
              is(filter.connectionId, each.connectionId) &&
              among(filter.accountIds, each.accountId) &&
              among(filter.states, each._tag) &&
              is(filter.requests, each.request !== undefined),
            sortKey: (each) => since(each.issuedAt, each.id)
          },
          page
        ),

      grants: (organizationId, filter, page) =>
        list(
          {
            kind: "grant",
            organizationId,
            filter,
            youngestFirst: true,
            matches: (each) =>
              is(filter.channel, each.channel) &&
              is(filter.region, each.region) &&
              among(filter.states, each._tag) &&
              is(filter.responsiblePersonId, each.responsibleMember?.personId),
            sortKey: (each) => since(each.consentedAt, each.id)
          },
          page
        ),

      members: (organizationId, filter, page) =>
        list(
          {
            kind: "member",
            organizationId,
            filter,
            matches: (each) => among(filter.states, each._tag),
            sortKey: (each) => [Text.folded(each.email), each.id]
          },
          page
        ),

      memberships: (personId) =>
        access(() =>
          states("member")
            .flatMap((each) => (each._tag === "Active" && each.personId === personId ? [each] : []))
            .toSorted((one, other) => faultPoints.compare(since(one.joinedAt, one.id), since(other.joinedAt, other.id)))
            .slice(0, 100)
        ),

      memberByToken: (digest) =>
        found("member", "with this token", () =>
          all(model, "member").find(({ state }) => state._tag === "Invited" && state.tokenDigest === digest)
        ),

      apiKeys: (organizationId, page) =>
        list(
          {
            kind: "apiKey",
            organizationId,
            filter: {},
            matches: () => true,
            youngestFirst: true,
            sortKey: (each) => since(each.createdAt, each.id)
          },
          page
        ),

      apiKeyByDigest: (digest) =>
        found("apiKey", "with this digest", () => all(model, "apiKey").find(({ state }) => state.digest === digest)),

      organizations: (name, page) => {
        const search = name === undefined ? undefined : Text.folded(name)
        return list(
          {
            kind: "organization",
            filter: { search },
            matches: (each) => reads(each.name, search),
            sortKey: (each) => [Text.folded(each.name), each.id]
          },
          page
        )
      },

      advertisers: (filter, page) =>
        list(
          {
            kind: "advertiser",
            organizationId: Id.installation,
            filter,
            matches: (each) =>
              is(filter.assigned, each.assignment !== undefined) &&
              is(filter.region, each.advertiser.key.region) &&
              among(filter.states, each._tag),
            sortKey: (each) => [Text.folded(each.advertiser.name), each.id]
          },
          page
        ),

      awaited: (filter, page) =>
        list(
          {
            kind: "awaited",
            organizationId: Id.installation,
            filter,
            matches: (each) => among(filter.states, each._tag),
            sortKey: (each) => since(each.since, each.id)
          },
          page
        ),

      connectionsOfGrant: (organizationId, grantId) =>
        access(() =>
          all(model, "connection", organizationId)
            .flatMap(({ state, version }) =>
              Connection.isLinked(state) && state.link.grantId === grantId ? [{ state, version }] : []
            )
            .slice(0, 100)
        ),

      backfillOf: (organizationId, connectionId) =>
        found("backfill", `of ${connectionId}`, () =>
          all(model, "backfill", organizationId).find(({ state }) => state.connectionId === connectionId)
        ),

      holders: (organizationId, keys) =>
        access(() =>
          keys.flatMap((key) => {
            const held = backend.claims.get(faultPoints.claimPlace(key, organizationId))
            return held?.organizationId === organizationId
              ? [{ key: held.key, accountId: held.accountId, connectionId: held.connectionId }]
              : []
          })
        ),

      authorizationByState: (digest) =>
        found("authorization", "with this state", () =>
          all(model, "authorization").find(({ state }) => state.stateDigest === digest)
        ),

      invitationByToken: (digest) =>
        found("invitation", "with this token", () =>
          all(model, "invitation").find(({ state }) => state.tokenDigest === digest)
        )
    },

    log: {
      after: (organizationId, position, limit) => slice(organizationId, position, Math.min(500, Math.max(1, limit))),

      of: (organizationId, aggregateIds, page) =>
        paged(
          {
            name: [organizationId, "history", aggregateIds.toSorted()],
            items: () => history(backend, organizationId).filter((each) => aggregateIds.includes(each.aggregate.id)),
            sortKey: (event) => [event.position, event.id],
            descending: true
          },
          page
        ),

      all: (organizationId, filter, page) =>
        paged(
          {
            name: [organizationId, "all", Cursor.spelled(filter)],
            items: () =>
              history(backend, organizationId).filter(
                (each) => among(filter.kinds, each.aggregate.kind) && is(filter.actor, each.actor._tag)
              ),
            sortKey: (event) => [event.position, event.id],
            descending: true
          },
          page
        ),

      follow: (organizationId, position) => {
        const next = (from: number): ReturnType<typeof slice> =>
          Effect.flatMap(slice(organizationId, from, 500), (events) =>
            events.length > 0 ? Effect.succeed(events) : Effect.andThen(Effect.sleep("1 second"), next(from))
          )
        return Stream.flattenIterable(
          Stream.unfold(position, (from) =>
            Effect.map(next(from), (events) => [events, events.at(-1)?.position ?? from] as const)
          )
        )
      }
    }
  }
}
