/**
 * What goes with a member who leaves, is removed, or may do less from now on: another member becomes responsible for
 * their consents (rule X-R7, failure case); keys that can do more than they may are revoked; unanswered invitations to
 * join that they, or a key of theirs, sent are withdrawn. Somebody who may no longer invite people brings nobody in
 * later either.
 *
 * Auth links and requests to connect stay: they are work of the organization and give their sender nothing.
 * `correspondents.ts` says who is notified about them then.
 */
import { Access, type Actor, type Grant, type Id, type Member } from "@portolan/domain"
import { Effect } from "effect"
import { type CommitContext, type Decided, decideOn } from "../shared/change.ts"
import type { Deps } from "../shared/deps.ts"
import { everyPage } from "../shared/everyPage.ts"

/** The most pages of a list that one change follows; for more, somebody hands things over by hand first. */
const maxPages = 20

/** Active consents that a person is responsible for. */
export const consentsOf = (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  personId: Id.PersonId
) =>
  everyPage(
    (page) => repository.grants(organizationId, { states: ["Active"], responsiblePersonId: personId }, page),
    maxPages
  )

/** Decides that another member is responsible for every consent of a person. */
export const transferConsents = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { at, organizationId }: CommitContext,
  personId: Id.PersonId,
  to: Grant.ResponsibleMember
) {
  const consents = yield* consentsOf(deps, organizationId, personId)
  return yield* Effect.forEach(consents, ({ id }) =>
    Effect.flatMap(deps.repository.find("grant", organizationId, id), (read) =>
      decideOn("grant", read, { _tag: "HandOver", to, at })
    )
  )
})

const idOf = (actor: Actor.Actor): string => {
  if (actor._tag === "Person") return actor.personId
  return actor._tag === "ApiKey" ? actor.keyId : ""
}

/** Keys that a person or a key made, and keys that those keys made; revoked ones too. */
const keysOf = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  makerId: Id.PersonId | Id.ApiKeyId
) {
  const keys = yield* everyPage((page) => repository.apiKeys(organizationId, page), maxPages)
  const makers = new Set<string>([makerId])
  // Keys are listed youngest first; a key is younger than the one that made it.
  return keys.toReversed().filter(({ createdBy, id }) => makers.has(idOf(createdBy)) && makers.add(id))
})

/** Decides to revoke every key that goes back to a person or to a key. */
export const revokeKeysOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { actor: by, at, organizationId }: CommitContext,
  makerId: Id.PersonId | Id.ApiKeyId
) {
  const keys = yield* keysOf(deps, organizationId, makerId)
  return yield* Effect.forEach(
    keys.filter(({ _tag }) => _tag === "Active"),
    ({ id }) =>
      Effect.flatMap(deps.repository.find("apiKey", organizationId, id), (read) =>
        decideOn("apiKey", read, { _tag: "Revoke", by, at })
      )
  )
})

/** Unanswered invitations to join that go back to a person: their own, and those of keys that go back to them. */
export const openInvitationsOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  personId: Id.PersonId
) {
  const open = yield* everyPage(
    (page) => deps.repository.members(organizationId, { states: ["Invited"] }, page),
    maxPages
  )
  const keys = yield* keysOf(deps, organizationId, personId)
  const inviters = new Set<string>([personId, ...keys.map(({ id }) => id)])
  return open.filter((one) => one._tag === "Invited" && inviters.has(idOf(one.invitedBy)))
})

/**
 * Decides to withdraw the invitations of `openInvitationsOf`. One that was answered meanwhile stays: that person has
 * joined.
 */
const withdrawInvitationsOf = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  { actor: by, at, organizationId }: CommitContext,
  personId: Id.PersonId
) {
  const decided: Array<Decided> = []
  for (const { id } of yield* openInvitationsOf(deps, organizationId, personId)) {
    const read = yield* deps.repository.find("member", organizationId, id)
    if (read.state._tag !== "Invited") continue
    decided.push(yield* decideOn("member", read, { _tag: "Withdraw", by, at }))
  }
  return decided
})

/** Decides to take back what only people who manage people may have: keys, and unanswered invitations to join. */
export const revokeDelegated = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  context: CommitContext,
  personId: Id.PersonId
) {
  const decided: ReadonlyArray<Decided> = [
    ...(yield* revokeKeysOf(deps, context, personId)),
    ...(yield* withdrawInvitationsOf(deps, context, personId))
  ]
  return decided
})

/** The same for a member who stays with another role; nothing when that role may manage people too. */
export const revokeBeyondRole = (
  deps: Deps<"repository">,
  context: CommitContext,
  { personId }: Member.Active,
  role: Access.GivenRole
) => (Access.may(role, "manage-people") ? Effect.succeed([]) : revokeDelegated(deps, context, personId))
