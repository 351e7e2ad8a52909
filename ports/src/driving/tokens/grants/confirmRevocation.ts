import { type Access, type Id, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../../shared/AccessScope.ts"
import { change, on } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { withConnections } from "./grantView.ts"

/**
 * Records that somebody ended a consent at the provider by hand, after asking the provider had failed or was not
 * offered (rule C14). What the provider itself carried out stays as it is; a consent that is in use is refused.
 */
export const confirmRevocation = Effect.fn("Grants.confirmRevocation")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.GrantId
) {
  yield* AccessScope.requireUnrestricted(caller, "administer")
  const { state } = yield* deps.repository.find("grant", caller.organizationId, id)
  if (state._tag === "Ended" && state.advertiser !== undefined) return yield* ofPartnership
  const revocation = { outcome: "revoked", detail: Messages.text("grant.ended-by-hand") } as const
  const [grant] = yield* change(deps, caller, [on("grant", id, (at) => ({ _tag: "RecordRevocation", revocation, at }))])
  return yield* withConnections(deps, grant)
})

const ofPartnership = Refusal.make("Grant", "RecordRevocation", "contradiction", {
  detail: Messages.say("grant.partnership-has-no-consent"),
  nextStep: Messages.say("advertiser.ask-admin-again")
})
