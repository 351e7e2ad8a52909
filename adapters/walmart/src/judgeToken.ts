/**
 * Judges answers of the token endpoint, `POST /v3/token` (https://developer.walmart.com/us-marketplace/docs/tokenapi,
 * https://developer.walmart.com/suppliers/docs/errors).
 */
import { Failure } from "@portolan/domain"
import { Answer } from "@portolan/wire"
import { Option, Redacted, Result, Schema } from "effect"
import { limited } from "./limited.ts"
import { readErrors } from "./readErrors.ts"
import type * as Settings from "./Settings.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

/** Longest believable life of an access token, in seconds; Walmart's live for 900. */
const longestLifeSeconds = 86_400

const Token = Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,8192}$/))

const TokenBody = Schema.Struct({
  access_token: Token,
  refresh_token: Schema.optionalKey(Schema.NullOr(Token)),
  token_type: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^bearer$/i))),
  expires_in: Schema.FiniteFromString.check(Schema.isBetween({ minimum: 1, maximum: longestLifeSeconds }))
})

/** What the token endpoint gave, not yet tied to a clock. */
export interface Issued {
  readonly accessToken: Redacted.Redacted<string>
  readonly refreshToken: Option.Option<Redacted.Redacted<string>>
  readonly lifeSeconds: number
}

/** What was spent: a code, a refresh token, or only our own credentials. */
export type Spent = "code" | "refresh" | "own"

/** The credentials that a call carried are refused, and it does not say whether ours or the grant's. */
export interface Unclear {
  readonly _tag: "Unclear"
  readonly detail: string
}

/** What can go wrong at the token endpoint. */
export type TokenFailure =
  | Failure.Temporary
  | Failure.ApplicationRejected
  | Failure.CodeRefused
  | Failure.GrantRefused
  | Unclear

const what = "token endpoint"

const issued = (answer: Answer.Answer, spent: Spent): Result.Result<Issued, Failure.Temporary> =>
  Result.flatMap(Answer.read(answer, TokenBody, what), (body) =>
    spent === "code" && (body.refresh_token ?? undefined) === undefined
      ? Result.fail(Answer.temporary(answer, `${what}: the answer lacks or garbles refresh_token`))
      : Result.succeed({
          accessToken: Redacted.make(body.access_token),
          refreshToken: Option.map(Option.fromNullishOr(body.refresh_token), (token) => Redacted.make(token)),
          lifeSeconds: body.expires_in
        })
  )

// All of these say that our request or registration is wrong, and that every customer is hit alike.
const ours = new Set([
  "MISSING_REQUEST_HEADER",
  "INVALID_REQUEST_HEADER",
  "MISSING_REQUEST_PARAM",
  "INVALID_REQUEST",
  "INVALID_REQUEST_CONTENT",
  "MALFORMED_REQUEST_CONTENT",
  "METHOD_NOT_ALLOWED",
  "INVALID_ACCEPT_TYPE",
  "UNSUPPORTED_MEDIA_TYPE",
  "INVALID_CLIENT",
  "UNAUTHORIZED_CLIENT",
  "UNSUPPORTED_GRANT_TYPE"
])

/**
 * What the token endpoint's answer means. How Walmart refuses a dead refresh token is not confirmed, so only codes
 * that name the token (`deadTokenCodes`) prove it; `UNAUTHORIZED` may mean our own credentials and is `Unclear` for a
 * refresh. A bare refusal without a reason proves nothing.
 */
export const judgeToken = (
  answer: Answer.Answer,
  spent: Spent,
  assumptions: Pick<Settings.Assumptions, "deadTokenCodes" | "marketplaceWaitSeconds">
): Result.Result<Issued, TokenFailure> => {
  const { status } = answer
  if (status === 200) return issued(answer, spent)
  if (status === 429) return Result.fail(limited(answer, what, assumptions.marketplaceWaitSeconds))
  const general = Answer.judgeStatus(answer, what)
  if (Option.isSome(general)) return Result.fail(general.value)
  const [error] = readErrors(answer)
  if (error === undefined) return Result.fail(Answer.temporary(answer, `${what}: status ${status} without a reason`))
  const { code, field } = error
  const detail = sanitizeProviderText([code, field, error.text].filter((part) => part !== "").join(": "))
  if (status === 400 || status === 401) {
    const names = `${field} ${error.text}`.toLowerCase()
    // A parameter is told by its name; the code's own name must not be found inside another word, such as "barcode".
    const isCode = code === "INVALID_REQUEST_PARAM" && /\bcode\b/.test(names)
    const isPartner = code === "INVALID_REQUEST_HEADER" && names.includes("partner")
    if (spent === "code" && (assumptions.deadTokenCodes.includes(code) || isCode || isPartner)) {
      return Result.fail(new Failure.CodeRefused({ detail }))
    }
    if (spent === "refresh" && assumptions.deadTokenCodes.includes(code)) {
      return Result.fail(new Failure.GrantRefused({ detail }))
    }
    if (spent === "refresh" && code === "UNAUTHORIZED") return Result.fail({ _tag: "Unclear", detail })
  }
  if (code === "UNAUTHORIZED" || ours.has(code) || (code === "INVALID_REQUEST_PARAM" && spent !== "refresh")) {
    return Result.fail(new Failure.ApplicationRejected({ detail }))
  }
  return Result.fail(Answer.temporary(answer, `${what}: status ${status}, ${detail}`))
}
