/** Judges answers of the Amazon Ads API (https://advertising.amazon.com/API/docs/en-us/reference/concepts/errors). */
import { Failure } from "@portolan/domain"
import { Answer, ErrorBody } from "@portolan/wire"
import { Option, Result, type Schema } from "effect"
import { isGateway } from "./gateway.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

/** What can go wrong in a call of this API. */
export type AdsFailure =
  | Failure.Temporary
  | Failure.AccessTokenRefused
  | Failure.PermissionMissing
  | Failure.ApplicationRejected
  | Failure.RequestRefused

/** What a call expects. */
export interface AdsCall<A> {
  /** For an operator. */
  readonly operation: string
  readonly schema: Schema.Decoder<A>
  /** What 404 means, when it is an answer. */
  readonly absent?: A
  /** What any refusal of the request itself means, when it is an answer: what it was about is gone. */
  readonly refused?: (detail: string) => A
  /** What 425 means, when it is an answer: the same report is being made already, under this id. */
  readonly duplicate?: (reportId: string) => A
}

/** A refusal on its way to being judged. */
interface Refusal {
  readonly answer: Answer.Answer
  readonly operation: string
  /** Everything that it says, in small letters. */
  readonly said: string
  readonly detail: string
  readonly words: Failure.ProviderWords
}

const profileGone = ["not authorized to access scope", "no matching advertiser", "vendor not found"]
const advertiserGone = "not authorized to access this advertiser"
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

const missing = ({ detail, said, words }: Refusal): Failure.PermissionMissing | undefined => {
  const lacks = (right: string) => new Failure.PermissionMissing({ missing: right, detail, words })
  if (profileGone.some((text) => said.includes(text))) {
    return lacks(
      "access of the consenting login to this advertising profile; an administrator of the account can give " +
        "it back, or another login can consent"
    )
  }
  if (said.includes(advertiserGone)) {
    return lacks(
      "the right to view and edit campaigns and reports; an administrator of the advertising account gives it"
    )
  }
  return said.includes("advertiser id cannot be decrypted")
    ? lacks("a profile that holds sponsored advertising; this one is an agency's, choose the client's own")
    : undefined
}

/** What 401 and 403 say of the installation: an address or header that is wrong, or a client that is not known. */
const ofInstallation = ({ answer, detail, operation, said, words }: Refusal): AdsFailure | undefined => {
  if (/\bclient(?: ?id)?\b[^.]{0,40}\b(?:invalid|unknown|not (?:found|known|valid|approved|registered))/.test(said))
    return new Failure.ApplicationRejected({ detail, words })
  return answer.status === 403 && isGateway(answer)
    ? Answer.temporary(answer, `${operation}: refused before it reached the Ads API (${detail})`)
    : undefined
}

const refused = (refusal: Refusal): AdsFailure => {
  const { answer, operation, said, words } = refusal
  const detail = refusal.detail || `status ${answer.status}`
  const request = (beyondRetention = false) => new Failure.RequestRefused({ detail, words, beyondRetention })
  const lacking = missing(refusal)
  if (lacking !== undefined) return lacking
  const ours = answer.status === 401 || answer.status === 403 ? ofInstallation(refusal) : undefined
  if (ours !== undefined) return ours
  switch (answer.status) {
    case 401:
      return said.includes("scope header is missing") ? request() : new Failure.AccessTokenRefused({ detail, words })
    case 403:
      return new Failure.PermissionMissing({
        missing: "access to this part of the advertising account; an administrator of the account can give it",
        detail,
        words
      })
    case 400:
    case 404:
    case 406:
    case 409:
    case 410:
    case 413:
    case 415:
    case 422:
      return request(said.includes("too far in the past"))
    default:
      return Answer.temporary(answer, `${operation}: status ${answer.status}`)
  }
}

const duplicateOf = <A>(answer: Answer.Answer, call: AdsCall<A>, said: string): Result.Result<A, AdsFailure> => {
  const id = uuid.exec(said)?.[0]
  return id === undefined || call.duplicate === undefined
    ? Result.fail(Answer.temporary(answer, `${call.operation}: the same request is being worked on`))
    : Result.succeed(call.duplicate(id))
}

/**
 * What an answer means. Texts about a scope or an advertiser concern one profile and leave the grant alone; any other
 * 401 concerns the token. What a gateway in front of the API refuses concerns nobody's account. 425 is a success in
 * disguise.
 */
export const judgeAds = <A>(answer: Answer.Answer, call: AdsCall<A>): Result.Result<A, AdsFailure> => {
  const { operation } = call
  if (answer.status >= 200 && answer.status < 300) return Answer.read(answer, call.schema, operation)
  const general = Answer.judgeStatus(answer, operation)
  if (Option.isSome(general)) return Result.fail(general.value)
  const body = Answer.isJson(answer) ? ErrorBody.read(answer) : undefined
  // A 401 needs no words to be a 401; any other status without a reason comes from something in between.
  if (body === undefined && answer.status !== 401) {
    return Result.fail(Answer.temporary(answer, `${operation}: status ${answer.status} without a reason`))
  }
  if (answer.status === 404 && call.absent !== undefined) return Result.succeed(call.absent)
  const text = body?.details ?? body?.message ?? body?.code ?? ""
  if (answer.status === 425) return duplicateOf(answer, call, text)
  const words = ErrorBody.words(answer, sanitizeProviderText)
  const said = [body?.details, body?.message]
    .filter((part) => part !== undefined)
    .join(" ")
    .toLowerCase()
  const failure = refused({ answer, operation, said, detail: sanitizeProviderText(text), words })
  return failure instanceof Failure.RequestRefused && !failure.beyondRetention && call.refused !== undefined
    ? Result.succeed(call.refused(failure.detail))
    : Result.fail(failure)
}
