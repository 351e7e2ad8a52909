/**
 * What direct authentication and auth links share: sending a browser to the provider, and giving up an attempt. Not a
 * conversation of its own; `Connecting` and `AuthLinks` speak to people.
 */
import {
  Account,
  type Actor,
  type Aggregate,
  Authorization,
  Channel,
  type Id,
  Marketplace,
  Refused
} from "@portolan/domain"
import { DateTime, Effect, type Redacted } from "effect"
import { Repository, type Versioned } from "../../driven/Repository.ts"
import { callbackUri, Deployment } from "../../driven/Deployment.ts"
import { ProviderApi } from "../../driven/ProviderApi.ts"
import { Secrets } from "../../driven/Secrets.ts"
import { type Decided, decide, makeCommit } from "../shared/change.ts"
import { type IdempotencyKey, idempotencyRecord } from "../shared/idempotency.ts"

/** Where the browser goes next, and the cookie value that ties the authorization to it. */
export interface AuthorizationRedirect {
  readonly authorizationId: Id.AuthorizationId
  readonly url: URL
  /** Set it as an HttpOnly cookie; the callback must bring it back (rule: `state` is bound to the browser). */
  readonly browser: Redacted.Redacted<string>
}

const refusal = (reason: Refused.Reason, detail: string, nextStep: string) =>
  Effect.fail(new Refused.Refused({ subject: "Authorization", asked: "Start", reason, detail, nextStep }))

/** Builds `depart`, once per service. */
export const makeAuthorizations = Effect.gen(function* () {
  const store = yield* Repository
  const provider = yield* ProviderApi
  const secrets = yield* Secrets
  const deployment = yield* Deployment
  const commit = yield* makeCommit

  type Asked = Pick<Authorization.Present, "id" | "channel" | "accountType" | "marketplaceId">

  // State, verifier and a new browser's cookie are derived from the authorization's id, so a departure can be told again to
  // whoever repeats the request, without any of them being stored.
  const stateOf = (id: Id.AuthorizationId) => secrets.derive("state", id)
  const consentUrl = ({ accountType, channel, id, marketplaceId }: Asked) =>
    Effect.gen(function* () {
      return yield* provider.authorizeUrl({
        channel,
        accountType,
        marketplaceId,
        state: yield* stateOf(id),
        redirectUri: callbackUri(deployment.origin, channel),
        codeChallenge: yield* Effect.flatMap(secrets.derive("code-verifier", id), secrets.codeChallenge)
      })
    })

  /** The departure of an authorization, as it was given when it started. A browser that is not the authorization's own is refused. */
  const redirectOf = Effect.fnUntraced(function* (
    authorization: Authorization.Present,
    browser: Redacted.Redacted<string> | undefined
  ) {
    const given = yield* secrets.derive("browser", authorization.id)
    for (const own of browser === undefined ? [given] : [browser, given]) {
      if ((yield* secrets.digest(own)) === authorization.browserDigest) {
        return {
          authorizationId: authorization.id,
          url: yield* consentUrl(authorization),
          browser: own
        } satisfies AuthorizationRedirect
      }
    }
    return yield* new Refused.Refused({
      subject: "Authorization",
      asked: "Start",
      reason: "wrong-browser",
      detail: "This attempt was started by another browser.",
      nextStep: "Start a new attempt, with a new idempotency key."
    })
  })

  /**
   * Starts an authorization and gives the consent address. A browser that is known already keeps its cookie, so that two tabs do
   * not cut each other off. `also` decides what else belongs to the same change, knowing the authorization's id.
   */
  const startAuthorization = Effect.fn("Trips.depart")(function* <E>(
    connection: Aggregate.Present<"connection">,
    origin: Authorization.Origin,
    actor: Actor.Actor,
    browser: Redacted.Redacted<string> | undefined,
    also: (authorizationId: Id.AuthorizationId) => Effect.Effect<ReadonlyArray<Decided>, E>,
    idempotencyKey?: IdempotencyKey
  ) {
    const { organizationId } = connection
    const { state: account } = yield* store.find("account", organizationId, connection.accountId)
    yield* Effect.fromResult(Account.inUse(account, "Authorization", "Start"))
    if (Channel.accessBy(connection.channel) === "partner") {
      return yield* refusal(
        "contradiction",
        `The ${Channel.label(connection.channel)} has no consent page.`,
        "Ask an admin of the advertiser to add us as API partner; then link the advertiser."
      )
    }
    const id = yield* secrets.id("authorization")
    const state = yield* stateOf(id)
    const cookie = browser ?? (yield* secrets.derive("browser", id))
    const { marketplaceId } = connection
    const url = yield* consentUrl({ id, channel: connection.channel, accountType: account.accountType, marketplaceId })
    const at = yield* DateTime.now
    const started = yield* Effect.fromResult(
      decide("authorization", id, undefined, {
        _tag: "Start",
        authorization: {
          id,
          organizationId,
          companyId: connection.companyId,
          accountId: connection.accountId,
          connectionId: connection.id,
          channel: connection.channel,
          accountType: account.accountType,
          region: Marketplace.get(marketplaceId).region,
          marketplaceId,
          origin,
          stateDigest: yield* secrets.digest(state),
          browserDigest: yield* secrets.digest(cookie),
          startedAt: at,
          expiresAt: DateTime.addDuration(at, Authorization.lifetime)
        }
      })
    )
    yield* commit({ organizationId, actor, at, ...idempotencyRecord(idempotencyKey, id) }, [
      started,
      ...(yield* also(id))
    ])
    return { authorizationId: id, url, browser: cookie } satisfies AuthorizationRedirect
  })

  /** The part of a change that tells the link of an authorization how the attempt ended. Nothing for authorizations without a link. */
  const endAttempt = Effect.fnUntraced(function* (authorization: Authorization.Present, outcome: string) {
    if (authorization.origin._tag !== "ByLink") return []
    const link: Versioned<Aggregate.Present<"invitation">> = yield* store.find(
      "invitation",
      authorization.organizationId,
      authorization.origin.invitationId
    )
    const at = yield* DateTime.now
    return [
      yield* Effect.fromResult(
        decide("invitation", link.state.id, link, {
          _tag: "EndAttempt",
          authorizationId: authorization.id,
          outcome,
          at
        })
      )
    ]
  })

  return { startAuthorization, redirectOf, endAttempt, commit }
})
