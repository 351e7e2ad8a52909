/**
 * Judges answers of Login with Amazon
 * (https://advertising.amazon.com/API/docs/en-us/guides/account-management/authorization/access-tokens,
 * https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html).
 */
import { Failure } from "@portolan/domain"
import { Answer } from "@portolan/wire"
import { Option, Redacted, Result, Schema } from "effect"
import { sanitizeProviderText } from "./sanitizeProviderText.ts"

/** Longest believable life of an access token, in seconds; Amazon's live for 3600. */
const longestLifeSeconds = 86_400

const Token = Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,2048}$/))

const TokenBody = Schema.Struct({
  access_token: Token,
  refresh_token: Schema.optionalKey(Token),
  token_type: Schema.optionalKey(Schema.String.check(Schema.isPattern(/^bearer$/i))),
  // A number, or text on some pages of Amazon's: numbers arrive as text here, so both read alike.
  expires_in: Schema.FiniteFromString.check(Schema.isBetween({ minimum: 1, maximum: longestLifeSeconds }))
})

const ErrorBody = Schema.Struct({ error: Schema.String, error_description: Schema.optionalKey(Schema.String) })

/** What the token endpoint gave, not yet tied to a clock. */
export interface Issued {
  readonly accessToken: Redacted.Redacted<string>
  readonly refreshToken: Option.Option<Redacted.Redacted<string>>
  readonly lifeSeconds: number
}

/** What `invalid_grant` proves, by what was spent. */
interface Dead {
  readonly code: Failure.CodeRefused
  readonly refresh: Failure.GrantRefused
}

const dead: { readonly [Spent in keyof Dead]: (detail: string) => Dead[Spent] } = {
  code: (detail) => new Failure.CodeRefused({ detail }),
  refresh: (detail) => new Failure.GrantRefused({ detail })
}

// All of these say that the application or its registration is wrong, and that every customer is hit alike.
const ours = new Set([
  "invalid_client",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_request",
  "invalid_scope"
])

/** The error that the token endpoint names, e.g. `invalid_client`; nothing for another body. */
export const errorOf = (answer: Answer.Answer): string | undefined =>
  Option.getOrUndefined(Answer.tryDecode(answer, ErrorBody))?.error

const issued = (answer: Answer.Answer, spent: keyof Dead): Result.Result<Issued, Failure.Temporary> =>
  Result.flatMap(Answer.read(answer, TokenBody, "token endpoint"), (body) =>
    spent === "code" && body.refresh_token === undefined
      ? Result.fail(Answer.temporary(answer, "token endpoint: the answer lacks or garbles refresh_token"))
      : Result.succeed({
          accessToken: Redacted.make(body.access_token),
          refreshToken: Option.map(Option.fromUndefinedOr(body.refresh_token), (token) => Redacted.make(token)),
          lifeSeconds: body.expires_in
        })
  )

/**
 * What the token endpoint's answer means. Only `invalid_grant` in an answer of status 400 or 401 proves that a code or
 * a grant is dead; a registration that is wrong is the operator's; everything else says nothing.
 */
export const judgeLwa = <Spent extends keyof Dead>(
  answer: Answer.Answer,
  spent: Spent
): Result.Result<Issued, Failure.Temporary | Failure.ApplicationRejected | Dead[Spent]> => {
  if (answer.status === 200) return issued(answer, spent)
  const general = Answer.judgeStatus(answer, "token endpoint")
  if (Option.isSome(general)) return Result.fail(general.value)
  const body = Answer.tryDecode(answer, ErrorBody)
  if (Option.isNone(body)) {
    // An API gateway says so when a token request reaches a host that is no token endpoint
    // (https://developer.amazon.com/docs/login-with-amazon/authorization-code-grant.html).
    return answer.status === 403 && answer.text.includes("MissingAuthenticationToken")
      ? Result.fail(new Failure.ApplicationRejected({ detail: "the token address belongs to another API" }))
      : Result.fail(Answer.temporary(answer, `token endpoint: status ${answer.status} without a reason`))
  }
  const { error, error_description } = body.value
  const detail = sanitizeProviderText(error_description === undefined ? error : `${error}: ${error_description}`)
  if (answer.status === 400 || answer.status === 401) {
    if (error === "invalid_grant") return Result.fail(dead[spent](detail))
    if (ours.has(error)) return Result.fail(new Failure.ApplicationRejected({ detail }))
  }
  return Result.fail(Answer.temporary(answer, `token endpoint: status ${answer.status}, ${detail}`))
}

const User = Schema.Struct({ user_id: Schema.String.check(Schema.isPattern(/^[\x21-\x7e]{1,200}$/)) })

/** Who consented, from the user profile; absent for any other answer, because a consent is worth more than a name. */
export const judgeUser = (answer: Answer.Answer): Option.Option<string> =>
  answer.status === 200 ? Option.map(Answer.tryDecode(answer, User), (user) => user.user_id) : Option.none()
