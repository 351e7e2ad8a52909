/** Problem details on the wire (RFC 9457). */
import { Schema } from "effect"

/** One fault of the input. */
export const Fault = Schema.Struct({
  pointer: Schema.optionalKey(Schema.String.annotate({ description: "JSON Pointer into the body (RFC 6901)." })),
  parameter: Schema.optionalKey(
    Schema.String.annotate({ description: "Name of the path parameter, query parameter or header." })
  ),
  detail: Schema.String
})
/** One fault of the input. */
export type Fault = typeof Fault.Type

/** Who holds a profile. */
export const Holder = Schema.Struct({
  accountId: Schema.String,
  accountName: Schema.optionalKey(Schema.String),
  connectionId: Schema.String
})

/** A problem. */
export const Answer = Schema.Struct({
  type: Schema.String.annotate({ format: "uri-reference" }),
  title: Schema.String,
  status: Schema.Int,
  detail: Schema.String,
  instance: Schema.String.annotate({ format: "uri-reference", description: "The path of the request." }),
  nextStep: Schema.String.annotate({ description: "What to do next." }),
  reason: Schema.optionalKey(
    Schema.String.annotate({ description: "The reason of a refusal, as a code that programs can branch on." })
  ),
  holder: Schema.optionalKey(Holder),
  retryAfter: Schema.optionalKey(Schema.Finite.annotate({ description: "Seconds; also in the `Retry-After` header." })),
  errors: Schema.optionalKey(Schema.Array(Fault)),
  allow: Schema.optionalKey(Schema.Array(Schema.String)),
  incident: Schema.optionalKey(
    Schema.String.annotate({ description: "Report it to your operator; it names an entry of the log." })
  ),
  checks: Schema.optionalKey(Schema.Record(Schema.String, Schema.Struct({ ok: Schema.Boolean, detail: Schema.String })))
}).annotate({
  identifier: "Problem",
  description: "Problem details (RFC 9457): what went wrong, why, and what to do next."
})
/** A problem. */
export type Problem = typeof Answer.Type
