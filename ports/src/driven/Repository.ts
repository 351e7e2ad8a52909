/**
 * Reads. Every method takes the organization and gives nothing of any other (law REPO-19): an id of another
 * organization is not found, in the same words as one that never existed. The exceptions say so: lookups by a digest
 * that only its owner can know, the memberships of one person, and what operators list.
 *
 * A record is kept with the schema version that it was written in, and read by the domain's reader
 * (`Stored.readState`), so a store reads what every earlier release wrote (law REPO-26). A record that cannot be read
 * is `Unreadable`: a lookup fails with it, a list names it beside the others (`Page.unreadable`).
 *
 * A filter narrows by the keys it has. `accountIds` are the accounts of a caller with limited access (rule K-R17).
 */
import {
  type Access,
  type Account,
  type Advertiser,
  type Aggregate,
  type ApiKey,
  type Authorization,
  type Awaited,
  type Channel,
  type Company,
  type Connection,
  type Grant,
  type Id,
  type Incident,
  type Invitation,
  type Member,
  Messages,
  type Organization,
  type Profile,
  type Region
} from "@portolan/domain"
import { Context, type Effect, Schema } from "effect"
import type { ConnectionFilter } from "./ConnectionFilter.ts"
import type { LoadReads, Versioned } from "./LoadReads.ts"
import type { InvalidCursor, Page, PageRequest } from "./Page.ts"
import type { StoreError } from "./StoreUnavailable.ts"

export * from "./Page.ts"
export type { ConnectionFilter } from "./ConnectionFilter.ts"
export type { LoadReads, Versioned } from "./LoadReads.ts"

/** There is nothing with this id in this organization. */
export class NotFound extends Schema.TaggedError<NotFound>()("NotFound", { kind: Schema.String, id: Schema.String }) {
  override get message(): string {
    return Messages.text("store.not-found", { kind: this.kind, id: this.id })
  }
}

/** Who holds a profile, within the asking organization. */
export interface Holder {
  readonly key: Profile.Key
  readonly accountId: Id.AccountId
  readonly connectionId: Id.ConnectionId
}

/** The most accounts of a limited access, and the most ids a filter takes. */
export const accessScopeLimit = 1000

/** The most incidents that are listed; there is one for each kind, channel and region. */
export const incidentLimit = 500

/** Reads aggregates and lists. */
export class Repository extends Context.Service<
  Repository,
  LoadReads & {
    /** Reads one aggregate. */
    readonly find: <K extends Aggregate.Kind>(
      kind: K,
      organizationId: Id.OrganizationId,
      id: string
    ) => Effect.Effect<Versioned<Aggregate.Present<K>>, NotFound | StoreError>

    /**
     * Lists companies by name (folded, then id), those whose name or brand contains `search` when it is given: those in
     * use, unless other states are asked for.
     */
    readonly companies: (
      organizationId: Id.OrganizationId,
      filter: {
        readonly search?: string
        readonly companyIds?: ReadonlyArray<Id.CompanyId>
        readonly states?: ReadonlyArray<Company.Present["_tag"]>
      },
      page: PageRequest
    ) => Effect.Effect<Page<Company.Present>, InvalidCursor | StoreError>

    /** Lists accounts, oldest first: those in use, unless other states are asked for. */
    readonly accounts: (
      organizationId: Id.OrganizationId,
      filter: {
        readonly companyId?: Id.CompanyId
        readonly accountIds?: ReadonlyArray<Id.AccountId>
        readonly states?: ReadonlyArray<Account.Present["_tag"]>
      },
      page: PageRequest
    ) => Effect.Effect<Page<Account.Present>, InvalidCursor | StoreError>

    /** The accounts of a limited access, removed ones too, with their companies. At most `accessScopeLimit`. */
    readonly accessibleAccounts: (
      organizationId: Id.OrganizationId,
      accessScope: Access.Limited
    ) => Effect.Effect<ReadonlyArray<Access.Reached>, StoreError>

    /** Lists connections, oldest first: none whose marketplace was taken out, unless their state is asked for. */
    readonly connections: (
      organizationId: Id.OrganizationId,
      filter: ConnectionFilter,
      page: PageRequest
    ) => Effect.Effect<Page<Connection.Present>, InvalidCursor | StoreError>

    /** Lists authorizations to the provider, the youngest first. */
    readonly authorizations: (
      organizationId: Id.OrganizationId,
      filter: {
        readonly states?: ReadonlyArray<Authorization.Present["_tag"]>
        readonly connectionId?: Id.ConnectionId
        readonly accountIds?: ReadonlyArray<Id.AccountId>
      },
      page: PageRequest
    ) => Effect.Effect<Page<Authorization.Present>, InvalidCursor | StoreError>

    /**
     * Lists links and requests, the youngest first. `requests` true or false: only those that are requests, or are not.
     */
    readonly invitations: (
      organizationId: Id.OrganizationId,
      filter: {
        readonly connectionId?: Id.ConnectionId
        readonly accountIds?: ReadonlyArray<Id.AccountId>
        readonly states?: ReadonlyArray<Invitation.Present["_tag"]>
        readonly requests?: boolean
      },
      page: PageRequest
    ) => Effect.Effect<Page<Invitation.Present>, InvalidCursor | StoreError>

    /** Lists grants, the youngest first. `responsiblePersonId`: those of one responsible member. */
    readonly grants: (
      organizationId: Id.OrganizationId,
      filter: {
        readonly channel?: Grant.Active["channel"]
        readonly region?: Region.Region
        readonly states?: ReadonlyArray<Exclude<Grant.State["_tag"], "Absent">>
        readonly responsiblePersonId?: Id.PersonId
      },
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Present<"grant">>, InvalidCursor | StoreError>

    /** Lists members and invitations to join, by address. */
    readonly members: (
      organizationId: Id.OrganizationId,
      filter: { readonly states?: ReadonlyArray<Member.Present["_tag"]> },
      page: PageRequest
    ) => Effect.Effect<Page<Member.Present>, InvalidCursor | StoreError>

    /** What one person is a member of, in every organization, oldest first. At most 100. */
    readonly memberships: (personId: Id.PersonId) => Effect.Effect<ReadonlyArray<Member.Active>, StoreError>

    /**
     * Finds an invitation to join by the digest of its token, in whatever organization. Unknown digests are all
     * answered alike.
     */
    readonly memberByToken: (tokenDigest: string) => Effect.Effect<Versioned<Member.Present>, NotFound | StoreError>

    /** Lists keys, the youngest first. */
    readonly apiKeys: (
      organizationId: Id.OrganizationId,
      page: PageRequest
    ) => Effect.Effect<Page<ApiKey.Present>, InvalidCursor | StoreError>

    /** Finds a key by its digest, in whatever organization. Unknown digests are all answered alike. */
    readonly apiKeyByDigest: (digest: string) => Effect.Effect<Versioned<ApiKey.Present>, NotFound | StoreError>

    /** Every organization whose name contains `search`, by name (folded, then id). For operators only. */
    readonly organizations: (
      search: string | undefined,
      page: PageRequest
    ) => Effect.Effect<Page<Organization.Present>, InvalidCursor | StoreError>

    /**
     * Lists the installation's directory of advertisers by name (folded, then id); `assigned` narrows to those that
     * are, or are not.
     */
    readonly advertisers: (
      filter: {
        readonly assigned?: boolean
        readonly region?: Region.Region
        readonly states?: ReadonlyArray<Advertiser.Present["_tag"]>
      },
      page: PageRequest
    ) => Effect.Effect<Page<Advertiser.Present>, InvalidCursor | StoreError>

    /** Lists the advertisers that customers expect, in the whole installation, oldest first. */
    readonly awaited: (
      filter: { readonly states?: ReadonlyArray<Awaited.Present["_tag"]> },
      page: PageRequest
    ) => Effect.Effect<Page<Awaited.Present>, InvalidCursor | StoreError>

    /** Trouble that many share, open or over, by id. At most `incidentLimit`. */
    readonly incidents: () => Effect.Effect<ReadonlyArray<Incident.Present>, StoreError>

    /** Accounts and organizations that are linked through a channel, in one region or in all. For operators only. */
    readonly linked: (
      channel: Channel.Channel,
      region?: Region.Region
    ) => Effect.Effect<{ readonly accounts: number; readonly organizations: number }, StoreError>

    /** The connections that live on a grant; one grant may serve several (rule C1). At most 100. */
    readonly connectionsOfGrant: (
      organizationId: Id.OrganizationId,
      grantId: Id.GrantId
    ) => Effect.Effect<ReadonlyArray<Versioned<Connection.Linked>>, StoreError>

    /** The first load of a connection; of several, the one that began last (ids sort by time). */
    readonly backfillOf: (
      organizationId: Id.OrganizationId,
      connectionId: Id.ConnectionId
    ) => Effect.Effect<Versioned<Aggregate.Present<"backfill">>, NotFound | StoreError>

    /** Which of these profiles are held by connections of this organization. Those of others are not in the answer. */
    readonly holders: (
      organizationId: Id.OrganizationId,
      keys: ReadonlyArray<Profile.Key>
    ) => Effect.Effect<ReadonlyArray<Holder>, StoreError>

    /**
     * Finds an authorization by the digest of its `state`, in whatever organization. Unknown digests are all answered
     * alike.
     */
    readonly authorizationByState: (
      stateDigest: string
    ) => Effect.Effect<Versioned<Authorization.Present>, NotFound | StoreError>

    /** Finds a link by the digest of its token, in whatever organization. Unknown digests are all answered alike. */
    readonly invitationByToken: (
      tokenDigest: string
    ) => Effect.Effect<Versioned<Invitation.Present>, NotFound | StoreError>
  }
>()("@portolan/ports/driven/Repository") {}
