/**
 * What members may do here, which is not what logins may do at the provider (rules P-R14 to P-R16, S-R8 to S-R10, X-R6,
 * C12).
 */
import { describe, expect, it } from "@effect/vitest"
import { Access } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Audit,
  Connecting,
  Connections,
  Grants,
  Members,
  Organizations,
  PendingAuthorizations
} from "@portolan/ports"
import { Effect, type Layer, type Scope } from "effect"
import { callerOf, email, founder, invited, joined, signedUp } from "../support/people.ts"
import { account, adsKey, connected, consent, sees, settle, working, world } from "../support/world.ts"

const key = adsKey("2973802954634317")
const page = { limit: 20 }
const only = (...accounts: Access.Limited["accounts"]): Access.AccessScope => ({
  _tag: "Limited",
  companies: [],
  brands: [],
  accounts
})
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(Effect.andThen(working, effect)).pipe(Effect.provide(world))
const reason = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) =>
    typeof error === "object" && error !== null && "reason" in error
      ? error.reason
      : (error as { readonly _tag: string })._tag
  )
const accountsOf = (who: Access.Caller) =>
  Effect.flatMap(Accounts.Accounts, (all) =>
    Effect.map(all.list(who, {}, page), ({ items }) => items.map(({ id }) => id).toSorted())
  )

describe("an invitation", () => {
  it.effect("covers the account it names and no other, for people with a sign-in and without one (P-R14, P-R15)", () =>
    here(
      Effect.gen(function* () {
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const shown = yield* account(ada.caller, "Shown")
        yield* account(ada.caller, "Hidden")
        const accessScope = only({ id: shown.account.id, right: "read" })
        const known = yield* signedUp("Mia")
        yield* members.accept(known.person, (yield* invited(ada.caller, "Mia", "member", accessScope)).token)
        expect(yield* accountsOf(yield* callerOf(known))).toEqual([shown.account.id])
        const fresh = yield* joined(ada.caller, "Bo", "member", accessScope)
        expect(yield* accountsOf(fresh.caller)).toEqual([shown.account.id])
      })
    )
  )

  it.effect("lets the client see the account and start the connection themselves, once it is accepted (X-R6)", () =>
    here(
      Effect.gen(function* () {
        const members = yield* Members.Members
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const ada = yield* founder("Ada")
        const { account: own, ads } = yield* account(ada.caller)
        const { token } = yield* invited(ada.caller, "Cleo", "member", only({ id: own.id, right: "write" }))
        const cleo = yield* signedUp("Cleo")
        expect(yield* reason(callerOf(cleo))).toBe("NoOrganization")
        yield* members.accept(cleo.person, token)
        const client = yield* callerOf(cleo)
        expect(yield* accountsOf(client)).toEqual([own.id])
        const { authorizationRedirect } = yield* consent(
          client,
          ads.id,
          "code",
          sees("cleo", ProviderScript.candidate(key))
        )
        yield* pending.select(client, authorizationRedirect.authorizationId, { key, confirmed: false })
        yield* settle
        expect((yield* (yield* Connections.Connections).view(ada.caller, ads.id)).evidence.status).toBe("connected")
      })
    )
  )

  it.effect(
    "makes an admin only of somebody who has signed up; an admin sees every account and changes other admins (S-R8)",
    () =>
      here(
        Effect.gen(function* () {
          const members = yield* Members.Members
          const ada = yield* founder("Ada")
          const one = yield* account(ada.caller, "One")
          const two = yield* account(ada.caller, "Two")
          const { member } = yield* invited(ada.caller, "New", "admin")
          // Nobody is a member by being invited: there is no person yet.
          expect((yield* members.view(ada.caller, member.id)).member._tag).toBe("Invited")
          const ann = yield* joined(ada.caller, "Ann", "admin")
          const other = yield* joined(ada.caller, "Otto", "admin")
          expect(yield* accountsOf(ann.caller)).toEqual([one.account.id, two.account.id].toSorted())
          yield* (yield* Accounts.Accounts).rename(ann.caller, one.account.id, "Renamed by an admin")
          yield* members.changeAccess(ann.caller, other.member.id, { role: "viewer", accessScope: Access.everything })
          expect((yield* callerOf(other)).role).toBe("viewer")
          yield* members.remove(ann.caller, other.member.id)
          expect(yield* reason(callerOf(other))).toBe("NoOrganization")
        })
      )
  )
})

describe("a member with limited access", () => {
  it.effect(
    "may connect what they may write, and not see people, move, rename, delete, pause or end anything (S-R9)",
    () =>
      here(
        Effect.gen(function* () {
          const accounts = yield* Accounts.Accounts
          const connections = yield* Connections.Connections
          const members = yield* Members.Members
          const ada = yield* founder("Ada")
          const { account: own, ads, company } = yield* account(ada.caller)
          const [brand] = company.brands
          yield* connected(ada.caller, ads.id, "code", key)
          const { caller: mia, member } = yield* joined(
            ada.caller,
            "Mia",
            "member",
            only({ id: own.id, right: "write" })
          )
          const refused: ReadonlyArray<Effect.Effect<unknown, unknown>> = [
            // Other people, except the owner.
            members.list(mia, {}, page),
            members.view(mia, member.id),
            (yield* Audit.Audit).list(mia, {}, page),
            // The account's place and name.
            accounts.rename(mia, own.id, "Mine"),
            accounts.assignBrands(mia, own.id, { brandIds: [brand.id], defaultBrandId: brand.id }),
            accounts.remove(mia, own.id),
            accounts.deleteData(mia, own.id),
            accounts.addMarketplace(mia, own.id, own.marketplaces[0]),
            // The account's status.
            connections.pause(mia, ads.id),
            connections.resume(mia, ads.id),
            connections.disconnect(mia, ads.id),
            // Who may do what.
            (yield* Grants.Grants).list(mia, {}, page),
            members.changeAccess(mia, member.id, { role: "admin", accessScope: Access.everything }),
            members.invite(mia, {
              email: email("Friend"),
              role: "viewer",
              accessScope: only({ id: own.id, right: "read" })
            })
          ]
          for (const one of refused) expect(yield* reason(one)).toBe("not-permitted")
          expect((yield* (yield* Organizations.Organizations).view(mia)).owner.name).toBe("Ada")
          expect((yield* (yield* Connecting.Connecting).authenticateNow(mia, ads.id)).authorizationId).toBeDefined()
        })
      )
  )

  it.effect("loses the account that is taken away, at once, and keeps the others (P-R16)", () =>
    here(
      Effect.gen(function* () {
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const one = yield* account(ada.caller, "One")
        const two = yield* account(ada.caller, "Two")
        const mia = yield* joined(
          ada.caller,
          "Mia",
          "member",
          only({ id: one.account.id, right: "write" }, { id: two.account.id, right: "write" })
        )
        expect(yield* accountsOf(mia.caller)).toHaveLength(2)
        yield* members.changeAccess(ada.caller, mia.member.id, {
          role: "member",
          accessScope: only({ id: two.account.id, right: "write" })
        })
        const after = yield* callerOf(mia)
        expect(yield* accountsOf(after)).toEqual([two.account.id])
        expect(yield* reason((yield* Connections.Connections).view(after, one.ads.id))).toBe("NotFound")
        expect((yield* (yield* Connections.Connections).view(after, two.ads.id)).connection.id).toBe(two.ads.id)
      })
    )
  )
})

describe("rights here and rights at the provider", () => {
  it.effect("are two things: the provider hears nothing of a member's rights, and the consent stays (S-R10, C12)", () =>
    here(
      Effect.gen(function* () {
        const members = yield* Members.Members
        const script = yield* ProviderScript.ProviderScript
        const connections = yield* Connections.Connections
        const ada = yield* founder("Ada")
        const { account: own, ads } = yield* account(ada.caller)
        yield* connected(ada.caller, ads.id, "code", key)
        yield* settle
        const before = yield* script.calls
        const mia = yield* joined(ada.caller, "Mia", "admin")
        yield* members.changeAccess(ada.caller, mia.member.id, {
          role: "member",
          accessScope: only({ id: own.id, right: "write" })
        })
        yield* members.changeAccess(ada.caller, mia.member.id, {
          role: "viewer",
          accessScope: only({ id: own.id, right: "read" })
        })
        yield* members.remove(ada.caller, mia.member.id)
        yield* settle
        expect(yield* script.calls).toEqual(before)
        expect((yield* connections.view(ada.caller, ads.id)).evidence.status).toBe("connected")
      })
    )
  )

  it.effect(
    "lack in two ways that are told apart: a role that is missing here, a permission that is missing there (C12)",
    () =>
      here(
        Effect.gen(function* () {
          const connecting = yield* Connecting.Connecting
          const pending = yield* PendingAuthorizations.PendingAuthorizations
          const ada = yield* founder("Ada")
          const { ads } = yield* account(ada.caller)
          const viewer = yield* joined(ada.caller, "Vi", "viewer")
          const here = yield* Effect.flip(connecting.authenticateNow(viewer.caller, ads.id))
          expect(here.message).toContain("As viewer you may not connect accounts")
          const profile = { ...ProviderScript.candidate(key), permission: "view" as const }
          const { authorizationRedirect } = yield* consent(ada.caller, ads.id, "code", sees("ada", profile))
          yield* pending.select(ada.caller, authorizationRedirect.authorizationId, { key, confirmed: true })
          yield* settle
          const { evidence } = yield* (yield* Connections.Connections).view(ada.caller, ads.id)
          expect([evidence.status, evidence.mustAct]).toEqual(["limited", "account-owner"])
          expect(evidence.nextStep).toContain("in the provider's console")
        })
      )
  )
})
