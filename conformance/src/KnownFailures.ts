/**
 * The list of failures an author knows about. It makes a run green; it never makes an adapter conformant. Each entry
 * has a date after which it no longer helps, so that nothing stays known for ever.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"

const Entry = Schema.Struct({
  /** The law, or one part of it: `VAULT-03` or `VAULT-03/race`. */
  law: Schema.NonEmptyString,
  reason: Schema.NonEmptyString,
  /** Where the defect is being followed. */
  link: Schema.NonEmptyString,
  /** The last day on which the entry counts, such as `2027-03-31`. */
  expires: Schema.String.check(Schema.isPattern(/^\d{4}-\d{2}-\d{2}$/))
})

const File = Schema.fromJsonString(Schema.Array(Entry))

/** One failure that is known, and until when. */
export type KnownFailure = typeof Entry.Type

/** Reads the text of a known-failure file; fails with a sentence that says what is wrong with it. */
export const parse = (text: string): Result.Result<ReadonlyArray<KnownFailure>, string> =>
  Result.mapError(
    Schema.decodeUnknownResult(File)(text),
    (error) => `the known-failure file is not valid: ${error.message}`
  )

/** Finds the entry for a part, whether it names the part or its whole law. */
export const find = (entries: ReadonlyArray<KnownFailure>, law: string, part: string): KnownFailure | undefined =>
  entries.find((entry) => entry.law === `${law}/${part}` || entry.law === law)

/** Says whether an entry no longer counts on `today` (such as `2027-03-31`). */
export const hasExpired = (entry: KnownFailure, today: string): boolean => entry.expires < today
