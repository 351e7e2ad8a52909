/**
 * What goes with a member who leaves, is removed, or may do less from now on: the consents he answers for get another keeper
 * (rule X-R7, failure case), keys that can do more than he may are revoked, and invitations to join that he, or a key of his,
 * sent and nobody answered yet are withdrawn. Whoever may not invite people any more brings nobody in later either.
 *
 * Auth links and requests to connect stay: they are the organization's work and give the person who sent them nothing. Who
 * hears of them then is said in `correspondents.ts`. Not a conversation of its own.
 */
import { Access, type Actor, type Grant, type Id, type Member } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { type Decided, decide } from "../shared/change.ts"
import { everyPage } from "../shared/everyPage.ts"

/** The most pages one change follows; beyond that somebody hands things over by hand first. */
const pages = 20

/** Builds what a change about a member takes along, once per service. */
export const makeLeaving = Effect.gen(function* () {
  const store = yield* Repository

  /** Consents in use that a person answers for. */
  const kept = (organizationId: Id.OrganizationId, keeperId: Id.PersonId) =>
    everyPage((page) => store.grants(organizationId, { states: ["Active"], keeperId }, page), pages)

  /** Gives every consent of one person to another member. */
  const handOver = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    from: Id.PersonId,
    to: Grant.Keeper,
    at: DateTime.Utc
  ) {
    const decided: Array<Decided> = []
    for (const { id } of yield* kept(organizationId, from)) {
      const read = yield* store.find("grant", organizationId, id)
      decided.push(yield* Effect.fromResult(decide("grant", id, read, { _tag: "HandOver", to, at })))
    }
    return decided
  })

  /** Keys a person or a key made, and keys those keys made, revoked ones too. */
  const keysOf = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, makerId: Id.PersonId | Id.ApiKeyId) {
    const keys = yield* everyPage((page) => store.apiKeys(organizationId, page), pages)
    const makers = new Set<string>([makerId])
    const madeBy = (by: Actor.Actor) => (by._tag === "Person" ? by.personId : by._tag === "ApiKey" ? by.keyId : "")
    // Keys are listed youngest first; a key is younger than the one that made it.
    return keys.toReversed().filter(({ createdBy, id }) => makers.has(madeBy(createdBy)) && makers.add(id))
  })

  const revoke = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    ids: ReadonlyArray<Id.ApiKeyId>,
    by: Actor.Actor,
    at: DateTime.Utc
  ) {
    const decided: Array<Decided> = []
    for (const id of ids) {
      const read = yield* store.find("apiKey", organizationId, id)
      decided.push(yield* Effect.fromResult(decide("apiKey", id, read, { _tag: "Revoke", by, at })))
    }
    return decided
  })

  /** Revokes every key that goes back to a person, or to a key. */
  const revokeAll = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    makerId: Id.PersonId | Id.ApiKeyId,
    by: Actor.Actor,
    at: DateTime.Utc
  ) {
    const keys = yield* keysOf(organizationId, makerId)
    return yield* revoke(
      organizationId,
      keys.filter(({ _tag }) => _tag === "Active").map(({ id }) => id),
      by,
      at
    )
  })

  /** Invitations to join that wait for an answer and go back to a person: his own, and those of keys he made. */
  const invitationsOf = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, personId: Id.PersonId) {
    const open = yield* everyPage((page) => store.members(organizationId, { states: ["Invited"] }, page), pages)
    const keys = new Set<string>((yield* keysOf(organizationId, personId)).map(({ id }) => id))
    return open.filter(
      (one) =>
        one._tag === "Invited" &&
        ((one.invitedBy._tag === "Person" && one.invitedBy.personId === personId) ||
          (one.invitedBy._tag === "ApiKey" && keys.has(one.invitedBy.keyId)))
    )
  })

  /** Withdraws what `invitationsOf` finds. Whoever answered meanwhile has joined; the versions say so. */
  const withdrawAll = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    personId: Id.PersonId,
    by: Actor.Actor,
    at: DateTime.Utc
  ) {
    const decided: Array<Decided> = []
    for (const { id } of yield* invitationsOf(organizationId, personId)) {
      const read = yield* store.find("member", organizationId, id)
      if (read.state._tag !== "Invited") continue
      decided.push(yield* Effect.fromResult(decide("member", id, read, { _tag: "Withdraw", by, at })))
    }
    return decided
  })

  /** Takes back what only people who manage people may have: keys, and invitations that wait for an answer. */
  const takeBack = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    personId: Id.PersonId,
    by: Actor.Actor,
    at: DateTime.Utc
  ) {
    return [
      ...(yield* revokeAll(organizationId, personId, by, at)),
      ...(yield* withdrawAll(organizationId, personId, by, at))
    ]
  })

  /** The same for somebody who stays with another role: nothing when he may manage people still. */
  const takeBackBeyond = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    { personId }: Member.Active,
    role: Access.GivenRole,
    by: Actor.Actor,
    at: DateTime.Utc
  ) {
    return Access.may(role, "manage-people") ? [] : yield* takeBack(organizationId, personId, by, at)
  })

  return { handOver, invitationsOf, kept, revokeAll, takeBack, takeBackBeyond }
})
