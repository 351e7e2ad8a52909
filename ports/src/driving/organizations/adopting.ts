/**
 * Organizations that another directory kept before: founded as they were, with their members and keys, by whoever moves an
 * installation over. Not a conversation: no person asks for it.
 */
import { Access, type Actor, type Id, type Organization, Text } from "@portolan/domain"
import { DateTime, Effect, Schema } from "effect"
import type { Person } from "../../driven/Identity.ts"
import { type Decided, decide, makeCommit } from "../shared/change.ts"
import { makeFixedId } from "../shared/fixedId.ts"
import { makeMemberId } from "../shared/memberId.ts"

/** What is known of an organization that was kept elsewhere. */
export interface Former {
  readonly organizationId: Id.OrganizationId
  readonly name: string
  readonly foundedAt: DateTime.Utc
  readonly owner: Person
  readonly members: ReadonlyArray<Person & { readonly role: Access.GivenRole; readonly joinedAt: DateTime.Utc }>
  readonly keys: ReadonlyArray<{
    readonly name: string
    readonly start: string
    /** SHA-256 of what its holder sends, hexadecimal. */
    readonly digest: string
    readonly role: Access.Role
    readonly createdBy: Actor.Actor
    readonly createdAt: DateTime.Utc
    readonly expiresAt: DateTime.Utc
  }>
}

const isEmail = Schema.is(Text.Email)
const isName = Schema.is(Text.Name)

/** Builds `adopt`, once. */
export const makeAdopting = Effect.gen(function* () {
  const commit = yield* makeCommit
  const fixedId = yield* makeFixedId
  const memberId = yield* makeMemberId

  const joins = Effect.fnUntraced(function* (
    id: Id.OrganizationId,
    person: Person,
    role: Access.GivenRole,
    at: DateTime.Utc,
    isOwner = false
  ) {
    const { email, name, personId } = person
    if (!isEmail(email)) return []
    const own = yield* memberId(id, email)
    return [
      yield* Effect.fromResult(
        decide("member", own, undefined, {
          _tag: "Join",
          at,
          ...(isOwner ? { isOwner } : {}),
          member: { id: own, organizationId: id, email, personId, name, role }
        })
      )
    ]
  })

  /** Founds the organization in one change. May be repeated: what was founded before is left alone. */
  return Effect.fn("Organizations.adopt")(function* (former: Former) {
    const { organizationId: id, owner } = former
    const at = yield* DateTime.now
    const name = isName(former.name) ? former.name : Text.line(former.name, 120) || "Organization"
    const organization: Omit<Organization.Open, "_tag"> = {
      id,
      organizationId: id,
      name,
      ownerId: owner.personId,
      foundedAt: former.foundedAt
    }
    const decided: Array<Decided> = [
      yield* Effect.fromResult(decide("organization", id, undefined, { _tag: "Found", organization })),
      ...(yield* joins(id, owner, "admin", former.foundedAt, true))
    ]
    for (const member of former.members) decided.push(...(yield* joins(id, member, member.role, member.joinedAt)))
    for (const key of former.keys) {
      const keyId = yield* fixedId("apiKey", key.digest)
      decided.push(
        yield* Effect.fromResult(
          decide("apiKey", keyId, undefined, {
            _tag: "Create",
            key: {
              ...key,
              id: keyId,
              organizationId: id,
              name: isName(key.name) ? key.name : "API key",
              accessScope: Access.everything,
              scopes: Access.actionsOf(key.role)
            }
          })
        )
      )
    }
    return yield* commit({ organizationId: id, actor: { _tag: "System", part: "import" }, at }, decided).pipe(
      Effect.catchTag("VersionConflict", () => Effect.void)
    )
  })
})
