/** States, events and work as JSON, by the domain's own schemas. Compiled once. */
import { Actor, Aggregate, Connection, Intent, Text } from "@portolan/domain"
import { DateTime, Exit, Schema } from "effect"

/** A row that does not fit its schema: a defect, named by kind and id, free of what the row holds. */
export class Undecodable extends Error {
  constructor(kind: string, id: string) {
    super(`the stored ${kind} ${id} cannot be read by this version`)
    this.name = "Undecodable"
  }
}

const machine = <S extends Schema.Codec<unknown, unknown>>(state: S) => {
  const codec = Schema.toCodecJson(state)
  return { decode: Schema.decodeUnknownExit(codec), encode: Schema.encodeSync(codec) }
}

const states = {
  company: machine(Aggregate.machines.company.State),
  account: machine(Aggregate.machines.account.State),
  connection: machine(Aggregate.machines.connection.State),
  authorization: machine(Aggregate.machines.authorization.State),
  invitation: machine(Aggregate.machines.invitation.State),
  grant: machine(Aggregate.machines.grant.State),
  backfill: machine(Aggregate.machines.backfill.State)
}

/** A state as it is stored. */
export type AnyState = Aggregate.Types[Aggregate.Kind]["state"]

/** Reads a stored state. Throws `Undecodable`, which callers let die. */
export const readState = <K extends Aggregate.Kind>(kind: K, id: string, stored: unknown): Aggregate.Present<K> => {
  const exit: Exit.Exit<AnyState, unknown> = states[kind].decode(stored)
  if (Exit.isFailure(exit) || exit.value._tag === "Absent") throw new Undecodable(kind, id)
  // The table's schema is that of the kind.
  return exit.value as Aggregate.Present<K>
}

const encodeBy: { readonly [K in Aggregate.Kind]: (state: Aggregate.Present<K>) => unknown } = {
  company: states.company.encode, account: states.account.encode, connection: states.connection.encode,
  authorization: states.authorization.encode, invitation: states.invitation.encode, grant: states.grant.encode,
  backfill: states.backfill.encode
}

/** Writes a state as JSON text. */
export const writeState = <K extends Aggregate.Kind>(kind: K, state: Aggregate.Present<K>): string =>
  JSON.stringify(encodeBy[kind](state))

/** A column's value. */
export type Value = string | number | null

type Columns = { readonly [column: string]: Value }

const millis = DateTime.toEpochMillis

/** The columns beside the state that lists and lookups of a kind need. */
export const columnsOf: {
  readonly [K in Aggregate.Kind]: (state: Aggregate.Present<K>) => Columns & { readonly at: number }
} = {
  company: (state) => ({
    at: millis(state.createdAt), sort_name: Text.folded(state.name),
    // One line a name: a search never runs across two of them, because folded text has no line breaks.
    search: [state.name, ...state.brands.map((brand) => brand.name)].map(Text.folded).join("\n")
  }),
  account: (state) => ({ at: millis(state.createdAt), company_id: state.companyId }),
  connection: (state) => ({
    at: millis(state.proposedAt), company_id: state.companyId, account_id: state.accountId, channel: state.channel,
    grant_id: Connection.isLinked(state) ? state.link.grantId : null
  }),
  authorization: (state) => ({
    at: millis(state.startedAt), connection_id: state.connectionId, state_digest: state.stateDigest
  }),
  invitation: (state) => ({
    at: millis(state.issuedAt), connection_id: state.connectionId, token_digest: state.tokenDigest
  }),
  grant: (state) => ({ at: millis(state.consentedAt) }),
  backfill: (state) => ({ at: millis(state.finalisedAt), connection_id: state.connectionId })
}

const eventCodec = Schema.toCodecJson(Aggregate.DomainEvent)
const actorCodec = Schema.toCodecJson(Actor.Actor)
const workCodec = Schema.toCodecJson(Intent.Work)
const recordedCodec = Schema.toCodecJson(Aggregate.Recorded)

const text = <A>(encode: (value: A) => unknown) => (value: A): string => JSON.stringify(encode(value))

/** Writes an event as JSON text. */
export const writeEvent = text(Schema.encodeSync(eventCodec))
/** Writes an actor as JSON text. */
export const writeActor = text(Schema.encodeSync(actorCodec))
/** Writes work as JSON text. */
export const writeWork = text(Schema.encodeSync(workCodec))
/** Reads stored work; a failure tells that this version does not know it. */
export const readWork = Schema.decodeUnknownExit(workCodec)

const decodeRecorded = Schema.decodeUnknownExit(recordedCodec)

/** A row of the history. */
export interface EventRow {
  readonly organization_id: string
  readonly position: number
  readonly id: string
  readonly kind: string
  readonly aggregate_id: string
  readonly version: number
  readonly at: number
  readonly actor: unknown
  readonly event: unknown
}

/** Reads a row of the history. Throws `Undecodable`. */
export const readRecorded = (row: EventRow): Aggregate.Recorded => {
  const exit = decodeRecorded({
    id: row.id, organizationId: row.organization_id, position: Number(row.position), version: row.version,
    aggregate: { kind: row.kind, id: row.aggregate_id },
    at: new Date(Number(row.at)).toISOString(), actor: row.actor, event: row.event
  })
  if (Exit.isFailure(exit)) throw new Undecodable("event", row.id)
  return exit.value
}
