/**
 * Judges answers of the Selling Partner API
 * (https://developer-docs.amazon.com/sp-api/docs/resolve-common-http-and-authorization-error-codes).
 */
import { Failure } from "@portolan/domain"
import { Answer } from "@portolan/wire"
import { Option, Result, Schema } from "effect"
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
}

const ErrorBody = Schema.Struct({
  errors: Schema.Array(
    Schema.Struct({
      code: Schema.optionalKey(Schema.String),
      message: Schema.optionalKey(Schema.String),
      details: Schema.optionalKey(Schema.NullOr(Schema.String))
    })
  ).check(Schema.isMinLength(1))
})

/** A refusal with 403, told apart by `details`: Amazon says 403 for dead tokens, missing roles and our own mistakes. */
const forbidden = (answer: Answer.Answer, operation: SpOperation, code: string, details: string): SpFailure => {
  const said = details.toLowerCase()
  const detail = sanitizeProviderText(details)
  if (said.includes("lwa secret token")) return new Failure.ApplicationRejected({ detail })
  if (said.includes("security token included in the request")) {
    // Seen for everybody at once in outages, and cleared by itself.
    return Answer.temporary(answer, `${operation.name}: ${detail}`)
  }
  if (said.includes("access token")) return new Failure.AccessTokenRefused({ detail })
  if (said.includes("not valid for region")) return new Failure.RequestRefused({ detail, beyondRetention: false })
  if (code.startsWith("MissingAuthenticationToken")) {
    // The gateway knows no such address; an operator's mistake in `addresses` must not cost any data.
    return Answer.temporary(answer, `${operation.name}: the address is not one of the Selling Partner API`)
  }
  return new Failure.PermissionMissing({ missing: operation.needs, detail: detail || "access denied without details" })
}

const limited = (answer: Answer.Answer, operation: SpOperation): Failure.Temporary => {
  const failure = Answer.temporary(answer, `${operation.name}: the rate is limited`, true)
  // No Retry-After is documented, so the published rate says when the next call has a chance.
  return failure.retryAfterSeconds === undefined
    ? new Failure.Temporary({
        detail: failure.detail,
        throttled: true,
        retryAfterSeconds: refillSeconds(operation, answer.headers["x-amzn-ratelimit-limit"])
      })
    : failure
}

/** What an answer means. A 403 is never proof of a dead grant; only the token endpoint gives that. */
export const judgeSp = <A>(answer: Answer.Answer, call: SpCall<A>): Result.Result<A, SpFailure> => {
  const { operation } = call
  const { status } = answer
  if (status >= 200 && status < 300) return Answer.read(answer, call.schema, operation.name)
  if (status === 429) return Result.fail(limited(answer, operation))
  const general = Answer.judgeStatus(answer, operation.name)
  if (Option.isSome(general)) return Result.fail(general.value)
  const body = Answer.tryDecode(answer, ErrorBody)
  const first = Option.isSome(body) ? body.value.errors[0] : undefined
  if (first === undefined) {
    return Result.fail(Answer.temporary(answer, `${operation.name}: status ${status} without a reason`))
  }
  if (status === 404 && call.absent !== undefined) return Result.succeed(call.absent)
  const details = first.details ?? ""
  const said = [first.code, first.message, details].filter((part) => part !== undefined && part !== "")
  const detail = sanitizeProviderText(said.join(": "))
  switch (status) {
    case 401:
      return Result.fail(new Failure.AccessTokenRefused({ detail }))
    case 403:
      return Result.fail(forbidden(answer, operation, first.code ?? "", details))
    case 400:
    case 404:
    case 413:
    case 415:
    case 422:
      return Result.fail(new Failure.RequestRefused({ detail, beyondRetention: false }))
    default:
      return Result.fail(Answer.temporary(answer, `${operation.name}: status ${status}, ${detail}`))
  }
}
