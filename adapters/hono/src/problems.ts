/**
 * From errors to problem details (RFC 9457): each error becomes a type with a title, a status and a next step.
 *
 * Types are relative references (`/problems/profile-held`) that lead to the reference page. A problem tells nothing of
 * other organizations: an id of theirs and an id that never existed give the same text.
 */
import { Messages, type Refused } from "@portolan/domain"
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
import { type ProblemKind, statuses, titleOf, typeOf } from "./problemKinds.ts"
import type { RequestError } from "./RequestError.ts"
import type { Problem } from "./wire/Problem.ts"

export { kinds, type ProblemKind, statuses, titleOf, typeOf } from "./problemKinds.ts"

/** Everything that a route may fail with. */
export type ApiError =
  | RequestError
  | Refused.Refused
  | Repository.NotFound
  | Repository.InvalidCursor
  | StoreUnavailable.StoreError
  | UnitOfWork.CommitError
  | PendingAuthorizations.ProfileHeld
  | AccessTokens.TokenError
  | ProviderApi.CallError
  | Callers.NoOrganization
  | Callers.OrganizationClosing
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
): Fact => ({ type: typeOf(kind), title: titleOf(kind), status: statuses[kind], detail, nextStep, ...more })

const nouns: { readonly [kind: string]: string } = {
  invitation: Messages.text("api.auth-link"),
  request: Messages.text("api.request"),
  job: Messages.text("api.parked-work"),
  backfill: Messages.text("api.first-load")
}
const again = Messages.text("api.try-again")
const askOperator = Messages.text("api.ask-operator")

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
    holder === undefined ? Messages.text("api.choose-other-profile") : Messages.text("profile.choose-or-disconnect"),
    { reason: "profile-taken", ...(holder === undefined ? {} : { holder }) }
  )

const temporary = (detail: string, seconds: number | undefined): Fact => {
  const retryAfter = Math.ceil(Math.min(Math.max(1, seconds ?? 30), 86_400))
  return fact("provider-unavailable", detail, Messages.text("api.try-again-in", { seconds: retryAfter }), {
    retryAfter
  })
}

const tokensUnusable = (): Fact =>
  fact("reauthorization-needed", Messages.text("api.tokens-unusable"), Messages.text("api.authorize-same-seller"))

const unavailable = (detail: string): Fact => fact("unavailable", detail, again, { retryAfter: 5 })

type Facts = { readonly [Tag in ApiError["_tag"]]: (error: Extract<ApiError, { readonly _tag: Tag }>) => Fact }

const facts: Facts = {
  InvalidInput: (error) =>
    fact(
      "invalid-input",
      error.errors.map(({ detail }) => detail)[0] ?? Messages.text("api.input-invalid"),
      Messages.text("api.correct-fields"),
      { errors: error.errors }
    ),
  MalformedBody: (error) => fact("malformed-body", error.detail, Messages.text("api.send-json")),
  BodyTooLarge: (error) =>
    fact("body-too-large", Messages.text("api.body-too-large", { limit: error.limit }), Messages.text("api.send-less")),
  ContentTypeNotSupported: () =>
    fact("content-type-not-supported", Messages.text("api.json-only"), Messages.text("api.send-content-type")),
  UnknownRoute: () => fact("unknown-route", Messages.text("api.no-route"), Messages.text("api.see-docs")),
  MethodNotAllowed: (error) =>
    fact(
      "method-not-allowed",
      Messages.text("api.methods", { methods: error.allow }),
      Messages.text("api.use-method"),
      { allow: error.allow }
    ),
  CrossSite: () => fact("cross-site", Messages.text("api.cross-site"), Messages.text("api.use-console-or-key")),
  TooManyStreams: (error) =>
    fact(
      "too-many-streams",
      Messages.text("api.streams-open", { limit: error.limit }),
      Messages.text("api.close-stream"),
      { retryAfter: 30 }
    ),
  RateLimited: ({ retryAfterSeconds }) =>
    fact("rate-limited", Messages.text("api.rate-limited"), Messages.text("api.wait"), {
      retryAfter: retryAfterSeconds
    }),
  BodyTooSlow: () => fact("body-too-slow", Messages.text("api.body-too-slow"), again),
  TookTooLong: () => fact("took-too-long", Messages.text("api.answer-late"), again, { retryAfter: 5 }),
  Incident: (error) => fact("incident", Messages.text("api.incident"), askOperator, { incident: error.id }),
  NotReady: (error) => fact("not-ready", Messages.text("api.not-ready"), again, { checks: error.checks }),
  Refused: (error) => refused(error),
  // Without the id: another organization's thing and one that never existed give the same text (law REPO-19).
  NotFound: (error) =>
    fact(
      "not-found",
      Messages.text("api.nothing-here", { kind: nouns[error.kind] ?? error.kind }),
      Messages.text("api.check-id")
    ),
  InvalidCursor: (error) => fact("invalid-cursor", error.message, Messages.text("api.no-cursor")),
  VersionConflict: () => fact("changed-meanwhile", Messages.text("api.changed-meanwhile"), again, { retryAfter: 1 }),
  ProfileTaken: (error) => held(Messages.text("api.profile-connected"), error.holder),
  ProfileHeld: (error) => held(error.message, error.holder),
  JobGone: () => fact("already-done", Messages.text("api.job-done"), Messages.text("step.nothing")),
  AlreadyDone: () => fact("already-done", Messages.text("api.request-done"), Messages.text("step.nothing")),
  KeyReused: (error) => fact("key-reused", error.message, Messages.text("api.new-key")),
  NotSignedIn: (error) => fact("not-signed-in", error.message, Messages.text("api.sign-in")),
  OrganizationClosing: ({ message }) =>
    fact("organization-closed", message, Messages.text("organization.owner-reopens")),
  NoOrganization: (error) => fact("no-organization", error.message, Messages.text("api.found-or-join")),
  WrongCredentials: (error) => fact("wrong-credentials", error.message, Messages.text("api.correct-or-reset")),
  EmailUnverified: (error) => fact("email-unverified", error.message, Messages.text("api.resend-link")),
  PasswordUnacceptable: (error) => fact("password-unacceptable", error.message, Messages.text("api.other-password")),
  TokenInvalid: (error) => fact("token-invalid", error.message, Messages.text("api.new-link")),
  TooManyAttempts: (error) =>
    fact("too-many-attempts", error.message, Messages.text("api.wait"), { retryAfter: error.retryAfterSeconds }),
  MailerUnavailable: () => unavailable(Messages.text("api.mail-not-sent")),
  MailRefused: () => fact("mail-refused", Messages.text("api.address-refused"), Messages.text("api.check-address")),
  Temporary: (error) => temporary(error.message, error.retryAfterSeconds),
  GrantRefused: (error) => fact("reauthorization-needed", error.message, Messages.text("api.authorize-same-seller")),
  PermissionMissing: (error) => fact("permission-missing", error.message, Messages.text("connection.give-right")),
  ApplicationRejected: () => fact("application-rejected", Messages.text("api.application-rejected"), askOperator),
  AccessTokenRefused: () => fact("provider-refused", Messages.text("api.token-refused"), again, { retryAfter: 5 }),
  ChannelUnavailable: (error) => fact("channel-unavailable", error.message, askOperator),
  Unreadable: () => fact("incident", Messages.text("stored.cannot-be-read"), askOperator),
  StoreUnavailable: ({ outcome }) =>
    unavailable(Messages.text(outcome === "unknown" ? "api.store-outcome-unknown" : "api.store-silent")),
  VaultUnavailable: () => unavailable(Messages.text("api.vault-silent")),
  KeyUnavailable: () => unavailable(Messages.text("api.vault-key-missing")),
  IdentityUnavailable: () => unavailable(Messages.text("api.sign-in-silent")),
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
