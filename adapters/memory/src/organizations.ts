/** Organizations and their people given as data, for tests and demonstrations that do not begin with signing up. */
import { Access, type Id, Machine, Member, Organization } from "@portolan/domain"
import { makeMemberId, Secrets, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Result } from "effect"

/** Somebody who belongs to an organization from the start. */
export interface Belongs {
  readonly personId: Id.PersonId
  readonly name: string
  readonly email: string
  readonly role: Access.Role
  /** Everything when left out. */
  readonly accessScope?: Access.AccessScope
}

/** An organization with its people; exactly one of them is the owner. */
export interface Founded {
  readonly organizationId: Id.OrganizationId
  readonly name: string
  readonly members: ReadonlyArray<Belongs>
}

/** Founds an organization and makes everybody a member, in one change. */
export const found = Effect.fnUntraced(function* ({ members, name, organizationId }: Founded) {
  const { commit } = yield* UnitOfWork.UnitOfWork
  const secrets = yield* Secrets.Secrets
  const memberId = yield* makeMemberId
  const at = yield* DateTime.now
  const owner = members.find(({ role }) => role === "owner")
  if (owner === undefined) return yield* Effect.die(new Error(`${name} has no owner`))
  const organization: Organization.Open = {
    _tag: "Open",
    id: organizationId,
    organizationId,
    name,
    ownerId: owner.personId,
    foundedAt: at
  }
  const founding = Result.getOrThrow(Organization.decide(Organization.initial, { _tag: "Found", organization }))
  const events = <E>(all: ReadonlyArray<E>) =>
    Effect.forEach(all, (event) => Effect.map(secrets.id("event"), (id) => ({ id, event })))
  const writes: Array<UnitOfWork.Write> = [
    { kind: "organization", id: organizationId, expected: 0, next: organization, events: yield* events(founding) }
  ]
  for (const { email, name: person, personId, accessScope, role } of members) {
    const id = yield* memberId(organizationId, email)
    const joined: Member.Event = {
      _tag: "MemberJoined",
      id,
      organizationId,
      email: email as Member.Active["email"],
      personId,
      name: person,
      role: role === "owner" ? "admin" : role,
      accessScope: accessScope ?? Access.everything,
      joinedAt: at,
      round: 0,
      ...(role === "owner" ? { isOwner: true } : {})
    }
    const next = Machine.fold(Member.evolve)(Member.initial, [joined])
    if (next._tag === "Absent") continue
    writes.push({ kind: "member", id, expected: 0, next, events: yield* events([joined]) })
  }
  yield* commit({
    organizationId,
    actor: { _tag: "Person", personId: owner.personId, name: owner.name },
    at,
    writes,
    claims: [],
    jobs: []
  })
  return organization
})
