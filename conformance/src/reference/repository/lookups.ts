/** Single aggregates, what is found by a digest or across organizations, and the lists of the installation. */
import { Access, Connection, Day, Id, Text, Window } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { all, among, found, is, list, reads, since, states, type Model } from "./listing.ts"

/** `find` of the port. */
export const find =
  (model: Model): Repository.Repository["Service"]["find"] =>
  (kind, organizationId, id) =>
    found(model, kind, id, () => all(model, kind, organizationId).find(({ state }) => state.id === id))

/** `accessibleAccounts` of the port. */
export const accessibleAccounts =
  (model: Model): Repository.Repository["Service"]["accessibleAccounts"] =>
  (organizationId, accessScope) =>
    model.backend.access(() =>
      states(model, "account", organizationId)
        .map(({ brandIds, companyId, id }) => ({ id, companyId, brandIds }))
        .filter((account) => Access.canSee(accessScope, account))
        .slice(0, Repository.accessScopeLimit)
    )

/** `memberships` of the port. */
export const memberships =
  (model: Model): Repository.Repository["Service"]["memberships"] =>
  (personId) =>
    model.backend.access(() =>
      states(model, "member")
        .flatMap((each) => (each._tag === "Active" && each.personId === personId ? [each] : []))
        .toSorted((one, other) =>
          model.faultPoints.compare(since(one.joinedAt, one.id), since(other.joinedAt, other.id))
        )
        .slice(0, 100)
    )

/** `memberByToken` of the port. */
export const memberByToken =
  (model: Model): Repository.Repository["Service"]["memberByToken"] =>
  (digest) =>
    found(model, "member", "with this token", () =>
      all(model, "member").find(({ state }) => state._tag === "Invited" && state.tokenDigest === digest)
    )

/** `apiKeyByDigest` of the port. */
export const apiKeyByDigest =
  (model: Model): Repository.Repository["Service"]["apiKeyByDigest"] =>
  (digest) =>
    found(model, "apiKey", "with this digest", () => all(model, "apiKey").find(({ state }) => state.digest === digest))

/** `organizations` of the port. */
export const organizations =
  (model: Model): Repository.Repository["Service"]["organizations"] =>
  (name, page) => {
    const search = name === undefined ? undefined : Text.folded(name)
    return list(
      model,
      {
        kind: "organization",
        filter: { search },
        matches: (each) => reads(each.name, search),
        sortKey: (each) => [Text.folded(each.name), each.id]
      },
      page
    )
  }

/** `advertisers` of the port. */
export const advertisers =
  (model: Model): Repository.Repository["Service"]["advertisers"] =>
  (filter, page) =>
    list(
      model,
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
    )

/** `awaited` of the port. */
export const awaited =
  (model: Model): Repository.Repository["Service"]["awaited"] =>
  (filter, page) =>
    list(
      model,
      {
        kind: "awaited",
        organizationId: Id.installation,
        filter,
        matches: (each) => among(filter.states, each._tag),
        sortKey: (each) => since(each.since, each.id)
      },
      page
    )

/** `connectionsOfGrant` of the port. */
export const connectionsOfGrant =
  (model: Model): Repository.Repository["Service"]["connectionsOfGrant"] =>
  (organizationId, grantId) =>
    model.backend.access(() =>
      all(model, "connection", organizationId)
        .flatMap(({ state, version }) =>
          Connection.isLinked(state) && state.link.grantId === grantId ? [{ state, version }] : []
        )
        .slice(0, 100)
    )

/** `backfillOf` of the port. */
export const backfillOf =
  (model: Model): Repository.Repository["Service"]["backfillOf"] =>
  (organizationId, connectionId) =>
    found(model, "backfill", `of ${connectionId}`, () =>
      all(model, "backfill", organizationId)
        .filter(({ state }) => state.connectionId === connectionId)
        .toSorted((one, other) => (one.state.id < other.state.id ? 1 : -1))
        .at(0)
    )

const windowsOf = (model: Model, organizationId: Id.OrganizationId, backfillId: Id.BackfillId) =>
  all(model, "window", organizationId).filter(({ state }) => state.backfillId === backfillId)

/** `windows` of the port. */
export const windows =
  (model: Model): Repository.Repository["Service"]["windows"] =>
  (organizationId, backfillId, since) =>
    model.backend.access(() => {
      const isMeant = ({ state }: Repository.Versioned<Window.Present>) =>
        since === undefined || Day.between(since, state.until) > 0 || Window.isOpen(state)
      const order = (one: Window.Present) => [one.dataClass, Day.toNumber(one.until), Day.toNumber(one.from)] as const
      return windowsOf(model, organizationId, backfillId)
        .filter(isMeant)
        .toSorted((one, other) => {
          const [ofOne, ofOther] = [order(one.state), order(other.state)]
          if (ofOne[0] !== ofOther[0]) return ofOne[0] < ofOther[0] ? -1 : 1
          return ofOther[1] - ofOne[1] || ofOther[2] - ofOne[2]
        })
    })

/** `tallies` of the port. */
export const tallies =
  (model: Model): Repository.Repository["Service"]["tallies"] =>
  (organizationId, connectionId) =>
    model.backend.access(() =>
      Window.tallies(states(model, "window", organizationId).filter((each) => each.connectionId === connectionId))
    )

/** `incidents` of the port. */
export const incidents =
  (model: Model): Repository.Repository["Service"]["incidents"] =>
  () =>
    model.backend.access(() =>
      all(model, "incident", Id.installation)
        .map(({ state }) => state)
        .toSorted((one, other) => (one.id < other.id ? -1 : 1))
        .slice(0, Repository.incidentLimit)
    )

/** `linked` of the port. */
export const linked =
  (model: Model): Repository.Repository["Service"]["linked"] =>
  (channel, region) =>
    model.backend.access(() => {
      const held = [...model.backend.claims.values()].filter(
        ({ key }) => key.channel === channel && (region === undefined || key.region === region)
      )
      return {
        accounts: new Set(held.map(({ accountId }) => accountId)).size,
        organizations: new Set(held.map(({ organizationId }) => organizationId)).size
      }
    })

/** `holders` of the port. */
export const holders =
  (model: Model): Repository.Repository["Service"]["holders"] =>
  (organizationId, keys) =>
    model.backend.access(() =>
      keys.flatMap((key) => {
        const place = model.faultPoints.claimPlace(key, organizationId)
        const own = model.backend.claims.get(`claimed/${organizationId}/${place}`)
        const held = own ?? model.backend.claims.get(place)
        return held?.organizationId === organizationId
          ? [{ key: held.key, accountId: held.accountId, connectionId: held.connectionId }]
          : []
      })
    )

/** `authorizationByState` of the port. */
export const authorizationByState =
  (model: Model): Repository.Repository["Service"]["authorizationByState"] =>
  (digest) =>
    found(model, "authorization", "with this state", () =>
      all(model, "authorization").find(({ state }) => state.stateDigest === digest)
    )

/** `invitationByToken` of the port. */
export const invitationByToken =
  (model: Model): Repository.Repository["Service"]["invitationByToken"] =>
  (digest) =>
    found(model, "invitation", "with this token", () =>
      all(model, "invitation").find(({ state }) => state.tokenDigest === digest)
    )
