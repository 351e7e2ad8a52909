import type { Access, Id } from "@portolan/domain"
import { Effect } from "effect"
import { choices } from "../authorizations/profiles/choices.ts"
import { surroundings } from "../authorizations/profiles/surroundings.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import type { Deps } from "../shared/deps.ts"
import type { Available } from "./available.ts"
import { advertiserGrants, requirePartnerChannel } from "./partnerChannel.ts"

/**
 * The advertisers assigned to this organization that a connection could be linked to. An account that the caller may
 * not see is not named as a holder; that the advertiser is taken is said.
 */
export const available = Effect.fn("Advertisers.available")(function* (
  deps: Deps<"repository">,
  caller: Access.Caller,
  connectionId: Id.ConnectionId
) {
  const { organizationId } = caller
  const { state: own } = yield* AccessScope.connection(deps, caller, "read", connectionId)
  yield* requirePartnerChannel(own)
  const around = yield* surroundings(deps, organizationId, own.accountId)
  const { region } = around.account
  const grants = yield* advertiserGrants(deps, organizationId, { channel: own.channel, region })
  const candidates = grants.map(({ advertiser }) => advertiser)
  const offered = yield* choices(deps, caller, { around, own, candidates })
  return grants.flatMap(({ advertiser: candidate, id: grantId }, index): ReadonlyArray<Available> => {
    const choice = offered[index]
    return choice === undefined ? [] : [{ ...choice, candidate, grantId }]
  })
})
