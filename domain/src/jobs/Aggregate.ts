/**
 * The machines as one table: what a store has to keep, how it is encoded, and how it is rebuilt. A store knows
 * this table and nothing of the machines behind it.
 */
import { Schema } from "effect"
import * as Account from "../accounts/Account.ts"
import { Actor } from "../kernel/Actor.ts"
import * as Advertiser from "../advertisers/Advertiser.ts"
import * as ApiKey from "../organizations/ApiKey.ts"
import * as Authorization from "../authorizations/Authorization.ts"
import * as Awaited from "../advertisers/Awaited.ts"
import * as Backfill from "../connections/Backfill.ts"
import type { Catalogue } from "../providers/Catalogue.ts"
import * as Company from "../accounts/Company.ts"
import * as Connection from "../connections/Connection.ts"
import * as Consolidation from "../mainAccount/Consolidation.ts"
import * as Diagnosis from "../diagnosis/Diagnosis.ts"
import * as Grant from "../authorizations/Grant.ts"
import { EventId, OrganizationId } from "../kernel/Id.ts"
import * as Invitation from "../authorizations/Invitation.ts"
import type { Decision } from "../kernel/Machine.ts"
import * as Member from "../organizations/Member.ts"
import * as Organization from "../organizations/Organization.ts"

/** State, event and command types by kind of aggregate. */
export interface Types {
  readonly organization: {
    readonly state: Organization.State
    readonly event: Organization.Event
    readonly command: Organization.Command
  }
  readonly member: { readonly state: Member.State; readonly event: Member.Event; readonly command: Member.Command }
  readonly apiKey: { readonly state: ApiKey.State; readonly event: ApiKey.Event; readonly command: ApiKey.Command }
  readonly advertiser: {
    readonly state: Advertiser.State
    readonly event: Advertiser.Event
    readonly command: Advertiser.Command
  }
  readonly awaited: { readonly state: Awaited.State; readonly event: Awaited.Event; readonly command: Awaited.Command }
  readonly company: { readonly state: Company.State; readonly event: Company.Event; readonly command: Company.Command }
  readonly account: { readonly state: Account.State; readonly event: Account.Event; readonly command: Account.Command }
  readonly connection: {
    readonly state: Connection.State
    readonly event: Connection.Event
    readonly command: Connection.Command
  }
  readonly authorization: {
    readonly state: Authorization.State
    readonly event: Authorization.Event
    readonly command: Authorization.Command
  }
  readonly invitation: {
    readonly state: Invitation.State
    readonly event: Invitation.Event
    readonly command: Invitation.Command
  }
  readonly grant: { readonly state: Grant.State; readonly event: Grant.Event; readonly command: Grant.Command }
  readonly backfill: {
    readonly state: Backfill.State
    readonly event: Backfill.Event
    readonly command: Backfill.Command
  }
  readonly consolidation: {
    readonly state: Consolidation.State
    readonly event: Consolidation.Event
    readonly command: Consolidation.Command
  }
  readonly diagnosis: {
    readonly state: Diagnosis.State
    readonly event: Diagnosis.Event
    readonly command: Diagnosis.Command
  }
}

/** The kinds of aggregate. */
export const Kind = Schema.Literals([
  "organization",
  "member",
  "apiKey",
  "company",
  "account",
  "connection",
  "authorization",
  "invitation",
  "grant",
  "backfill",
  "advertiser",
  "awaited",
  "consolidation",
  "diagnosis"
])
/** The kinds of aggregate. */
export type Kind = keyof Types

/** A state that exists, by kind. */
export type Present<K extends Kind> = Exclude<Types[K]["state"], { readonly _tag: "Absent" }>

/** One machine: where it starts, what it decides, how it moves. */
export interface Machine<K extends Kind> {
  readonly initial: Types[K]["state"]
  readonly decide: (
    state: Types[K]["state"],
    command: Types[K]["command"],
    catalogue?: Catalogue
  ) => Decision<Types[K]["event"]>
  readonly evolve: (state: Types[K]["state"], event: Types[K]["event"]) => Types[K]["state"]
}

/** The machine of a kind. */
export const machine = <K extends Kind>(kind: K): Machine<K> => deciders[kind]

/** Schemas by kind. States and events are encoded with `Schema.toCodecJson`. */
export const machines = {
  organization: Organization,
  member: Member,
  apiKey: ApiKey,
  advertiser: Advertiser,
  awaited: Awaited,
  company: Company,
  account: Account,
  connection: Connection,
  authorization: Authorization,
  invitation: Invitation,
  grant: Grant,
  backfill: Backfill,
  consolidation: Consolidation,
  diagnosis: Diagnosis
} as const

const deciders: { readonly [K in Kind]: Machine<K> } = machines

/** Every event of every machine; the tags are all different. */
export const DomainEvent = Schema.Union([
  Organization.Event,
  Member.Event,
  ApiKey.Event,
  Advertiser.Event,
  Awaited.Event,
  Company.Event,
  Account.Event,
  Connection.Event,
  Authorization.Event,
  Invitation.Event,
  Grant.Event,
  Backfill.Event,
  Consolidation.Event,
  Diagnosis.Event
])
/** Every event of every machine; the tags are all different. */
export type DomainEvent = typeof DomainEvent.Type

/** An event as it was recorded: who, when, what it belongs to, and which version of the aggregate it led to. */
export const Recorded = Schema.Struct({
  id: EventId,
  organizationId: OrganizationId,
  /** Place in the organization's history: 1, 2, 3 ... without gaps, in the order of commit. */
  position: Schema.Int,
  aggregate: Schema.Struct({ kind: Kind, id: Schema.String }),
  version: Schema.Int,
  at: Schema.DateTimeUtc,
  actor: Actor,
  event: DomainEvent
})
/** An event as it was recorded. */
export type Recorded = typeof Recorded.Type
