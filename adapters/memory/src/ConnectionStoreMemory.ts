/** Reads aggregates and lists out of the world in memory. */
import { type Account, type Aggregate, type Authorization, type Company, Connection, type Id, type Invitation, Profile, Text }
  from "@portolan/domain"
import { ConnectionStore } from "@portolan/ports"
import { DateTime, Effect, HashMap, Layer, Option } from "effect"
import { type Contents, Memory, read, tenant } from "./Memory.ts"
import { byText, paged, type SortKey } from "./paged.ts"

const { NotFound } = ConnectionStore

const ofKind = <K extends Aggregate.Kind>(
  contents: Contents, organizationId: Id.OrganizationId, kind: K
): ReadonlyArray<ConnectionStore.Versioned<Aggregate.Present<K>>> => {
  const found: Array<ConnectionStore.Versioned<Aggregate.Present<K>>> = []
  for (const kept of HashMap.values(tenant(contents, organizationId).aggregates)) {
    // What is kept under a kind was written as that kind.
    if (kept.kind === kind) found.push({ state: kept.state as Aggregate.Present<K>, version: kept.version })
  }
  return found
}

const everywhere = <K extends Aggregate.Kind>(contents: Contents, kind: K) =>
  [...HashMap.keys(contents.tenants)].flatMap((organizationId) => ofKind(contents, organizationId, kind))

const since = (instant: DateTime.Utc, id: string): SortKey => [DateTime.toEpochMillis(instant), id]

const contains = (company: Company.Open, search: string) =>
  [company.name, ...company.brands.map((brand) => brand.name)].some((name) => Text.folded(name).includes(search))

const isLinked = (
  found: ConnectionStore.Versioned<Connection.Present>
): found is ConnectionStore.Versioned<Connection.Linked> => Connection.isLinked(found.state)

const states = <State>(found: ReadonlyArray<ConnectionStore.Versioned<State>>): ReadonlyArray<State> =>
  found.map(({ state }) => state)

const wanted = (filter: ConnectionStore.ConnectionFilter) => (connection: Connection.Present) =>
  (filter.companyId === undefined || connection.companyId === filter.companyId) &&
  (filter.accountId === undefined || connection.accountId === filter.accountId) &&
  (filter.channel === undefined || connection.channel === filter.channel) &&
  (filter.states === undefined || filter.states.includes(connection._tag))

/** Reads from `Memory`. */
export const layer: Layer.Layer<ConnectionStore.ConnectionStore, never, Memory> = Layer.effect(
  ConnectionStore.ConnectionStore,
  Effect.gen(function*() {
    const memory = yield* Memory
    const all = <K extends Aggregate.Kind>(kind: K, organizationId: Id.OrganizationId) =>
      read(memory, (contents) => ofKind(contents, organizationId, kind))

    return ConnectionStore.ConnectionStore.of({
      find: Effect.fn("ConnectionStore.find")(function*<K extends Aggregate.Kind>(
        kind: K, organizationId: Id.OrganizationId, id: string
      ) {
        const own = yield* read(memory, (contents) => tenant(contents, organizationId))
        const kept = Option.getOrUndefined(HashMap.get(own.aggregates, `${kind}/${id}`))
        if (kept === undefined) return yield* new NotFound({ kind, id })
        return { state: kept.state as Aggregate.Present<K>, version: kept.version }
      }),

      companies: Effect.fn("ConnectionStore.companies")(function*(organizationId, search, page) {
        const text = search === undefined ? undefined : Text.folded(search)
        const found = states(yield* all("company", organizationId))
          .filter((company) => text === undefined || contains(company, text))
        return yield* paged<Company.Open>(memory.cursorKey, [organizationId, "companies", text ?? null], found, page, {
          key: (company) => [Text.folded(company.name), company.id], descending: false
        })
      }),

      accounts: Effect.fn("ConnectionStore.accounts")(function*(organizationId, companyId, page) {
        const found = states(yield* all("account", organizationId))
          .filter((account) => companyId === undefined || account.companyId === companyId)
        return yield* paged<Account.Open>(memory.cursorKey, [organizationId, "accounts", companyId ?? null], found, page, {
          key: (account) => since(account.createdAt, account.id), descending: false
        })
      }),

      connections: Effect.fn("ConnectionStore.connections")(function*(organizationId, filter, page) {
        const found = states(yield* all("connection", organizationId)).filter(wanted(filter))
        const list = [organizationId, "connections", filter.companyId ?? null, filter.accountId ?? null,
          filter.channel ?? null, filter.states?.toSorted() ?? null]
        return yield* paged<Connection.Present>(memory.cursorKey, list, found, page, {
          key: (connection) => since(connection.proposedAt, connection.id), descending: false
        })
      }),

      authorizations: Effect.fn("ConnectionStore.authorizations")(function*(organizationId, filter, page) {
        const found = states(yield* all("authorization", organizationId)).filter((trip) =>
          (filter.connectionId === undefined || trip.connectionId === filter.connectionId) &&
          (filter.states === undefined || filter.states.includes(trip._tag)))
        const list = [organizationId, "authorizations", filter.connectionId ?? null, filter.states?.toSorted() ?? null]
        return yield* paged<Authorization.Present>(memory.cursorKey, list, found, page, {
          key: (trip) => since(trip.startedAt, trip.id), descending: true
        })
      }),

      invitations: Effect.fn("ConnectionStore.invitations")(function*(organizationId, filter, page) {
        const found = states(yield* all("invitation", organizationId))
          .filter((link) => filter.connectionId === undefined || link.connectionId === filter.connectionId)
        const list = [organizationId, "invitations", filter.connectionId ?? null]
        return yield* paged<Exclude<Invitation.State, { readonly _tag: "Absent" }>>(memory.cursorKey, list, found, page, {
          key: (link) => since(link.issuedAt, link.id), descending: true
        })
      }),

      connectionsOfGrant: Effect.fn("ConnectionStore.connectionsOfGrant")(function*(organizationId, grantId) {
        return (yield* all("connection", organizationId))
          .filter(isLinked)
          .filter(({ state }) => state.link.grantId === grantId)
          .toSorted((one, other) => byText(one.state.id, other.state.id))
          .slice(0, 100)
      }),

      backfillOf: Effect.fn("ConnectionStore.backfillOf")(function*(organizationId, connectionId) {
        const [latest] = (yield* all("backfill", organizationId))
          .filter(({ state }) => state.connectionId === connectionId)
          .toSorted((one, other) => byText(other.state.id, one.state.id))
        return latest ?? (yield* new NotFound({ kind: "backfill", id: `of ${connectionId}` }))
      }),

      holders: Effect.fn("ConnectionStore.holders")(function*(organizationId, keys) {
        const claims = yield* read(memory, (contents) => contents.claims)
        return keys.flatMap((key) => {
          const held = Option.getOrUndefined(HashMap.get(claims, Profile.keyText(key)))
          return held?.organizationId === organizationId
            ? [{ key: held.key, accountId: held.accountId, connectionId: held.connectionId }]
            : []
        })
      }),

      authorizationByState: Effect.fn("ConnectionStore.authorizationByState")(function*(stateDigest) {
        const found = yield* read(memory, (contents) => everywhere(contents, "authorization"))
        return found.find(({ state }) => state.stateDigest === stateDigest) ??
          (yield* new NotFound({ kind: "authorization", id: "with this state" }))
      }),

      invitationByToken: Effect.fn("ConnectionStore.invitationByToken")(function*(tokenDigest) {
        const found = yield* read(memory, (contents) => everywhere(contents, "invitation"))
        return found.find(({ state }) => state.tokenDigest === tokenDigest) ??
          (yield* new NotFound({ kind: "invitation", id: "with this token" }))
      })
    })
  })
)
