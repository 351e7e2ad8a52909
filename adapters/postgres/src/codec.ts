/** States, events and tasks as JSON, by the domain's own schemas. Compiled once. */
import { Actor, Aggregate, Connection, type Incident, Job, type Member, Text } from "@portolan/domain"
import { DateTime, Exit, Schema } from "effect"

/** A row that does not fit its schema: a defect, named by kind and id, free of what the row holds. */
export class Undecodable extends Error {
  constructor(kind: string, id: string) {
    super(`the stored ${kind} ${id} cannot be read by this version`)
    this.name = "Undecodable"
  }
}

/** A state as it is stored. */
export type AnyState = Aggregate.Types[Aggregate.Kind]["state"]

interface StateCodec {
  readonly decode: (stored: unknown) => Exit.Exit<AnyState, unknown>
  readonly encode: (state: AnyState) => unknown
}

const codecOf = (kind: Aggregate.Kind): StateCodec => {
  // A table over all kinds has one type for them; each codec is that of its kind.
  const state = Schema.toCodecJson(Aggregate.machines[kind].State)
  return { decode: Schema.decodeUnknownExit(state), encode: Schema.encodeSync(state) }
}

const codecs = Object.fromEntries(
  (Object.keys(Aggregate.machines) as ReadonlyArray<Aggregate.Kind>).map((kind) => [kind, codecOf(kind)])
) as { readonly [K in Aggregate.Kind]: StateCodec }

/** Reads a stored state. Throws `Undecodable`, which callers let die. */
export const readState = <K extends Aggregate.Kind>(kind: K, id: string, stored: unknown): Aggregate.Present<K> => {
  const exit = codecs[kind].decode(stored)
  if (Exit.isFailure(exit) || exit.value._tag === "Absent") throw new Undecodable(kind, id)
  // The table's schema is that of the kind.
  return exit.value as Aggregate.Present<K>
}

/** Writes a state as JSON text. */
export const writeState = <K extends Aggregate.Kind>(kind: K, state: Aggregate.Present<K>): string =>
  JSON.stringify(codecs[kind].encode(state))

/** A column's value. */
export type Value = string | number | boolean | null

type Columns = { readonly [column: string]: Value }

const millis = DateTime.toEpochMillis

/** Whether a text column can hold it. What it cannot hold is in no column, and is not asked for. */
export const isStorable = (text: string) => !text.includes("\0") && text.isWellFormed()

/** A provider's text to sort by: what a column cannot hold is replaced, and an index row has room for it. */
const sortable = (text: string) =>
  Text.folded(text.slice(0, 300)).replaceAll("\0", "\u0001").slice(0, 600).toWellFormed()

/** When a membership got its present state. */
const memberAt = (state: Member.Present) => {
  switch (state._tag) {
    case "Invited":
      return state.invitedAt
    case "Active":
      return state.joinedAt
    case "Gone":
      return state.at
  }
}

const expiry = (state: Connection.Present) => (Connection.isLinked(state) ? state.link.expiresAt : undefined)

/** When the latest incident of a scope began; zero when there was none. */
const incidentAt = (state: Incident.Present): number => {
  const { openedAt } = state._tag === "Open" ? state : (state.last ?? { openedAt: undefined })
  return openedAt === undefined ? 0 : millis(openedAt)
}

const orNull = (instant: DateTime.Utc | undefined) => (instant === undefined ? null : millis(instant))

/** The columns beside the state that lists and lookups of a kind need. */
export const columnsOf: {
  readonly [K in Aggregate.Kind]: (state: Aggregate.Present<K>) => Columns & { readonly at: number }
} = {
  organization: (state) => ({ at: millis(state.foundedAt), sort_name: Text.folded(state.name) }),
  member: (state) => ({
    at: millis(memberAt(state)),
    sort_address: Text.folded(state.email),
    person_id: state._tag === "Active" ? state.personId : null,
    token_digest: state._tag === "Invited" ? state.tokenDigest : null
  }),
  apiKey: (state) => ({ at: millis(state.createdAt), digest: state.digest }),
  advertiser: (state) => ({
    at: millis(state.firstSeenAt),
    sort_name: sortable(state.advertiser.name),
    region: state.advertiser.key.region,
    assigned: state.assignment !== undefined
  }),
  awaited: (state) => ({ at: millis(state.since) }),
  company: (state) => ({
    at: millis(state.createdAt),
    sort_name: Text.folded(state.name),
    // One line a name: a search never runs across two of them, because folded text has no line breaks.
    search: [state.name, ...state.brands.map((brand) => brand.name)].map(Text.folded).join("\n")
  }),
  account: (state) => ({
    at: millis(state.createdAt),
    company_id: state.companyId,
    brand_ids: state.brandIds.join(",")
  }),
  connection: (state) => ({
    at: millis(state.proposedAt),
    company_id: state.companyId,
    account_id: state.accountId,
    channel: state.channel,
    marketplace_id: state.marketplaceId,
    grant_id: Connection.isLinked(state) ? state.link.grantId : null,
    expires_at: orNull(expiry(state))
  }),
  authorization: (state) => ({
    at: millis(state.startedAt),
    connection_id: state.connectionId,
    account_id: state.accountId,
    state_digest: state.stateDigest
  }),
  invitation: (state) => ({
    at: millis(state.issuedAt),
    connection_id: state.connectionId,
    account_id: state.accountId,
    token_digest: state.tokenDigest,
    is_request: state.request !== undefined
  }),
  grant: (state) => ({
    at: millis(state.consentedAt),
    channel: state.channel,
    region: state.region,
    responsible_member_id: state.responsibleMember?.personId ?? null
  }),
  backfill: (state) => ({ at: millis(state.finalisedAt), connection_id: state.connectionId }),
  consolidation: (state) => ({ at: millis(state.openedAt) }),
  diagnosis: (state) => ({ at: millis(state.openedAt) }),
  incident: (state) => ({ at: incidentAt(state) })
}

const eventCodec = Schema.toCodecJson(Aggregate.DomainEvent)
const actorCodec = Schema.toCodecJson(Actor.Actor)
const taskCodec = Schema.toCodecJson(Job.Task)
const recordedCodec = Schema.toCodecJson(Aggregate.Recorded)

const text =
  <A>(encode: (value: A) => unknown) =>
  (value: A): string =>
    JSON.stringify(encode(value))

/** Writes an event as JSON text. */
export const writeEvent = text(Schema.encodeSync(eventCodec))
/** Writes an actor as JSON text. */
export const writeActor = text(Schema.encodeSync(actorCodec))
/** Writes a task as JSON text. */
export const writeTask = text(Schema.encodeSync(taskCodec))
/** Reads a stored task; a failure means that this version does not know it. */
export const readTask = Schema.decodeUnknownExit(taskCodec)

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
    id: row.id,
    organizationId: row.organization_id,
    position: Number(row.position),
    version: row.version,
    aggregate: { kind: row.kind, id: row.aggregate_id },
    at: new Date(Number(row.at)).toISOString(),
    actor: row.actor,
    event: row.event
  })
  if (Exit.isFailure(exit)) throw new Undecodable("event", row.id)
  return exit.value
}
