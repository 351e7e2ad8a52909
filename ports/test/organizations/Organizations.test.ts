import { describe, expect, it } from "@effect/vitest"
import { type Access, Id } from "@portolan/domain"
import { Audit, Callers, Members, Organizations } from "@portolan/ports"
import { Effect, Fiber } from "effect"
import { TestClock } from "effect/testing"
import { callerOf, founder, joined, mails, signedUp } from "../support/people.ts"
import { settle, working, world } from "../support/world.ts"

const operator: Access.Operator = {
  actor: { _tag: "Operator", personId: `per_${"0".repeat(25)}9` as Id.PersonId, name: "Olga" }
}

describe("founding an organization (rules P-R5, C13)", () => {
  it.effect("whoever founds one is its member and its owner at once, on record in one change", () =>
    Effect.gen(function* () {
      const organizations = yield* Organizations.Organizations
      const audit = yield* Audit.Audit
      const ada = yield* founder("Ada", "Blue Harbor")
      expect([ada.caller.organizationName, ada.caller.role]).toEqual(["Blue Harbor", "owner"])
      expect((yield* organizations.view(ada.caller)).owner).toEqual({ name: "Ada", email: "ada@example.com" })
      const { items } = yield* audit.list(ada.caller, {}, { limit: 10 })
      expect(items.map(({ event }) => event._tag).toSorted()).toEqual(["MemberJoined", "OrganizationFounded"])
      // The stored role is the one after a hand-over; the organization names the owner.
      expect(items.find(({ event }) => event._tag === "MemberJoined")?.event).toMatchObject({
        role: "admin",
        isOwner: true
      })
      expect(items.every(({ actor }) => actor._tag === "Person" && actor.name === "Ada")).toBe(true)
    }).pipe(Effect.provide(world))
  )

  it.effect("a request that is repeated founds nothing more; the same key for another name is refused", () =>
    Effect.gen(function* () {
      const organizations = yield* Organizations.Organizations
      const { person } = yield* signedUp("Ada")
      const idempotencyKey = { key: "k", fingerprint: "one" }
      const found = () => organizations.create(person, { name: "Blue Harbor" }, idempotencyKey)
      const [one, two] = yield* Effect.all([found(), found()], { concurrency: "unbounded" })
      expect([two.id, (yield* found()).id]).toEqual([one.id, one.id])
      expect(yield* organizations.mine(person)).toHaveLength(1)
      const other = organizations.create(person, { name: "Else" }, { key: "k", fingerprint: "two" })
      expect((yield* Effect.flip(other))._tag).toBe("KeyReused")
    }).pipe(Effect.provide(world))
  )

  it.effect("one person founds at most five a day", () =>
    Effect.gen(function* () {
      const organizations = yield* Organizations.Organizations
      const { person } = yield* signedUp("Ada")
      for (let n = 0; n < Organizations.foundingLimit; n++) {
        yield* organizations.create(person, { name: `Shop ${n}` })
        yield* TestClock.adjust("1 hour")
      }
      const refused = yield* Effect.flip(organizations.create(person, { name: "One more" }))
      expect(refused).toMatchObject({ _tag: "Refused", reason: "too-many" })
      yield* TestClock.adjust("18 hours")
      expect((yield* Effect.flip(organizations.create(person, { name: "One more" })))._tag).toBe("Refused")
      yield* TestClock.adjust("1 hour")
      expect((yield* organizations.create(person, { name: "One more" })).name).toBe("One more")
    }).pipe(Effect.provide(world))
  )

  it.effect("a person of several works in the one that was chosen; one they do not belong to is not found", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const callers = yield* Callers.Callers
        const ada = yield* founder("Ada")
        const bo = yield* founder("Bo")
        yield* TestClock.adjust("1 second")
        const second = yield* organizations.create(ada.person, { name: "Second" })
        expect((yield* callers.whoIs(ada.headers)).organizationId).toBe(ada.organization.id)
        yield* organizations.choose(ada.headers, second.id)
        expect((yield* callers.whoIs(ada.headers)).organizationName).toBe("Second")
        const foreign = yield* Effect.flip(organizations.choose(ada.headers, bo.organization.id))
        const never = yield* Effect.flip(
          organizations.choose(ada.headers, `org_${"0".repeat(24)}77` as Id.OrganizationId)
        )
        expect([foreign._tag, never._tag]).toEqual(["NotFound", "NotFound"])
        expect(
          (yield* organizations.mine(ada.person)).map(({ organization, role }) => [organization.name, role])
        ).toEqual([
          ["Ada Traders", "owner"],
          ["Second", "owner"]
        ])
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("is renamed by owner and admins only", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia")
        const ann = yield* joined(ada.caller, "Ann", "admin")
        expect((yield* Effect.flip(organizations.rename(mia.caller, "Mine")))._tag).toBe("Refused")
        expect((yield* organizations.rename(ann.caller, "Ours")).name).toBe("Ours")
        expect((yield* callerOf(mia)).organizationName).toBe("Ours")
      })
    ).pipe(Effect.provide(world))
  )
})

describe("handing the ownership over (rules C13, X-R7)", () => {
  it.effect("there is one owner at every moment: the new one owns, the former one stays as admin", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia", "viewer")
        const offered = yield* organizations.offerOwnership(ada.caller, mia.member.id)
        expect([offered.owner.name, offered.offer?.name]).toEqual(["Ada", "Mia"])
        expect([(yield* callerOf(ada)).role, (yield* callerOf(mia)).role]).toEqual(["owner", "viewer"])
        const { offer, owner } = yield* organizations.acceptOwnership(mia.caller)
        expect([owner.name, offer]).toEqual(["Mia", undefined])
        expect([(yield* callerOf(ada)).role, (yield* callerOf(mia)).role]).toEqual(["admin", "owner"])
        const gone = yield* Effect.flip(organizations.offerOwnership(yield* callerOf(ada), mia.member.id))
        expect(gone._tag).toBe("Refused")
        // Twice is once.
        expect((yield* organizations.acceptOwnership(mia.caller)).owner.name).toBe("Mia")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a key answers no offer, and is told why", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia")
        yield* organizations.offerOwnership(ada.caller, mia.member.id)
        const key: Access.Caller = {
          ...ada.caller,
          role: "admin",
          actor: { _tag: "ApiKey", keyId: "key", name: "Nightly" }
        }
        for (const answer of [organizations.acceptOwnership(key), organizations.declineOwnership(key)]) {
          expect(yield* Effect.flip(answer)).toMatchObject({
            _tag: "Refused",
            reason: "not-permitted",
            detail: "An API key cannot answer an offer of the ownership: a person owns an organization.",
            nextStep: "Sign in as the member to whom the ownership is offered."
          })
        }
        expect((yield* organizations.view(ada.caller)).offer?.name).toBe("Mia")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("both hear of an offer, of its end and of the new owner; whoever is gone has nothing to accept", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const members = yield* Members.Members
        const audit = yield* Audit.Audit
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia", "member")
        const ann = yield* joined(ada.caller, "Ann", "admin")
        const reason = (effect: Effect.Effect<unknown, { readonly _tag: string }>) =>
          Effect.map(Effect.flip(effect), (error) => ("reason" in error ? error.reason : error._tag))
        yield* organizations.offerOwnership(ada.caller, mia.member.id)
        expect(yield* reason(organizations.offerOwnership(ada.caller, ann.member.id))).toBe("already-exists")
        expect(yield* reason(organizations.acceptOwnership(ann.caller))).toBe("wrong-person")
        // Nobody but the owner calls it off, and nobody but its member declines.
        expect(yield* reason(organizations.callOffOwnership(ann.caller))).toBe("not-permitted")
        expect((yield* organizations.declineOwnership(ann.caller)).offer?.name).toBe("Mia")
        yield* organizations.callOffOwnership(ada.caller)
        expect(yield* reason(organizations.acceptOwnership(mia.caller))).toBe("expired")
        yield* organizations.offerOwnership(ada.caller, ann.member.id)
        yield* members.leave(ann.caller)
        expect((yield* organizations.view(ada.caller)).offer).toBeUndefined()
        yield* organizations.offerOwnership(ada.caller, mia.member.id)
        yield* settle
        yield* organizations.acceptOwnership(mia.caller)
        yield* settle
        const all = yield* mails(ada.organization.id)
        const told = (name: string) =>
          all
            .filter(({ emailMessage, to }) => to.name === name && emailMessage.subject.startsWith("The ownership of"))
            .map(({ emailMessage }) => /offers you|You offered|no longer offered|owns /.exec(emailMessage.text)?.[0])
        expect(new Set(told("Mia"))).toEqual(new Set(["offers you", "owns ", "no longer offered"]))
        expect(new Set(told("Ada"))).toEqual(new Set(["You offered", "owns ", "no longer offered"]))
        const history = yield* audit.list(yield* callerOf(mia), {}, { limit: 100 })
        const ends = history.items.flatMap(({ event }) => (event._tag === "OwnershipOfferEnded" ? [event.because] : []))
        expect(ends.toSorted()).toEqual(["called-off", "left"])
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("only a member can become the owner, and no admin can take the ownership", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const ann = yield* joined(ada.caller, "Ann", "admin")
        const { member } = yield* members.invite(ada.caller, {
          email: "guest@example.com" as typeof ann.member.email,
          role: "admin",
          accessScope: { _tag: "Everything" }
        })
        const invited = yield* Effect.flip(organizations.offerOwnership(ada.caller, member.id))
        expect(invited._tag === "Refused" && invited.reason).toBe("not-yours")
        const own = yield* Effect.flip(organizations.offerOwnership(ann.caller, ann.member.id))
        expect(own._tag === "Refused" && own.reason).toBe("not-permitted")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("an operator hands it over when the owner is gone, on record as the operator's doing", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const audit = yield* Audit.Audit
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia")
        const { items } = yield* organizations.candidates(operator, ada.organization.id, { limit: 10 })
        expect(items.map(({ name }) => name)).toEqual(["Ada", "Mia"])
        yield* organizations.handOverFor(operator, ada.organization.id, mia.member.id)
        const history = yield* audit.list(yield* callerOf(mia), {}, { limit: 10 })
        const handed = history.items.find(({ event }) => event._tag === "OwnershipHandedOver")
        expect(handed?.actor).toEqual(operator.actor)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a new owner who leaves at the same moment is never left behind as owner", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const organizations = yield* Organizations.Organizations
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const ann = yield* joined(ada.caller, "Ann", "admin")
        yield* organizations.offerOwnership(ada.caller, ann.member.id)
        const both = yield* Effect.forkChild(
          Effect.all([Effect.exit(organizations.acceptOwnership(ann.caller)), Effect.exit(members.leave(ann.caller))], {
            concurrency: "unbounded"
          })
        )
        yield* settle
        yield* Fiber.join(both)
        const { owner } = yield* organizations.view(ada.caller)
        expect(owner.name).not.toBe("")
      })
    ).pipe(Effect.provide(world))
  )
})
