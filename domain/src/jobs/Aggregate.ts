/**
 * The machines as one table: what a store keeps, how it is encoded, and how it is rebuilt. A store needs this table and
 * none of the machines behind it.
 */
import * as Schema from "effect/Schema"
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
import * as Incident from "../incidents/Incident.ts"
import * as Invitation from "../authorizations/Invitation.ts"
import type { Decision } from "../kernel/Machine.ts"
import * as Member from "../organizations/Member.ts"
import * as Organization from "../organizations/Organization.ts"
import * as Window from "../connections/Window.ts"

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
  window: Window,
  consolidation: Consolidation,
  diagnosis: Diagnosis,
  incident: Incident
} as const

type Machines = typeof machines

/** The kinds of aggregate. */
export const Kind = Schema.Literals(Object.keys(machines) as ReadonlyArray<keyof Machines>)
/** The name of a kind of aggregate. */
export type Kind = keyof Machines

type CommandOf<M> = M extends { readonly decide: (state: never, command: infer Command, facts?: never) => unknown }
  ? Command
  : never

/** State, event and command types by kind of aggregate. */
export type Types = {
  readonly [K in Kind]: {
    readonly state: Machines[K]["State"]["Type"]
    readonly event: Machines[K]["Event"]["Type"]
    readonly command: CommandOf<Machines[K]>
  }
}

/** A state that exists, by kind. */
export type Present<K extends Kind> = Exclude<Types[K]["state"], { readonly _tag: "Absent" }>

/** One machine: where it starts, what it decides, how it moves. */
export interface Machine<K extends Kind> {
  readonly initial: Types[K]["state"]
  /** The events a command leads to in a state, or a refusal. Facts are what the state does not hold. */
  readonly decide: (
    state: Types[K]["state"],
    command: Types[K]["command"],
    catalogue?: Catalogue
  ) => Decision<Types[K]["event"]>
  /** The state after an event. Total: an event that does not fit leaves the state as it is. */
  readonly evolve: (state: Types[K]["state"], event: Types[K]["event"]) => Types[K]["state"]
}

/** The machine of a kind. */
export const machine = <K extends Kind>(kind: K): Machine<K> => deciders[kind]

const deciders: { readonly [K in Kind]: Machine<K> } = machines

/** Every event of every machine; the tags are all different. */
export const DomainEvent = Schema.Union(Object.values(machines).map(({ Event }) => Event))
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
export type Recorded = typeof Recorded.Type
