/**
 * The conversation about organizations themselves: founding one, those a person belongs to, and who owns one (rules P-R5,
 * C13, X-R7). An organization has exactly one owner at every moment; what he is leaves with a hand-over and in no other way.
 */
import { Access, type Aggregate, type Id, Member, type Organization, Refused, type Text } from "@portolan/domain"
import { Context, DateTime, Effect, Layer } from "effect"
import { Repository, type InvalidCursor, NotFound, type Page, type PageRequest } from "../../driven/Repository.ts"
import { EventLog } from "../../driven/EventLog.ts"
import { Identity, type IdentityUnavailable, type NotSignedIn, type Person } from "../../driven/Identity.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { type Decided, decide, makeCommit, onConflictAgain } from "../shared/change.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/creating.ts"
import { makeFixedId } from "../shared/fixedId.ts"
import { makeMemberId } from "../shared/memberId.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** Organizations one person may belong to when he founds a further one. */
export const membershipLimit = 50

/**
 * Organizations one person may found within a day. Each of them may have letters sent to people outside (`Postage`), so without
 * a limit here there would be none there. Our choice.
 */
export const foundingLimit = 5

/** An organization as one of its members knows it. */
export interface Membership {
  readonly organization: Organization.Open
  readonly memberId: Id.MemberId
  /** The role that counts: the owner's, if it is he. */
  readonly role: Access.Role
  readonly accessScope: Access.AccessScope
}

/** An organization with the name of its owner, whom everybody in it may know (rule S-R9). */
export interface OrganizationView {
  readonly organization: Organization.Open
  readonly owner: { readonly name: string; readonly email: string }
}

/** What a change of an organization may fail with. */
export type ChangeError = Refused.Refused | NotFound | CommitError

/** Founds, lists, renames and hands over organizations. */
export class Organizations extends Context.Service<
  Organizations,
  {
    /** Founds an organization; whoever founds it becomes a member and its owner, in one change. */
    readonly create: (
      person: Person,
      input: { readonly name: Text.Name },
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<Organization.Open, ChangeError>

    /** Those a person belongs to, oldest membership first. */
    readonly mine: (person: Person) => Effect.Effect<ReadonlyArray<Membership>, StoreUnavailable>

    /** Makes a session work in another organization of its person. One he does not belong to is not found. */
    readonly choose: (
      headers: Headers,
      organizationId: Id.OrganizationId
    ) => Effect.Effect<Organization.Open, NotSignedIn | NotFound | IdentityUnavailable | StoreUnavailable>

    /** The caller's own organization. */
    readonly view: (
      caller: Access.Caller
    ) => Effect.Effect<OrganizationView, Refused.Refused | NotFound | StoreUnavailable>

    /** Renames it; for owner and admins. */
    readonly rename: (caller: Access.Caller, name: Text.Name) => Effect.Effect<Organization.Open, ChangeError>

    /** Hands the ownership to another member, in one step; the former owner stays as admin. For the owner in person only. */
    readonly handOver: (caller: Access.Caller, to: Id.MemberId) => Effect.Effect<OrganizationView, ChangeError>

    /** The same by an operator, for an owner who is gone and cannot do it (rule X-R7, failure case). On record as his doing. */
    readonly handOverFor: (
      operator: Access.Operator,
      organizationId: Id.OrganizationId,
      to: Id.MemberId
    ) => Effect.Effect<OrganizationView, ChangeError>

    /** Who could become the owner, for an operator who must choose one. */
    readonly candidates: (
      operator: Access.Operator,
      organizationId: Id.OrganizationId,
      page: PageRequest
    ) => Effect.Effect<Page<Member.Active>, NotFound | InvalidCursor | StoreUnavailable>

    /** One of those, so that a confirmation can name the person. Whoever is not a member now is not found. */
    readonly candidate: (
      operator: Access.Operator,
      organizationId: Id.OrganizationId,
      id: Id.MemberId
    ) => Effect.Effect<Member.Active, NotFound | StoreUnavailable>

    /** Any organization with its owner, for an operator. */
    readonly viewFor: (
      operator: Access.Operator,
      organizationId: Id.OrganizationId
    ) => Effect.Effect<OrganizationView, NotFound | StoreUnavailable>

    /**
     * What happened to the organization itself, the youngest first, for an operator: that it was founded, renamed and handed over,
     * and by whom. Nothing of its accounts and people.
     */
    readonly pastFor: (
      operator: Access.Operator,
      organizationId: Id.OrganizationId,
      page: PageRequest
    ) => Effect.Effect<Page<Aggregate.Recorded>, NotFound | InvalidCursor | StoreUnavailable>
  }
>()("@portolan/ports/driving/Organizations") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Organizations,
    Effect.gen(function* () {
      const store = yield* Repository
      const identity = yield* Identity
      const log = yield* EventLog
      const secrets = yield* Secrets
      const commit = yield* makeCommit
      const withIdempotency = yield* makeIdempotency
      const fixedId = yield* makeFixedId
      const memberId = yield* makeMemberId
      const accessScope = yield* makeAccessScope

      const read = (id: Id.OrganizationId) => Effect.map(store.find("organization", id, id), ({ state }) => state)

      const viewed = Effect.fnUntraced(function* (id: Id.OrganizationId) {
        const organization = yield* read(id)
        const owner = (yield* store.memberships(organization.ownerId)).find(
          ({ organizationId }) => organizationId === id
        )
        return { organization, owner: { name: owner?.name ?? "", email: owner?.email ?? "" } }
      })

      const tooMany = (detail: string, nextStep: string, retryAt?: DateTime.Utc) =>
        new Refused.Refused({
          subject: "Organization",
          asked: "Found",
          reason: "too-many",
          detail,
          nextStep,
          ...(retryAt === undefined ? {} : { retryAt })
        })

      const mayFound = Effect.fnUntraced(function* (memberships: ReadonlyArray<Member.Active>, now: DateTime.Utc) {
        if (memberships.length >= membershipLimit) {
          return yield* tooMany(`You belong to ${membershipLimit} organizations already.`, "Leave one first.")
        }
        // Whoever founds one joins it without having been invited.
        const day = memberships.filter(
          ({ joinedAt, round }) => round === 0 && DateTime.isGreaterThan(joinedAt, DateTime.subtract(now, { days: 1 }))
        )
        const last = day.at(-foundingLimit)
        if (last !== undefined) {
          return yield* tooMany(
            `You founded ${foundingLimit} organizations within a day.`,
            "Try again tomorrow.",
            DateTime.add(last.joinedAt, { days: 1 })
          )
        }
      })

      const found = Effect.fnUntraced(function* (
        person: Person,
        name: Text.Name,
        id: Id.OrganizationId,
        idempotencyKey: IdempotencyKey | undefined
      ) {
        const at = yield* DateTime.now
        const own = yield* memberId(id, person.email)
        const decided: ReadonlyArray<Decided> = [
          yield* Effect.fromResult(
            decide("organization", id, undefined, {
              _tag: "Found",
              organization: { id, organizationId: id, name, ownerId: person.personId, foundedAt: at }
            })
          ),
          yield* Effect.fromResult(
            decide("member", own, undefined, {
              _tag: "Join",
              at,
              isOwner: true,
              member: {
                id: own,
                organizationId: id,
                email: person.email as Text.Email,
                personId: person.personId,
                name: person.name,
                role: "admin"
              }
            })
          )
        ]
        const actor = { _tag: "Person", personId: person.personId, name: person.name } as const
        yield* commit({ organizationId: id, actor, at, ...idempotencyRecord(idempotencyKey, id) }, decided)
        return id as string
      })

      /** Owner and new owner change in one step, so there is one at every moment. The new one becomes admin for what comes after. */
      const handOver = (organizationId: Id.OrganizationId, actor: Access.Caller["actor"], to: Id.MemberId) =>
        onConflictAgain(
          Effect.gen(function* () {
            const own = yield* store.find("organization", organizationId, organizationId)
            // Whoever was admitted as the owner may have handed it over since; of two at once the slower one owns nothing.
            if (actor._tag !== "Operator" && (actor._tag !== "Person" || actor.personId !== own.state.ownerId)) {
              yield* Effect.fromResult(Access.check({ role: "admin" }, "own"))
            }
            const next = yield* store.find("member", organizationId, to)
            const at = yield* DateTime.now
            const member = next.state
            const isMember = member._tag === "Active"
            const handed = yield* Effect.fromResult(
              decide("organization", organizationId, own, {
                _tag: "HandOver",
                to: isMember ? member.personId : own.state.ownerId,
                isMember,
                at
              })
            )
            if (handed.events.length === 0) return yield* viewed(organizationId)
            const raised = yield* Effect.fromResult(decide("member", to, next, { _tag: "BecomeOwner" }))
            yield* commit({ organizationId, actor, at }, [handed, raised])
            return yield* viewed(organizationId)
          })
        )

      return Organizations.of({
        create: Effect.fn("Organizations.create")(function* (person, { name }, idempotencyKey) {
          // The organization is its own tenant, so a repeated request must find the same one: its id follows from the key.
          const id =
            idempotencyKey === undefined
              ? yield* secrets.id("organization")
              : yield* fixedId("organization", `${person.personId}/${idempotencyKey.key}`)
          const create = Effect.gen(function* () {
            yield* mayFound(yield* store.memberships(person.personId), yield* DateTime.now)
            return yield* found(person, name, id, idempotencyKey)
          })
          return yield* withIdempotency(id, idempotencyKey, create, () => read(id))
        }),

        mine: Effect.fn("Organizations.mine")(function* (person) {
          const memberships = yield* store.memberships(person.personId)
          const all = yield* Effect.forEach(
            memberships,
            (member) =>
              read(member.organizationId).pipe(
                Effect.map((organization): ReadonlyArray<Membership> => {
                  const role = Member.roleIn(organization, member)
                  return [
                    {
                      organization,
                      memberId: member.id,
                      role,
                      accessScope: role === "owner" || role === "admin" ? Access.everything : member.accessScope
                    }
                  ]
                }),
                Effect.catchTag("NotFound", () => Effect.succeed([]))
              ),
            { concurrency: 4 }
          )
          return all.flat()
        }),

        choose: Effect.fn("Organizations.choose")(function* (headers, organizationId) {
          const { personId } = yield* identity.whoIs(headers)
          const belongs = (yield* store.memberships(personId)).some(
            (member) => member.organizationId === organizationId
          )
          if (!belongs) return yield* new NotFound({ kind: "organization", id: organizationId })
          const organization = yield* read(organizationId)
          yield* identity.choose(headers, organizationId)
          return organization
        }),

        view: Effect.fn("Organizations.view")(function* (caller) {
          yield* Effect.fromResult(Access.check(caller, "read"))
          return yield* viewed(caller.organizationId)
        }),

        rename: Effect.fn("Organizations.rename")((caller, name) =>
          onConflictAgain(
            Effect.gen(function* () {
              yield* accessScope.requireUnrestricted(caller, "administer")
              const { actor, organizationId: id } = caller
              const own = yield* store.find("organization", id, id)
              const decided = yield* Effect.fromResult(decide("organization", id, own, { _tag: "Rename", name }))
              yield* commit({ organizationId: id, actor, at: yield* DateTime.now }, [decided])
              return yield* read(id)
            })
          )
        ),

        handOver: Effect.fn("Organizations.handOver")(function* (caller, to) {
          yield* Effect.fromResult(Access.check(caller, "own"))
          return yield* handOver(caller.organizationId, caller.actor, to)
        }),

        handOverFor: Effect.fn("Organizations.handOverFor")((operator, organizationId, to) =>
          handOver(organizationId, operator.actor, to)
        ),

        candidates: Effect.fn("Organizations.candidates")(function* (_, organizationId, page) {
          yield* read(organizationId)
          const members = yield* store.members(organizationId, { states: ["Active"] }, page)
          return { ...members, items: members.items.filter((one): one is Member.Active => one._tag === "Active") }
        }),

        candidate: Effect.fn("Organizations.candidate")(function* (_, organizationId, id) {
          const { state } = yield* store.find("member", organizationId, id)
          return state._tag === "Active" ? state : yield* new NotFound({ kind: "member", id })
        }),

        viewFor: Effect.fn("Organizations.viewFor")((_, organizationId) => viewed(organizationId)),

        pastFor: Effect.fn("Organizations.pastFor")(function* (_, organizationId, page) {
          yield* read(organizationId)
          return yield* log.all(organizationId, { kinds: ["organization"] }, page)
        })
      })
    })
  )
}
