import { type Access, Channel, Connection, type Id, Messages, Refusal } from "@portolan/domain"
import { Effect, type Redacted } from "effect"
import { CurrentCatalogue } from "../../../driven/CurrentCatalogue.ts"
import * as AccessScope from "../../shared/AccessScope.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import type { RedirectDeps } from "../redirect.ts"
import { startAuthorization } from "../startAuthorization.ts"
import { readStart } from "./StartUnacceptable.ts"

/** What a person confirms of a consent that began at the marketplace. */
export interface StartAtMarketplace {
  readonly channel: Channel.Channel
  /** The query of the log-in address, as the provider wrote it. It is judged again. */
  readonly query: URLSearchParams
  /** The connection that the person chose. */
  readonly connectionId: Id.ConnectionId
  /** The cookie of the browser, when it has one. */
  readonly browser?: Redacted.Redacted<string> | undefined
}

/** Refuses a connection of another channel, and one that is bound to another seller than the consent would be of. */
const requireFitting = Effect.fnUntraced(function* (
  connection: Connection.Present,
  channel: Channel.Channel,
  grantor: string | undefined
) {
  if (connection.channel !== channel) {
    const catalogue = yield* CurrentCatalogue
    return yield* Refusal.make("Authorization", "Start", "contradiction", {
      detail: Messages.say("grant.other-channel", {
        consent: Channel.label(channel, catalogue),
        connection: Channel.label(connection.channel, catalogue)
      }),
      nextStep: Messages.say("grant.choose-same-channel")
    })
  }
  if (grantor === undefined || !Connection.isLinked(connection) || Connection.isMistaken(connection)) return
  const { profile } = connection.link
  if (profile.key.externalId === grantor) return
  return yield* Refusal.make("Authorization", "Start", "different-identity", {
    detail: Messages.say("connection.different-identity", {
      profile: profile.name,
      externalId: profile.key.externalId,
      otherProfile: grantor,
      otherExternalId: grantor
    }),
    nextStep: Messages.say("connection.same-seller")
  })
})

/**
 * Starts a consent that began at the marketplace, for a connection that the caller chose: an authorization like every
 * other one, whose browser goes on at the provider's confirmation page. Its return is the ordinary callback, bound to
 * this browser by our own `state`.
 *
 * @see https://developer-docs.amazon.com/sp-api/docs/selling-partner-appstore-authorization-workflow
 */
export const startAtMarketplace = Effect.fn("Connecting.startAtMarketplace")(function* (
  deps: ChangeDeps & RedirectDeps,
  caller: Access.Caller,
  { browser, channel, connectionId, query }: StartAtMarketplace
) {
  const { grantor } = yield* readStart(deps, channel, query)
  const { state: connection } = yield* AccessScope.connection(deps, caller, "connect", connectionId)
  yield* requireFitting(connection, channel, grantor)
  const { actor } = caller
  return yield* startAuthorization(deps, connection, {
    origin: { _tag: "Direct", actor },
    actor,
    browser,
    marketplaceStart: query
  })
})
