/** How a membership ends, whether its member leaves or somebody removes them. */
import { type Access, type Grant, type Id, type Member, Messages, Refusal, type Refused } from "@portolan/domain"
import { Effect } from "effect"
import type { NotFound, Versioned } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { assertUnchanged, type CommitContext, type Decided, decideOn } from "../shared/change.ts"
import type { Deps } from "../shared/deps.ts"
import { membershipOf } from "./membershipOf.ts"
import { revokeDelegated, transferConsents } from "./offboarding.ts"

/** Whose membership ends, why, and who is named to be responsible for their consents. */
export interface Ending {
  readonly member: Versioned<Member.Present>
  readonly because: "removed" | "left"
  readonly handOverTo: Id.MemberId | undefined
}

/** A refusal to end a membership. */
export const leaveRefused = (reason: Refused.Reason, detail: Messages.Message, nextStep: Messages.Message) =>
  Refusal.make("Member", "Leave", reason, { detail, nextStep })

/**
 * Decides that a membership ends, with all that goes with it. The membership is read before the organization: a
 * hand-over of the ownership at the same moment moves both, so the owner can never slip out.
 */
export const endMembership = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  context: CommitContext,
  ending: Ending
): Effect.fn.Return<ReadonlyArray<Decided>, Refused.Refused | NotFound | StoreError> {
  const { actor: by, at, organizationId } = context
  const { state } = ending.member
  const organization = yield* deps.repository.find("organization", organizationId, organizationId)
  const { offer, ownerId } = organization.state
  const isOwner = state._tag === "Active" && state.personId === ownerId
  const left = yield* decideOn("member", ending.member, { _tag: "Leave", because: ending.because, isOwner, by, at })
  if (state._tag !== "Active") return []
  const isOffered = offer?.to === state.personId
  const end = { _tag: "EndOffer", to: state.personId, because: "left", at } as const
  return [
    left,
    ...(isOffered ? [yield* decideOn("organization", organization, end)] : []),
    ...(yield* transferred(deps, context, state, yield* successorOf(deps, context, ending, ownerId))),
    ...(yield* revokeDelegated(deps, context, state.personId))
  ]
})

/** Who is responsible for the consents from then on: the member who is named, else the remover, else the owner. */
const successorOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { actor, organizationId }: Pick<Access.Caller, "actor" | "organizationId">,
  { because, handOverTo, member }: Ending,
  ownerId: Id.PersonId
) {
  if (handOverTo !== undefined) return (yield* otherMember(deps, organizationId, member.state.id, handOverTo)).state
  const remover =
    because === "removed" && actor._tag === "Person"
      ? yield* membershipOf(deps, organizationId, actor.personId)
      : undefined
  return remover ?? (yield* membershipOf(deps, organizationId, ownerId))
})

const transferred = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  context: CommitContext,
  leaver: Member.Active,
  successor: Member.Active | undefined
) {
  if (successor === undefined) return []
  const { id, name, personId } = successor
  const to: Grant.ResponsibleMember = { personId, name }
  const consents = yield* transferConsents(deps, context, leaver.personId, to)
  if (consents.length === 0) return []
  // Two members who go at one moment do not leave their consents to each other.
  const read = yield* otherMember(deps, context.organizationId, leaver.id, id)
  return [...consents, assertUnchanged("member", id, read)]
})

/** A member other than the one who leaves, as they are now. */
const otherMember = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  leaver: Id.MemberId,
  id: Id.MemberId
) {
  const { state, version } = yield* repository.find("member", organizationId, id)
  if (state._tag === "Active" && id !== leaver) return { state, version }
  return yield* leaveRefused(
    "not-yours",
    Messages.say("grant.only-another-member"),
    Messages.say("grant.choose-member")
  )
})
