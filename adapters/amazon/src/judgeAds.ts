/** Judges answers of the Amazon Ads API (https://advertising.amazon.com/API/docs/en-us/reference/concepts/errors). */
import { Failure } from "@portolan/domain"
import { Answer } from "@portolan/wire"
import { Option, Result, Schema } from "effect"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

/** What can go wrong in a call of this API. */
export type AdsFailure =
  | Failure.Temporary
  | Failure.AccessTokenRefused
  | Failure.PermissionMissing
  | Failure.RequestRefused

/** What a call expects. */
export interface AdsCall<A> {
  /** For an operator. */
  readonly operation: string
  readonly schema: Schema.Decoder<A>
  /** What 404 means, when it is an answer. */
  readonly absent?: A
  /** What 425 means, when it is an answer: the same report is being made already, under this id. */
  readonly duplicate?: (reportId: string) => A
}

const ErrorBody = Schema.Struct({
  code: Schema.optionalKey(Schema.String),
  details: Schema.optionalKey(Schema.String),
  // 425 writes it in the singular.
  detail: Schema.optionalKey(Schema.String),
  message: Schema.optionalKey(Schema.String)
})

const profileGone = ["not authorized to access scope", "no matching advertiser", "vendor not found"]
const advertiserGone = "not authorized to access this advertiser"
const uuid = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i

const missing = (said: string, detail: string): Failure.PermissionMissing | undefined => {
  if (profileGone.some((text) => said.includes(text))) {
    return new Failure.PermissionMissing({
      missing:
        "access of the consenting login to this advertising profile; an administrator of the account can give " +
        "it back, or another login can consent",
      detail
    })
  }
  if (said.includes(advertiserGone)) {
    return new Failure.PermissionMissing({
      missing: "the right to view and edit campaigns and reports; an administrator of the advertising account gives it",
      detail
    })
  }
  if (said.includes("advertiser id cannot be decrypted")) {
    return new Failure.PermissionMissing({
      missing: "a profile that holds sponsored advertising; this one is an agency's, choose the client's own",
      detail
    })
  }
  return undefined
}

const refused = (answer: Answer.Answer, operation: string, said: string, detail: string): AdsFailure => {
  const lacking = missing(said, detail)
  switch (answer.status) {
    case 400:
    case 406:
      return (
        lacking ??
        new Failure.RequestRefused({
          detail: detail || `status ${answer.status}`,
          beyondRetention: said.includes("too far in the past")
        })
      )
    case 401:
      return (
        lacking ??
        (said.includes("scope header is missing")
          ? new Failure.RequestRefused({ detail, beyondRetention: false })
          : new Failure.AccessTokenRefused({ detail: detail || "status 401" }))
      )
    case 403:
      return (
        lacking ??
        new Failure.PermissionMissing({
          missing: "access to this part of the advertising account; an administrator of the account can give it",
          detail
        })
      )
    case 404:
    case 409:
    case 413:
    case 415:
    case 422:
      return new Failure.RequestRefused({ detail: detail || `status ${answer.status}`, beyondRetention: false })
    default:
      return Answer.temporary(answer, `${operation}: status ${answer.status}`)
  }
}

/**
 * What an answer means. Texts about a scope or an advertiser concern one profile and leave the grant alone; any other
 * 401 concerns the token. 425 is a success in disguise.
 */
export const judgeAds = <A>(answer: Answer.Answer, call: AdsCall<A>): Result.Result<A, AdsFailure> => {
  const { operation } = call
  if (answer.status >= 200 && answer.status < 300) return Answer.read(answer, call.schema, operation)
  const general = Answer.judgeStatus(answer, operation)
  if (Option.isSome(general)) return Result.fail(general.value)
  const body = Answer.tryDecode(answer, ErrorBody)
  // A 401 needs no words to be a 401; any other status without a reason comes from something in between.
  if (Option.isNone(body) && answer.status !== 401) {
    return Result.fail(Answer.temporary(answer, `${operation}: status ${answer.status} without a reason`))
  }
  if (answer.status === 404 && call.absent !== undefined) return Result.succeed(call.absent)
  const text = Option.match(body, {
    onNone: () => "",
    onSome: ({ code, detail, details, message }) => details ?? detail ?? message ?? code ?? ""
  })
  if (answer.status === 425) {
    const id = uuid.exec(text)?.[0]
    return id === undefined || call.duplicate === undefined
      ? Result.fail(Answer.temporary(answer, `${operation}: the same request is being worked on`))
      : Result.succeed(call.duplicate(id))
  }
  return Result.fail(refused(answer, operation, text.toLowerCase(), sanitizeProviderText(text)))
}
