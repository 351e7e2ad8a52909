/** People with mailboxes: an organization with its owner, and the mails that were kept for it. */
import { type Access, Id, Text } from "@portolan/domain"
import { makeMemberId, Repository, Mailer, Secrets, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect } from "effect"

/** The organization of a caller, and the caller as a member with an address; the owner unless said otherwise. */
export const office = Effect.fnUntraced(function* (by: Access.Caller, email = "bea@books.example", isOwner = true) {
  if (by.actor._tag !== "Person") return yield* Effect.die("only people have an office")
  const { commit } = yield* UnitOfWork.UnitOfWork
  const secrets = yield* Secrets.Secrets
  const at = yield* DateTime.now
  const { actor, organizationId } = by
  const organization = {
    _tag: "Open" as const,
    id: organizationId,
    organizationId,
    name: "Sharp Books" as Text.Name,
    ownerId: actor.personId,
    foundedAt: at
  }
  const memberId = yield* (yield* makeMemberId)(organizationId, email)
  const member = {
    id: memberId,
    organizationId,
    email: email as Text.Email,
    role: by.role === "owner" ? ("admin" as const) : by.role,
    accessScope: by.accessScope,
    personId: actor.personId,
    name: actor.name,
    joinedAt: at,
    round: 0
  }
  yield* commit({
    organizationId,
    actor,
    at,
    claims: [],
    jobs: [],
    writes: [
      ...(isOwner
        ? [
            {
              kind: "organization" as const,
              id: organizationId,
              expected: 0,
              next: organization,
              events: [
                { id: yield* secrets.id("event"), event: { _tag: "OrganizationFounded" as const, organization } }
              ]
            }
          ]
        : []),
      {
        kind: "member" as const,
        id: memberId,
        expected: 0,
        next: { ...member, _tag: "Active" as const },
        events: [{ id: yield* secrets.id("event"), event: { _tag: "MemberJoined" as const, ...member } }]
      }
    ]
  })
  return { memberId }
})

/** The mails that were kept for an organization, the youngest first. */
export const mails = (organizationId: Id.OrganizationId = Id.installation) =>
  Effect.gen(function* () {
    const mailer = yield* Mailer.Mailer
    return (yield* mailer.kept(organizationId, { limit: Repository.pageLimit })).items
  })

/** The token of the n-th link in an email. */
export const tokenIn = (text: string, nth = 0): string =>
  [...text.matchAll(/\/link\/([A-Za-z0-9_-]+)/g)][nth]?.[1] ?? ""
