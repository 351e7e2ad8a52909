/**
 * The tokens of a grant as the vault keeps them: how they are written and read, and when an access token is still good.
 */
import { Failure, given, type Id, Messages } from "@portolan/domain"
import { DateTime, Duration, Effect, Option, Redacted, Schedule, Schema } from "effect"
import type { Tokens } from "../../driven/ProviderApi.ts"
import { type KeyUnavailable, type SecretCorrupted, VaultUnavailable } from "../../driven/TokenVault.ts"
import type { Deps } from "../shared/deps.ts"

/** An access token with its end. */
export interface AccessToken {
  readonly token: Redacted.Redacted<string>
  readonly expiresAt: DateTime.Utc
}

/** How long an access token that is handed out is good for, at least. */
export const margin = Duration.minutes(5)

/**
 * What the last answered refresh of a grant did to its refresh token; absent until there was one. It decides what a
 * refusal means after an answer that never arrived: a provider that keeps refresh tokens cannot have replaced it.
 */
const Rotation = Schema.Literals(["kept", "replaced"])

const Stored = Schema.fromJsonString(
  Schema.toCodecJson(
    Schema.Struct({
      refreshToken: Schema.String,
      accessToken: Schema.String,
      accessExpiresAt: Schema.DateTimeUtc,
      rotation: Schema.optionalKey(Rotation),
      unansweredSince: Schema.optionalKey(Schema.DateTimeUtc)
    })
  )
)
const decodeStored = Schema.decodeUnknownEffect(Stored)
const encodeStored = Schema.encodeEffect(Stored)

/** Tokens as they were read, with the version of the secret. */
export interface StoredTokens {
  readonly refreshToken: Redacted.Redacted<string>
  readonly accessToken: Redacted.Redacted<string>
  readonly accessExpiresAt: DateTime.Utc
  /** What the last answered refresh did to the refresh token. Absent: there was none yet. */
  readonly rotation?: typeof Rotation.Type
  /**
   * Since when a refresh with this token is on its way whose answer was not stored: it is still awaited, or it was lost
   * with its process or its connection. Absent: every refresh was answered.
   */
  readonly unansweredSince?: DateTime.Utc
  readonly version: number
}

/** Writes tokens in the form that is stored. */
export const seal = (
  tokens: Tokens & Pick<StoredTokens, "rotation" | "unansweredSince">
): Effect.Effect<Redacted.Redacted<string>> =>
  encodeStored({
    refreshToken: Redacted.value(tokens.refreshToken),
    accessToken: Redacted.value(tokens.accessToken),
    accessExpiresAt: tokens.accessExpiresAt,
    ...given({ rotation: tokens.rotation, unansweredSince: tokens.unansweredSince })
  }).pipe(
    Effect.orDie,
    Effect.map((text) => Redacted.make(text))
  )

/** The grant can give no token any more, for a reason that a log may show. */
export const grantOver = (detail: string) => new Failure.GrantRefused({ detail })

/** Reads what `seal` wrote. A text that `seal` did not write is a defect. */
export const open = (secret: Redacted.Redacted<string>): Effect.Effect<Omit<StoredTokens, "version">> =>
  decodeStored(Redacted.value(secret)).pipe(
    Effect.orDie,
    Effect.map(({ accessToken, refreshToken, ...rest }) => ({
      refreshToken: Redacted.make(refreshToken),
      accessToken: Redacted.make(accessToken),
      ...rest
    }))
  )

/** Reads the tokens of a grant. */
export const readTokens = Effect.fnUntraced(function* (
  { vault }: Deps<"vault">,
  organizationId: Id.OrganizationId,
  grantId: Id.GrantId
): Effect.fn.Return<StoredTokens, Failure.GrantRefused | KeyUnavailable | SecretCorrupted | VaultUnavailable> {
  const { secret, version } = yield* Effect.catchTag(vault.get(organizationId, grantId), "SecretNotFound", () =>
    Effect.fail(grantOver(Messages.text("token.forgotten")))
  )
  return { ...(yield* open(secret)), version }
})

const isGood = (expiresAt: DateTime.Utc, now: DateTime.Utc): boolean =>
  DateTime.isGreaterThanOrEqualTo(expiresAt, DateTime.addDuration(now, margin))

/**
 * The access token of a secret alone, if it is good for `margin`. Nothing as well for a text that `seal` did not write:
 * `open` says what is wrong with it.
 */
export const goodTokenIn = (secret: Redacted.Redacted<string>, now: DateTime.Utc): AccessToken | undefined => {
  const { accessExpiresAt, accessToken } = JSON.parse(Redacted.value(secret)) as { readonly [name: string]: unknown }
  if (typeof accessToken !== "string" || typeof accessExpiresAt !== "string") return undefined
  const expiresAt = Option.getOrUndefined(DateTime.make(accessExpiresAt))
  return expiresAt !== undefined && isGood(expiresAt, now)
    ? { token: Redacted.make(accessToken), expiresAt }
    : undefined
}

/** The access token among stored tokens, if it is good for `margin` and is not the one that the provider refused. */
export const goodToken = (
  { accessExpiresAt, accessToken }: StoredTokens,
  refused: Redacted.Redacted<string> | undefined
): Effect.Effect<AccessToken | undefined> =>
  Effect.map(DateTime.now, (now) =>
    isGood(accessExpiresAt, now) && (refused === undefined || Redacted.value(refused) !== Redacted.value(accessToken))
      ? { token: accessToken, expiresAt: accessExpiresAt }
      : undefined
  )

/**
 * Tries again for a few seconds while the vault does not answer. What is being stored cannot be had a second time: a
 * code or a refresh token was spent for it.
 */
export const whileUnavailable = <A, E, R>(effect: Effect.Effect<A, E | VaultUnavailable, R>) =>
  Effect.retry(effect, {
    times: 6,
    schedule: Schedule.exponential("100 millis"),
    while: (error) => error instanceof VaultUnavailable
  })
