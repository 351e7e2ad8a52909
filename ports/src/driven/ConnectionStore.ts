/**
 * Reads. Every method but the two lookups by digest takes the organization, and shows nothing of any other (law
 * REPO-19): an id of another organization is not found, in the same words as one that never existed.
 */
import type { Account, Aggregate, Authorization, Company, Connection, Id, Invitation, Profile } from "@portolan/domain"
import { Context, type Effect, Schema } from "effect"
import type { StoreUnavailable } from "./StoreUnavailable.ts"

/** A state with the version it was read at. */
export interface Versioned<State> {
  readonly state: State
  readonly version: number
}

/** One page of a list. `next` continues it and is absent on the last page, even when that is exactly full. */
export interface Page<A> {
  readonly items: ReadonlyArray<A>
  readonly next?: string
}

/** Where to go on and how much to give. `limit` is 1 to 100. */
export interface PageRequest {
  readonly cursor?: string
  readonly limit: number
}

/** The largest page. */
export const pageLimit = 100

/** There is nothing with this id in this organization. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", { kind: Schema.String, id: Schema.String }) {
  override get message(): string {
    return `There is no ${this.kind} ${this.id}.`
  }
}

/** The cursor was altered, or belongs to another list or organization (law REPO-17). */
export class InvalidCursor extends Schema.TaggedError<InvalidCursor>()("InvalidCursor", {}) {
  override get message(): string {
    return "This cursor does not belong to this list. Start again without a cursor."
  }
}

/** Who holds a profile, within the asking organization. */
export interface Holder {
  readonly key: Profile.Key
  readonly accountId: Id.AccountId
  readonly connectionId: Id.ConnectionId
}

/** Narrows the list of connections. Keys that are left out do not narrow. */
export interface ConnectionFilter {
  readonly companyId?: Id.CompanyId
  readonly accountId?: Id.AccountId
  readonly channel?: Connection.Present["channel"]
  /** State tags, e.g. `["Connected", "Limited"]`. */
  readonly states?: ReadonlyArray<Connection.Present["_tag"]>
}

/** Reads aggregates and lists. */
export class ConnectionStore extends Context.Service<ConnectionStore, {
  /** Reads one aggregate. */
  readonly find: <K extends Aggregate.Kind>(
    kind: K, organizationId: Id.OrganizationId, id: string
  ) => Effect.Effect<Versioned<Aggregate.Present<K>>, NotFound | StoreUnavailable>

  /** Lists companies by name (folded, then id), those whose name or brand contains `search` when it is given. */
  readonly companies: (
    organizationId: Id.OrganizationId, search: string | undefined, page: PageRequest
  ) => Effect.Effect<Page<Company.Open>, InvalidCursor | StoreUnavailable>

  /** Lists the accounts of a company, or of all companies, oldest first. */
  readonly accounts: (
    organizationId: Id.OrganizationId, companyId: Id.CompanyId | undefined, page: PageRequest
  ) => Effect.Effect<Page<Account.Present>, InvalidCursor | StoreUnavailable>

  /** Lists connections, oldest first. */
  readonly connections: (
    organizationId: Id.OrganizationId, filter: ConnectionFilter, page: PageRequest
  ) => Effect.Effect<Page<Connection.Present>, InvalidCursor | StoreUnavailable>

  /** Lists trips to the provider, the youngest first; `states` and `connectionId` narrow. */
  readonly authorizations: (
    organizationId: Id.OrganizationId,
    filter: { readonly states?: ReadonlyArray<Authorization.Present["_tag"]>; readonly connectionId?: Id.ConnectionId },
    page: PageRequest
  ) => Effect.Effect<Page<Authorization.Present>, InvalidCursor | StoreUnavailable>

  /** Lists links, the youngest first; `connectionId` narrows. */
  readonly invitations: (
    organizationId: Id.OrganizationId, filter: { readonly connectionId?: Id.ConnectionId }, page: PageRequest
  ) => Effect.Effect<Page<Exclude<Invitation.State, { readonly _tag: "Absent" }>>, InvalidCursor | StoreUnavailable>

  /** The connections that live on a grant; one grant may serve several (rule C1). At most 100. */
  readonly connectionsOfGrant: (
    organizationId: Id.OrganizationId, grantId: Id.GrantId
  ) => Effect.Effect<ReadonlyArray<Versioned<Connection.Linked>>, StoreUnavailable>

  /** The first load of a connection. */
  readonly backfillOf: (
    organizationId: Id.OrganizationId, connectionId: Id.ConnectionId
  ) => Effect.Effect<Versioned<Aggregate.Present<"backfill">>, NotFound | StoreUnavailable>

  /** Which of these profiles are held by connections of this organization. Those of others are not in the answer. */
  readonly holders: (
    organizationId: Id.OrganizationId, keys: ReadonlyArray<Profile.Key>
  ) => Effect.Effect<ReadonlyArray<Holder>, StoreUnavailable>

  /** Finds a trip by the digest of its `state`, in whatever organization. Unknown digests are all answered alike. */
  readonly authorizationByState: (
    stateDigest: string
  ) => Effect.Effect<Versioned<Authorization.Present>, NotFound | StoreUnavailable>

  /** Finds a link by the digest of its token, in whatever organization. Unknown digests are all answered alike. */
  readonly invitationByToken: (
    tokenDigest: string
  ) => Effect.Effect<Versioned<Exclude<Invitation.State, { readonly _tag: "Absent" }>>, NotFound | StoreUnavailable>
}>()("@portolan/ports/driven/ConnectionStore") {}
