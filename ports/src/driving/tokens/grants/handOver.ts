import { type Access, type Aggregate, type Id, Messages, Refusal } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../../shared/AccessScope.ts"
import { assertUnchanged, decideAndCommit, decideOn } from "../../shared/change.ts"
import type { ChangeDeps } from "../../shared/deps.ts"
import { withConnections } from "./grantView.ts"

/** Makes another member responsible for a consent. It works without the one who was: they may be gone (rule X-R7). */
export const handOver = Effect.fn("Grants.handOver")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  id: Id.GrantId,
  to: Id.MemberId
) {
  const { organizationId } = caller
  yield* AccessScope.requireUnrestricted(caller, "manage-people")
  const grant = yield* decideAndCommit(deps, caller, ({ at }) =>
    Effect.gen(function* () {
      const member = yield* deps.repository.find("member", organizationId, to)
      if (member.state._tag !== "Active") return yield* notMember
      const { name, personId } = member.state
      const read = yield* deps.repository.find("grant", organizationId, id)
      const handedOver = yield* decideOn("grant", read, { _tag: "HandOver", to: { personId, name }, at })
      return {
        // A member who is removed at this moment becomes responsible for nothing.
        decided: [handedOver, assertUnchanged("member", to, member)],
        result: handedOver.next as Aggregate.Present<"grant">
      }
    })
  )
  return yield* withConnections(deps, grant)
})

const notMember = Refusal.make("Grant", "HandOver", "not-yours", {
  detail: Messages.say("grant.member-answers"),
  nextStep: Messages.say("grant.choose-member")
})
