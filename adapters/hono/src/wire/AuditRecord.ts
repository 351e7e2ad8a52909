/** Reads of tokens and security events on the wire. */
import { type Stored } from "@portolan/domain"
import { type Audit, AuditLog } from "@portolan/ports"
import { Schema } from "effect"
import * as Event from "./Event.ts"
import { By, by, Instant, instant } from "./Text.ts"

/** A read of a token. */
export const TokenRead = Schema.Struct({
  type: Schema.Literal("TokenRead"),
  id: Schema.Int,
  at: Instant,
  by: By,
  operation: Schema.String.annotate({ description: "Why: an operation of this API, or the task of a job." }),
  grantId: Schema.String,
  connectionId: Schema.optionalKey(Schema.String),
  jobId: Schema.optionalKey(Schema.String),
  sealed: Schema.Boolean.annotate({ description: "Whether it is on the organization's hash chain yet." })
}).annotate({ identifier: "TokenRead", description: "Somebody read the tokens of a consent." })

/** A security event. */
export const Security = Schema.Struct({
  type: Schema.Literal("Security"),
  id: Schema.Int,
  at: Instant,
  kind: Schema.Literals(AuditLog.securityKinds),
  subject: Schema.String.annotate({ description: "The id of what it is about." }),
  detail: Schema.Record(Schema.String, Schema.String)
}).annotate({
  identifier: "SecurityEvent",
  description: "An attempt that was refused and that an owner should know of."
})

/** Anything on record. */
export const Answer = Schema.Union([Event.Answer, TokenRead, Security])

/** A record that this release cannot read. */
export const Unreadable = Schema.Struct({
  type: Schema.Literal("Unreadable"),
  id: Schema.optionalKey(Schema.String),
  kind: Schema.String,
  reason: Schema.String
}).annotate({
  identifier: "UnreadableRecord",
  description: "A record that this release cannot read, for instance because a newer one wrote it."
})

/** A line of an export. */
export const Line = Schema.Union([Answer, Unreadable])

/** Writes what is there of a record that cannot be read. */
export const ofUnreadable = ({ id, kind, reason }: Stored.Unreadable): typeof Unreadable.Type => ({
  type: "Unreadable",
  ...(id === undefined ? {} : { id }),
  kind,
  reason
})

/** Writes a read of a token. */
export const ofRead = (read: AuditLog.TokenRead): typeof TokenRead.Type => ({
  type: "TokenRead",
  id: read.id,
  at: instant(read.at),
  by: by(read.actor),
  operation: read.operation,
  grantId: read.reference,
  ...(read.connectionId === undefined ? {} : { connectionId: read.connectionId }),
  ...(read.jobId === undefined ? {} : { jobId: read.jobId }),
  sealed: read.isSealed
})

/** Writes anything on record. */
export const of = (record: Audit.Record): typeof Answer.Type => {
  switch (record._tag) {
    case "Change":
      return Event.of(record.change)
    case "TokenRead":
      return ofRead(record.read)
    case "Security": {
      const { at, detail, id, kind, subject } = record.event
      return { type: "Security", id, at: instant(at), kind, subject, detail }
    }
  }
}
