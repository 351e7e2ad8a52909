/** A record that this release cannot read. */
import * as Schema from "effect/Schema"
import { text } from "../messages/Messages.ts"

/** Why a record cannot be read. Programs branch on it. */
export const Reason = Schema.Literals([
  /** A newer release wrote it. */
  "newer-version",
  /** The version is no version: not a whole number from 1 on. */
  "invalid-version",
  /** No machine of this release has this name. */
  "unknown-kind",
  /** The machine has no such state or event, or there is no such task. */
  "unknown-tag",
  /** It does not have the shape of its version. */
  "does-not-fit"
])
export type Reason = typeof Reason.Type

/** Names the record and says what to do. It holds no value of the record. */
export class Unreadable extends Schema.TaggedError<Unreadable>()("Unreadable", {
  reason: Reason,
  /** The kind of aggregate; `job` for a task. */
  kind: Schema.String,
  part: Schema.Literals(["state", "event", "task"]),
  id: Schema.optionalKey(Schema.String),
  tag: Schema.optionalKey(Schema.String),
  /** The schema version that it says it was written in; 1 when it says none. */
  schemaVersion: Schema.Number,
  /** The version in which this release writes the same, where it knows it. */
  current: Schema.optionalKey(Schema.Int),
  /** Where it does not fit, as a path from its root. */
  path: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const { current = 1, id, kind, part, path = "/", reason, schemaVersion: version, tag } = this
    const record = [kind, part, tag, id].filter((word) => word !== undefined).join(" ")
    return text(`stored.${reason}`, { record, version, current, path })
  }
}
