/**
 * Judges answers of the Marketplace API (https://developer.walmart.com/suppliers/docs/errors,
 * https://developer.walmart.com/us-marketplace/docs).
 */
import { Failure } from "@portolan/domain"
import { Answer, ErrorBody } from "@portolan/wire"
import { Option, Result, type Schema } from "effect"
import { limited } from "./limited.ts"
import { readErrors } from "./readErrors.ts"
import type * as Settings from "./Settings.ts"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

/** What can go wrong in a call of this API. */
export type MarketplaceFailure =
  | Failure.Temporary
  | Failure.AccessTokenRefused
  | Failure.PermissionMissing
  | Failure.RequestRefused

/** What a call expects. */
export interface MarketplaceCall<A> {
  /** For an operator. */
  readonly operation: string
  /** The scope it needs, as the token detail names it; told when it is missing. */
  readonly scope: string
  readonly schema: Schema.Decoder<A>
  /** What 404 with `CONTENT_NOT_FOUND` means, when it is an answer: there is nothing of the kind. */
  readonly nothing?: A
  /** What a success without a body means, when it is an answer: nothing that could be read. */
  readonly blank?: A
  /** What 404 with `URI_NOT_FOUND` means, when it is an answer: this market has no such call. */
  readonly noSuchCall?: A
}

/**
 * Codes as Walmart writes them, `FORBIDDEN.GMP_GATEWAY_API`; what stands in front of its API writes others, or none.
 */
const isOwnCode = (code: string | undefined): boolean => /^[A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)?$/.test(code ?? "")

interface Refusal {
  readonly answer: Answer.Answer
  readonly code: string
  readonly detail: string
  readonly words: Failure.ProviderWords
}

/** A status that refuses the request, or its sender. */
const refused = <A>(
  { answer, code, detail, words }: Refusal,
  call: MarketplaceCall<A>
): Result.Result<A, MarketplaceFailure> => {
  const { operation, scope } = call
  const request = () => Result.fail(new Failure.RequestRefused({ detail, words, beyondRetention: false }))
  switch (answer.status) {
    case 403:
      return Result.fail(
        isOwnCode(ErrorBody.read(answer)?.code)
          ? new Failure.PermissionMissing({
              missing:
                `the permission "${scope}" for this application; the seller can give it in Seller Center ` +
                "and connect again",
              detail,
              words
            })
          : Answer.temporary(answer, `${operation}: refused before it reached the Marketplace API (${detail})`)
      )
    case 404:
      if (code === "CONTENT_NOT_FOUND" && call.nothing !== undefined) return Result.succeed(call.nothing)
      if (code !== "URI_NOT_FOUND") return request()
      return call.noSuchCall === undefined
        ? // An operator's mistake in `addresses` must not cost any data.
          Result.fail(Answer.temporary(answer, `${operation}: the address is not one of the Marketplace API`))
        : Result.succeed(call.noSuchCall)
    case 400:
    case 405:
    case 406:
    case 409:
    case 410:
    case 413:
    case 415:
    case 422:
      return request()
    default:
      return Result.fail(Answer.temporary(answer, `${operation}: status ${answer.status}, ${detail}`))
  }
}

/**
 * What an answer means. An expired access token answers 400 here and 401 there; 403 is a missing
 * scope and no proof of anything dead. A refusal whose body is not Walmart's comes from something in
 * between.
 */
export const judgeMarketplace = <A>(
  answer: Answer.Answer,
  call: MarketplaceCall<A>,
  assumptions: Pick<Settings.Assumptions, "marketplaceWaitSeconds">
): Result.Result<A, MarketplaceFailure> => {
  const { status } = answer
  const { operation } = call
  if (status === 206) {
    // SOME_CONTENT_NOT_FOUND: half an answer would be landed as the whole.
    return Result.fail(Answer.temporary(answer, `${operation}: Walmart left a part out`))
  }
  if (status >= 200 && status < 300 && answer.text.trim() === "" && call.blank !== undefined)
    return Result.succeed(call.blank)
  if (status >= 200 && status < 300) return Answer.read(answer, call.schema, operation)
  if (status === 429) return Result.fail(limited(answer, operation, assumptions.marketplaceWaitSeconds))
  const general = Answer.judgeStatus(answer, operation)
  if (Option.isSome(general)) return Result.fail(general.value)
  const [error] = readErrors(answer)
  if (error === undefined) {
    return Result.fail(
      status === 401
        ? new Failure.AccessTokenRefused({ detail: "status 401" })
        : Answer.temporary(answer, `${operation}: status ${status} without a reason`)
    )
  }
  const words = ErrorBody.words(answer, sanitizeProviderText)
  const detail = sanitizeProviderText([error.code, error.field, error.text].filter((part) => part !== "").join(": "))
  if (status === 401 || (status === 400 && error.code === "INVALID_TOKEN")) {
    return Result.fail(new Failure.AccessTokenRefused({ detail, words }))
  }
  return refused({ answer, code: error.code, detail, words }, call)
}
