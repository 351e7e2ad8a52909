/** The secrets of an application as they are stored. */
import * as Schema from "effect/Schema"

/** Where a secret came from: the settings of a process, an operator's command, or a notice of the provider. */
export const Source = Schema.Literals(["settings", "operator", "provider"])
export type Source = typeof Source.Type

/** What the provider said to a secret when it was tried. `unclear`: it gave no answer that says so. */
export const Outcome = Schema.Literals(["accepted", "refused", "unclear"])
export type Outcome = typeof Outcome.Type

const instant = Schema.DateTimeUtcFromString

/** What came of a test of a secret. The detail is the provider's words, free of secrets. */
export const TestResult = Schema.Struct({ at: instant, outcome: Outcome, detail: Schema.String })
export type TestResult = typeof TestResult.Type

/** One secret. */
export const Version = Schema.Struct({
  /** Counts the secrets of an application; names one without saying anything of it. */
  number: Schema.Int,
  secret: Schema.RedactedFromValue(Schema.NonEmptyString),
  /** What the provider calls it, e.g. the version of a key. */
  label: Schema.optionalKey(Schema.String),
  source: Source,
  addedAt: instant,
  /** When the provider stops accepting it, as far as it is known. */
  endsAt: Schema.optionalKey(instant),
  /** The end is counted from when it was first seen, so it is the latest possible one. */
  endIsAssumed: Schema.Boolean,
  tested: Schema.optionalKey(TestResult)
})
export type Version = typeof Version.Type

/** The secrets of an application as they are stored. */
export const State = Schema.Struct({
  format: Schema.Literal(1),
  /** The highest number so far. */
  last: Schema.Int,
  current: Version,
  /** `promotesItself`: it is promoted as soon as the provider accepts it. */
  pending: Schema.optionalKey(Schema.Struct({ ...Version.fields, promotesItself: Schema.Boolean })),
  previous: Schema.optionalKey(Version),
  /** The last promotion that was taken back. */
  fellBack: Schema.optionalKey(Schema.Struct({ number: Schema.Int, at: instant, detail: Schema.String })),
  /** When the provider was last asked for a new secret. */
  rotationRequestedAt: Schema.optionalKey(instant),
  /** The notices that operators got, by key; a notice that is being sent is claimed until an instant. */
  sent: Schema.Array(Schema.Struct({ key: Schema.String, claimedUntil: Schema.optionalKey(instant) }))
})
export type State = typeof State.Type
