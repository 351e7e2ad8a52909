import { type Access, type Id, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import { bindProfile } from "../authorizations/profiles/bindProfile.ts"
import { obstacles, requireFitting } from "../authorizations/profiles/obstacles.ts"
import { failHeld } from "../authorizations/profiles/ProfileHeld.ts"
import { surroundings } from "../authorizations/profiles/surroundings.ts"
import * as AccessScope from "../shared/AccessScope.ts"
import { decideAndCommit } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { requirePartnerChannel } from "./partnerChannel.ts"

/** Which advertiser to link, and whether the warnings about it are confirmed. */
export interface LinkInput {
  readonly grantId: Id.GrantId
  readonly confirmed: boolean
}

const notNow = () =>
  Refusal.make("Connection", "Link", "not-possible-now", {
    detail: Messages.say("advertiser.not-linkable-now"),
    nextStep: Messages.say("advertiser.look-again")
  })

/** Links an advertiser to an account; it can be linked to one account only (rule W-R9). */
export const link = Effect.fn("Advertisers.link")(
  (deps: ChangeDeps, caller: Access.Caller, connectionId: Id.ConnectionId, { confirmed, grantId }: LinkInput) =>
    decideAndCommit(deps, caller, ({ actor: by, at, organizationId }) =>
      Effect.gen(function* () {
        const own = yield* AccessScope.connection(deps, caller, "connect", connectionId)
        yield* requirePartnerChannel(own.state)
        const grant = yield* deps.repository.find("grant", organizationId, grantId)
        const { _tag, advertiser: profile, channel } = grant.state
        if (_tag !== "Active" || profile === undefined || channel !== own.state.channel) return yield* notNow()
        const around = yield* surroundings(deps, organizationId, own.state.accountId)
        yield* requireFitting(obstacles(around, own.state, profile), confirmed)
        return yield* bindProfile(deps, around, own, { grant, profile, keepsReplaced: false, at, by })
      })
    ).pipe(Effect.catchTag("ProfileTaken", (taken) => failHeld(deps, caller, taken)))
)
