/**
 * What can go wrong at a provider, in classes that decide what happens next. Adapters judge an answer into one of these
 * and nothing else; machines never see a status code.
 *
 * - `Temporary`: 429, 5xx, network, time-out, a body that makes no sense, a day that is not there yet. Never ends a
 *   connection.
 * - `AccessTokenRefused`: the access token is no longer good; one refresh and one repeat, then it counts as temporary.
 * - `PermissionMissing`: the grant lives but may not do this. When a later look agrees, the connection is limited.
 * - `GrantRefused`: the provider proved that the grant is dead. Only this ends a connection.
 * - `ApplicationRejected`: our own client id or secret is bad. An alarm for the operator, never a customer's problem.
 * - `CodeRefused`: an authorization code was late, used or foreign. Only the attempt is dead.
 * - `RequestRefused`: the provider refused this request as it was sent, or its answer cannot be read. Never final by
 *   itself: work asks again with growing gaps, counts, and after a limit a person must act. Only `beyondRetention` says
 *   that there is nothing to wait for.
 *
 * A refusal keeps the provider's own words (`ProviderWords`), because a person who has to act, or to write to the
 * provider's support, needs them: the code, the sentence, the request's id.
 *
 * What many meet at once is an incident (`incidents/Incident.ts`); it ends or limits no connection.
 */
import * as Schema from "effect/Schema"
import { cut, fromProvider } from "../kernel/Text.ts"
import { text } from "../messages/Messages.ts"

/** The longest sentence that is kept of a provider's words, in characters. */
const longestWords = 300
/** The longest code or request id that is kept, in characters. */
const longestCode = 120
const sentence = Schema.optionalKey(Schema.String.check(Schema.isMaxLength(longestWords)))
const code = Schema.optionalKey(Schema.String.check(Schema.isMaxLength(longestCode)))

/**
 * What a provider said in its own words. Free of secrets (whoever makes it strikes them out), readable, and bounded.
 */
export const ProviderWords = Schema.Struct({
  /** The provider's code of the error, as it writes it. */
  code,
  message: sentence,
  details: sentence,
  /** The provider's id of the request, which its support asks for. */
  requestId: code,
  /** The status of the answer, for an operator. */
  status: Schema.optionalKey(Schema.Int)
})
export type ProviderWords = typeof ProviderWords.Type

/** Makes words fit to be kept: what is empty is left out, the rest is readable and within its length. */
export const providerWords = (
  said: {
    readonly [Part in Exclude<keyof ProviderWords, "status">]?: string | null | undefined
  } & { readonly status?: number | undefined }
): ProviderWords => {
  const part = (name: Exclude<keyof ProviderWords, "status">, longest: number) => {
    const kept = cut(fromProvider(said[name] ?? ""), longest).trimEnd()
    return kept === "" ? {} : { [name]: kept }
  }
  return {
    ...part("code", longestCode),
    ...part("message", longestWords),
    ...part("details", longestWords),
    ...part("requestId", longestCode),
    ...(Number.isInteger(said.status) && said.status !== undefined ? { status: said.status } : {})
  }
}

const words = Schema.optionalKey(ProviderWords)

/** Try again later; nothing is known about the grant. */
export class Temporary extends Schema.TaggedError<Temporary>()("Temporary", {
  /** What happened, for an operator. Free of secrets. */
  detail: Schema.String,
  /** Seconds the provider asked to wait, when it did. */
  retryAfterSeconds: Schema.optionalKey(Schema.Finite),
  /**
   * The day that was asked for is not there yet, and cannot be before this instant. Asking earlier only costs calls;
   * it is no trouble of the provider's, and nobody has to act.
   */
  notBefore: Schema.optionalKey(Schema.DateTimeUtc),
  words,
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
  detail: Schema.String,
  words
}) {
  override get message(): string {
    return text("failure.access-token-refused", { detail: this.detail })
  }
}

/** The grant is alive, but this login or application lacks a right. */
export class PermissionMissing extends Schema.TaggedError<PermissionMissing>()("PermissionMissing", {
  /** What is missing, in words a person can act on. */
  missing: Schema.String,
  /** The provider's own words, as one sentence. */
  detail: Schema.String,
  words,
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
  words,
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

/**
 * The provider refused the request as it was sent, or what it answered cannot be read. Nobody knows from one answer
 * whether the next will be the same: it is asked again, and a person is told only after several.
 */
export class RequestRefused extends Schema.TaggedError<RequestRefused>()("RequestRefused", {
  /** What happened, in one sentence for a person. Free of secrets. */
  detail: Schema.String,
  words,
  /** True when the request reached further back than the provider keeps data. */
  beyondRetention: Schema.Boolean
}) {
  override get message(): string {
    return text("failure.request-refused", { detail: this.detail })
  }
}
