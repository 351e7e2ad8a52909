/**
 * The conversation about people in an organization: inviting, joining, what each may see, and leaving (rules K-R17, P-R14 to
 * P-R16, S-R8 to S-R10, X-R6). Nothing here gives anybody access at a provider (rule S-R10).
 */
import { Access, Actor, type Id, Member, Postage, Refused, type Text } from "@portolan/domain"
import { Context, DateTime, Effect, Layer, Redacted } from "effect"
import {
  Repository,
  type InvalidCursor,
  NotFound,
  type Page,
  type PageRequest,
  type Versioned
} from "../../driven/Repository.ts"
import type { Person } from "../../driven/Identity.ts"
import { Secrets } from "../../driven/Secrets.ts"
import type { StoreUnavailable } from "../../driven/StoreUnavailable.ts"
import type { CommitError } from "../../driven/UnitOfWork.ts"
import { decide, makeCommit, onConflictAgain, standing } from "../shared/change.ts"
import { makeChosen } from "./chosen.ts"
import { makeIdempotency, type IdempotencyKey, idempotencyRecord } from "../shared/creating.ts"
import { joinToken } from "./joining.ts"
import { makeLasting } from "./lasting.ts"
import { makeLeaving } from "./leaving.ts"
import { makeMemberId } from "../shared/memberId.ts"
import { makePostage } from "../requests/postage.ts"
import { makeAccessScope } from "../shared/reach.ts"

/** Somebody in the list of people: a member, an invitation, or somebody who is gone. */
export interface MemberView {
  readonly member: Member.Present
  /** The role that counts: the owner's, if it is he. Absent for somebody who is gone. */
  readonly role?: Access.Role
  readonly isCaller: boolean
}

/** What somebody who opened an invitation may know: he proved with the token that it was sent to him. */
export interface InvitationView {
  readonly organizationId: Id.OrganizationId
  readonly organizationName: string
  readonly inviter: string
  readonly email: Text.Email
  readonly role: Access.GivenRole
  /** Whether the access is limited to chosen accounts. */
  readonly isLimited: boolean
  readonly expiresAt: DateTime.Utc
}

/** What a member leaves behind, told before he is removed. */
export interface Legacy {
  /** Consents he answers for; somebody else will. */
  readonly consents: number
  /** Invitations to join that he or his keys sent and nobody answered yet; they are withdrawn. */
  readonly invitations: number
}

/** What a change of a member may fail with. */
export type ChangeError = Refused.Refused | NotFound | CommitError

/** Invites, lists, limits and removes people. */
export class Members extends Context.Service<
  Members,
  {
    /** Lists people by address: members and open invitations unless states are named. Hidden from limited access (rule S-R9). */
    readonly list: (
      caller: Access.Caller,
      filter: { readonly states?: ReadonlyArray<Member.Present["_tag"]> },
      page: PageRequest
    ) => Effect.Effect<Page<MemberView>, Refused.Refused | NotFound | InvalidCursor | StoreUnavailable>

    /** Reads one. */
    readonly view: (
      caller: Access.Caller,
      id: Id.MemberId
    ) => Effect.Effect<MemberView, Refused.Refused | NotFound | StoreUnavailable>

    /** What a member leaves behind when he goes. */
    readonly legacy: (
      caller: Access.Caller,
      id: Id.MemberId
    ) => Effect.Effect<Legacy, Refused.Refused | NotFound | StoreUnavailable>

    /**
     * Invites an address; the mail goes out as follow-up work. One address is one membership: who is invited or a member already is
     * refused with where to find him (flow P13, failure case); the organization's daily number of letters is limited (`Postage`).
     */
    readonly invite: (
      caller: Access.Caller,
      input: { readonly email: Text.Email; readonly role: Access.GivenRole; readonly accessScope: Access.AccessScope },
      idempotencyKey?: IdempotencyKey
    ) => Effect.Effect<MemberView, ChangeError | InvalidCursor>

    /** Mails an invitation once more; it lives on from now. At most `Member.mailLimit` mails. */
    readonly mailAgain: (caller: Access.Caller, id: Id.MemberId) => Effect.Effect<MemberView, ChangeError>

    /** Withdraws an invitation; its link is dead at once. */
    readonly withdraw: (caller: Access.Caller, id: Id.MemberId) => Effect.Effect<MemberView, ChangeError>

    /**
     * What an open invitation says; one that was answered, withdrawn or sent anew is not found. Reading changes nothing: mail
     * scanners open links (rule X-R5).
     */
    readonly look: (
      token: Redacted.Redacted<string>
    ) => Effect.Effect<InvitationView, Refused.Refused | NotFound | StoreUnavailable>

    /** Joins, as the person whose proven address was invited; anybody else is told what to do (flow P14, failure case). */
    readonly accept: (person: Person, token: Redacted.Redacted<string>) => Effect.Effect<Member.Active, ChangeError>

    /** Turns an invitation down. */
    readonly decline: (person: Person, token: Redacted.Redacted<string>) => Effect.Effect<void, ChangeError>

    /**
     * Gives another role or another reach, also to an invitation. Of somebody who may not manage people any more, the keys are
     * revoked and the unanswered invitations to join withdrawn, in the same change.
     */
    readonly changeAccess: (
      caller: Access.Caller,
      id: Id.MemberId,
      role: Access.GivenRole,
      accessScope: Access.AccessScope
    ) => Effect.Effect<MemberView, ChangeError | InvalidCursor>

    /**
     * Removes a member: his next request is refused, his keys are revoked, the invitations to join that he sent and nobody answered
     * are withdrawn, and the consents he answers for go to the remover or to the member who is named, all in one change. Auth links
     * and requests to connect stay valid; what is told of them goes to others from then on.
     */
    readonly remove: (
      caller: Access.Caller,
      id: Id.MemberId,
      handOverTo?: Id.MemberId
    ) => Effect.Effect<MemberView, ChangeError>

    /** Leaves the caller's own organization; what he answers for goes to the owner, or to the member who is named. */
    readonly leave: (caller: Access.Caller, handOverTo?: Id.MemberId) => Effect.Effect<void, ChangeError>
  }
>()("@portolan/ports/driving/Members") {
  /** The conversation over the driven ports. */
  static readonly layer = Layer.effect(
    Members,
    Effect.gen(function* () {
      const store = yield* Repository
      const secrets = yield* Secrets
      const commit = yield* makeCommit
      const chosen = yield* makeChosen
      const withIdempotency = yield* makeIdempotency
      const leaving = yield* makeLeaving
      const memberId = yield* makeMemberId
      const postage = yield* makePostage
      const accessScope = yield* makeAccessScope
      const rights = yield* makeLasting

      const organization = (id: Id.OrganizationId) =>
        Effect.map(store.find("organization", id, id), ({ state }) => state)
      const personOf = ({ actor }: Access.Caller) => (actor._tag === "Person" ? actor.personId : undefined)

      const viewed = (caller: Access.Caller, ownerId: Id.PersonId, member: Member.Present): MemberView => ({
        member,
        ...(member._tag === "Gone"
          ? {}
          : { role: member._tag === "Active" && member.personId === ownerId ? "owner" : member.role }),
        isCaller: member._tag === "Active" && member.personId === personOf(caller)
      })

      const view = Effect.fnUntraced(function* (caller: Access.Caller, id: Id.MemberId) {
        const { state } = yield* store.find("member", caller.organizationId, id)
        return viewed(caller, (yield* organization(caller.organizationId)).ownerId, state)
      })

      /** One command on one membership by somebody who manages people. */
      const change = (caller: Access.Caller, id: Id.MemberId, command: (at: DateTime.Utc) => Member.Command) =>
        onConflictAgain(
          Effect.gen(function* () {
            yield* accessScope.requireUnrestricted(caller, "manage-people")
            const { actor, organizationId } = caller
            const read = yield* store.find("member", organizationId, id)
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(decide("member", id, read, command(at)))
            const paid = yield* postage.pay(
              organizationId,
              decided.events.some(Postage.repeats) ? [{ to: read.state.email }] : []
            )
            yield* commit({ organizationId, actor, at }, [decided, ...paid])
            return yield* view(caller, id)
          })
        )

      // What was answered, withdrawn or replaced is told like what never was; the page says what may have happened.
      const notOpen = () => new NotFound({ kind: "open invitation to join", id: "" })
      const byToken = (token: Redacted.Redacted<string>) =>
        secrets.digest(token).pipe(
          Effect.flatMap((digest) => store.memberByToken(digest)),
          Effect.catchTag("NotFound", () => Effect.fail(notOpen()))
        )

      /** One command on the membership that a token belongs to, by the person who holds it. */
      const answer = (
        person: Person,
        token: Redacted.Redacted<string>,
        command: (at: DateTime.Utc) => Member.Command
      ) =>
        onConflictAgain(
          Effect.gen(function* () {
            const read = yield* byToken(token)
            const { id, organizationId } = read.state
            const at = yield* DateTime.now
            const decided = yield* Effect.fromResult(decide("member", id, read, command(at)))
            yield* commit(
              { organizationId, at, actor: { _tag: "Person", personId: person.personId, name: person.name } },
              [decided]
            )
            return yield* store.find("member", organizationId, id)
          })
        )

      /** Who takes over what somebody answers for. */
      const keeping = Effect.fnUntraced(function* (
        organizationId: Id.OrganizationId,
        leaver: Id.MemberId,
        named: Id.MemberId
      ) {
        const { state, version } = yield* store.find("member", organizationId, named)
        if (state._tag === "Active" && named !== leaver) return { state, version }
        return yield* new Refused.Refused({
          subject: "Member",
          asked: "Leave",
          reason: "not-yours",
          detail: "Only another member can answer for the consents.",
          nextStep: "Choose somebody from the list of members."
        })
      })

      const memberOf = (organizationId: Id.OrganizationId, personId: Id.PersonId) =>
        Effect.map(store.memberships(personId), (all) => all.find((one) => one.organizationId === organizationId))

      /** Who answers for the consents when nobody is named: who removes, else the owner. */
      const successor = Effect.fnUntraced(function* (
        { actor, organizationId }: Pick<Access.Caller, "actor" | "organizationId">,
        because: "removed" | "left",
        ownerId: Id.PersonId
      ) {
        const remover =
          because === "removed" && actor._tag === "Person" ? yield* memberOf(organizationId, actor.personId) : undefined
        return remover ?? (yield* memberOf(organizationId, ownerId))
      })

      /**
       * Ends a membership with all that goes with it. The membership is read before the organization: a hand-over at the same
       * moment moves both, so the owner can never slip out.
       */
      const end = (
        caller: Pick<Access.Caller, "actor" | "organizationId">,
        read: Versioned<Member.Present>,
        because: "removed" | "left",
        handOverTo: Id.MemberId | undefined
      ) =>
        Effect.gen(function* () {
          const { actor, organizationId } = caller
          const { state } = read
          const { ownerId } = yield* organization(organizationId)
          const at = yield* DateTime.now
          const gone = yield* Effect.fromResult(
            decide("member", state.id, read, {
              _tag: "Leave",
              because,
              isOwner: state._tag === "Active" && state.personId === ownerId,
              by: actor,
              at
            })
          )
          if (state._tag !== "Active") return
          const to =
            handOverTo === undefined
              ? yield* successor(caller, because, ownerId)
              : (yield* keeping(organizationId, state.id, handOverTo)).state
          const handed =
            to === undefined
              ? []
              : yield* leaving.handOver(organizationId, state.personId, { personId: to.personId, name: to.name }, at)
          yield* commit({ organizationId, actor, at }, [
            gone,
            ...handed,
            // Two who go at one moment do not leave their consents to each other.
            ...(to === undefined || handed.length === 0
              ? []
              : [standing("member", to.id, yield* keeping(organizationId, state.id, to.id))]),
            ...(yield* leaving.takeBack(organizationId, state.personId, actor, at))
          ])
        })

      return Members.of({
        list: Effect.fn("Members.list")(function* (caller, filter, page) {
          yield* accessScope.requireUnrestricted(caller, "read")
          const { ownerId } = yield* organization(caller.organizationId)
          const found = yield* store.members(
            caller.organizationId,
            { states: filter.states ?? ["Active", "Invited"] },
            page
          )
          return { ...found, items: found.items.map((member) => viewed(caller, ownerId, member)) }
        }),

        view: Effect.fn("Members.view")(function* (caller, id) {
          yield* accessScope.requireUnrestricted(caller, "read")
          return yield* view(caller, id)
        }),

        legacy: Effect.fn("Members.legacy")(function* (caller, id) {
          yield* accessScope.requireUnrestricted(caller, "manage-people")
          const { state } = yield* store.find("member", caller.organizationId, id)
          if (state._tag !== "Active") return { consents: 0, invitations: 0 }
          const { organizationId } = caller
          return {
            consents: (yield* leaving.kept(organizationId, state.personId)).length,
            invitations: (yield* leaving.invitationsOf(organizationId, state.personId)).length
          }
        }),

        invite: Effect.fn("Members.invite")(function* (caller, { email, accessScope: wanted, role }, idempotencyKey) {
          yield* accessScope.requireUnrestricted(caller, "manage-people")
          yield* Effect.fromResult(Access.checkGives(caller, role))
          const { actor, organizationId } = caller
          const create = onConflictAgain(
            Effect.gen(function* () {
              const limits = yield* chosen(organizationId, wanted)
              const acting = yield* rights.lasting(caller, "manage-people")
              const id = yield* memberId(organizationId, email)
              const read = yield* Effect.catchTag(store.find("member", organizationId, id), "NotFound", () =>
                Effect.succeed(undefined)
              )
              const round = Member.nextRound(read?.state ?? Member.initial)
              const tokenDigest = yield* secrets.digest(yield* joinToken(secrets, id, round))
              const at = yield* DateTime.now
              const decided = yield* Effect.fromResult(
                decide("member", id, read, {
                  _tag: "Invite",
                  by: actor,
                  at,
                  member: { id, organizationId, email, role, accessScope: limits, tokenDigest, round }
                })
              )
              yield* commit({ organizationId, actor, at, ...idempotencyRecord(idempotencyKey, id) }, [
                decided,
                ...acting,
                ...(yield* postage.pay(organizationId, decided.events.flatMap(Postage.addressed)))
              ])
              return id as string
            })
          )
          return yield* withIdempotency(organizationId, idempotencyKey, create, (id) => view(caller, id as Id.MemberId))
        }),

        mailAgain: Effect.fn("Members.mailAgain")((caller, id) =>
          change(caller, id, (at) => ({ _tag: "MailAgain", at }))
        ),

        withdraw: Effect.fn("Members.withdraw")((caller, id) =>
          change(caller, id, (at) => ({ _tag: "Withdraw", by: caller.actor, at }))
        ),

        look: Effect.fn("Members.look")(function* (token) {
          const { state } = yield* byToken(token)
          // Whoever looks is nobody yet, so the answer is that of an acceptance by the address itself, without its effect.
          yield* Effect.fromResult(
            Member.decide(state, {
              _tag: "Accept",
              personId: "" as Id.PersonId,
              name: "",
              email: state.email,
              at: yield* DateTime.now
            })
          )
          if (state._tag !== "Invited") return yield* notOpen()
          const { name } = yield* organization(state.organizationId)
          return {
            organizationId: state.organizationId,
            organizationName: name,
            inviter: Actor.describe(state.invitedBy),
            email: state.email,
            role: state.role,
            isLimited: state.accessScope._tag === "Chosen",
            expiresAt: state.expiresAt
          }
        }),

        accept: Effect.fn("Members.accept")(function* (person, token) {
          const { state } = yield* answer(person, token, (at) => ({
            _tag: "Accept",
            personId: person.personId,
            name: person.name,
            email: person.email,
            at
          }))
          return state._tag === "Active" ? state : yield* notOpen()
        }),

        decline: Effect.fn("Members.decline")(function* (person, token) {
          yield* answer(person, token, (at) => ({
            _tag: "Decline",
            email: person.email,
            at,
            by: { _tag: "Person", personId: person.personId, name: person.name }
          }))
        }),

        changeAccess: Effect.fn("Members.changeAccess")((caller, id, role, wanted) =>
          onConflictAgain(
            Effect.gen(function* () {
              yield* accessScope.requireUnrestricted(caller, "manage-people")
              yield* Effect.fromResult(Access.checkGives(caller, role))
              const { actor, organizationId } = caller
              const limits = yield* chosen(organizationId, wanted)
              const read = yield* store.find("member", organizationId, id)
              const { ownerId } = yield* organization(organizationId)
              const { state } = read
              const at = yield* DateTime.now
              const decided = yield* Effect.fromResult(
                decide("member", id, read, {
                  _tag: "ChangeAccess",
                  role,
                  accessScope: limits,
                  isOwner: state._tag === "Active" && state.personId === ownerId
                })
              )
              yield* commit({ organizationId, actor, at }, [
                decided,
                ...(state._tag === "Active"
                  ? yield* leaving.takeBackBeyond(organizationId, state, role, actor, at)
                  : [])
              ])
              return yield* view(caller, id)
            })
          )
        ),

        remove: Effect.fn("Members.remove")((caller, id, handOverTo) =>
          onConflictAgain(
            Effect.gen(function* () {
              yield* accessScope.requireUnrestricted(caller, "manage-people")
              const read = yield* store.find("member", caller.organizationId, id)
              if (read.state._tag === "Active" && read.state.personId === personOf(caller)) {
                return yield* new Refused.Refused({
                  subject: "Member",
                  asked: "Leave",
                  reason: "contradiction",
                  detail: "You cannot remove yourself.",
                  nextStep: "Leave the organization in its settings instead."
                })
              }
              yield* end(caller, read, "removed", handOverTo)
              return yield* view(caller, id)
            })
          )
        ),

        leave: Effect.fn("Members.leave")((caller, handOverTo) =>
          onConflictAgain(
            Effect.gen(function* () {
              const personId = personOf(caller)
              const own = personId === undefined ? undefined : yield* memberOf(caller.organizationId, personId)
              if (own === undefined) {
                return yield* new Refused.Refused({
                  subject: "Member",
                  asked: "Leave",
                  reason: "not-permitted",
                  detail: "Only a member can leave.",
                  nextStep: "Revoke the key instead."
                })
              }
              yield* end(caller, yield* store.find("member", caller.organizationId, own.id), "left", handOverTo)
            })
          )
        )
      })
    })
  )
}
