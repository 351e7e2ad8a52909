import { Access, type Id, Messages, type Organization, Refusal } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import * as AccessScope from "../shared/AccessScope.ts"
import { type ChangeContext, decideAndCommit, decideOn } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { membershipOf } from "./membershipOf.ts"
import { personOf } from "./memberView.ts"
import { readOrganizationView } from "./organizationView.ts"

/**
 * Offers the ownership to another member; both are mailed, and nothing changes until that member accepts. For the owner
 * in person only. Refused while it is offered to somebody else.
 */
export const offerOwnership = Effect.fn("Organizations.offerOwnership")(function* (
  deps: ChangeDeps,
  caller: Access.Caller,
  to: Id.MemberId
) {
  yield* AccessScope.check(caller, "own")
  yield* decideAndCommit(deps, caller, ({ actor, at, organizationId }) =>
    Effect.gen(function* () {
      const organization = yield* deps.repository.find("organization", organizationId, organizationId)
      const { ownerId } = organization.state
      // The caller was admitted as the owner and may have handed it over since.
      if (actor._tag !== "Person" || actor.personId !== ownerId) {
        yield* Effect.fromResult(Access.check({ role: "admin" }, "own"))
      }
      const { state: member } = yield* deps.repository.find("member", organizationId, to)
      const offered = yield* decideOn("organization", organization, {
        _tag: "OfferOwnership",
        to: member._tag === "Active" ? member.personId : ownerId,
        isMember: member._tag === "Active",
        at
      })
      return { decided: [offered], result: undefined }
    })
  )
  return yield* readOrganizationView(deps, caller.organizationId)
})

/** Who answers an offer of the ownership: a person, because no key owns an organization. */
const answeringPerson = (caller: Access.Caller) =>
  Effect.gen(function* () {
    yield* AccessScope.check(caller, "read")
    const personId = personOf(caller)
    return (
      personId ??
      (yield* Refusal.make("Access", "own", "not-permitted", {
        detail: Messages.say("access.people-only-ownership"),
        nextStep: Messages.say("access.ask-offered-member")
      }))
    )
  })

/** The offer as it stands, ended for a reason. */
const endOffer = (
  deps: ChangeDeps,
  caller: Access.Caller,
  endFor: (organization: Organization.Present, at: DateTime.Utc) => Organization.OfferEnd | undefined
) =>
  Effect.andThen(
    decideAndCommit(deps, caller, ({ at, organizationId }) =>
      Effect.gen(function* () {
        const read = yield* deps.repository.find("organization", organizationId, organizationId)
        const to = read.state.offer?.to
        const because = endFor(read.state, at)
        if (to === undefined || because === undefined) return { decided: [], result: undefined }
        const ended = yield* decideOn("organization", read, { _tag: "EndOffer", to, because, at })
        return { decided: [ended], result: undefined }
      })
    ),
    readOrganizationView(deps, caller.organizationId)
  )

/** Calls an offer of the ownership off; for the owner, until it is accepted. Without an offer nothing changes. */
export const callOffOwnership = Effect.fn("Organizations.callOffOwnership")(function* (
  deps: ChangeDeps,
  caller: Access.Caller
) {
  yield* AccessScope.check(caller, "own")
  return yield* endOffer(deps, caller, ({ ownerId }) => (ownerId === personOf(caller) ? "called-off" : undefined))
})

/** Declines an offer of the ownership; for the member to whom it is made. Without one nothing changes. */
export const declineOwnership = Effect.fn("Organizations.declineOwnership")(function* (
  deps: ChangeDeps,
  caller: Access.Caller
) {
  const personId = yield* answeringPerson(caller)
  return yield* endOffer(deps, caller, ({ offer }) => (offer?.to === personId ? "declined" : undefined))
})

/**
 * Accepts the ownership, as the member to whom it is offered; the former owner stays as admin. Refused when the offer
 * was called off, is over, or was made to somebody else.
 */
export const acceptOwnership = Effect.fn("Organizations.acceptOwnership")(function* (
  deps: ChangeDeps,
  caller: Access.Caller
) {
  const by = yield* answeringPerson(caller)
  yield* decideAndCommit(deps, caller, ({ at, organizationId }) =>
    Effect.gen(function* () {
      const organization = yield* deps.repository.find("organization", organizationId, organizationId)
      const own = yield* membershipOf(deps, organizationId, by)
      const isMember = own !== undefined
      const accepted = yield* decideOn("organization", organization, { _tag: "AcceptOwnership", by, isMember, at })
      if (accepted.events.length === 0 || own === undefined) return { decided: [], result: undefined }
      const member = yield* deps.repository.find("member", organizationId, own.id)
      return { decided: [accepted, yield* decideOn("member", member, { _tag: "BecomeOwner", at })], result: undefined }
    })
  )
  return yield* readOrganizationView(deps, caller.organizationId)
})

/**
 * Hands the ownership over at once, by an operator, for an owner who is gone and cannot do it (rule X-R7, failure
 * case). Both are mailed.
 */
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
  yield* decideAndCommit(deps, context, ({ at, organizationId }) =>
    Effect.gen(function* () {
      const organization = yield* deps.repository.find("organization", organizationId, organizationId)
      const next = yield* deps.repository.find("member", organizationId, to)
      const isMember = next.state._tag === "Active"
      const handed = yield* decideOn("organization", organization, {
        _tag: "HandOver",
        to: next.state._tag === "Active" ? next.state.personId : organization.state.ownerId,
        isMember,
        at
      })
      if (handed.events.length === 0) return { decided: [], result: undefined }
      return { decided: [handed, yield* decideOn("member", next, { _tag: "BecomeOwner", at })], result: undefined }
    })
  )
  return yield* readOrganizationView(deps, context.organizationId)
})
