/**
 * The digests and links of the audit log, computed outside of the database: a verification does not ask the functions
 * that wrote. Their definitions in SQL are those of migration 0011.
 */
import { createHash } from "node:crypto"

/** A field: numbers are written in decimals, what is absent is null. */
export type Field = string | number | null

const sha256 = (...parts: ReadonlyArray<string | Uint8Array>): Buffer => {
  const hash = createHash("sha256")
  for (const part of parts) hash.update(part)
  return hash.digest()
}

const framed = (field: Field): string => {
  if (field === null) return "-"
  const text = String(field)
  return `${Buffer.byteLength(text)}:${text}`
}

/** The digest of fields: each with its length in bytes, so that no two lists of fields give one text. */
export const digestOf = (...fields: ReadonlyArray<Field>): Buffer => sha256(fields.map(framed).join(""))

/** The link before the first entry of an organization. */
export const firstLink = (organizationId: string): Buffer => digestOf("chain", organizationId)

/** What an entry's link is made from. */
export interface Linked {
  readonly sequence: number
  readonly source: string
  readonly place: number
  readonly digest: Uint8Array
}

/** The link of an entry, from the link before it. */
export const nextLink = (before: Uint8Array, { digest, place, sequence, source }: Linked): Buffer =>
  sha256(before, digestOf(sequence, source, place), digest)

/** An event as it is stored; JSON as the text that it is stored as. */
export interface EventRow {
  readonly organization_id: string
  readonly position: number
  readonly id: string
  readonly kind: string
  readonly aggregate_id: string
  readonly version: number
  readonly at: number
  readonly actor_tag: string
  readonly actor: string
  readonly schema_version: number | null
  readonly event: string
}

/** The digest of an event. Its position is left out, so that it is recognized at another one. */
export const digestOfEvent = (row: EventRow): Buffer =>
  digestOf(
    "event",
    row.organization_id,
    row.id,
    row.kind,
    row.aggregate_id,
    row.version,
    row.at,
    row.actor_tag,
    row.actor,
    row.schema_version,
    row.event
  )

/** A read of a token as it is stored. */
export interface ReadRow {
  readonly organization_id: string
  readonly id: number
  readonly at: number
  readonly reference: string
  readonly version: number
  readonly actor_tag: string
  readonly actor: string
  readonly operation: string
  readonly connection_id: string | null
  readonly job_id: string | null
}

/** The digest of a read of a token. */
export const digestOfRead = (row: ReadRow): Buffer =>
  digestOf(
    "token-read",
    row.organization_id,
    row.at,
    row.reference,
    row.version,
    row.actor_tag,
    row.actor,
    row.operation,
    row.connection_id,
    row.job_id
  )

/** A batch of reads as it is stored. */
export interface BatchRow {
  readonly number: number
  readonly ids: ReadonlyArray<number>
  readonly digests: Uint8Array
}

/** The digest of a batch: over the ids and the digests of its reads. */
export const digestOfBatch = (organizationId: string, { digests, ids }: BatchRow): Buffer =>
  sha256(digestOf("token-reads", organizationId, ids.join(",")), digests)

/** A security event as it is stored. */
export interface SecurityRow {
  readonly organization_id: string
  readonly id: number
  readonly at: number
  readonly kind: string
  readonly subject: string
  readonly detail: string
}

/** The digest of a security event. */
export const digestOfSecurity = (row: SecurityRow): Buffer =>
  digestOf("security", row.organization_id, row.at, row.kind, row.subject, row.detail)

/** A record that was erased by law, as it is stored. */
export interface ErasureRow {
  readonly id: number
  readonly at: number
  readonly source: string
  readonly place: number
  readonly because: string
}

/** The digest of an erasure. */
export const digestOfErasure = (organizationId: string, { at, because, place, source }: ErasureRow): Buffer =>
  digestOf("erasure", organizationId, at, source, place, because)
