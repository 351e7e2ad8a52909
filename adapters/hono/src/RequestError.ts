/** What can be wrong with a request before any use case is called. Facts only; status codes are in `problems.ts`. */
import { Schema } from "effect"
import { Fault } from "./wire/Problem.ts"

/** Fields, parameters or headers are not what is expected. */
export class InvalidInput extends Schema.TaggedError<InvalidInput>()("InvalidInput", { errors: Schema.Array(Fault) }) {}

/** The body is not JSON, not UTF-8, or nested too deeply. */
export class MalformedBody extends Schema.TaggedError<MalformedBody>()("MalformedBody", { detail: Schema.String }) {}

/** The body is larger than `bodyLimit`. */
export class BodyTooLarge extends Schema.TaggedError<BodyTooLarge>()("BodyTooLarge", { limit: Schema.Int }) {}

/** The body has another content type than JSON. */
export class ContentTypeNotSupported extends Schema.TaggedError<ContentTypeNotSupported>()("ContentTypeNotSupported", {
  found: Schema.String
}) {}

/** No route has this path. */
export class UnknownRoute extends Schema.TaggedError<UnknownRoute>()("UnknownRoute", {}) {}

/** The path exists, the method does not. */
export class MethodNotAllowed extends Schema.TaggedError<MethodNotAllowed>()("MethodNotAllowed", {
  allow: Schema.Array(Schema.String)
}) {}

/** A browser with a session asks for a change from another site. */
export class CrossSite extends Schema.TaggedError<CrossSite>()("CrossSite", {}) {}

/** The organization follows its events too often at once. */
export class TooManyStreams extends Schema.TaggedError<TooManyStreams>()("TooManyStreams", { limit: Schema.Int }) {}

/** An API key called more often than it may. */
export class RateLimited extends Schema.TaggedError<RateLimited>()("RateLimited", { retryAfterSeconds: Schema.Int }) {}

/** The body did not arrive within `bodySeconds`. */
export class BodyTooSlow extends Schema.TaggedError<BodyTooSlow>()("BodyTooSlow", {}) {}

/** The answer took longer than `deadline`. */
export class TookTooLong extends Schema.TaggedError<TookTooLong>()("TookTooLong", {}) {}

/** Something broke inside. The log has the incident. */
export class Incident extends Schema.TaggedError<Incident>()("Incident", { id: Schema.String }) {}

/** The process cannot serve yet, or no longer. */
export class NotReady extends Schema.TaggedError<NotReady>()("NotReady", {
  checks: Schema.Record(Schema.String, Schema.Struct({ ok: Schema.Boolean, detail: Schema.String }))
}) {}

/** Every error of a request itself. */
export type RequestError =
  | InvalidInput
  | MalformedBody
  | BodyTooLarge
  | ContentTypeNotSupported
  | UnknownRoute
  | MethodNotAllowed
  | CrossSite
  | TooManyStreams
  | RateLimited
  | BodyTooSlow
  | TookTooLong
  | Incident
  | NotReady
