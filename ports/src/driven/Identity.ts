/**
 * Who is calling. The adapter knows people, sessions, memberships and API keys; what a role may do is decided by the
 * domain (`Access`).
 */
import type { Access, Id } from "@portolan/domain"
import { Context, type DateTime, type Effect, type Redacted, Schema } from "effect"

/** A caller with what a page shows of him. */
export interface SignedIn extends Access.Caller {
  readonly name: string
  readonly email: string
  readonly organizationName: string
}

/** An API key as it is listed; the secret is shown once, when it is made. */
export interface ApiKey {
  readonly id: string
  readonly name: string
  /** First characters, to recognise it by. */
  readonly start: string
  readonly createdAt: DateTime.Utc
  readonly expiresAt?: DateTime.Utc
}

/** No valid session or key came with the request. */
export class NotSignedIn extends Schema.TaggedError<NotSignedIn>()("NotSignedIn", {}) {
  override get message(): string {
    return "Sign in, or send a valid API key as a bearer token."
  }
}

/** E-mail or password is wrong; never says which. */
export class WrongCredentials extends Schema.TaggedError<WrongCredentials>()("WrongCredentials", {}) {
  override get message(): string {
    return "E-mail or password is wrong."
  }
}

/** Too many attempts. */
export class TooManyAttempts extends Schema.TaggedError<TooManyAttempts>()("TooManyAttempts", {
  retryAfterSeconds: Schema.Int
}) {
  override get message(): string {
    return `Too many attempts. Try again in ${this.retryAfterSeconds} seconds.`
  }
}

/** The directory of people cannot be reached. */
export class IdentityUnavailable extends Schema.TaggedError<IdentityUnavailable>()("IdentityUnavailable", {
  cause: Schema.Defect()
}) {
  override get message(): string {
    return "Sign-in is not available at the moment. Try again shortly."
  }
}

/** Knows who is calling. */
export class Identity extends Context.Service<Identity, {
  /** Reads session cookie or `Authorization: Bearer` key from request headers. */
  readonly whoIs: (headers: Headers) => Effect.Effect<SignedIn, NotSignedIn | IdentityUnavailable>

  /** Signs in by e-mail and password. Gives the `Set-Cookie` values to send. */
  readonly signIn: (
    email: string, password: Redacted.Redacted<string>, headers: Headers
  ) => Effect.Effect<ReadonlyArray<string>, WrongCredentials | TooManyAttempts | IdentityUnavailable>

  /** Ends the session. Gives the `Set-Cookie` values to send. */
  readonly signOut: (headers: Headers) => Effect.Effect<ReadonlyArray<string>, IdentityUnavailable>

  /** Makes an API key that acts for the caller's organization with the caller's role. The secret is shown once. */
  readonly createApiKey: (
    caller: Access.Caller, name: string
  ) => Effect.Effect<{ readonly key: ApiKey; readonly secret: Redacted.Redacted<string> }, NotSignedIn | IdentityUnavailable>

  /** The API keys of an organization, the youngest first. */
  readonly apiKeys: (organizationId: Id.OrganizationId) => Effect.Effect<ReadonlyArray<ApiKey>, IdentityUnavailable>

  /** Revokes a key at once. Says whether there was one. */
  readonly revokeApiKey: (
    organizationId: Id.OrganizationId, keyId: string
  ) => Effect.Effect<boolean, IdentityUnavailable>
}>()("@portolan/ports/driven/Identity") {}
