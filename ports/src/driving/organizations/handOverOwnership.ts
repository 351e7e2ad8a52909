import { Access, type Id } from "@portolan/domain"
import { Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { type ChangeContext, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { readOrganizationView } from "./organizationView.ts"

/**
 * Hands the ownership to another member, in one step; the former owner stays as admin. For the owner in person only.
 */
export const handOver = Effect.fn("Organizations.handOver")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  to: Id.MemberId
) {
  yield* AccessScope.check(caller, "own")
  return yield* transfer(deps, caller, to)
})

/** The same by an operator, for an owner who is gone and cannot do it (rule X-R7, failure case). */
export const handOverFor = Effect.fn("Organizations.handOverFor")(
  (deps: ChangeDeps, { actor }: Access.Operator, organizationId: Id.OrganizationId, to: Id.MemberId) =>
    transfer(deps, { organizationId, actor }, to)
)

/**
 * Changes owner and new owner in one step, so there is one owner at every moment. The new owner's own role becomes
 * admin; it counts once they hand the ownership over.
 */
const transfer = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  context: Pick<ChangeContext, "actor" | "organizationId">,
  to: Id.MemberId
) {
  yield* decideAndCommit(deps, context, ({ actor, at, organizationId }) =>
    Effect.gen(function* () {
      const organization = yield* deps.repository.find("organization", organizationId, organizationId)
      const { ownerId } = organization.state
      // The caller was admitted as the owner and may have handed it over since; of two at once the slower one owns
      // nothing.
      if (actor._tag !== "Operator" && (actor._tag !== "Person" || actor.personId !== ownerId)) {
        yield* Effect.fromResult(Access.check({ role: "admin" }, "own"))
      }
      const next = yield* deps.repository.find("member", organizationId, to)
      const isMember = next.state._tag === "Active"
      const handed = yield* decideOn("organization", organization, {
        _tag: "HandOver",
        to: next.state._tag === "Active" ? next.state.personId : ownerId,
        isMember,
        at
      })
      if (handed.events.length === 0) return { decided: [], result: undefined }
      return { decided: [handed, yield* decideOn("member", next, { _tag: "BecomeOwner", at })], result: undefined }
    })
  )
  return yield* readOrganizationView(deps, context.organizationId)
})
