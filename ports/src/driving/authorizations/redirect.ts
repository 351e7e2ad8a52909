/** The way to the provider: the consent address of an authorization, and the cookie that ties it to a browser. */
import { type Authorization, given, type Id, Messages, Refusal, type Refused } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import { callbackUri } from "../../driven/Deployment.ts"
import type { ChannelUnavailable } from "../../driven/ProviderApi.ts"
import type { Deps } from "../shared/deps.ts"

/** Where the browser goes next, and the cookie value that ties the authorization to it. */
export interface AuthorizationRedirect {
  readonly authorizationId: Id.AuthorizationId
  readonly url: URL
  /** Set it as an HttpOnly cookie; the callback must bring it back, or it belongs to another browser. */
  readonly browser: Redacted.Redacted<string>
}

/** The ports that make a consent address. */
export type RedirectDeps = Deps<"deployment" | "provider" | "secrets">

// `state`, the code verifier and the cookie of a new browser are derived from the authorization's id: an address can be
// given again when a request is repeated, and none of them is stored.

/**
 * The `state` parameter of an authorization.
 *
 * @see https://www.rfc-editor.org/rfc/rfc6749.html#section-10.12
 */
export const stateOf = ({ secrets }: Deps<"secrets">, id: Id.AuthorizationId) => secrets.derive("state", id)

/**
 * The code verifier of an authorization.
 *
 * @see https://www.rfc-editor.org/rfc/rfc7636.html#section-4.1
 */
export const codeVerifierOf = ({ secrets }: Deps<"secrets">, id: Id.AuthorizationId) =>
  secrets.derive("code-verifier", id)

/** The cookie of a browser that had none when the authorization started. */
export const newBrowser = ({ secrets }: Deps<"secrets">, id: Id.AuthorizationId) => secrets.derive("browser", id)

/** The address of the provider's consent page. `start`: the query of the log-in address, where it began there. */
export const consentUrl = Effect.fnUntraced(function* (
  deps: RedirectDeps,
  {
    accountType,
    channel,
    id,
    marketplaceId
  }: Pick<Authorization.Present, "id" | "channel" | "accountType" | "marketplaceId">,
  start?: URLSearchParams
): Effect.fn.Return<URL, ChannelUnavailable> {
  return yield* deps.provider.authorizeUrl({
    channel,
    accountType,
    marketplaceId,
    state: yield* stateOf(deps, id),
    redirectUri: callbackUri(deps.deployment.origin, channel),
    codeChallenge: yield* Effect.flatMap(codeVerifierOf(deps, id), deps.secrets.codeChallenge),
    ...given({ start })
  })
})

/**
 * The redirect of an authorization as it was given when it started. Refused for any browser but the one that it was
 * given to.
 */
export const redirectOf = Effect.fnUntraced(function* (
  deps: RedirectDeps,
  authorization: Authorization.Present,
  browser: Redacted.Redacted<string> | undefined
): Effect.fn.Return<AuthorizationRedirect, Refused.Refused | ChannelUnavailable> {
  const { browserDigest, id } = authorization
  const first = yield* newBrowser(deps, id)
  for (const own of browser === undefined ? [first] : [browser, first]) {
    if ((yield* deps.secrets.digest(own)) !== browserDigest) continue
    return { authorizationId: id, url: yield* consentUrl(deps, authorization), browser: own }
  }
  return yield* Refusal.make("Authorization", "Start", "wrong-browser", {
    detail: Messages.say("authorization.started-in-other-browser"),
    nextStep: Messages.say("authorization.new-attempt")
  })
})
