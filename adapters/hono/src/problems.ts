/**
 * From errors to problem details (RFC 9457): each error becomes a type with a title, a status and a next step.
 *
 * Types are relative references (`/problems/profile-held`) that lead to the reference page. A problem tells nothing of
 * other organizations: an id of theirs and an id that never existed give the same text.
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
import { kinds, type ProblemKind, typeOf } from "./problemKinds.ts"
import type { RequestError } from "./RequestError.ts"
import type { Problem } from "./wire/Problem.ts"

export { kinds, type ProblemKind, typeOf } from "./problemKinds.ts"

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

/** A problem before it knows which request it belongs to. */
export type Fact = Omit<Problem, "instance">

const fact = (
  kind: ProblemKind,
  detail: string,
  nextStep: string,
  more: Omit<Partial<Problem>, "type" | "title" | "status" | "instance"> = {}
): Fact => ({ type: typeOf(kind), title: kinds[kind][1], status: kinds[kind][0], detail, nextStep, ...more })

const nouns: { readonly [kind: string]: string } = {
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

const tokensUnusable = (): Fact =>
  fact("reauthorization-needed", "The stored tokens cannot be used.", "Authorize the account again as the same seller.")

const unavailable = (detail: string): Fact => fact("unavailable", detail, again, { retryAfter: 5 })

type Facts = { readonly [Tag in ApiError["_tag"]]: (error: Extract<ApiError, { readonly _tag: Tag }>) => Fact }

const facts: Facts = {
  InvalidInput: (error) =>
    fact(
      "invalid-input",
      error.errors.map(({ detail }) => detail)[0] ?? "The input is not valid.",
      "Correct the fields under `errors` and send the request again.",
      { errors: error.errors }
    ),
  MalformedBody: (error) => fact("malformed-body", error.detail, "Send one JSON document in UTF-8."),
  BodyTooLarge: (error) => fact("body-too-large", `A body may have ${error.limit} bytes.`, "Send less at once."),
  ContentTypeNotSupported: () =>
    fact("content-type-not-supported", "A body must be JSON.", "Send `Content-Type: application/json`."),
  UnknownRoute: () => fact("unknown-route", "No route has this path.", "Look at /docs for the routes there are."),
  MethodNotAllowed: (error) =>
    fact("method-not-allowed", `This path knows ${error.allow.join(", ")}.`, "Use one of the methods under `allow`.", {
      allow: error.allow
    }),
  CrossSite: () =>
    fact(
      "cross-site",
      "A change by a signed-in browser must come from a page of this site.",
      "Use the console, or send an API key as a bearer token."
    ),
  TooManyStreams: (error) =>
    fact(
      "too-many-streams",
      `An organization may have ${error.limit} event streams open.`,
      "Close one, or read /v1/events page by page.",
      { retryAfter: 30 }
    ),
  TookTooLong: () => fact("took-too-long", "The answer did not come in time.", again, { retryAfter: 5 }),
  Incident: (error) =>
    fact("incident", "Something broke that should not; it was logged.", askOperator, { incident: error.id }),
  NotReady: (error) => fact("not-ready", "This process cannot serve at the moment.", again, { checks: error.checks }),
  Refused: (error) => refused(error),
  // Without the id: another organization's thing and one that never existed give the same text (law REPO-19).
  NotFound: (error) =>
    fact(
      "not-found",
      `There is no ${nouns[error.kind] ?? error.kind} here.`,
      "Check the id, or look it up in its list."
    ),
  InvalidCursor: (error) => fact("invalid-cursor", error.message, "Start again without a cursor."),
  VersionConflict: () =>
    fact("changed-meanwhile", "It was changed by others again and again while this was decided.", again, {
      retryAfter: 1
    }),
  ProfileTaken: (error) => held("This profile is connected to another account.", error.holder),
  ProfileHeld: (error) => held(error.message, error.holder),
  JobGone: () => fact("already-done", "This work was carried out before.", "Nothing needs to be done."),
  AlreadyDone: () => fact("already-done", "This request was carried out before.", "Nothing needs to be done."),
  KeyReused: () => fact("key-reused", "This idempotency key belongs to another request.", "Use a new key."),
  NotSignedIn: (error) =>
    fact(
      "not-signed-in",
      error.message,
      "Sign in at the console, or send a valid API key; POST /v1/api-keys makes one."
    ),
  NoOrganization: (error) =>
    fact("no-organization", error.message, "Send POST /v1/organizations, or accept an invitation."),
  WrongCredentials: (error) =>
    fact(
      "wrong-credentials",
      error.message,
      "Correct them, or have a new password mailed with POST /v1/passwords/forgotten."
    ),
  EmailUnverified: (error) => fact("email-unverified", error.message, "Send POST /v1/sign-ups/resend for a new link."),
  PasswordUnacceptable: (error) => fact("password-unacceptable", error.message, "Choose another password."),
  TokenInvalid: (error) => fact("token-invalid", error.message, "Ask for a new link."),
  TooManyAttempts: (error) =>
    fact("too-many-attempts", error.message, "Wait, then try again.", { retryAfter: error.retryAfterSeconds }),
  MailerUnavailable: () => unavailable("The mail could not be sent."),
  MailRefused: () =>
    fact("mail-refused", "The mail server does not accept mail for this address.", "Check the address."),
  Temporary: (error) => temporary(error.message, error.retryAfterSeconds),
  GrantRefused: (error) =>
    fact("reauthorization-needed", error.message, "Authorize the account again as the same seller."),
  PermissionMissing: (error) =>
    fact("permission-missing", error.message, "Give the login the missing right at the provider and authorize again."),
  ApplicationRejected: () =>
    fact("application-rejected", "The provider rejected this software's own credentials.", askOperator),
  AccessTokenRefused: () =>
    fact("provider-refused", "The provider did not accept the access token.", again, { retryAfter: 5 }),
  ChannelUnavailable: (error) => fact("channel-unavailable", error.message, askOperator),
  StoreUnavailable: () => unavailable("The store does not answer."),
  VaultUnavailable: () => unavailable("The vault does not answer."),
  KeyUnavailable: () => unavailable("The vault's key is not available."),
  IdentityUnavailable: () => unavailable("Sign-in does not answer."),
  SecretCorrupted: tokensUnusable,
  SecretUnacceptable: tokensUnusable
}

/** An error as a problem. It tells nothing that the caller may not know. */
export const of = (error: ApiError): Fact =>
  // The row of a tag takes errors of that tag.
  (facts[error._tag] as (error: ApiError) => Fact)(error)

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
