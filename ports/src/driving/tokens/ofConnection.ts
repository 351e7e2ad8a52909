import { Access, Channel, type Id, Messages, Refusal, type Refused } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import { TokenUse, using } from "../../driven/TokenUse.ts"
import { CurrentCatalogue } from "../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import { requireOpen } from "../shared/openOrganization.ts"
import { ofGrant, type TokenRefreshDeps } from "./ofGrant.ts"

const refusal = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Connection", "AccessToken", reason, { detail, nextStep })

/**
 * Gives the access token of a connection, for software that calls the provider itself. Refused while it is paused,
 * without a live consent, for a channel without tokens, and when the consent serves accounts that the caller may not
 * change. `refused` is the token that the provider did not accept.
 */
export const ofConnection = Effect.fn("AccessTokens.ofConnection")(function* (
  deps: TokenRefreshDeps,
  caller: Access.Caller,
  connectionId: Id.ConnectionId,
  refused?: Redacted.Redacted<string>
) {
  const { state } = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  yield* requireOpen(deps, caller.organizationId, "Connection", "AccessToken")
  const isLive = state._tag === "Connected" || state._tag === "Limited"
  if (isLive && state.paused !== undefined) {
    return yield* refusal(
      "not-possible-now",
      Messages.say("connection.paused"),
      Messages.say("connection.resume-first")
    )
  }
  if (Channel.accessBy(state.channel, yield* CurrentCatalogue) === "partner") {
    return yield* refusal(
      "contradiction",
      Messages.say("connection.no-token"),
      Messages.say("connection.use-partner-credentials")
    )
  }
  if (!isLive) {
    return yield* refusal(
      "not-possible-now",
      Messages.say("connection.no-consent"),
      Messages.say("connection.connect-first")
    )
  }
  yield* servesNothingElse(deps, caller, state.link.grantId)
  const { operation } = yield* TokenUse
  return yield* using(
    { actor: caller.actor, operation: operation === "unknown" ? "AccessTokens.ofConnection" : operation, connectionId },
    ofGrant(deps, caller.organizationId, state.link.grantId, refused)
  )
})

/**
 * A provider does not know our limits of access, so a token must not open an account that the caller may not change.
 */
const servesNothingElse = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  { accessScope, organizationId }: Access.Caller,
  grantId: Id.GrantId
) {
  if (accessScope._tag === "Everything") return
  for (const { state } of yield* repository.connectionsOfGrant(organizationId, grantId)) {
    const { state: account } = yield* repository.find("account", organizationId, state.accountId)
    if (Access.rightOn(accessScope, account) === "write") continue
    return yield* refusal(
      "not-permitted",
      Messages.say("connection.consent-shared"),
      Messages.say("connection.ask-or-own-consent")
    )
  }
})
