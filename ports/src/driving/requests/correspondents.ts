/**
 * Who gets the news about a request to connect, or answers for an auth link, when the person who sent it is no longer a
 * member. Both are work of the organization and give the sender nothing, so they stay valid when that person goes; but
 * the news about them, and the owner's answers, must not follow the person out. They go to the member who removed them,
 * else to the organization's owner. The recipient is found when an email is sent and stored nowhere, so it holds for
 * requests that were sent long before.
 */
import { Actor, type Id, type Invitation, Text } from "@portolan/domain"
import { Effect } from "effect"
import type { Correspondent } from "../../driven/Mailer.ts"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { membershipOf } from "../organizations/membershipOf.ts"
import { namedOr } from "../organizations/organizationName.ts"
import type { Deps } from "../shared/deps.ts"
import { memberId } from "../shared/memberId.ts"

/** Who gets the requester's emails. */
export interface RequesterRecipient {
  readonly to: Correspondent
  /** Whether they stand in for somebody who is no longer a member. */
  readonly standsIn: boolean
}

type RecipientDeps = Deps<"repository" | "secrets">

/** Who gets the requester's emails now: the requester, unless they were a member and are none any more. */
export const requesterRecipient = Effect.fnUntraced(function* (
  deps: RecipientDeps,
  organizationId: Id.OrganizationId,
  requester: Invitation.Request["requester"]
): Effect.fn.Return<RequesterRecipient, NotFound | StoreError> {
  const id = yield* memberId(deps, organizationId, requester.email)
  const known = yield* deps.repository.find("member", organizationId, id).pipe(
    Effect.map(({ state }) => state),
    Effect.catchTag("NotFound", () => Effect.succeed(undefined))
  )
  // Somebody who was only invited was named as the requester by a key, and is no more gone than they were there.
  const hasLeft = known?._tag === "Gone" && (known.because === "removed" || known.because === "left")
  const other = hasLeft ? yield* standInFor(deps, organizationId, known.by) : undefined
  return other === undefined
    ? { to: requester, standsIn: false }
    : { to: { name: Text.line(other.name, 120) || other.email, email: other.email }, standsIn: true }
})

/** The member who removed somebody, as long as they are a member; else the owner. */
const standInFor = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  by: Actor.Actor
) {
  const remover = by._tag === "Person" ? yield* membershipOf(deps, organizationId, by.personId) : undefined
  if (remover !== undefined) return remover
  const { state } = yield* deps.repository.find("organization", organizationId, organizationId)
  return yield* membershipOf(deps, organizationId, state.ownerId)
})

/**
 * The name of whom a guest asks about a link: its maker, or the organization when the maker is no longer a member.
 * `organization` is its name; nothing where that is not known.
 */
export const contactOf = Effect.fnUntraced(function* (
  deps: RecipientDeps,
  { issuedBy, organizationId, request }: Invitation.Present,
  organization: string | undefined
) {
  if (request !== undefined) return (yield* requesterRecipient(deps, organizationId, request.requester)).to.name
  const isThere =
    issuedBy._tag !== "Person" || (yield* membershipOf(deps, organizationId, issuedBy.personId)) !== undefined
  return isThere || organization === undefined ? Actor.outwardName(issuedBy, namedOr(organization)) : organization
})
