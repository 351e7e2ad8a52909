/** Sends a browser to the provider: what direct authentication and links have in common. */
import {
  Account,
  type Actor,
  Authorization,
  Channel,
  Connection,
  type Id,
  Marketplace,
  Messages,
  Refusal
} from "@portolan/domain"
import { DateTime, Effect, type Redacted } from "effect"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import { change, onNew, type Part } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { requireOpen } from "../shared/openOrganization.ts"
import { type IdempotencyKey, idempotencyRecord } from "../shared/idempotency.ts"
import { sideBySide } from "../shared/sideBySide.ts"
import { type AuthorizationRedirect, consentUrl, newBrowser, type RedirectDeps, stateOf } from "./redirect.ts"

/** Who starts an authorization, how, and what belongs to the same change. */
export interface Start<E> {
  readonly origin: Authorization.Origin
  readonly actor: Actor.Actor
  /** The cookie of the browser, when it has one. It is kept, so that two tabs do not cut each other off. */
  readonly browser: Redacted.Redacted<string> | undefined
  readonly idempotencyKey?: IdempotencyKey | undefined
  /** The query of the log-in address, where the consent began at the marketplace. */
  readonly marketplaceStart?: URLSearchParams
  /** Further parts of the change, which may name the authorization. */
  readonly also?: (authorizationId: Id.AuthorizationId) => ReadonlyArray<Part<"invitation", E>>
}

const requireConsentPage = Effect.fnUntraced(function* (channel: Channel.Channel) {
  const catalogue = yield* CurrentCatalogue
  if (Channel.accessBy(channel, catalogue) === "consent") return
  return yield* Refusal.make("Authorization", "Start", "contradiction", {
    detail: Messages.say("channel.no-consent-page", { channel: Channel.label(channel, catalogue) }),
    nextStep: Messages.say("channel.have-admin-add-us")
  })
})

/** Starts an authorization of a connection, and gives the consent address. */
export const startAuthorization = Effect.fn("Connecting.startAuthorization")(function* <E = never>(
  deps: ChangeDeps & RedirectDeps,
  connection: Connection.Present,
  { actor, also, browser, idempotencyKey, marketplaceStart, origin }: Start<E>
) {
  const { accountId, channel, companyId, id: connectionId, organizationId } = connection
  const [, { state: account }] = yield* sideBySide(
    requireOpen(deps, organizationId, "Authorization", "Start"),
    deps.repository.find("account", organizationId, accountId)
  )
  const { accountType } = account
  const marketplaceId = Connection.marketplaceOf(connection, account)
  yield* Effect.fromResult(Account.inUse(account, "Authorization", "Start"))
  yield* Effect.fromResult(Connection.inUse(connection, "Authorization", "Start", yield* CurrentCatalogue))
  yield* requireConsentPage(channel)
  const id = yield* deps.secrets.id("authorization")
  const cookie = browser ?? (yield* newBrowser(deps, id))
  const url = yield* consentUrl(deps, { id, channel, accountType, marketplaceId }, marketplaceStart)
  const authorization = {
    id,
    organizationId,
    companyId,
    accountId,
    connectionId,
    channel,
    accountType,
    region: Marketplace.get(marketplaceId, yield* CurrentCatalogue).region,
    marketplaceId,
    origin,
    stateDigest: yield* Effect.flatMap(stateOf(deps, id), deps.secrets.digest),
    browserDigest: yield* deps.secrets.digest(cookie)
  }
  yield* change(deps, { organizationId, actor, ...idempotencyRecord(idempotencyKey, id) }, [
    onNew("authorization", id, (at) => ({
      _tag: "Start",
      authorization: { ...authorization, startedAt: at, expiresAt: DateTime.addDuration(at, Authorization.lifetime) }
    })),
    ...(also?.(id) ?? [])
  ])
  return { authorizationId: id, url, browser: cookie } satisfies AuthorizationRedirect
})
