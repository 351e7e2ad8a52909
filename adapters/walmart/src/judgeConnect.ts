/**
 * Judges answers of Walmart Connect
 * (https://developer.walmart.com/advertising-partners-search/docs/api-status-codes-and-errors-1).
 */
import { Failure } from "@portolan/domain"
import { Answer } from "@portolan/wire"
import { Option, Result, Schema } from "effect"
import { limited } from "./limited.ts"
import { readErrors } from "./readErrors.ts"
import type * as Settings from "./Settings.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

/** What can go wrong in a call of this API. */
export type ConnectFailure =
  | Failure.Temporary
  | Failure.PermissionMissing
  | Failure.ApplicationRejected
  | Failure.RequestRefused

/** What a call expects. */
export interface ConnectCall<A> {
  /** For an operator. */
  readonly operation: string
  readonly schema: Schema.Decoder<A>
  /** The advertiser it is about; without one, 403 concerns our own credentials. */
  readonly advertiserId?: string
  /** What 404 means, when it is an answer. */
  readonly absent?: A
}

// Headers that no advertiser has a part in
// (https://developer.walmart.com/advertising-partners-search/docs/api-status-codes-and-errors-1).
const ours = new Set(["MISSING_ACCESS_TOKEN", "MISSING_AUTH_FIELD", "MISSING_HEADER_AUTH_TOKEN"])

const forbidden = (call: ConnectCall<unknown>, code: string, detail: string): ConnectFailure => {
  if (call.advertiserId === undefined || ours.has(code)) {
    return new Failure.ApplicationRejected({ detail: detail || "Walmart Connect refused our credentials" })
  }
  return new Failure.PermissionMissing({
    missing:
      "our place among the API partners of this Walmart advertiser, with the access that is needed; " +
      "an admin of the advertiser can give it in the ad console under Admin",
    detail
  })
}

/**
 * What an answer means. Walmart's table knows no 401 and says 403 for bad credentials and for missing access alike; a
 * 403 about one advertiser is taken for missing access and is never proof that our credentials are bad, one about
 * none is. The form of error bodies is not confirmed, so any text will do, except a page of HTML, which
 * comes from something in between.
 */
export const judgeConnect = <A>(
  answer: Answer.Answer,
  call: ConnectCall<A>,
  assumptions: Pick<Settings.Assumptions, "connectWaitSeconds">
): Result.Result<A, ConnectFailure> => {
  const { status, text } = answer
  const { operation } = call
  if (status >= 200 && status < 300) return Answer.read(answer, call.schema, operation)
  if (status === 429) return Result.fail(limited(answer, operation, assumptions.connectWaitSeconds))
  const general = Answer.judgeStatus(answer, operation)
  if (Option.isSome(general)) return Result.fail(general.value)
  if (/^\s*<(?:!doctype|html)/i.test(text)) {
    return Result.fail(Answer.temporary(answer, `${operation}: status ${status} with a page instead of an answer`))
  }
  const [error] = readErrors(answer)
  const detail = sanitizeProviderText(
    error === undefined ? text : [error.code, error.text].filter((part) => part !== "").join(": ")
  )
  switch (status) {
    case 401:
    case 403:
      return Result.fail(forbidden(call, error?.code ?? "", detail))
    case 404:
      if (call.absent !== undefined) return Result.succeed(call.absent)
      return Result.fail(new Failure.RequestRefused({ detail: detail || "status 404", beyondRetention: false }))
    case 400:
    case 405:
    case 413:
    case 415:
    case 422:
      return Result.fail(
        new Failure.RequestRefused({
          detail: detail || `status ${status}`,
          beyondRetention: /\b\d+ days\b|look-?back|too (?:old|far)/i.test(detail)
        })
      )
    default:
      return Result.fail(Answer.temporary(answer, `${operation}: status ${status}, ${detail}`))
  }
}
