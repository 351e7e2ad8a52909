/** A small correct store: every law passes on it, and the mutants are made from it. */
import { Access, Connection, type Aggregate, Id, Text } from "@portolan/domain"
import { Repository, Cursor, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Stream } from "effect"
import type { Stores } from "../../laws/store/StoreInstance.ts"
import { commit, idempotentResource } from "./commit.ts"
import { history, type Ledger } from "./Ledger.ts"
import type { Place, Seams } from "./seams.ts"

const { InvalidCursor, NotFound } = Repository

/** Everything a store works on. */
export interface Parts {
  readonly ledger: Ledger
  readonly seams: Seams
}

/** All aggregates of a kind of an organization, or of all organizations. */
export const all = <K extends Aggregate.Kind>(
  { ledger }: Parts,
  kind: K,
  organizationId?: Id.OrganizationId
): ReadonlyArray<Repository.Versioned<Aggregate.Present<K>>> =>
  [...ledger.rows.values()].flatMap((row) =>
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
  readonly wanted: (state: Aggregate.Present<K>) => boolean
  readonly place: (state: Aggregate.Present<K>) => Place
  readonly youngestFirst?: boolean
}

/** Whether a filter that may be left out lets a value through. */
const is = <A>(wanted: A | undefined, value: A) => wanted === undefined || wanted === value

/** The same for a choice of several; a choice of none lets nothing through. */
const among = <A>(wanted: ReadonlyArray<A> | undefined, value: A) => wanted === undefined || wanted.includes(value)

const reads = (name: string, search: string | undefined) => search === undefined || Text.folded(name).includes(search)

const endsBefore = (each: Connection.Present, instant: DateTime.Utc | undefined) =>
  instant === undefined ||
  (Connection.isLinked(each) && each.link.expiresAt !== undefined && DateTime.isLessThan(each.link.expiresAt, instant))

/** How a list is cut: its name for cursors, its items, their places, and whether the youngest come first. */
interface Cut<A> {
  readonly name: ReadonlyArray<unknown>
  readonly items: () => ReadonlyArray<A>
  readonly place: (item: A) => Place
  readonly descending: boolean
}

const since = (at: DateTime.Utc, id: string): Place => [DateTime.toEpochMillis(at), id]

/** Makes the services on these parts. */
export const make = (parts: Parts): Stores => {
  const { ledger, seams } = parts
  const { access } = ledger
  const states = <K extends Aggregate.Kind>(kind: K, organizationId?: Id.OrganizationId) =>
    all(parts, kind, organizationId).map(({ state }) => state)

  const paged = <A>({ name, items, place, descending }: Cut<A>, page: Repository.PageRequest) =>
    Effect.flatMap(access(items), (found): Effect.Effect<Repository.Page<A>, Repository.InvalidCursor> => {
      const compare = (one: Place, other: Place) => (descending ? seams.compare(other, one) : seams.compare(one, other))
      const sorted = found
        .map((item) => ({ item, at: place(item) }))
        .toSorted((one, other) => compare(one.at, other.at))
      const list = JSON.stringify(name)
      const rest = page.cursor === undefined ? sorted : seams.resume(list, page.cursor, sorted, compare)
      if (rest === undefined) return Effect.fail(new InvalidCursor())
      const size = seams.size(page.limit)
      const given = rest.slice(0, size)
      const last = given.at(-1)
      const answer = given.map(({ item }) => item)
      if (last === undefined || !seams.hasNext(given.length, rest.length, size))
        return Effect.succeed({ items: answer })
      const next = seams.seal(list, last.at, sorted.length - rest.length + given.length)
      return Effect.succeed({ items: answer, next })
    })

  const list = <K extends Aggregate.Kind>(
    { filter, kind, organizationId, place, wanted, youngestFirst = false }: List<K>,
    page: Repository.PageRequest
  ) =>
    paged(
      {
        name: [organizationId ?? null, kind, Cursor.spelled(filter)],
        place,
        descending: youngestFirst,
        items: () => states(kind, organizationId).filter(wanted)
      },
      page
    )

  const found = <A>(kind: Aggregate.Kind, id: string, look: () => A | undefined) =>
    Effect.flatMap(access(look), (answer) =>
      answer === undefined ? Effect.fail(new NotFound({ kind, id })) : Effect.succeed(answer)
    )

  const slice = (organizationId: Id.OrganizationId, position: number, limit: number) =>
    access(() =>
      history(ledger, organizationId)
        .filter((event) => event.position > position)
        .slice(0, limit)
    )

  return {
    unitOfWork: {
      commit: (change) =>
        Effect.flatMap(
          access(() => commit(ledger, seams, change)),
          (answer) => ("versions" in answer ? Effect.succeed(answer) : Effect.fail(answer))
        ),
      idempotentResource: (organizationId, key, fingerprint) =>
        Effect.flatMap(
          access(() => idempotentResource(ledger, organizationId, key)),
          (before) =>
            before === undefined || before.fingerprint === fingerprint
              ? Effect.succeed(before?.resource)
              : Effect.fail(new UnitOfWork.KeyReused({ key }))
        )
    },

    store: {
      find: (kind, organizationId, id) =>
        found(kind, id, () => all(parts, kind, organizationId).find(({ state }) => state.id === id)),

      companies: (organizationId, filter, page) => {
        const search = filter.search === undefined ? undefined : Text.folded(filter.search)
        return list(
          {
            kind: "company",
            organizationId,
            filter: { ...filter, search },
            wanted: (each) =>
              among(filter.companyIds, each.id) &&
              [each.name, ...each.brands.map((brand) => brand.name)].some((name) => reads(name, search)),
            place: (each) => [Text.folded(each.name), each.id]
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
            wanted: (each) => is(companyId, each.companyId) && among(accountIds, each.id) && among(states, each._tag),
            place: (each) => since(each.createdAt, each.id)
          },
          page
        )
      },

      accessibleAccounts: (organizationId, accessScope) =>
        access(() =>
          states("account", organizationId)
            .map(({ brandIds, companyId, id }) => ({ id, companyId, brandIds }))
            .filter((account) => Access.sees(accessScope, account))
            .slice(0, Repository.accessScopeLimit)
        ),

      connections: (organizationId, filter, page) =>
        list(
          {
            kind: "connection",
            organizationId,
            filter,
            wanted: (each) =>
              is(filter.companyId, each.companyId) &&
              is(filter.accountId, each.accountId) &&
              among(filter.accountIds, each.accountId) &&
              is(filter.marketplaceId, each.marketplaceId) &&
              is(filter.channel, each.channel) &&
              among(filter.states, each._tag) &&
              is(filter.paused, Connection.isLinked(each) && each.paused !== undefined) &&
              endsBefore(each, filter.expiresBefore),
            place: (each) => since(each.proposedAt, each.id)
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
            wanted: (each) =>
              is(filter.connectionId, each.connectionId) &&
              among(filter.accountIds, each.accountId) &&
              among(filter.states, each._tag),
            place: (each) => since(each.startedAt, each.id)
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
            wanted: (each) =>
              is(filter.connectionId, each.connectionId) &&
              among(filter.accountIds, each.accountId) &&
              among(filter.states, each._tag) &&
              is(filter.requests, each.request !== undefined),
            place: (each) => since(each.issuedAt, each.id)
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
            wanted: (each) =>
              is(filter.channel, each.channel) &&
              is(filter.region, each.region) &&
              among(filter.states, each._tag) &&
              is(filter.responsiblePersonId, each.responsibleMember?.personId),
            place: (each) => since(each.consentedAt, each.id)
          },
          page
        ),

      members: (organizationId, filter, page) =>
        list(
          {
            kind: "member",
            organizationId,
            filter,
            wanted: (each) => among(filter.states, each._tag),
            place: (each) => [Text.folded(each.email), each.id]
          },
          page
        ),

      memberships: (personId) =>
        access(() =>
          states("member")
            .flatMap((each) => (each._tag === "Active" && each.personId === personId ? [each] : []))
            .toSorted((one, other) => seams.compare(since(one.joinedAt, one.id), since(other.joinedAt, other.id)))
            .slice(0, 100)
        ),

      memberByToken: (digest) =>
        found("member", "with this token", () =>
          all(parts, "member").find(({ state }) => state._tag === "Invited" && state.tokenDigest === digest)
        ),

      apiKeys: (organizationId, page) =>
        list(
          {
            kind: "apiKey",
            organizationId,
            filter: {},
            wanted: () => true,
            youngestFirst: true,
            place: (each) => since(each.createdAt, each.id)
          },
          page
        ),

      apiKeyByDigest: (digest) =>
        found("apiKey", "with this digest", () => all(parts, "apiKey").find(({ state }) => state.digest === digest)),

      organizations: (wanted, page) => {
        const search = wanted === undefined ? undefined : Text.folded(wanted)
        return list(
          {
            kind: "organization",
            filter: { search },
            wanted: (each) => reads(each.name, search),
            place: (each) => [Text.folded(each.name), each.id]
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
            wanted: (each) =>
              is(filter.assigned, each.assignment !== undefined) &&
              is(filter.region, each.advertiser.key.region) &&
              among(filter.states, each._tag),
            place: (each) => [Text.folded(each.advertiser.name), each.id]
          },
          page
        ),

      awaited: (filter, page) =>
        list(
          {
            kind: "awaited",
            organizationId: Id.installation,
            filter,
            wanted: (each) => among(filter.states, each._tag),
            place: (each) => since(each.since, each.id)
          },
          page
        ),

      connectionsOfGrant: (organizationId, grantId) =>
        access(() =>
          all(parts, "connection", organizationId)
            .flatMap(({ state, version }) =>
              Connection.isLinked(state) && state.link.grantId === grantId ? [{ state, version }] : []
            )
            .slice(0, 100)
        ),

      backfillOf: (organizationId, connectionId) =>
        found("backfill", `of ${connectionId}`, () =>
          all(parts, "backfill", organizationId).find(({ state }) => state.connectionId === connectionId)
        ),

      holders: (organizationId, keys) =>
        access(() =>
          keys.flatMap((key) => {
            const held = ledger.claims.get(seams.claimPlace(key, organizationId))
            return held?.organizationId === organizationId
              ? [{ key: held.key, accountId: held.accountId, connectionId: held.connectionId }]
              : []
          })
        ),

      authorizationByState: (digest) =>
        found("authorization", "with this state", () =>
          all(parts, "authorization").find(({ state }) => state.stateDigest === digest)
        ),

      invitationByToken: (digest) =>
        found("invitation", "with this token", () =>
          all(parts, "invitation").find(({ state }) => state.tokenDigest === digest)
        )
    },

    log: {
      after: (organizationId, position, limit) => slice(organizationId, position, Math.min(500, Math.max(1, limit))),

      of: (organizationId, aggregateIds, page) =>
        paged(
          {
            name: [organizationId, "history", aggregateIds.toSorted()],
            items: () => history(ledger, organizationId).filter((each) => aggregateIds.includes(each.aggregate.id)),
            place: (event) => [event.position, event.id],
            descending: true
          },
          page
        ),

      all: (organizationId, filter, page) =>
        paged(
          {
            name: [organizationId, "all", Cursor.spelled(filter)],
            items: () =>
              history(ledger, organizationId).filter(
                (each) => among(filter.kinds, each.aggregate.kind) && is(filter.actor, each.actor._tag)
              ),
            place: (event) => [event.position, event.id],
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
