import type { Id, Organization, Text } from "@portolan/domain"
import { DateTime, Effect } from "effect"
import type { Person } from "../../driven/Identity.ts"
import { commit, decideNew } from "../shared/change.ts"
import type { ChangeDeps } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"
import { type IdempotencyKey, idempotencyRecord, withIdempotency } from "../shared/idempotency.ts"
import { memberId } from "../shared/memberId.ts"
import { checkFoundingLimits } from "./foundingLimits.ts"

/** Founds an organization; the founder becomes a member and its owner, in one change. */
export const create = Effect.fn("Organizations.create")(function* (
  deps: ChangeDeps,
  person: Person,
  { name }: { readonly name: Text.Name },
  idempotencyKey?: IdempotencyKey
) {
  const { repository, secrets } = deps
  // The organization is its own tenant, so a repeated request must find the same one: its id follows from the key.
  const id =
    idempotencyKey === undefined
      ? yield* secrets.id("organization")
      : yield* fixedId(deps, "organization", `${person.personId}/${idempotencyKey.key}`)
  return yield* withIdempotency(deps, { organizationId: id }, idempotencyKey, {
    create: found(deps, person, { id, name }, idempotencyKey),
    show: () => Effect.map(repository.find("organization", id, id), ({ state }) => state)
  })
})

const found = Effect.fnUntraced(function* (
  deps: ChangeDeps,
  { email, name: personName, personId }: Person,
  { id, name }: { readonly id: Id.OrganizationId; readonly name: Text.Name },
  idempotencyKey: IdempotencyKey | undefined
) {
  const at = yield* DateTime.now
  yield* checkFoundingLimits(yield* deps.repository.memberships(personId), at)
  const actor = { _tag: "Person", personId, name: personName } as const
  const organization = { id, organizationId: id, name, ownerId: personId, foundedAt: at }
  const own = yield* memberId(deps, id, email)
  const role = "admin" as const
  const member = { id: own, organizationId: id, email: email as Text.Email, personId, name: personName, role }
  const founded = yield* decideNew("organization", id, { _tag: "Found", organization })
  const joined = yield* decideNew("member", own, { _tag: "Join", at, isOwner: true, member })
  const context = { organizationId: id, actor, at, ...idempotencyRecord(idempotencyKey, id) }
  yield* commit(deps, context, [founded, joined])
  return founded.next as Organization.Present
})
