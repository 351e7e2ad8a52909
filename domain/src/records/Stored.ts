/**
 * Records that outlive the release that wrote them. A store keeps the JSON of a state, an event or a task beside the
 * schema version that it was written in, and reads it back here: upcasters carry an earlier version to today's, then
 * today's schema decodes it.
 *
 * `records/upcasters.ts` is the table of earlier versions. A record without a version was written before records
 * carried one; it is of version 1. Reading today's version copies nothing and takes no step.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { Kind, type Present, Recorded, type Types } from "../jobs/Aggregate.ts"
import type * as Job from "../jobs/Job.ts"
import { given } from "../kernel/given.ts"
import { line } from "../kernel/Text.ts"
import { currentVersion, first, misfitOf, type Shape, shapes, tagOf, taskShape } from "./shapes.ts"
import { take } from "./steps.ts"
import { movedEvents } from "./upcasters.ts"
import { type Reason, Unreadable } from "./unreadable.ts"

export { Reason, Unreadable } from "./unreadable.ts"
export { type Step } from "./steps.ts"
export {
  machines as machineUpcasters,
  movedEvents,
  tasks as taskUpcasters,
  type Upcaster,
  type Upcasters
} from "./upcasters.ts"

/** A state, an event or a task as a store keeps it. */
export interface Stored {
  /** The version that it was written in. Absent or null: it was written before records carried one. */
  readonly schemaVersion?: number | null
  /** The value as JSON (`Schema.toCodecJson`). */
  readonly payload: unknown
  /** Which record it is, for the error if it cannot be read. */
  readonly id?: string
}

/** What a record holds. */
export type Part = Shape["part"]

/** What is written today: it always says its version. */
export interface Written {
  readonly schemaVersion: number
  readonly payload: unknown
}

/** An event of a history as a store keeps it: who, when, what it belongs to, and the event itself. */
export interface StoredEvent {
  readonly id: string
  readonly organizationId: string
  readonly position: number
  readonly aggregate: { readonly kind: string; readonly id: string }
  /** The version of the aggregate that it led to; not its schema version. */
  readonly version: number
  /** ISO 8601. */
  readonly at: string
  readonly actor: unknown
  readonly schemaVersion?: number | null
  /** The event as JSON. */
  readonly event: unknown
}

interface Misfit {
  readonly reason: Reason
  readonly path?: string
}

/** What was tried to be read. */
interface Subject {
  readonly kind: string
  readonly part: Shape["part"]
}

const unreadable = ({ kind, part }: Subject, stored: Stored, misfit: Misfit, current?: number) => {
  const tag = tagOf(stored.payload)
  return Result.fail(
    new Unreadable({
      kind,
      part,
      schemaVersion: stored.schemaVersion ?? first,
      ...misfit,
      ...given({ id: stored.id, current, tag: tag === "" ? undefined : line(tag, 60) })
    })
  )
}

/** Carries a payload from an earlier version of its tag to today's. */
const upcast = (shape: Shape, tag: string, { payload, schemaVersion }: Stored): unknown =>
  shape
    .upcasters(tag)
    .slice((schemaVersion ?? first) - first)
    .flat()
    .reduce(take, payload)

const read = (shape: Shape, stored: Stored): Result.Result<unknown, Unreadable> => {
  const tag = tagOf(stored.payload)
  const version = stored.schemaVersion ?? first
  if (!Number.isSafeInteger(version) || version < first) return unreadable(shape, stored, { reason: "invalid-version" })
  // A tag that is gone is known for as long as an upcaster leads from it to another.
  if (!shape.tags.has(tag) && shape.upcasters(tag).length === 0) {
    return unreadable(shape, stored, { reason: "unknown-tag" })
  }
  const current = currentVersion(shape, tag)
  if (version > current) return unreadable(shape, stored, { reason: "newer-version" }, current)
  const payload = version === current ? stored.payload : upcast(shape, tag, stored)
  if (!shape.tags.has(tagOf(payload))) return unreadable(shape, stored, { reason: "unknown-tag" }, current)
  const decoded = shape.decode(payload)
  return Result.isSuccess(decoded)
    ? Result.succeed(decoded.success)
    : unreadable(shape, stored, { reason: "does-not-fit", path: shape.misfit(payload) }, current)
}

const write = (shape: Shape, value: { readonly _tag: string }): Written => ({
  schemaVersion: currentVersion(shape, value._tag),
  payload: shape.encode(value)
})

/** Reads a stored state of whatever version. A state is there: `Absent` is not stored. */
export const readState = <K extends Kind>(kind: K, stored: Stored): Result.Result<Present<K>, Unreadable> =>
  // The shape of a kind decodes what the kind is.
  read(shapes[kind].state, stored) as Result.Result<Present<K>, Unreadable>

/** Reads a stored event of whatever version. One that was moved is read as an event of the kind that has it today. */
export const readEvent = <K extends Kind>(kind: K, stored: Stored): Result.Result<Types[K]["event"], Unreadable> => {
  const today = movedEvents[kind]?.[tagOf(stored.payload)] ?? kind
  return read(shapes[today].event, stored) as Result.Result<Types[K]["event"], Unreadable>
}

/** Reads a stored task of whatever version. */
export const readTask = (stored: Stored): Result.Result<Job.Task, Unreadable> =>
  read(taskShape, stored) as Result.Result<Job.Task, Unreadable>

/** Encodes a state as it is stored today. */
export const writeState = <K extends Kind>(kind: K, state: Present<K>): Written => write(shapes[kind].state, state)

/** Encodes an event as it is stored today. */
export const writeEvent = <K extends Kind>(kind: K, event: Types[K]["event"]): Written =>
  write(shapes[kind].event, event)

/** Encodes a task as it is stored today. */
export const writeTask = (task: Job.Task): Written => write(taskShape, task)

const isKind = Schema.is(Kind)

const { event: _event, ...label } = Recorded.fields

const labelCodec = Schema.toCodecJson(Schema.Struct(label))
const decodeLabel = Schema.decodeUnknownResult(labelCodec)

/** Reads a row of a history, its event of whatever version. */
export const readRecorded = ({ event, schemaVersion, ...row }: StoredEvent): Result.Result<Recorded, Unreadable> => {
  const { kind } = row.aggregate
  const stored = { id: row.id, payload: event, ...given({ schemaVersion }) }
  if (!isKind(kind)) return unreadable({ kind: line(kind, 60), part: "event" }, stored, { reason: "unknown-kind" })
  const read = readEvent(kind, stored)
  if (Result.isFailure(read)) return Result.fail(read.failure)
  const known = decodeLabel(row)
  return Result.isSuccess(known)
    ? Result.succeed({ ...known.success, event: read.success })
    : unreadable(shapes[kind].event, stored, { reason: "does-not-fit", path: misfitOf(labelCodec)(row) })
}
