/**
 * A change as `portolan.commit_change` takes it: one JSON. States, events, tasks and the actor are texts inside it, so
 * that they are stored letter by letter as they were written.
 */
import { Profile } from "@portolan/domain"
import type { UnitOfWork } from "@portolan/ports"
import { DateTime } from "effect"
import {
  columnsOf,
  type Encoded,
  type Value,
  writeActor,
  writeEvent,
  wellFormed,
  writeState,
  writeTask
} from "../codec.ts"
import { byText } from "./order.ts"

interface Row {
  readonly columns: { readonly [column: string]: Value }
  readonly state: Encoded
}

/** The columns of a write. The union pairs kind and state; a lookup by kind cannot say so. */
const rowOf = ({ kind, next }: UnitOfWork.Write): Row => ({
  columns: (columnsOf[kind] as (state: typeof next) => Row["columns"])(next),
  state: writeState(kind, next)
})

const encodedWrite = (write: UnitOfWork.Write) => {
  const { expected, id, kind, next } = write
  const { columns, state } = rowOf(write)
  const cells = { ...columns, tag: next._tag, version: expected + 1, schema_version: state.schemaVersion }
  return { kind, id, expected, cells, state: state.json }
}

const encodedClaim = (claim: UnitOfWork.Claim) => {
  const { channel, externalId, marketplaceId, region } = claim.key
  const profile = { channel, region, marketplace_id: marketplaceId, external_id: externalId }
  const held = claim._tag === "Hold" ? { account_id: claim.accountId, claimed: claim.claimed ?? false } : {}
  return { holds: claim._tag === "Hold", connection_id: claim.connectionId, ...profile, ...held }
}

/** What is freed comes first, then what is bound, each in the order of their keys. */
const orderedClaims = (claims: ReadonlyArray<UnitOfWork.Claim>) =>
  claims.toSorted(
    (one, other) => byText(other._tag, one._tag) || byText(Profile.keyText(one.key), Profile.keyText(other.key))
  )

const encodedEvents = (writes: ReadonlyArray<UnitOfWork.Write>) =>
  writes
    .flatMap((write) => write.events.map((event) => ({ write, ...event })))
    .map(({ event, id, write }, index) => {
      const { json, schemaVersion } = writeEvent(write.kind, event)
      const of = { kind: write.kind, aggregate_id: write.id, version: write.expected + 1 }
      return { n: index + 1, id, ...of, schema_version: schemaVersion, event: json }
    })

const encodedJob = ({ dueAt, id, task }: UnitOfWork.Change["jobs"][number]) => {
  const { json, schemaVersion } = writeTask(task)
  return { id, due_at: DateTime.formatIso(dueAt), schema_version: schemaVersion, task: json }
}

/** Sums in the order in which all changes lock them. */
const encodedSums = (sums: UnitOfWork.Change["sums"] = []) =>
  sums
    .toSorted(
      (one, other) =>
        byText(one.connectionId, other.connectionId) ||
        byText(one.backfillId, other.backfillId) ||
        byText(one.dataClass, other.dataClass)
    )
    .map(({ backfillId, connectionId, dataClass, days, daysOpen, open, rows, whenOver, windows }) => ({
      connection_id: connectionId,
      backfill_id: backfillId,
      data_class: dataClass,
      windows,
      open,
      days,
      days_open: daysOpen,
      rows,
      job: whenOver === undefined ? undefined : encodedJob(whenOver)
    }))

/** Writes a change as text. States are in the order in which all changes lock them. */
export const encodedChange = (change: UnitOfWork.Change): string => {
  const { actor, at, claims, completes, idempotency, jobs, sums, writes } = change
  return JSON.stringify(
    {
      key: idempotency,
      completes,
      at: DateTime.toEpochMillis(at),
      actor_tag: actor._tag,
      actor: writeActor(actor),
      writes: writes
        .toSorted((one, other) => byText(one.kind, other.kind) || byText(one.id, other.id))
        .map(encodedWrite),
      claims: orderedClaims(claims).map(encodedClaim),
      events: encodedEvents(writes),
      jobs: jobs.map(encodedJob),
      sums: sums === undefined || sums.length === 0 ? undefined : encodedSums(sums)
    },
    wellFormed
  )
}
