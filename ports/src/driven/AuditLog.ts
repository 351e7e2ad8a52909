/**
 * What is on record beside the history: reads of tokens and security events; and the hash chain of each organization,
 * whose entries are its events, batches of token reads, and security events, in the order in which they were recorded.
 *
 * Nobody alters or removes a record. A record that the law wants erased leaves its entry, with a reason that is an
 * entry itself, so that a gap that was meant is told from one that was not.
 */
import type { Actor, Id } from "@portolan/domain"
import { Context, type DateTime, type Effect, type Stream } from "effect"
import type { InvalidCursor, Page, PageRequest } from "./Page.ts"
import type { StoreError } from "./StoreUnavailable.ts"
import type { Reference } from "./TokenVault.ts"

/** A read of a token. */
export interface TokenRead {
  /** Grows with every read of an organization; unique within it. */
  readonly id: number
  readonly at: DateTime.Utc
  readonly actor: Actor.Actor
  /** Why: see `TokenUse.Use`. */
  readonly operation: string
  /** Which secret: the id of a grant. */
  readonly reference: Reference
  readonly connectionId?: Id.ConnectionId
  readonly jobId?: Id.JobId
  /** Whether it is in a batch of the organization's chain yet. */
  readonly isSealed: boolean
}

/** What kinds of security events there are. */
export const securityKinds = [
  "oauth-state-refused",
  "callback-foreign-browser",
  "sign-in-limited",
  "api-key-used-after-revocation"
] as const

/** A kind of security event. */
export type SecurityKind = (typeof securityKinds)[number]

/** What happened, before it is recorded. */
export interface Incident {
  readonly kind: SecurityKind
  /** The id of an authorization, a key or a person, or a channel. The same within a minute is one event. */
  readonly subject: string
  /** What is known about it, as plain text by name. No secret, and nothing that a stranger typed. */
  readonly detail: { readonly [name: string]: string }
}

/** A security event. */
export interface SecurityEvent extends Incident {
  readonly id: number
  readonly at: DateTime.Utc
}

/** What is on a chain. */
export type Source = "event" | "token-reads" | "security" | "erasure"

/**
 * What is wrong with a record.
 *
 * - `altered`: it is not what its entry says.
 * - `removed`: it has an entry and is gone, and no erasure says why.
 * - `added`: it has no entry.
 * - `reordered`: it is the record of another entry.
 * - `chain-broken`: the entry does not follow from the one before.
 * - `head-differs`: the chain is shorter or longer than its head says, or ends otherwise.
 */
export type Fault = "altered" | "removed" | "added" | "reordered" | "chain-broken" | "head-differs"

/** A record that is not as it was recorded. */
export interface Finding {
  readonly organizationId: Id.OrganizationId
  readonly fault: Fault
  /** Where it is: a table of the store, and the row in it. */
  readonly table: string
  readonly row: string
  /** One sentence for an operator. */
  readonly detail: string
}

/** The end of a chain. Kept outside of the store, it shows later that nothing before it was replaced. */
export interface Head {
  readonly organizationId: Id.OrganizationId
  /** How many entries there are. */
  readonly sequence: number
  /** The last link, in hexadecimal. */
  readonly link: string
}

/** What the verification of one organization gave. */
export interface Verified {
  readonly head: Head
  readonly events: number
  readonly tokenReads: number
  /** Reads that are in no batch yet: nothing shows an alteration of them. */
  readonly unsealedReads: number
  readonly securityEvents: number
  /** Records that were erased by law. */
  readonly erased: number
  /** At most `findingLimit` of them. */
  readonly findings: ReadonlyArray<Finding>
}

/** Findings of one organization that a verification names. */
export const findingLimit = 1_000

/** A line of an export: an entry of the chain with its record, as JSON. */
export interface Entry {
  readonly sequence: number
  readonly source: Source
  readonly place: number
  readonly digest: string
  readonly link: string
  /** The record, or for reads of tokens each read; absent where it was erased. */
  readonly record?: unknown
}

/** Keeps and verifies what is on record. */
export class AuditLog extends Context.Service<
  AuditLog,
  {
    /** Reads of tokens, the latest first: of one secret, or without those that were for another connection. */
    readonly tokenReads: (
      organizationId: Id.OrganizationId,
      filter: { readonly reference?: Reference; readonly connectionId?: Id.ConnectionId },
      page: PageRequest
    ) => Effect.Effect<Page<TokenRead>, InvalidCursor | StoreError>

    /** Security events, the latest first. What belongs to no organization is the installation's. */
    readonly securityEvents: (
      organizationId: Id.OrganizationId,
      page: PageRequest
    ) => Effect.Effect<Page<SecurityEvent>, InvalidCursor | StoreError>

    /** Records a security event, unless the same happened in the same minute. */
    readonly record: (organizationId: Id.OrganizationId, incident: Incident) => Effect.Effect<void, StoreError>

    /**
     * Puts reads of tokens that are older than a minute on the chains of their organizations, in batches, some thousand
     * at a call. Says how many; 0 when nothing is left. Of two at once each read is sealed once.
     */
    readonly seal: Effect.Effect<number, StoreError>

    /** Every organization that has something on record. */
    readonly organizations: Effect.Effect<ReadonlyArray<Id.OrganizationId>, StoreError>

    /** Compares everything on record with the chain of an organization. Others go on reading and writing meanwhile. */
    readonly verify: (organizationId: Id.OrganizationId) => Effect.Effect<Verified, StoreError>

    /** The chain of an organization with its records after an entry (0 for the beginning), the oldest first. */
    readonly entries: (organizationId: Id.OrganizationId, after?: number) => Stream.Stream<Entry, StoreError>
  }
>()("@portolan/ports/driven/AuditLog") {}
