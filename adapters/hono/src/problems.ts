/**
 * From errors to problem details (RFC 9457). The only file that knows status codes of errors: a conversation states a
 * fact, and here it becomes a type with a title, a status and a next step.
 *
 * Types are relative references (`/problems/profile-held`) that lead to the reference page. What somebody else's data
 * looks like never shows: an id of another organization and an id that never existed give the same words.
 */
import type { Refused } from "@portolan/domain"
import type {
  AccessTokens,
  Callers,
  Repository,
  Identity,
  Mailer,
  PendingAuthorizations,
  ProviderApi,
  StoreUnavailable,
  UnitOfWork
} from "@portolan/ports"
import { DateTime } from "effect"
import type { RequestError } from "./RequestError.ts"
import type { Problem } from "./wire/Problem.ts"

/** Everything that a route may fail with. */
export type ApiError =
  | RequestError
  | Refused.Refused
  | Repository.NotFound
  | Repository.InvalidCursor
  | StoreUnavailable.StoreUnavailable
  | UnitOfWork.CommitError
  | PendingAuthorizations.ProfileHeld
  | AccessTokens.TokenError
  | ProviderApi.CallError
  | Callers.NoOrganization
  | Identity.NotSignedIn
  | Identity.IdentityUnavailable
  | Identity.EmailUnverified
  | Identity.PasswordUnacceptable
  | Identity.TokenInvalid
  | Identity.TooManyAttempts
  | Identity.WrongCredentials
  | Mailer.MailerUnavailable
  | Mailer.MailRefused

/** Status and title by type of problem; the whole list is on the reference page. */
export const kinds = {
  "invalid-input": [400, "The input is not valid"],
  "malformed-body": [400, "The body is not readable JSON"],
  "invalid-cursor": [400, "The cursor does not belong to this list"],
  "not-signed-in": [401, "Not signed in"],
  "wrong-credentials": [401, "E-mail or password is wrong"],
  "email-unverified": [403, "The address is not proven yet"],
  "not-permitted": [403, "Your role does not allow this"],
  "no-organization": [403, "Not a member of any organization yet"],
  "wrong-person": [403, "Somebody else was meant"],
  "cross-site": [403, "The request came from another site"],
  "wrong-browser": [403, "Another browser started this"],
  "not-found": [404, "Not found"],
  "unknown-route": [404, "There is no such address"],
  "method-not-allowed": [405, "This address does not know the method"],
  "not-possible-now": [409, "Not possible at the moment"],
  "already-exists": [409, "It exists already"],
  "does-not-exist": [409, "It does not exist yet"],
  "already-used": [409, "It was used before"],
  expired: [409, "Its time is over"],
  revoked: [409, "It was withdrawn"],
  "needs-confirmation": [409, "It wants to be confirmed"],
  "profile-held": [409, "The profile is connected to another account"],
  "different-identity": [409, "Another seller or profile than before"],
  "too-many": [409, "A limit was reached"],
  "changed-meanwhile": [409, "Somebody else was faster"],
  "already-done": [409, "This was done before"],
  "channel-unavailable": [409, "The channel is not available here"],
  "reauthorization-needed": [409, "The consent is gone"],
  "permission-missing": [409, "A permission is missing at the provider"],
  "body-too-large": [413, "The body is too large"],
  "content-type-not-supported": [415, "The content type is not supported"],
  "unknown-profile": [422, "The profile is not among the choices"],
  "unfit-profile": [422, "The profile does not fit the account"],
  "not-yours": [422, "It belongs to something else"],
  contradiction: [422, "The request contradicts itself"],
  "key-reused": [422, "The idempotency key belongs to another request"],
  "token-invalid": [422, "The mailed link is not valid any more"],
  "password-unacceptable": [422, "The password is too short or too long"],
  "mail-refused": [422, "The address takes no mail"],
  "too-many-attempts": [429, "Too many attempts"],
  "too-many-streams": [429, "Too many open streams"],
  incident: [500, "Something broke inside"],
  "application-rejected": [502, "The provider rejected this software"],
  "provider-refused": [502, "The provider refused the call"],
  "provider-unavailable": [503, "The provider does not answer usefully"],
  unavailable: [503, "Not available at the moment"],
  "not-ready": [503, "Not ready"],
  "took-too-long": [504, "It took too long"]
} as const satisfies { readonly [kind: string]: readonly [status: number, title: string] }

/** A type of problem. */
export type ProblemKind = keyof typeof kinds

/** The type of a problem as a relative reference. */
export const typeOf = (kind: ProblemKind): string => `/problems/${kind}`

/** A problem before it knows which request it belongs to. */
export type Fact = Omit<Problem, "instance">

const fact = (
  kind: ProblemKind,
  detail: string,
  nextStep: string,
  more: Omit<Partial<Problem>, "type" | "title" | "status" | "instance"> = {}
): Fact => ({ type: typeOf(kind), title: kinds[kind][1], status: kinds[kind][0], detail, nextStep, ...more })

const words: { readonly [kind: string]: string } = {
  invitation: "auth link",
  request: "request",
  job: "parked work",
  backfill: "first load yet"
}
const again = "Try again in a moment."
const askOperator = "Ask your operator to look into it."

const secondsUntil = (at: DateTime.Utc): number =>
  Math.max(1, Math.ceil((DateTime.toEpochMillis(at) - Date.now()) / 1000))

const refused = ({ detail, nextStep, reason, retryAt }: Refused.Refused): Fact =>
  fact(reason === "profile-taken" ? "profile-held" : reason, detail, nextStep, {
    reason,
    ...(retryAt === undefined ? {} : { retryAfter: secondsUntil(retryAt) })
  })

const held = (detail: string, holder: Problem["holder"]): Fact =>
  fact(
    "profile-held",
    detail,
    holder === undefined ? "Choose another profile." : "Choose another profile, or disconnect it there first.",
    { reason: "profile-taken", ...(holder === undefined ? {} : { holder }) }
  )

const temporary = (detail: string, seconds: number | undefined): Fact => {
  const retryAfter = Math.ceil(Math.min(Math.max(1, seconds ?? 30), 86_400))
  return fact("provider-unavailable", detail, `Try again in ${retryAfter} seconds.`, { retryAfter })
}

const unavailable = (detail: string): Fact => fact("unavailable", detail, again, { retryAfter: 5 })

/** What became wrong, as a problem. Total, and free of anything that the caller may not know. */
export const of = (error: ApiError): Fact => {
  switch (error._tag) {
    case "InvalidInput":
      return fact(
        "invalid-input",
        error.errors.map(({ detail }) => detail)[0] ?? "The input is not valid.",
        "Correct the fields under `errors` and send the request again.",
        { errors: error.errors }
      )
    case "MalformedBody":
      return fact("malformed-body", error.detail, "Send one JSON document in UTF-8.")
    case "BodyTooLarge":
      return fact("body-too-large", `A body may have ${error.limit} bytes.`, "Send less at once.")
    case "ContentTypeNotSupported":
      return fact("content-type-not-supported", "A body must be JSON.", "Send `Content-Type: application/json`.")
    case "UnknownRoute":
      return fact("unknown-route", "No route has this path.", "Look at /docs for the routes there are.")
    case "MethodNotAllowed":
      return fact(
        "method-not-allowed",
        `This path knows ${error.allow.join(", ")}.`,
        "Use one of the methods under `allow`.",
        { allow: error.allow }
      )
    case "CrossSite":
      return fact(
        "cross-site",
        "A change by a signed-in browser must come from a page of this site.",
        "Use the console, or send an API key as a bearer token."
      )
    case "TooManyStreams":
      return fact(
        "too-many-streams",
        `An organization may have ${error.limit} event streams open.`,
        "Close one, or read /v1/events page by page.",
        { retryAfter: 30 }
      )
    case "TookTooLong":
      return fact("took-too-long", "The answer did not come in time.", again, { retryAfter: 5 })
    case "Incident":
      return fact("incident", "Something broke that should not; it was logged.", askOperator, { incident: error.id })
    case "NotReady":
      return fact("not-ready", "This process cannot serve at the moment.", again, { checks: error.checks })
    case "Refused":
      return refused(error)
    // Without the id: another organization's thing and one that never was are told in the same words (law REPO-19).
    case "NotFound":
      return fact(
        "not-found",
        `There is no ${words[error.kind] ?? error.kind} here.`,
        "Check the id, or look it up in its list."
      )
    case "InvalidCursor":
      return fact("invalid-cursor", error.message, "Start again without a cursor.")
    case "VersionConflict":
      return fact("changed-meanwhile", "It was changed by others again and again while this was decided.", again, {
        retryAfter: 1
      })
    case "ProfileTaken":
      return held("This profile is connected to another account.", error.holder)
    case "ProfileHeld":
      return held(error.message, error.holder)
    case "JobGone":
      return fact("already-done", "This work was carried out before.", "Nothing needs to be done.")
    case "AlreadyDone":
      return fact("already-done", "This request was carried out before.", "Nothing needs to be done.")
    case "KeyReused":
      return fact("key-reused", "This idempotency key belongs to another request.", "Use a new key.")
    case "NotSignedIn":
      return fact(
        "not-signed-in",
        error.message,
        "Sign in at the console, or send a valid API key; POST /v1/api-keys makes one."
      )
    case "NoOrganization":
      return fact("no-organization", error.message, "Send POST /v1/organizations, or accept an invitation.")
    case "WrongCredentials":
      return fact(
        "wrong-credentials",
        error.message,
        "Correct them, or have a new password mailed with POST /v1/passwords/forgotten."
      )
    case "EmailUnverified":
      return fact("email-unverified", error.message, "Send POST /v1/sign-ups/resend for a new link.")
    case "PasswordUnacceptable":
      return fact("password-unacceptable", error.message, "Choose another password.")
    case "TokenInvalid":
      return fact("token-invalid", error.message, "Ask for a new link.")
    case "TooManyAttempts":
      return fact("too-many-attempts", error.message, "Wait, then try again.", { retryAfter: error.retryAfterSeconds })
    case "MailerUnavailable":
      return unavailable("The mail could not be sent.")
    case "MailRefused":
      return fact("mail-refused", "The mail server does not accept mail for this address.", "Check the address.")
    case "Temporary":
      return temporary(error.message, error.retryAfterSeconds)
    case "GrantRefused":
      return fact("reauthorization-needed", error.message, "Authorize the account again as the same seller.")
    case "PermissionMissing":
      return fact(
        "permission-missing",
        error.message,
        "Give the login the missing right at the provider and authorize again."
      )
    case "ApplicationRejected":
      return fact("application-rejected", "The provider rejected this software's own credentials.", askOperator)
    case "AccessTokenRefused":
      return fact("provider-refused", "The provider did not accept the access token.", again, { retryAfter: 5 })
    case "ChannelUnavailable":
      return fact("channel-unavailable", error.message, askOperator)
    case "StoreUnavailable":
      return unavailable("The store does not answer.")
    case "VaultUnavailable":
      return unavailable("The vault does not answer.")
    case "KeyUnavailable":
      return unavailable("The vault's key is not available.")
    case "IdentityUnavailable":
      return unavailable("Sign-in does not answer.")
    case "SecretCorrupted":
    case "SecretUnacceptable":
      return fact(
        "reauthorization-needed",
        "The stored tokens cannot be used.",
        "Authorize the account again as the same seller."
      )
  }
}

/** A problem as a response. */
export const response = (error: ApiError, instance: string): Response => {
  const { retryAfter, ...rest } = of(error)
  const problem: Problem = { ...rest, instance, ...(retryAfter === undefined ? {} : { retryAfter }) }
  const headers = new Headers({ "content-type": "application/problem+json", "cache-control": "no-store" })
  if (retryAfter !== undefined) headers.set("retry-after", String(retryAfter))
  if (problem.allow !== undefined) headers.set("allow", problem.allow.join(", "))
  if (error._tag === "NotSignedIn") headers.set("www-authenticate", 'Bearer realm="Portolan"')
  return new Response(JSON.stringify(problem), { status: problem.status, headers })
}
