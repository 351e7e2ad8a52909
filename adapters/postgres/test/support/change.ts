import {
  Access,
  type Actor,
  type Aggregate,
  type Company,
  type Connection,
  Id,
  type Job,
  Marketplace,
  Profile,
  Text
} from "@portolan/domain"
import { Secrets, type UnitOfWork } from "@portolan/ports"
import { DateTime, Effect } from "effect"

/** Who does it in tests. */
export const actor: Actor.Actor = { _tag: "System", part: "test" }

/** A change of nothing, with what is given. */
export const change = (
  organizationId: Id.OrganizationId,
  more: Partial<UnitOfWork.Change> = {}
): UnitOfWork.Change => ({
  organizationId,
  actor,
  at: DateTime.makeUnsafe("2026-05-01T10:00:00Z"),
  writes: [],
  claims: [],
  jobs: [],
  ...more
})

/** A new company and the write that adds it. */
export const company = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, name: string) {
  const secrets = yield* Secrets.Secrets
  const state: Company.Open = {
    _tag: "Open",
    id: yield* secrets.id("company"),
    organizationId,
    name,
    brands: [{ id: yield* secrets.id("brand"), name: `${name} brand` }],
    createdAt: DateTime.makeUnsafe("2026-05-01T10:00:00Z")
  }
  const write: UnitOfWork.Write = {
    kind: "company",
    id: state.id,
    expected: 0,
    next: state,
    events: [{ id: yield* secrets.id("event"), event: { _tag: "CompanyAdded", company: state } }]
  }
  return { state, write }
})

/** The write that renames a company. */
export const rename = Effect.fnUntraced(function* (state: Company.Open, expected: number, name: string) {
  const secrets = yield* Secrets.Secrets
  const write: UnitOfWork.Write = {
    kind: "company",
    id: state.id,
    expected,
    next: { ...state, name },
    events: [{ id: yield* secrets.id("event"), event: { _tag: "CompanyRenamed", name } }]
  }
  return write
})

/** A proposed connection and the write that proposes it. */
export const connection = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, proposedAt: DateTime.Utc) {
  const secrets = yield* Secrets.Secrets
  const state: Extract<Connection.State, { readonly _tag: "Proposed" }> = {
    _tag: "Proposed",
    id: yield* secrets.id("connection"),
    organizationId,
    companyId: yield* secrets.id("company"),
    accountId: yield* secrets.id("account"),
    channel: "amazon-ads",
    marketplaceId: Marketplace.MarketplaceId.make("ATVPDKIKX0DER"),
    optional: false,
    proposedAt
  }
  const write: UnitOfWork.Write = {
    kind: "connection",
    id: state.id,
    expected: 0,
    next: state,
    events: [{ id: yield* secrets.id("event"), event: { ...state, _tag: "ConnectionProposed" } }]
  }
  return { state, write }
})

/** A profile's key. */
export const key = (externalId: string): Profile.Key => ({
  channel: "amazon-ads",
  region: "NA",
  marketplaceId: Marketplace.MarketplaceId.make("ATVPDKIKX0DER"),
  externalId: Profile.ExternalId.make(externalId)
})

/** A claim of a new connection on a profile. */
export const hold = Effect.fnUntraced(function* (externalId: string) {
  const secrets = yield* Secrets.Secrets
  return {
    _tag: "Hold" as const,
    key: key(externalId),
    connectionId: yield* secrets.id("connection"),
    accountId: yield* secrets.id("account")
  }
})

/** Work that is due at an instant. */
export const job = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, dueAt: DateTime.Utc) {
  const secrets = yield* Secrets.Secrets
  const wanted: Job.Job = {
    id: yield* secrets.id("job"),
    organizationId,
    dueAt,
    task: { _tag: "ExpireInvitation", invitationId: yield* secrets.id("invitation") }
  }
  return wanted
})

/** An authorization that has started, and the write that starts it. */
export const authorization = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, stateDigest: string) {
  const secrets = yield* Secrets.Secrets
  const startedAt = DateTime.makeUnsafe("2026-05-01T10:00:00Z")
  const state = {
    id: yield* secrets.id("authorization"),
    organizationId,
    companyId: yield* secrets.id("company"),
    accountId: yield* secrets.id("account"),
    connectionId: yield* secrets.id("connection"),
    channel: "amazon-ads" as const,
    accountType: "seller" as const,
    region: "NA" as const,
    marketplaceId: Marketplace.MarketplaceId.make("ATVPDKIKX0DER"),
    origin: { _tag: "Direct" as const, actor },
    stateDigest,
    browserDigest: "browser",
    startedAt,
    expiresAt: DateTime.add(startedAt, { minutes: 15 })
  }
  const write: UnitOfWork.Write = {
    kind: "authorization",
    id: state.id,
    expected: 0,
    next: { ...state, _tag: "Started" },
    events: [{ id: yield* secrets.id("event"), event: { ...state, _tag: "AuthorizationStarted" } }]
  }
  return { state, write }
})

/** The `n`-th person of an organization's tests. */
export const personOf = (organizationId: Id.OrganizationId, n: number): Id.PersonId =>
  Id.make("person", Id.millis(organizationId), new Uint8Array(Id.entropyBytes).fill(n))

const added = <K extends Aggregate.Kind>(kind: K, next: Aggregate.Present<K>): UnitOfWork.Write =>
  // The union pairs kind and state; a function over all kinds can only promise that they belong together.
  ({ kind, id: next.id, expected: 0, next, events: [] }) as UnitOfWork.Write

/**
 * Writes of a member, an invitation to join, a key, an advertiser and an expectation; and of the organization, once.
 */
export const newcomers = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, n: number) {
  const { id } = yield* Secrets.Secrets
  const at = DateTime.makeUnsafe("2026-05-01T10:00:00Z")
  const marketplaceId = Marketplace.MarketplaceId.make("WALMART_US")
  const advertiser: Profile.Advertiser = {
    _tag: "Advertiser",
    key: { ...key(`${n}`), channel: "walmart-connect", region: "WALMART-US", marketplaceId },
    name: "Acme",
    countryCode: "US",
    currency: "USD",
    type: "walmart-3p",
    permission: "edit"
  }
  const writes = [
    added("member", {
      _tag: "Active",
      id: yield* id("member"),
      organizationId,
      email: Text.Email.make(`m${n}@example.com`),
      role: "member",
      accessScope: Access.everything,
      personId: personOf(organizationId, n),
      name: "Mia",
      joinedAt: at,
      round: 0
    }),
    added("member", {
      _tag: "Invited",
      id: yield* id("member"),
      organizationId,
      email: Text.Email.make(`i${n}@example.com`),
      role: "member",
      accessScope: Access.everything,
      tokenDigest: `joins ${organizationId} ${n}`,
      round: 1,
      invitedBy: actor,
      invitedAt: at,
      expiresAt: DateTime.add(at, { days: 7 }),
      mails: 1
    }),
    added("apiKey", {
      _tag: "Active",
      id: yield* id("apiKey"),
      organizationId,
      name: "Key",
      start: "pk_",
      digest: `key ${organizationId} ${n}`,
      role: "viewer",
      scopes: ["read"],
      accessScope: Access.everything,
      createdBy: actor,
      createdAt: at,
      expiresAt: DateTime.add(at, { days: 30 })
    }),
    added("advertiser", {
      _tag: "Listed",
      id: yield* id("advertiser"),
      organizationId,
      firstSeenAt: at,
      misses: 0,
      assignmentEpoch: 0,
      advertiser
    }),
    added("awaited", {
      _tag: "Waiting",
      id: yield* id("awaited"),
      organizationId,
      tenantId: organizationId,
      tenantName: "Acme",
      connectionId: yield* id("connection"),
      accountName: "US",
      marketplaceId,
      advertiser: "Acme",
      requestedBy: "Ada",
      since: at
    })
  ]
  return n > 0
    ? writes
    : [
        ...writes,
        added("organization", {
          _tag: "Open",
          id: organizationId,
          organizationId,
          name: "Acme",
          ownerId: personOf(organizationId, 0),
          foundedAt: at
        })
      ]
})
