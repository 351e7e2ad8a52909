import { describe, expect, it } from "@effect/vitest"
import { Access, Id, Member } from "@portolan/domain"
import {
  Accounts,
  ApiKeys,
  Audit,
  Callers,
  Companies,
  Connections,
  JobHandlers,
  Mailer,
  Repository,
  Grants,
  Members,
  Secrets
} from "@portolan/ports"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { callerOf, email, founder, invited, joined, mailedToken, mails, signedUp } from "../support/people.ts"
import { account, adsKey, connected, settle, working, world } from "../support/world.ts"

const everything = Access.everything
/** Runs with a clock that moves on, for what waits a little before it tries again. */
const ticking = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.raceFirst(effect, Effect.forever(Effect.andThen(TestClock.adjust("5 millis"), Effect.yieldNow)))
const refusal = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    typeof error === "object" && error !== null && "reason" in error
      ? error.reason
      : (error as { readonly _tag: string })._tag
  )

describe("inviting people (rules P-R14, X-R6; flow P13)", () => {
  it.effect("the mail says who invites to what, and its reader joins with what they were given", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada", "Blue Harbor")
        const { token } = yield* invited(ada.caller, "Mia", "viewer")
        const [mail] = yield* mails(ada.organization.id)
        expect(mail?.emailMessage.subject).toBe("Ada invites you to Blue Harbor")
        const seen = yield* members.look(token)
        expect([seen.organizationName, seen.inviter, seen.role, seen.email]).toEqual([
          "Blue Harbor",
          "Ada",
          "viewer",
          "mia@example.com"
        ])
        const mia = yield* signedUp("Mia")
        yield* members.accept(mia.person, token)
        expect([(yield* callerOf(mia)).role, (yield* callerOf(mia)).organizationName]).toEqual([
          "viewer",
          "Blue Harbor"
        ])
        // It is used up.
        expect(yield* refusal(members.look(token))).toBe("NotFound")
        expect(yield* refusal(members.accept(mia.person, token))).toBe("NotFound")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a mail that comes back is on the invitation and on record, and its sender hears of it", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const members = yield* Members.Members
        const audit = yield* Audit.Audit
        const mailer = yield* Mailer.Mailer
        const bouncing = Mailer.Mailer.of({
          ...mailer,
          send: (mail) =>
            mail.to.email === "nobody@example.com"
              ? Effect.fail(new Mailer.MailRefused({ reason: "550 5.1.1 no such user" }))
              : mailer.send(mail)
        })
        const layer = Layer.fresh(JobHandlers.JobHandlers.layer).pipe(
          Layer.provide(Layer.succeed(Mailer.Mailer, bouncing))
        )
        yield* working.pipe(Effect.provide(layer))
        const ada = yield* founder("Ada", "Blue Harbor")
        const ann = yield* joined(ada.caller, "Ann", "admin")
        const { member } = yield* members.invite(ann.caller, {
          email: "nobody@example.com" as Member.Active["email"],
          role: "member",
          accessScope: everything
        })
        yield* settle
        const { items } = yield* members.list(ada.caller, { states: ["Invited"] }, { limit: 10 })
        const found = items.find((one) => one.member.id === member.id)?.member
        expect(found?._tag === "Invited" && found.bounce?.reason).toBe("550 5.1.1 no such user")
        const told = (yield* mails(ada.organization.id)).filter(({ emailMessage }) =>
          emailMessage.subject.includes("did not reach nobody@example.com")
        )
        expect(told.map(({ to }) => to.email)).toEqual(["ann@example.com"])
        expect(told[0]?.emailMessage.text).toContain("550 5.1.1 no such user")
        const history = yield* audit.list(ada.caller, {}, { limit: 50 })
        expect(history.items.some(({ event }) => event._tag === "InvitationBounced")).toBe(true)
        yield* TestClock.adjust("1 second")
        const again = yield* members.mailAgain(ada.caller, member.id)
        expect(again.member._tag === "Invited" && again.member.bounce).toBe(undefined)
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("one that a key makes names the organization, and never the key", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const keys = yield* ApiKeys.ApiKeys
        const ada = yield* founder("Ada", "Blue Harbor")
        const { secret } = yield* keys.create(ada.caller, {
          name: "bulk2",
          role: "admin",
          scopes: ["manage-people", "administer", "connect", "read"]
        })
        const headers = new Headers({ authorization: `Bearer ${Redacted.value(secret!)}` })
        const caller = yield* (yield* Callers.Callers).whoIs(headers)
        const { token } = yield* invited(caller, "Mia", "viewer")
        expect((yield* members.look(token)).inviter).toBe("Blue Harbor")
        const [mail] = yield* mails(ada.organization.id)
        expect(mail?.emailMessage.subject).toBe("Blue Harbor invites you to Blue Harbor")
        expect(JSON.stringify(mail)).not.toContain("bulk2")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect(
    "an address is invited once; upper and lower case are one address; who is a member is not invited again",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* working
          const members = yield* Members.Members
          const ada = yield* founder("Ada")
          const again = (address: string) =>
            members.invite(ada.caller, {
              email: address as Member.Active["email"],
              role: "member",
              accessScope: everything
            })
          yield* again("mia@example.com")
          expect(yield* refusal(again("MIA@Example.com"))).toBe("already-exists")
          expect(yield* refusal(again("ada@example.com"))).toBe("already-exists")
          const [one, two] = yield* ticking(
            Effect.all([Effect.exit(again("bo@example.com")), Effect.exit(again("bo@example.com"))], { concurrency: 2 })
          )
          expect([one._tag, two._tag].toSorted()).toEqual(["Failure", "Success"])
          yield* settle
          expect((yield* mails(ada.organization.id)).filter(({ to }) => to.email === "bo@example.com")).toHaveLength(1)
        })
      ).pipe(Effect.provide(world))
  )

  it.effect(
    "somebody who is signed in with another address is told what to do, and joins nothing (flow P14, failure case)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* working
          const members = yield* Members.Members
          const ada = yield* founder("Ada")
          const { token } = yield* invited(ada.caller, "Mia")
          const eve = yield* signedUp("Eve")
          const error = yield* Effect.flip(members.accept(eve.person, token))
          expect(error._tag === "Refused" && [error.reason, error.nextStep.includes("mia@example.com")]).toEqual([
            "wrong-person",
            true
          ])
          expect(yield* refusal(members.decline(eve.person, token))).toBe("wrong-person")
          expect(yield* refusal(callerOf(eve))).toBe("NoOrganization")
        })
      ).pipe(Effect.provide(world))
  )

  it.effect("an invitation ends after seven days, and is mailed again to live on", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const { member, token } = yield* invited(ada.caller, "Mia")
        yield* TestClock.adjust("6 days")
        yield* members.mailAgain(ada.caller, member.id)
        yield* settle
        yield* TestClock.adjust("2 days")
        yield* settle
        expect((yield* members.look(token)).email).toBe("mia@example.com")
        expect((yield* mails(ada.organization.id)).filter(({ to }) => to.email === "mia@example.com")).toHaveLength(2)
        yield* TestClock.adjust("5 days")
        yield* settle
        const { member: gone } = yield* members.view(ada.caller, member.id)
        expect(gone._tag === "Gone" && gone.because).toBe("expired")
        expect(yield* refusal(members.look(token))).toBe("NotFound")
        expect(yield* refusal(members.accept((yield* signedUp("Mia")).person, token))).toBe("NotFound")
        // A new invitation has a token of its own; the old one stays dead.
        const second = yield* invited(ada.caller, "Mia")
        expect(Redacted.value(second.token)).not.toBe(Redacted.value(token))
        expect(yield* refusal(members.look(token))).toBe("NotFound")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("one that nobody has put away yet is told as expired", () =>
    Effect.gen(function* () {
      const members = yield* Members.Members
      const secrets = yield* Secrets.Secrets
      const ada = yield* founder("Ada")
      const { member } = yield* members.invite(ada.caller, {
        email: email("Mia"),
        role: "viewer",
        accessScope: everything
      })
      const mia = yield* signedUp("Mia")
      const token = yield* secrets.derive("join-token", `${member.id}/1`)
      yield* TestClock.adjust("7 days")
      expect(yield* refusal(members.look(token))).toBe("expired")
      expect(yield* refusal(members.accept(mia.person, token))).toBe("expired")
    }).pipe(Effect.provide(world))
  )

  it.effect("is mailed at most five times, and a withdrawn one is dead at once", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const { member, token } = yield* invited(ada.caller, "Mia")
        for (let mail = 1; mail < Member.mailLimit; mail++) {
          yield* TestClock.adjust("1 second")
          yield* members.mailAgain(ada.caller, member.id)
        }
        yield* TestClock.adjust("1 second")
        expect(yield* refusal(members.mailAgain(ada.caller, member.id))).toBe("too-many")
        yield* members.withdraw(ada.caller, member.id)
        expect(yield* refusal(members.look(token))).toBe("NotFound")
        const mia = yield* signedUp("Mia")
        expect(yield* refusal(members.accept(mia.person, token))).toBe("NotFound")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("is turned down by the person it was sent to; an unknown token finds nothing", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const { member, token } = yield* invited(ada.caller, "Mia")
        yield* members.decline((yield* signedUp("Mia")).person, token)
        const { member: gone } = yield* members.view(ada.caller, member.id)
        expect(gone._tag === "Gone" && gone.because).toBe("declined")
        expect(yield* refusal(members.look(Redacted.make("made-up-made-up-made-up")))).toBe("NotFound")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("is for owner and admins only (rule K-R17), and never asks an admin to be limited (rule S-R8)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const invite = (
          by: Access.Caller,
          role: Access.GivenRole = "viewer",
          accessScope: Access.AccessScope = everything
        ) => members.invite(by, { email: email("New"), role, accessScope })
        for (const role of ["member", "viewer"] as const) {
          const somebody = yield* joined(ada.caller, role, role)
          expect(yield* refusal(invite(somebody.caller))).toBe("not-permitted")
        }
        const { company } = yield* account(ada.caller)
        const limited: Access.AccessScope = {
          _tag: "Limited",
          companies: [{ id: company.id, right: "read" }],
          brands: [],
          accounts: []
        }
        expect(yield* refusal(invite(ada.caller, "admin", limited))).toBe("contradiction")
        expect(yield* refusal(invite(ada.caller, "viewer", { ...limited, companies: [] }))).toBe("contradiction")
        const bo = yield* founder("Bo")
        expect(yield* refusal(invite(bo.caller, "viewer", limited))).toBe("not-yours")
      })
    ).pipe(Effect.provide(world))
  )
})

describe("limited access (rules K-R17, S-R9)", () => {
  it.effect("narrows every list and refuses every deep link; the right to read is not the right to change", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const companies = yield* Companies.Companies
        const accounts = yield* Accounts.Accounts
        const connections = yield* Connections.Connections
        const ada = yield* founder("Ada")
        const shown = yield* account(ada.caller, "Shown")
        const hidden = yield* account(ada.caller, "Hidden")
        const accessScope: Access.AccessScope = {
          _tag: "Limited",
          companies: [],
          brands: [],
          accounts: [{ id: shown.account.id, right: "read" }]
        }
        const mia = yield* joined(ada.caller, "Mia", "member", accessScope)
        expect((yield* companies.list(mia.caller, {}, { limit: 10 })).items.map(({ id }) => id)).toEqual([
          shown.company.id
        ])
        expect(
          (yield* connections.list(mia.caller, {}, { limit: 10 })).items.every(
            ({ connection }) => connection.accountId === shown.account.id
          )
        ).toBe(true)
        expect(yield* refusal(connections.view(mia.caller, hidden.ads.id))).toBe("NotFound")
        expect(yield* refusal(accounts.view(mia.caller, hidden.account.id))).toBe("NotFound")
        expect(yield* refusal(companies.view(mia.caller, hidden.company.id))).toBe("NotFound")
        expect(yield* refusal(companies.rename(mia.caller, shown.company.id, "Mine"))).toBe("not-permitted")
        expect(yield* refusal(accounts.rename(mia.caller, shown.account.id, "Mine"))).toBe("not-permitted")
        expect(yield* refusal(members.list(mia.caller, {}, { limit: 10 }))).toBe("not-permitted")

        yield* members.changeAccess(ada.caller, mia.member.id, { role: "member", accessScope: everything })
        expect((yield* connections.view(yield* callerOf(mia), hidden.ads.id)).connection.id).toBe(hidden.ads.id)
      })
    ).pipe(Effect.provide(world))
  )
})

describe("removing and leaving (rules P-R16, X-R7)", () => {
  it.effect(
    "a removed member is out at the next request, with their keys, and their consents go to another: in one change",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* working
          const members = yield* Members.Members
          const callers = yield* Callers.Callers
          const keys = yield* ApiKeys.ApiKeys
          const grants = yield* Grants.Grants
          const audit = yield* Audit.Audit
          const ada = yield* founder("Ada")
          const ann = yield* joined(ada.caller, "Ann", "admin")
          const { ads } = yield* account(ann.caller)
          yield* connected(ann.caller, ads.id, "code", adsKey("2973802954634317"))
          yield* settle
          const made = yield* keys.create(ann.caller, { name: "Export", scopes: ["read", "manage-people"] })
          const bearer = (secret: Redacted.Redacted<string> | undefined) =>
            new Headers({ authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` })
          const child = yield* keys.create(yield* callers.whoIs(bearer(made.secret)), {
            name: "Child",
            scopes: ["read"]
          })
          const own = yield* keys.create(ada.caller, { name: "Ada's", scopes: ["read"] })
          expect(yield* members.legacy(ada.caller, ann.member.id)).toEqual({ consents: 1, invitations: 0 })

          yield* ticking(members.remove(ada.caller, ann.member.id))
          expect(yield* refusal(callers.whoIs(ann.headers))).toBe("NoOrganization")
          for (const { secret } of [made, child])
            expect(yield* refusal(callers.whoIs(bearer(secret)))).toBe("NotSignedIn")
          expect((yield* callers.whoIs(bearer(own.secret))).name).toBe("Ada's")
          const [kept] = (yield* grants.list(ada.caller, {}, { limit: 10 })).items
          expect(kept?.grant.responsibleMember?.name).toBe("Ada")
          const { items } = yield* audit.list(ada.caller, {}, { limit: 100 })
          const left = items.find(({ event }) => event._tag === "MemberLeft")
          const together = items.filter(
            ({ at }) => left !== undefined && at.epochMilliseconds === left.at.epochMilliseconds
          )
          expect(new Set(together.map(({ event }) => event._tag))).toEqual(
            new Set([...together.map(({ event }) => event._tag), "MemberLeft", "GrantHandedOver", "ApiKeyRevoked"])
          )
          expect(left?.actor).toEqual(ada.caller.actor)
        })
      ).pipe(Effect.provide(world))
  )

  it.effect("consents go to the member who is named; nobody who is gone can be named", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const grants = yield* Grants.Grants
        const ada = yield* founder("Ada")
        const [ann, mia, bo] = [
          yield* joined(ada.caller, "Ann", "admin"),
          yield* joined(ada.caller, "Mia"),
          yield* joined(ada.caller, "Bo")
        ]
        const { ads } = yield* account(ada.caller)
        yield* connected(mia.caller, ads.id, "code", adsKey("2973802954634317"))
        yield* settle
        yield* members.remove(ann.caller, bo.member.id)
        expect(yield* refusal(members.remove(ada.caller, mia.member.id, bo.member.id))).toBe("not-yours")
        yield* members.remove(ada.caller, mia.member.id, ann.member.id)
        const [kept] = (yield* grants.list(ada.caller, {}, { limit: 10 })).items
        expect(kept?.grant.responsibleMember?.name).toBe("Ann")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("the owner neither leaves nor is removed before the ownership was handed over", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const store = yield* Repository.Repository
        const ada = yield* founder("Ada")
        const ann = yield* joined(ada.caller, "Ann", "admin")
        const [own] = yield* store.memberships(ada.person.personId)
        const id: Id.MemberId = own?.id ?? ann.member.id
        expect(yield* refusal(members.leave(ada.caller))).toBe("contradiction")
        expect(yield* refusal(members.remove(ann.caller, id))).toBe("contradiction")
        expect(yield* refusal(members.changeAccess(ann.caller, id, { role: "viewer", accessScope: everything }))).toBe(
          "contradiction"
        )
        expect(yield* refusal(members.remove(ann.caller, ann.member.id))).toBe("contradiction")
        yield* members.leave(ann.caller)
        expect(yield* refusal(callerOf(ann))).toBe("NoOrganization")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("somebody who left can be invited again, with what they are given now", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia")
        yield* members.leave(mia.caller)
        yield* TestClock.adjust("1 second")
        yield* members.invite(ada.caller, { email: email("Mia"), role: "viewer", accessScope: everything })
        yield* settle
        yield* members.accept(mia.person, yield* mailedToken(email("Mia"), "/join/", ada.organization.id))
        expect((yield* callerOf(mia)).role).toBe("viewer")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a member of another organization is not found, whatever is asked", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const mia = yield* joined(ada.caller, "Mia")
        const bo = yield* founder("Bo")
        const { id } = mia.member
        const all: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
          members.view(bo.caller, id),
          members.legacy(bo.caller, id),
          members.mailAgain(bo.caller, id),
          members.withdraw(bo.caller, id),
          members.changeAccess(bo.caller, id, { role: "viewer", accessScope: everything }),
          members.remove(bo.caller, id)
        ]
        for (const asked of all) expect(yield* refusal(asked)).toBe("NotFound")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect(
    "invitations to join that a member or their key sent go with them, when they are removed and when they may not invite any more",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          yield* working
          const members = yield* Members.Members
          const keys = yield* ApiKeys.ApiKeys
          const callers = yield* Callers.Callers
          const ada = yield* founder("Ada")
          const [ann, otto] = [yield* joined(ada.caller, "Ann", "admin"), yield* joined(ada.caller, "Otto", "admin")]
          const { secret } = yield* keys.create(ann.caller, {
            name: "Inviter",
            scopes: ["manage-people", "connect", "read"]
          })
          const key = yield* callers.whoIs(
            new Headers({ authorization: `Bearer ${secret === undefined ? "" : Redacted.value(secret)}` })
          )
          const [annas, ofKey] = [yield* invited(ann.caller, "Friend", "admin"), yield* invited(key, "Pal")]
          const [ottos, stays] = [yield* invited(otto.caller, "Buddy"), yield* invited(ada.caller, "Colleague")]
          const open = Effect.map(members.list(ada.caller, { states: ["Invited"] }, { limit: 10 }), ({ items }) =>
            items.map(({ member }) => member.id).toSorted()
          )
          expect(yield* members.legacy(ada.caller, ann.member.id)).toEqual({ consents: 0, invitations: 2 })

          yield* members.remove(ada.caller, ann.member.id)
          const friend = yield* signedUp("Friend")
          for (const { token } of [annas, ofKey])
            expect(yield* refusal(members.accept(friend.person, token))).toBe("NotFound")
          expect(yield* open).toEqual([ottos.member.id, stays.member.id].toSorted())
          yield* members.changeAccess(ada.caller, otto.member.id, { role: "member", accessScope: everything })
          expect(yield* open).toEqual([stays.member.id])
          yield* members.accept((yield* signedUp("Colleague")).person, stays.token)
        })
      ).pipe(Effect.provide(world))
  )

  it.effect("an admin who becomes a viewer loses the keys they could not make any more", () =>
    Effect.scoped(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const keys = yield* ApiKeys.ApiKeys
        const ada = yield* founder("Ada")
        const ann = yield* joined(ada.caller, "Ann", "admin")
        yield* keys.create(ann.caller, { name: "Export", scopes: ["read"] })
        yield* members.changeAccess(ada.caller, ann.member.id, { role: "viewer", accessScope: everything })
        expect((yield* keys.list(ada.caller, { limit: 10 })).items.map(({ _tag }) => _tag)).toEqual(["Revoked"])
      })
    ).pipe(Effect.provide(world))
  )
})
