/**
 * What goes with a member who leaves, is removed, or may do less from now on: the consents he answers for get another keeper
 * (rule X-R7, failure case), and keys that can do more than he may are revoked. Not a conversation of its own.
 */
import { Access, type Actor, type Grant, type Id, type Member } from "@portolan/domain"
import { type DateTime, Effect } from "effect"
import { ConnectionStore } from "../driven/ConnectionStore.ts"
import { type Decided, decide } from "./change.ts"
import { everyPage } from "./everyPage.ts"

/** The most pages one change follows; beyond that somebody hands things over by hand first. */
const pages = 20

/** Builds what a change about a member takes along, once per service. */
export const makeLeaving = Effect.gen(function*() {
  const store = yield* ConnectionStore

  /** Consents in use that a person answers for. */
  const kept = (organizationId: Id.OrganizationId, keeperId: Id.PersonId) =>
    everyPage((page) => store.grants(organizationId, { states: ["Active"], keeperId }, page), pages)

  /** Gives every consent of one person to another member. */
  const handOver = Effect.fnUntraced(function*(
    organizationId: Id.OrganizationId, from: Id.PersonId, to: Grant.Keeper, at: DateTime.Utc
  ) {
    const decided: Array<Decided> = []
    for (const { id } of yield* kept(organizationId, from)) {
      const read = yield* store.find("grant", organizationId, id)
      decided.push(yield* Effect.fromResult(decide("grant", id, read, { _tag: "HandOver", to, at })))
    }
    return decided
  })

  /** Keys a person or a key made, and keys those keys made, that are not revoked yet. */
  const keysOf = Effect.fnUntraced(function*(organizationId: Id.OrganizationId, makerId: Id.PersonId | Id.ApiKeyId) {
    const keys = yield* everyPage((page) => store.apiKeys(organizationId, page), pages)
    const makers = new Set<string>([makerId])
    const madeBy = (by: Actor.Actor) => by._tag === "Person" ? by.personId : by._tag === "ApiKey" ? by.keyId : ""
    // Keys are listed youngest first; a key is younger than the one that made it.
    const found = keys.toReversed().filter(({ createdBy, id }) => makers.has(madeBy(createdBy)) && makers.add(id))
    return found.filter(({ _tag }) => _tag === "Active")
  })

  const revoke = Effect.fnUntraced(function*(
    organizationId: Id.OrganizationId, ids: ReadonlyArray<Id.ApiKeyId>, by: Actor.Actor, at: DateTime.Utc
  ) {
    const decided: Array<Decided> = []
    for (const id of ids) {
      const read = yield* store.find("apiKey", organizationId, id)
      decided.push(yield* Effect.fromResult(decide("apiKey", id, read, { _tag: "Revoke", by, at })))
    }
    return decided
  })

  /** Revokes every key that goes back to a person, or to a key. */
  const revokeAll = Effect.fnUntraced(function*(
    organizationId: Id.OrganizationId, makerId: Id.PersonId | Id.ApiKeyId, by: Actor.Actor, at: DateTime.Utc
  ) {
    const keys = yield* keysOf(organizationId, makerId)
    return yield* revoke(organizationId, keys.map(({ id }) => id), by, at)
  })

  /** Revokes the keys that a person could not make any more: keys are for people who manage people and see everything. */
  const revokeBeyond = Effect.fnUntraced(function*(
    organizationId: Id.OrganizationId, { personId }: Member.Active, role: Access.GivenRole, by: Actor.Actor, at: DateTime.Utc
  ) {
    return Access.may(role, "manage-people") ? [] : yield* revokeAll(organizationId, personId, by, at)
  })

  return { handOver, kept, revokeAll, revokeBeyond }
})
