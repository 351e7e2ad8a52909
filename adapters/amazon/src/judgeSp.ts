/**
 * Judges answers of the Selling Partner API
 * (https://developer-docs.amazon.com/sp-api/docs/resolve-common-http-and-authorization-error-codes).
 */
import { Failure, given } from "@portolan/domain"
import { Answer, ErrorBody } from "@portolan/wire"
import { Option, Result, Schema } from "effect"
import { isGateway } from "./gateway.ts"
import { refillSeconds, type SpOperation } from "./SpOperation.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

/** What can go wrong in a call of this API. */
export type SpFailure =
  | Failure.Temporary
  | Failure.AccessTokenRefused
  | Failure.PermissionMissing
  | Failure.ApplicationRejected
  | Failure.RequestRefused

/** What a call expects. */
export interface SpCall<A> {
  readonly operation: SpOperation
  readonly schema: Schema.Decoder<A>
  /** What 404 means, when it is an answer. */
  readonly absent?: A
  /** What any refusal of the request itself means, when it is an answer: what it was about is gone. */
  readonly refused?: (detail: string) => A
}

const Errors = Schema.Struct({ errors: Schema.Array(Schema.Unknown).check(Schema.isMinLength(1)) })

/** The sentence of every refusal, which says nothing (https://github.com/amzn/selling-partner-api-docs/issues/194). */
const emptySentence = /^access to requested resource is denied\.?$/i

/** A refusal on its way to being judged. */
interface Refusal {
  readonly answer: Answer.Answer
  readonly operation: SpOperation
  /** What tells it from other refusals: its details, and its message where that says anything. */
  readonly detail: string
  readonly words: Failure.ProviderWords
}

/** A refusal with 403: Amazon says 403 for dead tokens, missing roles, gateways and our own mistakes. */
const forbidden = ({ answer, detail, operation, words }: Refusal): SpFailure => {
  const said = detail.toLowerCase()
  if (said.includes("lwa secret token")) return new Failure.ApplicationRejected({ detail, words })
  if (isGateway(answer)) {
    // The gateway knows no such address, or a token of its own is old, which is seen for everybody at once in outages
    // and clears by itself. An operator's mistake in `addresses` must not cost any data.
    return Answer.temporary(answer, `${operation.name}: refused before it reached the Selling Partner API (${detail})`)
  }
  if (said.includes("access token")) return new Failure.AccessTokenRefused({ detail, words })
  if (said.includes("not valid for region"))
    return new Failure.RequestRefused({ detail, words, beyondRetention: false })
  return new Failure.PermissionMissing({
    missing: operation.needs,
    detail: detail || "access denied without details",
    words
  })
}

const limited = (answer: Answer.Answer, operation: SpOperation): Failure.Temporary => {
  const failure = Answer.temporary(answer, `${operation.name}: the rate is limited`, true)
  // No Retry-After is documented, so the published rate says when the next call has a chance.
  return failure.retryAfterSeconds === undefined
    ? new Failure.Temporary({
        detail: failure.detail,
        throttled: true,
        ...given({ words: failure.words }),
        retryAfterSeconds: refillSeconds(operation, answer.headers["x-amzn-ratelimit-limit"])
      })
    : failure
}

const refused = (refusal: Refusal): SpFailure => {
  const { answer, detail, operation, words } = refusal
  switch (answer.status) {
    case 401:
      return new Failure.AccessTokenRefused({ detail, words })
    case 403:
      return forbidden(refusal)
    case 400:
    case 404:
    case 409:
    case 410:
    case 413:
    case 415:
    case 422:
      return new Failure.RequestRefused({ detail, words, beyondRetention: false })
    default:
      return Answer.temporary(answer, `${operation.name}: status ${answer.status}, ${detail}`)
  }
}

/** What is worth quoting of a refusal. */
const detailOf = ({ code, details, message }: ErrorBody.ErrorBody, status: number): string => {
  const parts = status === 403 ? [emptySentence.test(message ?? "") ? "" : message, details] : [code, message, details]
  return sanitizeProviderText(parts.filter((part) => part !== undefined && part !== "").join(": "))
}

/** What an answer means. A 403 is never proof of a dead grant; only the token endpoint gives that. */
export const judgeSp = <A>(answer: Answer.Answer, call: SpCall<A>): Result.Result<A, SpFailure> => {
  const { operation } = call
  const { status } = answer
  const hasErrors = Option.isSome(Answer.tryDecode(answer, Errors))
  if (status >= 200 && status < 300) {
    // An answer with errors in it is half of one, whatever else it holds.
    return hasErrors
      ? Result.fail(Answer.temporary(answer, `${operation.name}: status ${status} with errors in it`))
      : Answer.read(answer, call.schema, operation.name)
  }
  if (status === 429) return Result.fail(limited(answer, operation))
  const general = Answer.judgeStatus(answer, operation.name)
  if (Option.isSome(general)) return Result.fail(general.value)
  const body = hasErrors ? ErrorBody.read(answer) : undefined
  if (body === undefined) {
    return Result.fail(Answer.temporary(answer, `${operation.name}: status ${status} without a reason`))
  }
  if (status === 404 && call.absent !== undefined) return Result.succeed(call.absent)
  const words = ErrorBody.words(answer, sanitizeProviderText)
  const failure = refused({ answer, operation, detail: detailOf(body, status), words })
  return failure instanceof Failure.RequestRefused && call.refused !== undefined
    ? Result.succeed(call.refused(failure.detail))
    : Result.fail(failure)
}
