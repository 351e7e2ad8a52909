import { type Access, type Id, type Identity, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import { judgeConnections } from "../../authorizations/identity/reviewIdentity.ts"
import { change, on } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { withConnections } from "./grantView.ts"

/**
 * Puts it on record that an operator checked, by other means than the provider, who a consent is of: for vendors, and
 * wherever the application lacks the right to ask. From then on the profile counts as proven, for all organizations;
 * one that another organization has proven stays that one's.
 */
export const confirmIdentity = Effect.fn("Grants.confirmIdentity")(function* (
  deps: ChangeDeps,
  { actor }: Access.Operator,
  { because, grantId, organizationId }: ConfirmIdentity
) {
  const reason = because.trim()
  if (reason === "") return yield* withoutReason
  const context = { organizationId, actor }
  const [grant] = yield* change(deps, context, [
    on("grant", grantId, (at) => ({
      _tag: "JudgeIdentity",
      identity: { _tag: "Confirmed", by: actor, because: reason, at } satisfies Identity.Identity
    }))
  ])
  yield* judgeConnections(deps, context, grantId, grant.identity)
  return yield* withConnections(deps, grant)
})

/** Whose consent is confirmed, and what the operator has seen that shows it. */
export interface ConfirmIdentity {
  readonly organizationId: Id.OrganizationId
  readonly grantId: Id.GrantId
  readonly because: string
}

const withoutReason = Refusal.make("Grant", "JudgeIdentity", "contradiction", {
  detail: Messages.say("identity.reason-missing"),
  nextStep: Messages.say("identity.say-what-shows-it")
})
