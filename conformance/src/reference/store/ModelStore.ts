/** A small correct store: every law passes on it, and the mutants are made from it. */
import { Connection, type Aggregate, type Id, Text } from "@portolan/domain"
import { ConnectionStore, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Stream } from "effect"
import type { Stores } from "../../laws/store/StoreInstance.ts"
import { commit, remembered } from "./commit.ts"
import { history, type Ledger } from "./Ledger.ts"
import type { Place, Seams } from "./seams.ts"

const { InvalidCursor, NotFound } = ConnectionStore

/** Everything a store works on. */
export interface Parts {
  readonly ledger: Ledger
  readonly seams: Seams
}

/** All aggregates of a kind of an organization, or of all organizations. */
export const all = <K extends Aggregate.Kind>(
  { ledger }: Parts, kind: K, organizationId?: Id.OrganizationId
): ReadonlyArray<ConnectionStore.Versioned<Aggregate.Present<K>>> =>
  [...ledger.rows.values()].flatMap((row) =>
    row.kind === kind && (organizationId === undefined || row.organizationId === organizationId)
      // What is kept under a kind was written as that kind.
      ? [{ state: row.state as Aggregate.Present<K>, version: row.version }]
      : []
  )

/** How a list is cut: its name for cursors, its items, their places, and whether the youngest come first. */
interface List<A> {
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
  const states = <K extends Aggregate.Kind>(kind: K, organizationId: Id.OrganizationId) =>
    all(parts, kind, organizationId).map(({ state }) => state)

  const paged = <A>({ name, items, place, descending }: List<A>, page: ConnectionStore.PageRequest) =>
    Effect.flatMap(access(items), (found): Effect.Effect<ConnectionStore.Page<A>, ConnectionStore.InvalidCursor> => {
      const compare = (one: Place, other: Place) => (descending ? seams.compare(other, one) : seams.compare(one, other))
      const sorted = found.map((item) => ({ item, at: place(item) })).toSorted((one, other) => compare(one.at, other.at))
      const list = JSON.stringify(name)
      const rest = page.cursor === undefined ? sorted : seams.resume(list, page.cursor, sorted, compare)
      if (rest === undefined) return Effect.fail(new InvalidCursor())
      const size = seams.size(page.limit)
      const given = rest.slice(0, size)
      const last = given.at(-1)
      const answer = given.map(({ item }) => item)
      if (last === undefined || !seams.hasNext(given.length, rest.length, size)) return Effect.succeed({ items: answer })
      const next = seams.seal(list, last.at, sorted.length - rest.length + given.length)
      return Effect.succeed({ items: answer, next })
    })

  const found = <A>(kind: Aggregate.Kind, id: string, look: () => A | undefined) =>
    Effect.flatMap(access(look), (answer) =>
      answer === undefined ? Effect.fail(new NotFound({ kind, id })) : Effect.succeed(answer)
    )

  const slice = (organizationId: Id.OrganizationId, position: number, limit: number) =>
    access(() => history(ledger, organizationId).filter((event) => event.position > position).slice(0, limit))

  return {
    unitOfWork: {
      commit: (change) =>
        Effect.flatMap(access(() => commit(ledger, seams, change)), (answer) =>
          "versions" in answer ? Effect.succeed(answer) : Effect.fail(answer)
        ),
      remembered: (organizationId, key, fingerprint) =>
        Effect.flatMap(access(() => remembered(ledger, organizationId, key)), (before) =>
          before === undefined || before.fingerprint === fingerprint
            ? Effect.succeed(before?.resource)
            : Effect.fail(new UnitOfWork.KeyReused({ key }))
        )
    },

    store: {
      find: (kind, organizationId, id) =>
        found(kind, id, () =>
          all(parts, kind, organizationId).find(({ state }) => state.id === id)),

      companies: (organizationId, search, page) => {
        const text = search === undefined ? undefined : Text.folded(search)
        const reads = (name: string) => text === undefined || Text.folded(name).includes(text)
        return paged({
          name: [organizationId, "companies", text ?? null],
          items: () => states("company", organizationId).filter((company) =>
            [company.name, ...company.brands.map((brand) => brand.name)].some(reads)),
          place: (company) => [Text.folded(company.name), company.id],
          descending: false
        }, page)
      },

      accounts: (organizationId, companyId, page) =>
        paged({
          name: [organizationId, "accounts", companyId ?? null],
          items: () => states("account", organizationId).filter((each) =>
            companyId === undefined || each.companyId === companyId),
          place: (account) => since(account.createdAt, account.id),
          descending: false
        }, page),

      connections: (organizationId, filter, page) =>
        paged({
          name: [organizationId, "connections", filter.companyId ?? null, filter.accountId ?? null,
            filter.channel ?? null, filter.states?.toSorted() ?? null],
          items: () => states("connection", organizationId).filter((each) =>
            (filter.companyId === undefined || each.companyId === filter.companyId) &&
            (filter.accountId === undefined || each.accountId === filter.accountId) &&
            (filter.channel === undefined || each.channel === filter.channel) &&
            (filter.states === undefined || filter.states.includes(each._tag))),
          place: (connection) => since(connection.proposedAt, connection.id),
          descending: false
        }, page),

      authorizations: (organizationId, filter, page) =>
        paged({
          name: [organizationId, "authorizations", filter.connectionId ?? null, filter.states?.toSorted() ?? null],
          items: () => states("authorization", organizationId).filter((each) =>
            (filter.connectionId === undefined || each.connectionId === filter.connectionId) &&
            (filter.states === undefined || filter.states.includes(each._tag))),
          place: (trip) => since(trip.startedAt, trip.id),
          descending: true
        }, page),

      invitations: (organizationId, filter, page) =>
        paged({
          name: [organizationId, "invitations", filter.connectionId ?? null],
          items: () => states("invitation", organizationId).filter((each) =>
            filter.connectionId === undefined || each.connectionId === filter.connectionId),
          place: (link) => since(link.issuedAt, link.id),
          descending: true
        }, page),

      connectionsOfGrant: (organizationId, grantId) =>
        access(() => all(parts, "connection", organizationId).flatMap(({ state, version }) =>
          Connection.isLinked(state) && state.link.grantId === grantId ? [{ state, version }] : []).slice(0, 100)),

      backfillOf: (organizationId, connectionId) =>
        found("backfill", `of ${connectionId}`, () =>
          all(parts, "backfill", organizationId).find(({ state }) => state.connectionId === connectionId)),

      holders: (organizationId, keys) =>
        access(() => keys.flatMap((key) => {
          const held = ledger.claims.get(seams.claimPlace(key, organizationId))
          return held?.organizationId === organizationId
            ? [{ key: held.key, accountId: held.accountId, connectionId: held.connectionId }]
            : []
        })),

      authorizationByState: (digest) =>
        found("authorization", "with this state", () =>
          all(parts, "authorization").find(({ state }) => state.stateDigest === digest)),

      invitationByToken: (digest) =>
        found("invitation", "with this token", () =>
          all(parts, "invitation").find(({ state }) => state.tokenDigest === digest))
    },

    log: {
      after: (organizationId, position, limit) => slice(organizationId, position, Math.min(500, Math.max(1, limit))),

      of: (organizationId, aggregateIds, page) =>
        paged({
          name: [organizationId, "history", aggregateIds.toSorted()],
          items: () => history(ledger, organizationId).filter((each) => aggregateIds.includes(each.aggregate.id)),
          place: (event) => [event.position, event.id],
          descending: true
        }, page),

      follow: (organizationId, position) => {
        const next = (from: number): ReturnType<typeof slice> =>
          Effect.flatMap(slice(organizationId, from, 500), (events) =>
            events.length > 0 ? Effect.succeed(events) : Effect.andThen(Effect.sleep("1 second"), next(from)))
        return Stream.flattenIterable(Stream.unfold(position, (from) =>
          Effect.map(next(from), (events) => [events, events.at(-1)?.position ?? from] as const)))
      }
    }
  }
}
