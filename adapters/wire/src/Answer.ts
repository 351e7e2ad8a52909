/** What came back from a provider, as plain data: everything that judging needs and nothing of the HTTP library. */
import { Failure, Text } from "@portolan/domain"
import { Option, Result, Schema, SchemaIssue } from "effect"
import * as ErrorBody from "./ErrorBody.ts"
import * as Json from "./Json.ts"
import { readWait } from "./readWait.ts"

/** A complete answer. */
export interface Answer {
  readonly status: number
  /** Names in lower case. */
  readonly headers: { readonly [name: string]: string | undefined }
  /** The body; empty when it was not UTF-8, because such bytes are no answer of a JSON API. */
  readonly text: string
  /** When it arrived, in milliseconds since 1970, to understand waiting times that are dates. */
  readonly atMillis: number
}

const paths = SchemaIssue.makeFormatterStandardSchemaV1()

// Only where it went wrong: the values of an answer may be tokens.
const place = (issue: SchemaIssue.Issue): string => {
  const found = paths(issue).issues[0]?.path ?? []
  const names = found.map((part) => (typeof part === "object" ? "?" : String(part)))
  return names.length === 0 ? "the whole" : Text.fromProvider(names.join("."))
}

/**
 * A failure that says nothing about the grant, with the provider's words and the wait that it asked for.
 */
export const temporary = (answer: Answer, detail: string, throttled = false): Failure.Temporary => {
  const wait = readWait(answer.headers["retry-after"], answer.atMillis)
  const words = ErrorBody.words(answer)
  return new Failure.Temporary({ detail, throttled, words, ...(wait === undefined ? {} : { retryAfterSeconds: wait }) })
}

/**
 * Reads a body by a Schema: additions are ignored, a missing or wrong field is a `Temporary` naming its path and never
 * its value.
 */
export const read = <A>(answer: Answer, schema: Schema.Decoder<A>, what: string): Result.Result<A, Failure.Temporary> =>
  Option.match(Json.parse(answer.text), {
    onNone: () => Result.fail(temporary(answer, `${what}: the answer is no JSON`)),
    onSome: (json) =>
      Result.mapError(Schema.decodeUnknownResult(schema)(json), (error) =>
        temporary(answer, `${what}: the answer lacks or garbles ${place(error.issue)}`)
      )
  })

/** Whether a body is JSON; a page of HTML comes from something in between. */
export const isJson = ({ text }: Pick<Answer, "text">): boolean => Option.isSome(Json.parse(text))

/** Where in a value a Schema stopped, as a path; never a value of it. */
export const placeOf = (error: Schema.SchemaError): string => place(error.issue)

/** Reads a body leniently, such as an error's: absent when it is not of the shape. */
export const tryDecode = <A>(answer: Answer, schema: Schema.Decoder<A>): Option.Option<A> =>
  Option.flatMap(Json.parse(answer.text), Schema.decodeUnknownOption(schema))

/**
 * What statuses mean at any provider when the body says nothing better; absent for the others. A provider whose rate
 * limits tell the wait elsewhere than in `Retry-After` judges 429 before it asks here.
 */
export const judgeStatus = (answer: Answer, what: string): Option.Option<Failure.Temporary> => {
  const { status } = answer
  if (status === 429) return Option.some(temporary(answer, `${what}: the rate is limited`, true))
  if (status >= 500) return Option.some(temporary(answer, `${what}: status ${status}`))
  // Never followed: credentials stay with the host they were meant for.
  if (status >= 300 && status < 400) return Option.some(temporary(answer, `${what}: redirected with status ${status}`))
  if (status < 200) return Option.some(temporary(answer, `${what}: unexpected status ${status}`))
  return Option.none()
}
