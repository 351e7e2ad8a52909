/**
 * Who hears of a request to connect, or answers for an auth link, when the person who sent it is no longer a member. Both belong
 * to the organization's work and give the sender nothing, so they stay valid when he goes; but what is told of them, and the
 * owner's answers, must not follow him out. They go to the member who removed him, else to the organization's owner. That is
 * worked out when something is said and stored nowhere, so it holds for requests that were sent long before.
 * Not a conversation of its own.
 */
import { Actor, type Id, type Invitation, Text } from "@portolan/domain"
import { Effect } from "effect"
import { Repository } from "../../driven/Repository.ts"
import type { Correspondent } from "../../driven/Mailer.ts"
import { makeMemberId } from "../shared/memberId.ts"

/** Who gets the requester's letters. */
export interface Told {
  readonly to: Correspondent
  /** Whether he stands in for somebody who is no longer a member. */
  readonly standsIn: boolean
}

/** Builds what tells correspondents, once per service. */
export const makeCorrespondents = Effect.gen(function* () {
  const store = yield* Repository
  const memberId = yield* makeMemberId

  const memberOf = (organizationId: Id.OrganizationId, personId: Id.PersonId) =>
    Effect.map(store.memberships(personId), (all) => all.find((one) => one.organizationId === organizationId))

  /** The member who removed somebody, as long as he is one himself; else the owner. */
  const standIn = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, by: Actor.Actor) {
    const remover = by._tag === "Person" ? yield* memberOf(organizationId, by.personId) : undefined
    if (remover !== undefined) return remover
    const { state } = yield* store.find("organization", organizationId, organizationId)
    return yield* memberOf(organizationId, state.ownerId)
  })

  /** Who gets the letters to the one who asks: he himself, unless he was a member and is none any more. */
  const told = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    requester: Invitation.Request["requester"]
  ) {
    const id = yield* memberId(organizationId, requester.email)
    const known = yield* store.find("member", organizationId, id).pipe(
      Effect.map(({ state }) => state),
      Effect.catchTag("NotFound", () => Effect.succeed(undefined))
    )
    // Whoever was only invited was named as the requester by a key, and is no more gone than he was there.
    const hasGone = known?._tag === "Gone" && (known.because === "removed" || known.because === "left")
    const other = hasGone ? yield* standIn(organizationId, known.by) : undefined
    return other === undefined
      ? ({ to: requester, standsIn: false } satisfies Told)
      : ({ to: { name: Text.line(other.name, 120) || other.email, email: other.email }, standsIn: true } satisfies Told)
  })

  /** Whom a guest asks about a link: its maker, or the organization when he is no longer a member. */
  const contactOf = Effect.fnUntraced(function* ({ issuedBy, organizationId, request }: Invitation.Present) {
    if (request !== undefined) return (yield* told(organizationId, request.requester)).to.name
    if (issuedBy._tag !== "Person" || (yield* memberOf(organizationId, issuedBy.personId)) !== undefined)
      return Actor.describe(issuedBy)
    return yield* store.find("organization", organizationId, organizationId).pipe(
      Effect.map(({ state }) => state.name as string),
      Effect.catchTag("NotFound", () => Effect.succeed(Actor.describe(issuedBy)))
    )
  })

  return { contactOf, told }
})
