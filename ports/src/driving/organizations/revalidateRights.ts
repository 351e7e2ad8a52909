/**
 * Rights that something made with them must not outlive: an invitation to join, a key. A change that takes a right away
 * also takes back what was made with it (`offboarding.ts`). When both happen at one moment, one of the two changes must
 * notice the other; that is what this file is for.
 */
import { Access, type Id, Member, Messages, Refusal, type Refused } from "@portolan/domain"
import { Effect } from "effect"
import type { NotFound } from "../../driven/Repository.ts"
import type { StoreError } from "../../driven/StoreUnavailable.ts"
import { assertUnchanged, type Decided } from "../shared/change.ts"
import type { Deps } from "../shared/deps.ts"
import { membershipOf } from "./membershipOf.ts"

const revoked = (action: Access.Action) =>
  Refusal.make("Access", action, "not-permitted", {
    detail: Messages.say("access.taken-away"),
    nextStep: Messages.say("access.ask-owner-or-admin")
  })

/**
 * Checks the caller's right once more inside a change, and gives the precondition of that change: the membership or the
 * key that the caller acts with is as it was read. Gives nothing for operators and for the software itself, whose
 * rights are not stored.
 */
export const revalidateRights = (
  deps: Deps<"repository">,
  { actor, organizationId }: Pick<Access.Caller, "actor" | "organizationId">,
  action: Access.Action
): Effect.Effect<ReadonlyArray<Decided>, Refused.Refused | NotFound | StoreError> => {
  switch (actor._tag) {
    case "Person":
      return rightsOfPerson(deps, organizationId, actor.personId, action)
    case "ApiKey":
      return rightsOfKey(deps, organizationId, actor.keyId, action)
    default:
      return Effect.succeed([])
  }
}

const rightsOfPerson = Effect.fnUntraced(function* (
  deps: Deps<"repository">,
  organizationId: Id.OrganizationId,
  personId: Id.PersonId,
  action: Access.Action
) {
  const { repository } = deps
  const own = yield* membershipOf(deps, organizationId, personId)
  if (own === undefined) return yield* revoked(action)
  const read = yield* repository.find("member", organizationId, own.id)
  if (read.state._tag !== "Active") return yield* revoked(action)
  const { state: organization } = yield* repository.find("organization", organizationId, organizationId)
  yield* Effect.fromResult(Access.check({ role: Member.roleIn(organization, read.state) }, action))
  return [assertUnchanged("member", own.id, read)]
})

const rightsOfKey = Effect.fnUntraced(function* (
  { repository }: Deps<"repository">,
  organizationId: Id.OrganizationId,
  keyId: string,
  action: Access.Action
) {
  const read = yield* repository.find("apiKey", organizationId, keyId)
  return read.state._tag === "Active" ? [assertUnchanged("apiKey", keyId, read)] : yield* revoked(action)
})
