/**
 * What can go wrong at a provider, in classes that decide what happens next. Adapters judge an answer into one of these
 * and nothing else; machines never see a status code.
 *
 * - `Temporary`: 429, 5xx, network, time-out, a body that makes no sense. Never ends a connection.
 * - `AccessTokenRefused`: the access token is no longer good; one refresh and one repeat, then it counts as temporary.
 * - `PermissionMissing`: the grant lives but may not do this. When a later look agrees, the connection is limited.
 * - `GrantRefused`: the provider proved that the grant is dead. Only this ends a connection.
 * - `ApplicationRejected`: our own client id or secret is bad. An alarm for the operator, never a customer's problem.
 * - `CodeRefused`: an authorization code was late, used or foreign. Only the attempt is dead.
 * - `RequestRefused`: the provider will never answer this request, e.g. data older than it keeps.
 *
 * What many meet at once is an incident (`incidents/Incident.ts`); it ends or limits no connection.
 */
import { Schema } from "effect"
import { text } from "../messages/Messages.ts"

/** Try again later; nothing is known about the grant. */
export class Temporary extends Schema.TaggedError<Temporary>()("Temporary", {
  /** What happened, for an operator. Free of secrets. */
  detail: Schema.String,
  /** Seconds the provider asked to wait, when it did. */
  retryAfterSeconds: Schema.optionalKey(Schema.Finite),
  /** Whether the provider limited the rate; shown as "delayed", never as "broken". */
  throttled: Schema.Boolean,
  /** It belongs to an open incident, so waiting for it is no failure of the work. */
  isShared: Schema.optionalKey(Schema.Literal(true))
}) {
  override get message(): string {
    return text("failure.temporary", { detail: this.detail })
  }
}

/** The provider does not take this access token (any more). Says nothing about the grant. */
export class AccessTokenRefused extends Schema.TaggedError<AccessTokenRefused>()("AccessTokenRefused", {
  detail: Schema.String
}) {
  override get message(): string {
    return text("failure.access-token-refused", { detail: this.detail })
  }
}

/** The grant is alive, but this login or application lacks a right. */
export class PermissionMissing extends Schema.TaggedError<PermissionMissing>()("PermissionMissing", {
  /** What is missing, in words a person can act on. */
  missing: Schema.String,
  /** The provider's own words. */
  detail: Schema.String,
  /** The first refusal in a row; a later look has to agree before the connection counts as limited. */
  isFirst: Schema.optionalKey(Schema.Literal(true))
}) {
  override get message(): string {
    return text("failure.permission-missing", { missing: this.missing })
  }
}

/** Proof that a grant is dead: the token endpoint refused its refresh token. */
export class GrantRefused extends Schema.TaggedError<GrantRefused>()("GrantRefused", {
  detail: Schema.String,
  /**
   * True when the answer to an earlier refresh with this token never arrived: the provider may have replaced the token
   * in it, and then nobody has the one that it accepts. Absent for every other refusal.
   */
  rotationLost: Schema.optionalKey(Schema.Literal(true))
}) {
  override get message(): string {
    return text(this.rotationLost === true ? "failure.rotation-lost" : "failure.grant-refused")
  }
}

/** The provider refused our application, not the customer. */
export class ApplicationRejected extends Schema.TaggedError<ApplicationRejected>()("ApplicationRejected", {
  detail: Schema.String,
  /** Seconds that work waits before it asks again. */
  retryAfterSeconds: Schema.optionalKey(Schema.Finite)
}) {
  override get message(): string {
    return text("failure.application-rejected", { detail: this.detail })
  }
}

/** The authorization code is unusable; the person has to start again. */
export class CodeRefused extends Schema.TaggedError<CodeRefused>()("CodeRefused", { detail: Schema.String }) {
  override get message(): string {
    return text("failure.code-refused")
  }
}

/** The provider answered, and will answer the same for ever. */
export class RequestRefused extends Schema.TaggedError<RequestRefused>()("RequestRefused", {
  detail: Schema.String,
  /** True when the request reached further back than the provider keeps data. */
  beyondRetention: Schema.Boolean
}) {
  override get message(): string {
    return text("failure.request-refused", { detail: this.detail })
  }
}
