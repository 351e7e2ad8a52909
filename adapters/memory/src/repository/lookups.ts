/** Reading single aggregates, and what belongs to one. */
import { Access, type Aggregate, Connection, Id, Profile } from "@portolan/domain"
import { Repository } from "@portolan/ports"
import { DateTime, Effect, HashMap, Option } from "effect"
import { type Memory, read, tenant } from "../Memory.ts"
import { byText } from "../paged.ts"
import { all, unreadableOf } from "./queries.ts"

type Port = Repository.Repository["Service"]

const { NotFound } = Repository

const isLinked = (found: Repository.Versioned<Connection.Present>): found is Repository.Versioned<Connection.Linked> =>
  Connection.isLinked(found.state)

/** One aggregate by its id. */
export const find = (memory: Memory["Service"]): Port["find"] =>
  Effect.fn("Repository.find")(function* <K extends Aggregate.Kind>(
    kind: K,
    organizationId: Id.OrganizationId,
    id: string
  ) {
    const own = yield* read(memory, (contents) => tenant(contents, organizationId))
    const kept = Option.getOrUndefined(HashMap.get(own.aggregates, `${kind}/${id}`))
    if (kept === undefined) return yield* new NotFound({ kind, id })
    const odd = (yield* unreadableOf(memory)).get(kept.state)
    if (odd !== undefined) return yield* odd
    return { state: kept.state as Aggregate.Present<K>, version: kept.version }
  })

/** The accounts that a limited access scope covers. */
export const accessibleAccounts = (memory: Memory["Service"]): Port["accessibleAccounts"] =>
  Effect.fn("Repository.accessibleAccounts")(function* (organizationId, accessScope) {
    return (yield* all(memory, "account", organizationId))
      .map(({ state: { brandIds, companyId, id } }) => ({ id, companyId, brandIds }))
      .filter((account) => Access.canSee(accessScope, account))
      .toSorted((one, other) => byText(one.id, other.id))
      .slice(0, Repository.accessScopeLimit)
  })

/** The memberships of a person, in every organization. */
export const memberships = (memory: Memory["Service"]): Port["memberships"] =>
  Effect.fn("Repository.memberships")(function* (personId) {
    return (yield* all(memory, "member"))
      .flatMap(({ state }) => (state._tag === "Active" && state.personId === personId ? [state] : []))
      .toSorted(
        (one, other) =>
          DateTime.toEpochMillis(one.joinedAt) - DateTime.toEpochMillis(other.joinedAt) || byText(one.id, other.id)
      )
      .slice(0, 100)
  })

/** The invitation to join that a token belongs to. */
export const memberByToken = (memory: Memory["Service"]): Port["memberByToken"] =>
  Effect.fn("Repository.memberByToken")(function* (tokenDigest) {
    return (
      (yield* all(memory, "member")).find(
        ({ state }) => state._tag === "Invited" && state.tokenDigest === tokenDigest
      ) ?? (yield* new NotFound({ kind: "member", id: "with this token" }))
    )
  })

/** The API key that a digest belongs to. */
export const apiKeyByDigest = (memory: Memory["Service"]): Port["apiKeyByDigest"] =>
  Effect.fn("Repository.apiKeyByDigest")(function* (digest) {
    return (
      (yield* all(memory, "apiKey")).find(({ state }) => state.digest === digest) ??
      (yield* new NotFound({ kind: "apiKey", id: "with this digest" }))
    )
  })

/** The connections that use a grant. */
export const connectionsOfGrant = (memory: Memory["Service"]): Port["connectionsOfGrant"] =>
  Effect.fn("Repository.connectionsOfGrant")(function* (organizationId, grantId) {
    return (yield* all(memory, "connection", organizationId))
      .filter(isLinked)
      .filter(({ state }) => state.link.grantId === grantId)
      .toSorted((one, other) => byText(one.state.id, other.state.id))
      .slice(0, 100)
  })

/** The first load of a connection. */
export const backfillOf = (memory: Memory["Service"]): Port["backfillOf"] =>
  Effect.fn("Repository.backfillOf")(function* (organizationId, connectionId) {
    const [latest] = (yield* all(memory, "backfill", organizationId))
      .filter(({ state }) => state.connectionId === connectionId)
      .toSorted((one, other) => byText(other.state.id, one.state.id))
    return latest ?? (yield* new NotFound({ kind: "backfill", id: `of ${connectionId}` }))
  })

/** Incidents of the installation, by id. */
export const incidents = (memory: Memory["Service"]): Port["incidents"] =>
  Effect.fn("Repository.incidents")(function* () {
    return (yield* all(memory, "incident", Id.installation))
      .map(({ state }) => state)
      .toSorted((one, other) => byText(one.id, other.id))
      .slice(0, Repository.incidentLimit)
  })

/** How many accounts and organizations are linked through a channel, in the whole installation. */
export const linked = (memory: Memory["Service"]): Port["linked"] =>
  Effect.fn("Repository.linked")(function* (channel, region) {
    const claims = yield* read(memory, (contents) => contents.claims)
    const held = [...HashMap.values(claims)]
      .flat()
      .filter(({ key }) => key.channel === channel && (region === undefined || key.region === region))
    return {
      accounts: new Set(held.map(({ accountId }) => accountId)).size,
      organizations: new Set(held.map(({ organizationId }) => organizationId)).size
    }
  })

/** The holders of profiles, within one organization. */
export const holders = (memory: Memory["Service"]): Port["holders"] =>
  Effect.fn("Repository.holders")(function* (organizationId, keys) {
    const claims = yield* read(memory, (contents) => contents.claims)
    return keys.flatMap((key) => {
      const held = Option.getOrElse(HashMap.get(claims, Profile.keyText(key)), () => [])
      return held
        .filter((one) => one.organizationId === organizationId)
        .map((one) => ({ key: one.key, accountId: one.accountId, connectionId: one.connectionId }))
    })
  })

/** The authorization that a `state` belongs to. */
export const authorizationByState = (memory: Memory["Service"]): Port["authorizationByState"] =>
  Effect.fn("Repository.authorizationByState")(function* (stateDigest) {
    return (
      (yield* all(memory, "authorization")).find(({ state }) => state.stateDigest === stateDigest) ??
      (yield* new NotFound({ kind: "authorization", id: "with this state" }))
    )
  })

/** The invitation that a token belongs to. */
export const invitationByToken = (memory: Memory["Service"]): Port["invitationByToken"] =>
  Effect.fn("Repository.invitationByToken")(function* (tokenDigest) {
    return (
      (yield* all(memory, "invitation")).find(({ state }) => state.tokenDigest === tokenDigest) ??
      (yield* new NotFound({ kind: "invitation", id: "with this token" }))
    )
  })
