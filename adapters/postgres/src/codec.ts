/** States, events and tasks as JSON, beside the schema version that they were written in. */
import { Actor, type Aggregate, Connection, type Incident, type Job, type Member, Stored, Text } from "@portolan/domain"
import { DateTime, type Result, Schema } from "effect"

/** A kept mail that does not fit its schema: a defect, named by its id, free of what the row holds. */
export class Undecodable extends Error {
  constructor(kind: string, id: string) {
    super(`the stored ${kind} ${id} cannot be read by this version`)
    this.name = "Undecodable"
  }
}

/** What is written into two columns: the JSON, and the version of its schema. */
export interface Encoded {
  readonly schemaVersion: number
  readonly json: string
}

const encoded = ({ payload, schemaVersion }: Stored.Written): Encoded => ({
  schemaVersion,
  json: JSON.stringify(payload)
})

/** The columns of a stored state. Without a version it was written before migration 0006. */
export interface StateRow {
  readonly id: string
  readonly schema_version: number | null
  readonly state: unknown
}

/** Reads a stored state, of whatever version. */
export const readState = <K extends Aggregate.Kind>(
  kind: K,
  { id, schema_version: schemaVersion, state: payload }: StateRow
): Result.Result<Aggregate.Present<K>, Stored.Unreadable> => Stored.readState(kind, { id, schemaVersion, payload })

/** Writes a state as JSON text. */
export const writeState = <K extends Aggregate.Kind>(kind: K, state: Aggregate.Present<K>): Encoded =>
  encoded(Stored.writeState(kind, state))

/** A column's value. */
export type Value = string | number | boolean | null

type Columns = { readonly [column: string]: Value }

const millis = DateTime.toEpochMillis

/** Whether a text column can hold it. What it cannot hold is in no column, and is not asked for. */
export const isStorable = (text: string) => !text.includes("\0") && text.isWellFormed()

/** A replacer that makes every text of a JSON well-formed, because the server refuses to parse any other. */
export const wellFormed = (_key: string, value: unknown): unknown =>
  typeof value === "string" ? value.toWellFormed() : value

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
  window: (state) => ({
    at: millis(state.startedAt),
    connection_id: state.connectionId,
    backfill_id: state.backfillId,
    data_class: state.dataClass,
    from_day: state.from,
    until_day: state.until,
    // As JSON, because a text column cannot hold every text.
    reason: state._tag === "Blocked" ? JSON.stringify(state.reason) : null,
    round: state.round ?? null
  }),
  consolidation: (state) => ({ at: millis(state.openedAt) }),
  diagnosis: (state) => ({ at: millis(state.openedAt) }),
  incident: (state) => ({ at: incidentAt(state) })
}

const encodeActor = Schema.encodeSync(Schema.toCodecJson(Actor.Actor))

/** Writes an event as JSON text. */
export const writeEvent = <K extends Aggregate.Kind>(kind: K, event: Aggregate.Types[K]["event"]): Encoded =>
  encoded(Stored.writeEvent(kind, event))
/** Writes an actor as JSON text. */
export const writeActor = (actor: Actor.Actor): string => JSON.stringify(encodeActor(actor))
/** Writes a task as JSON text. */
export const writeTask = (task: Job.Task): Encoded => encoded(Stored.writeTask(task))

/** The columns of a stored task. */
export interface TaskRow {
  readonly schema_version: number | null
  readonly task: unknown
}

/** Reads a stored task, of whatever version. */
export const readTask = (
  id: string,
  { schema_version: schemaVersion, task: payload }: TaskRow
): Result.Result<Job.Task, Stored.Unreadable> => Stored.readTask({ id, schemaVersion, payload })

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
  readonly schema_version: number | null
  readonly event: unknown
}

/** Reads a row of the history, its event of whatever version. */
export const readRecorded = (row: EventRow): Result.Result<Aggregate.Recorded, Stored.Unreadable> =>
  Stored.readRecorded({
    id: row.id,
    organizationId: row.organization_id,
    position: Number(row.position),
    version: row.version,
    aggregate: { kind: row.kind, id: row.aggregate_id },
    at: new Date(Number(row.at)).toISOString(),
    actor: row.actor,
    schemaVersion: row.schema_version,
    event: row.event
  })
