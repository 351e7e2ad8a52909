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
import { ConnectionStore, type Versioned } from "../driven/ConnectionStore.ts"
import { callbackUri, Deployment } from "../driven/Deployment.ts"
import { ProviderApi } from "../driven/ProviderApi.ts"
import { Secrets } from "../driven/Secrets.ts"
import { type Decided, decide, makeCommit } from "./change.ts"
import { type Once, remembering } from "./creating.ts"

/** Where the browser goes next, and the cookie value that ties the trip to it. */
export interface Departure {
  readonly authorizationId: Id.AuthorizationId
  readonly url: URL
  /** Set it as an HttpOnly cookie; the callback must bring it back (rule: `state` is bound to the browser). */
  readonly browser: Redacted.Redacted<string>
}

const refusal = (reason: Refused.Reason, detail: string, nextStep: string) =>
  Effect.fail(new Refused.Refused({ subject: "Authorization", asked: "Start", reason, detail, nextStep }))

/** Builds `depart`, once per service. */
export const makeTrips = Effect.gen(function* () {
  const store = yield* ConnectionStore
  const provider = yield* ProviderApi
  const secrets = yield* Secrets
  const deployment = yield* Deployment
  const commit = yield* makeCommit

  type Asked = Pick<Authorization.Present, "id" | "channel" | "accountType" | "marketplaceId">

  // State, verifier and a new browser's cookie are derived from the trip's id, so a departure can be told again to
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

  /** The departure of a trip, as it was given when it started. A browser that is not the trip's own is refused. */
  const departureOf = Effect.fnUntraced(function* (
    trip: Authorization.Present,
    browser: Redacted.Redacted<string> | undefined
  ) {
    const given = yield* secrets.derive("browser", trip.id)
    for (const own of browser === undefined ? [given] : [browser, given]) {
      if ((yield* secrets.digest(own)) === trip.browserDigest) {
        return { authorizationId: trip.id, url: yield* consentUrl(trip), browser: own } satisfies Departure
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
   * Starts a trip and gives the consent address. A browser that is known already keeps its cookie, so that two tabs do
   * not cut each other off. `also` decides what else belongs to the same change, knowing the trip's id.
   */
  const depart = Effect.fn("Trips.depart")(function* <E>(
    connection: Aggregate.Present<"connection">,
    origin: Authorization.Origin,
    actor: Actor.Actor,
    browser: Redacted.Redacted<string> | undefined,
    also: (authorizationId: Id.AuthorizationId) => Effect.Effect<ReadonlyArray<Decided>, E>,
    once?: Once
  ) {
    const { organizationId } = connection
    const { state: account } = yield* store.find("account", organizationId, connection.accountId)
    yield* Effect.fromResult(Account.inUse(account, "Authorization", "Start"))
    if (Channel.accessBy(connection.channel) === "partner") {
      return yield* refusal(
        "contradiction",
        `The ${Channel.label[connection.channel]} has no consent page.`,
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
        trip: {
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
          expiresAt: DateTime.addDuration(at, Authorization.tripLifetime)
        }
      })
    )
    yield* commit({ organizationId, actor, at, ...remembering(once, id) }, [started, ...(yield* also(id))])
    return { authorizationId: id, url, browser: cookie } satisfies Departure
  })

  /** The part of a change that tells the link of a trip how the attempt ended. Nothing for trips without a link. */
  const endAttempt = Effect.fnUntraced(function* (trip: Authorization.Present, outcome: string) {
    if (trip.origin._tag !== "ByLink") return []
    const link: Versioned<Aggregate.Present<"invitation">> = yield* store.find(
      "invitation",
      trip.organizationId,
      trip.origin.invitationId
    )
    const at = yield* DateTime.now
    return [
      yield* Effect.fromResult(
        decide("invitation", link.state.id, link, { _tag: "EndAttempt", authorizationId: trip.id, outcome, at })
      )
    ]
  })

  return { depart, departureOf, endAttempt, commit }
})
