/**
 * Rights that something made by them must not outlive: an invitation to join, a key. Whoever takes the right away takes back what
 * was made with it (see `leaving.ts`), so of "he makes another one" and "his right is taken away" at one moment, one has to see
 * the other. Not a conversation of its own.
 */
import { Access, type Id, Member, Refused } from "@portolan/domain"
import { Effect } from "effect"
import { Repository } from "../../driven/Repository.ts"
import { type Decided, standing } from "../shared/change.ts"

/** Builds `lasting`, once per service. */
export const makeLasting = Effect.gen(function* () {
  const store = yield* Repository

  const gone = (action: Access.Action) =>
    new Refused.Refused({
      subject: "Access",
      asked: action,
      reason: "not-permitted",
      detail: "Your access to this organization was taken away meanwhile.",
      nextStep: "Ask its owner or an admin."
    })

  const ofPerson = Effect.fnUntraced(function* (
    organizationId: Id.OrganizationId,
    personId: Id.PersonId,
    action: Access.Action
  ) {
    const own = (yield* store.memberships(personId)).find((one) => one.organizationId === organizationId)
    if (own === undefined) return yield* gone(action)
    const read = yield* store.find("member", organizationId, own.id)
    if (read.state._tag !== "Active") return yield* gone(action)
    const { state } = yield* store.find("organization", organizationId, organizationId)
    yield* Effect.fromResult(Access.check({ role: Member.roleIn(state, read.state) }, action))
    return standing("member", own.id, read)
  })

  const ofKey = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, keyId: string, action: Access.Action) {
    const read = yield* store.find("apiKey", organizationId, keyId)
    return read.state._tag === "Active" ? standing("apiKey", keyId, read) : yield* gone(action)
  })

  /**
   * Judges the caller's right once more, and says that the change rests on it: his membership, or the key he calls with, is
   * written with the change. Nothing for operators and the software itself, whose rights are not kept here.
   */
  const lasting = Effect.fnUntraced(function* ({ actor, organizationId }: Access.Caller, action: Access.Action) {
    switch (actor._tag) {
      case "Person":
        return [yield* ofPerson(organizationId, actor.personId, action)] as ReadonlyArray<Decided>
      case "ApiKey":
        return [yield* ofKey(organizationId, actor.keyId, action)] as ReadonlyArray<Decided>
      default:
        return [] as ReadonlyArray<Decided>
    }
  })

  return { lasting }
})
