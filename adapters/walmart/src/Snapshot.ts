/**
 * Snapshots, which Walmart Connect makes in the background: asked for, looked at, downloaded
 * (https://developer.walmart.com/advertising-partners-search/docs/advertiser-attributes-snapshot-overview).
 */
import { Schema, SchemaGetter } from "effect"

/** An id of a snapshot, which is also our ticket. */
export const Id = Schema.String.check(Schema.isPattern(/^[A-Za-z0-9._-]{1,100}$/))

const text = Schema.optionalKey(Schema.NullOr(Schema.String))

/** Details, which some answers hold as a list of sentences. */
const Details = Schema.Union([Schema.String, Schema.Array(Schema.String)]).pipe(
  Schema.decodeTo(Schema.String, {
    decode: SchemaGetter.transform((given: string | ReadonlyArray<string>) =>
      typeof given === "string" ? given : given.join("; ")
    ),
    encode: SchemaGetter.passthrough()
  })
)

const Body = Schema.Struct({
  code: text,
  snapshotId: text,
  jobStatus: text,
  details: Schema.optionalKey(Schema.NullOr(Details))
})

/** What an answer about a snapshot says. Some of Walmart's samples wrap it into an array of one. */
export const State = Schema.Union([Schema.Tuple([Body]), Body]).pipe(
  Schema.decodeTo(Schema.toType(Body), {
    decode: SchemaGetter.transform((one: readonly [typeof Body.Type] | typeof Body.Type): typeof Body.Type =>
      "0" in one ? one[0] : one
    ),
    encode: SchemaGetter.passthrough()
  })
)
/** What an answer about a snapshot says. */
export type State = typeof State.Type

/**
 * Whether the answer reports failure inside a 200
 * (https://developer.walmart.com/advertising-partners-search/docs/api-status-codes-and-errors-1: "look into `code`
 * inside").
 */
export const hasFailed = (state: State): boolean => state.code?.toLowerCase() === "failure"

/** Where the snapshot stands: `pending`, `processing`, `done`, `failed`, `expired`, or something new. */
export const status = (state: State): string => state.jobStatus?.toLowerCase() ?? ""
