/**
 * Judges answers of Walmart Connect
 * (https://developer.walmart.com/advertising-partners-search/docs/api-status-codes-and-errors-1).
 */
import { Failure } from "@portolan/domain"
import { Answer, ErrorBody } from "@portolan/wire"
import { Option, Result, type Schema } from "effect"
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

// Words about what signs a call, which is ours alone: no advertiser has a part in it.
const oursInWords = /\bsignature|\bconsumer[ _.-]?id|\bkey[ _.-]?version|\btimestamp\b|intimestamp|\bcertificate/i

/** Words about the advertiser, or Walmart's own sentence for 403. */
const ofAdvertiser =
  /advertiser|permission|authori[sz]ed|credential|authentication|granted|partner|\b(?:read|write|no) access/i

/** What proxies say when they refuse everybody. */
const ofProxy = /\brbac\b|request blocked|explicit deny|no healthy upstream|policy/i

interface Refusal {
  readonly answer: Answer.Answer
  /** As Walmart writes it; empty when there is none. */
  readonly code: string
  readonly detail: string
  readonly words: Failure.ProviderWords
}

const forbidden = <A>({ answer, code, detail, words }: Refusal, call: ConnectCall<A>): ConnectFailure => {
  if (call.advertiserId === undefined || ours.has(code) || oursInWords.test(detail)) {
    return new Failure.ApplicationRejected({ detail: detail || "Walmart Connect refused our credentials", words })
  }
  // Nothing in it is about the advertiser, so it says nothing of its access.
  const isMute = /^\d*$/.test(code) && !ofAdvertiser.test(detail)
  if (isMute || ofProxy.test(detail)) {
    return Answer.temporary(answer, `${call.operation}: refused before it reached Walmart Connect (${detail})`)
  }
  return new Failure.PermissionMissing({
    missing:
      "our place among the API partners of this Walmart advertiser, with the access that is needed; " +
      "an admin of the advertiser can give it in the ad console under Admin",
    detail,
    words
  })
}

const refused = <A>(refusal: Refusal, call: ConnectCall<A>): Result.Result<A, ConnectFailure> => {
  const { answer, words } = refusal
  const detail = refusal.detail || `status ${answer.status}`
  switch (answer.status) {
    case 401:
    case 403:
      return Result.fail(forbidden(refusal, call))
    case 404:
      return call.absent === undefined
        ? Result.fail(new Failure.RequestRefused({ detail, words, beyondRetention: false }))
        : Result.succeed(call.absent)
    case 400:
    case 405:
    case 406:
    case 409:
    case 410:
    case 413:
    case 415:
    case 422:
      return Result.fail(new Failure.RequestRefused({ detail, words, beyondRetention: reachesTooFarBack(detail) }))
    default:
      return Result.fail(Answer.temporary(answer, `${call.operation}: status ${answer.status}, ${detail}`))
  }
}

/** Whether a refusal is because the days that were asked for are kept no longer. */
export const reachesTooFarBack = (detail: string): boolean => /\b\d+ days\b|look-?back|too (?:old|far)/i.test(detail)

/**
 * What an answer means. Walmart's table knows no 401 and says 403 for bad credentials and for missing access alike; a
 * 403 that speaks of one advertiser is taken for missing access, one that speaks of what signs the call, or is about no
 * advertiser, is the installation's, and one without such words comes from something in between. The form of error
 * bodies is not confirmed, so any text will do, except a page of HTML.
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
  const words = ErrorBody.words(answer, sanitizeProviderText)
  const said = error === undefined ? [words.code, words.message, words.details] : [error.code, error.text]
  const detail = sanitizeProviderText(said.filter((part) => part !== undefined && part !== "").join(": "))
  return refused({ answer, code: error?.code ?? "", detail, words }, call)
}
