/**
 * The client side of OAuth 2.0 with authorization codes and refresh tokens (https://www.rfc-editor.org/rfc/rfc6749,
 * sections 4.1.3 and 6), for any provider: what differs between providers is the token endpoint, which says how a grant
 * is sent and what its answers mean.
 *
 * A code is spent the moment it is sent and a refresh token may be rotated, so neither call can be interrupted once it
 * has begun: the only good token would be lost with the answer.
 */
import { ConsentEnd, type Failure, given } from "@portolan/domain"
import type { ProviderApi } from "@portolan/ports"
import { DateTime, Effect, Option, Redacted } from "effect"

type Api = ProviderApi.ProviderApi["Service"]
type Secret = Redacted.Redacted<string>
type Exchange = Parameters<Api["exchange"]>[0]
type Refresh = Parameters<Api["refresh"]>[0]
type EndpointError = Failure.Temporary | Failure.ApplicationRejected | ProviderApi.ChannelUnavailable

/** What a token endpoint issued. */
export interface Issued {
  readonly accessToken: Secret
  /** Absent when the token that was sent stays the one to keep. An exchange always gives one. */
  readonly refreshToken: Option.Option<Secret>
  /** Seconds from sending the request until the access token ends. */
  readonly lifeSeconds: number
}

/** The fields of a token request, and which of them are secrets: what a refusal echoes of those is blotted out. */
export interface Grant {
  readonly fields: { readonly [name: string]: string }
  readonly secrets: ReadonlyArray<Secret>
}

/** A provider's token endpoint, opened for one channel and region. */
export interface Endpoint {
  /** Sends an authorization code. */
  readonly spendCode: (grant: Grant) => Effect.Effect<Issued, EndpointError | Failure.CodeRefused>
  /** Sends a refresh token. */
  readonly spendRefreshToken: (grant: Grant) => Effect.Effect<Issued, EndpointError | Failure.GrantRefused>
  /** Whether the consent page took a code challenge, which a verifier has to answer (RFC 7636). */
  readonly usesPkce: boolean
  /** When a consent ends by itself; null when it does not. */
  readonly consentEnds: ConsentEnd.ConsentEndRow | null
  /** Who consented, when the provider tells; asked once, with the new access token. */
  readonly grantor: (accessToken: Secret) => Effect.Effect<Option.Option<string>>
}

/** How a provider is reached. `name` begins the names of spans. */
export interface Provider {
  readonly name: string
  /** The endpoint that answers this request; fails when the channel has no credentials here. */
  readonly open: (request: Exchange | Refresh) => Effect.Effect<Endpoint, ProviderApi.ChannelUnavailable>
}

const tokens = (issued: Issued, sentAt: DateTime.Utc, kept: Secret): ProviderApi.Tokens => ({
  accessToken: issued.accessToken,
  // From before sending, so that neither the journey nor a slow clock makes it too late.
  accessExpiresAt: DateTime.add(sentAt, { seconds: issued.lifeSeconds }),
  refreshToken: Option.getOrElse(issued.refreshToken, () => kept)
})

const exchange = Effect.fnUntraced(function* (provider: Provider, request: Exchange) {
  const { code, codeVerifier, redirectUri } = request
  const endpoint = yield* provider.open(request)
  const sentAt = yield* DateTime.now
  const verifier = endpoint.usesPkce ? { code_verifier: Redacted.value(codeVerifier) } : {}
  const fields = {
    grant_type: "authorization_code",
    code: Redacted.value(code),
    redirect_uri: redirectUri,
    ...verifier
  }
  const issued = yield* endpoint.spendCode({ fields, secrets: [code, codeVerifier] })
  const grantor = yield* endpoint.grantor(issued.accessToken)
  const expiresAt = endpoint.consentEnds === null ? undefined : ConsentEnd.at(endpoint.consentEnds, sentAt)
  return {
    // The judge of a token endpoint lets no exchange pass without a refresh token.
    ...tokens(issued, sentAt, Option.getOrThrow(issued.refreshToken)),
    ...(Option.isSome(grantor) ? { grantor: grantor.value } : {}),
    ...given({ expiresAt })
  }
})

const refresh = Effect.fnUntraced(function* (provider: Provider, request: Refresh) {
  const { refreshToken } = request
  const endpoint = yield* provider.open(request)
  const sentAt = yield* DateTime.now
  const fields = { grant_type: "refresh_token", refresh_token: Redacted.value(refreshToken) }
  const issued = yield* endpoint.spendRefreshToken({ fields, secrets: [refreshToken] })
  return tokens(issued, sentAt, refreshToken)
})

/** The `exchange` and `refresh` of the port, over a provider's token endpoint. */
export const make = (provider: Provider): Pick<Api, "exchange" | "refresh"> => ({
  exchange: Effect.fn(`${provider.name}.exchange`)(
    (request: Exchange) => exchange(provider, request),
    Effect.uninterruptible
  ),
  refresh: Effect.fn(`${provider.name}.refresh`)(
    (request: Refresh) => refresh(provider, request),
    Effect.uninterruptible
  )
})
