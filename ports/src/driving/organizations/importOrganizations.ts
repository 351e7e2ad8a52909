/**
 * Organizations that another directory kept before: founded as they were, with their members and keys, by an operator
 * who moves an installation over. Not a service: nobody asks for it over HTTP.
 */
import { Access, type Actor, given, type Id, Messages, Text } from "@portolan/domain"
import { DateTime, Effect, Schema } from "effect"
import type { Person } from "../../driven/Identity.ts"
import { commit, decideNew } from "../shared/change.ts"
import { type Deps, deps } from "../shared/deps.ts"
import { fixedId } from "../shared/fixedId.ts"
import { memberId } from "../shared/memberId.ts"

/** What is known of an organization that was kept elsewhere. */
export interface FormerOrganization {
  readonly organizationId: Id.OrganizationId
  readonly name: string
  readonly foundedAt: DateTime.Utc
  readonly owner: Person
  readonly members: ReadonlyArray<Person & { readonly role: Access.GivenRole; readonly joinedAt: DateTime.Utc }>
  readonly keys: ReadonlyArray<FormerKey>
}

/** A key of such an organization. */
export interface FormerKey {
  readonly name: string
  readonly start: string
  /** SHA-256 of what its holder sends, hexadecimal. */
  readonly digest: string
  readonly role: Access.Role
  readonly createdBy: Actor.Actor
  readonly createdAt: DateTime.Utc
  readonly expiresAt: DateTime.Utc
}

const isEmail = Schema.is(Text.Email)
const isName = Schema.is(Text.Name)

/** Founds the organization in one change. It may be repeated: an organization that exists is left alone. */
export const importOrganization = Effect.fn("Organizations.import")(function* (
  deps: Deps<"secrets" | "unitOfWork">,
  former: FormerOrganization
) {
  const { foundedAt, organizationId: id, owner } = former
  const name = isName(former.name) ? former.name : Text.line(former.name, 120) || Messages.text("organization.unnamed")
  const organization = { id, organizationId: id, name, ownerId: owner.personId, foundedAt }
  const decided = [
    yield* decideNew("organization", id, { _tag: "Found", organization }),
    ...(yield* join(deps, id, { ...owner, role: "admin", joinedAt: foundedAt }, true)),
    ...(yield* Effect.forEach(former.members, (member) => join(deps, id, member))).flat(),
    ...(yield* Effect.forEach(former.keys, (key) => keep(deps, id, key)))
  ]
  const context = { organizationId: id, actor: { _tag: "System", part: "import" }, at: yield* DateTime.now } as const
  return yield* commit(deps, context, decided).pipe(Effect.catchTag("VersionConflict", () => Effect.void))
})

/** Decides that a person joins; nothing for somebody whose address is not one. */
const join = Effect.fnUntraced(function* (
  deps: Deps<"secrets">,
  organizationId: Id.OrganizationId,
  { email, joinedAt: at, name, personId, role }: FormerOrganization["members"][number],
  isOwner?: true
) {
  if (!isEmail(email)) return []
  const id = yield* memberId(deps, organizationId, email)
  const member = { id, organizationId, email, personId, name, role }
  return [yield* decideNew("member", id, given({ _tag: "Join", at, isOwner, member }))]
})

const keep = Effect.fnUntraced(function* (deps: Deps<"secrets">, organizationId: Id.OrganizationId, key: FormerKey) {
  const id = yield* fixedId(deps, "apiKey", key.digest)
  return yield* decideNew("apiKey", id, {
    _tag: "Create",
    key: {
      ...key,
      id,
      organizationId,
      name: isName(key.name) ? key.name : Messages.text("key.unnamed"),
      accessScope: Access.everything,
      scopes: Access.actionsOf(key.role)
    }
  })
})

/** `importOrganization` bound to its ports, for the program that moves an installation over. */
export const organizationImport = Effect.map(
  deps("secrets", "unitOfWork"),
  (read) => (former: FormerOrganization) => importOrganization(read, former)
)
