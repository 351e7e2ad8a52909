/**
 * Two changes that rule each other out, each decided on what the other was about to change. Exactly one of them may
 * happen.
 */
import { describe, expect, it } from "@effect/vitest"
import { Access, type Id, type Marketplace, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import {
  Accounts,
  Advertisers,
  ApiKeys,
  Companies,
  Connections,
  Grants,
  Members,
  PendingAuthorizations,
  TokenVault
} from "@portolan/ports"
import { Effect, Result } from "effect"
import { after, outcome, within } from "./support/gate.ts"
import { email, founder, joined } from "./support/people.ts"
import { account, adsKey, caller, connected, consent, sees, settle, working } from "./support/world.ts"

const by = caller()
const us = adsKey("2973802954634317")
const ca = adsKey("1350266456614264", "CA")
const candidate = (key: Profile.Key) => ProviderScript.candidate(key)
const stateOf = (id: Id.ConnectionId) =>
  Effect.map(
    Effect.flatMap(Connections.Connections, (all) => all.view(by, id)),
    ({ connection }) => connection._tag
  )

describe("an account is removed while it is connected", () => {
  const chosen = Effect.gen(function* () {
    const made = yield* account(by)
    const { authorizationRedirect } = yield* consent(by, made.ads.id, "one", sees("ada", candidate(us)))
    const accounts = yield* Accounts.Accounts
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    return {
      made,
      remove: accounts.remove(by, made.account.id),
      select: pending.select(by, authorizationRedirect.authorizationId, { key: us, confirmed: false }),
      state: Effect.map(accounts.view(by, made.account.id), ({ _tag }) => _tag)
    }
  })

  it.effect("removed after the choice was judged: it is not connected", () =>
    within(
      Effect.gen(function* () {
        const { made, remove, select, state } = yield* chosen
        yield* after("connections", remove)
        expect(yield* outcome(select)).toMatchObject({
          failure: { _tag: "Refused", reason: "not-possible-now", nextStep: "Restore it first." }
        })
        expect([yield* state, yield* stateOf(made.ads.id)]).toEqual(["Removed", "AwaitingSelection"])
      })
    )
  )

  it.effect("connected after its connections were counted: it is not removed", () =>
    within(
      Effect.gen(function* () {
        const { made, remove, select, state } = yield* chosen
        yield* after("connections", select)
        expect(yield* outcome(remove)).toMatchObject({ failure: { _tag: "Refused", reason: "not-possible-now" } })
        expect([yield* state, yield* stateOf(made.ads.id)]).toEqual(["Open", "Connected"])
      })
    )
  )

  it.effect("expected after its connections were looked at: nothing is expected for a removed account", () =>
    within(
      Effect.gen(function* () {
        const accounts = yield* Accounts.Accounts
        const advertisers = yield* Advertisers.Advertisers
        const { company } = yield* (yield* Companies.Companies).add(by, { name: "Lantern Makers", brand: "Lantern" })
        const made = yield* accounts.create(by, {
          companyId: company.id,
          name: "Lanterns US",
          accountType: "walmart-3p",
          marketplaces: ["WALMART_US" as Marketplace.MarketplaceId]
        })
        const { items } = yield* (yield* Connections.Connections).list(by, { accountId: made.id }, { limit: 10 })
        const id =
          items.find(({ connection }) => connection.channel === "walmart-connect")?.connection.id ??
          (yield* Effect.die("a tile was expected"))
        const expecting = advertisers.expect(by, id, "Acme")
        yield* after("connections", expecting)
        expect(Result.isSuccess(yield* outcome(accounts.remove(by, made.id)))).toBe(true)
        expect([(yield* accounts.view(by, made.id))._tag, yield* stateOf(id)]).toEqual(["Removed", "Proposed"])
        expect(yield* Effect.flip(expecting)).toMatchObject({ _tag: "Refused", nextStep: "Restore it first." })
      })
    )
  )
})

describe("somebody invites, or makes a key, while they are removed", () => {
  const staff = Effect.gen(function* () {
    yield* working
    const members = yield* Members.Members
    const keys = yield* ApiKeys.ApiKeys
    const ada = yield* founder("Ada")
    const ann = yield* joined(ada.caller, "Ann", "admin")
    return {
      remove: members.remove(ada.caller, ann.member.id),
      invite: members.invite(ann.caller, { email: email("Friend"), role: "admin", accessScope: Access.everything }),
      make: keys.create(ann.caller, { name: "Spare", scopes: ["read"] }),
      open: Effect.map(members.list(ada.caller, { states: ["Invited"] }, { limit: 10 }), ({ items }) => items.length),
      live: Effect.map(
        keys.list(ada.caller, { limit: 10 }),
        ({ items }) => items.filter(({ _tag }) => _tag === "Active").length
      )
    }
  })

  it.effect("removed after their right was judged: nobody is invited, no key is made", () =>
    within(
      Effect.gen(function* () {
        const { invite, live, make, open, remove } = yield* staff
        yield* after("memberships", remove)
        const all: ReadonlyArray<Effect.Effect<unknown, unknown>> = [invite, make]
        for (const late of all)
          expect(yield* outcome(late)).toMatchObject({ failure: { _tag: "Refused", reason: "not-permitted" } })
        expect([yield* open, yield* live]).toEqual([0, 0])
      })
    )
  )

  it.effect("invited after their invitations were listed: it is withdrawn with the others", () =>
    within(
      Effect.gen(function* () {
        const { invite, open, remove } = yield* staff
        yield* after("members", invite)
        expect(Result.isSuccess(yield* outcome(remove))).toBe(true)
        expect(yield* open).toBe(0)
      })
    )
  )
})

describe("a consent is given to somebody to answer for while they are removed", () => {
  it.effect(
    "whoever decides second sees the other: the consent is with the one who removed them, or nobody is given it",
    () =>
      within(
        Effect.gen(function* () {
          yield* working
          const members = yield* Members.Members
          const grants = yield* Grants.Grants
          const ada = yield* founder("Ada")
          const [ann, bo] = [yield* joined(ada.caller, "Ann", "admin"), yield* joined(ada.caller, "Bo", "admin")]
          const made = yield* account(ada.caller)
          yield* connected(ada.caller, made.ads.id, "one", us)
          yield* settle
          const [{ grant }] = (yield* grants.list(ada.caller, {}, { limit: 10 })).items as [Grants.GrantView]
          const responsibleMember = Effect.map(
            grants.view(ada.caller, grant.id),
            (view) => view.grant.responsibleMember?.name
          )
          yield* after("member", members.remove(ada.caller, ann.member.id))
          expect(yield* outcome(grants.handOver(ada.caller, grant.id, ann.member.id))).toMatchObject({
            failure: { _tag: "Refused", reason: "not-yours" }
          })
          expect(yield* responsibleMember).toBe("Ada")
          yield* after("grant", members.remove(ada.caller, bo.member.id))
          expect(yield* outcome(grants.handOver(ada.caller, grant.id, bo.member.id))).toMatchObject({
            failure: { _tag: "Refused", reason: "not-yours" }
          })
          expect(yield* responsibleMember).toBe("Ada")
        })
      )
  )

  it.effect("two who leave at one moment do not leave it to each other", () =>
    within(
      Effect.gen(function* () {
        yield* working
        const members = yield* Members.Members
        const ada = yield* founder("Ada")
        const [ann, bo] = [yield* joined(ada.caller, "Ann", "admin"), yield* joined(ada.caller, "Bo", "admin")]
        const made = yield* account(ada.caller)
        yield* connected(ann.caller, made.ads.id, "one", us)
        yield* settle
        // Ann leaves consents to Bo, who is removed before that is committed.
        yield* after("grant", members.remove(ada.caller, bo.member.id))
        expect(yield* outcome(members.leave(ann.caller, bo.member.id))).toMatchObject({
          failure: { _tag: "Refused", reason: "not-yours" }
        })
        expect(Result.isSuccess(yield* outcome(members.leave(ann.caller)))).toBe(true)
        const [{ grant }] = (yield* (yield* Grants.Grants).list(ada.caller, {}, { limit: 10 })).items as [
          Grants.GrantView
        ]
        expect(grant.responsibleMember?.name).toBe("Ada")
      })
    )
  )
})

describe("a consent ends while it is linked a second time", () => {
  const shared = Effect.gen(function* () {
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const grants = yield* Grants.Grants
    const connections = yield* Connections.Connections
    const first = yield* account(by)
    const second = yield* account(by, "Harbour CA", "CA")
    const { authorizationRedirect } = yield* consent(by, first.ads.id, "one", sees("ada", candidate(us), candidate(ca)))
    const authorization = yield* pending.select(by, authorizationRedirect.authorizationId, {
      key: us,
      confirmed: false
    })
    const grantId =
      authorization._tag === "Finalised" ? authorization.grantId : yield* Effect.die("it was expected to be finalised")
    const kept = Effect.flatMap(TokenVault.TokenVault, (vault) =>
      Effect.map(Effect.result(vault.get(by.organizationId, grantId)), Result.isSuccess)
    )
    return {
      grantId,
      kept,
      second,
      disconnect: connections.disconnect(by, first.ads.id),
      link: grants.link(by, grantId, { connectionId: second.ads.id, key: ca, confirmed: false }),
      grant: Effect.map(grants.view(by, grantId), ({ grant }) => grant)
    }
  })

  it.effect("linked after its users were counted: it goes on, and keeps its tokens", () =>
    within(
      Effect.gen(function* () {
        const { disconnect, grant, kept, link, second } = yield* shared
        yield* disconnect
        yield* after("users", link)
        yield* working
        yield* settle
        expect([yield* stateOf(second.ads.id), (yield* grant)._tag, yield* kept]).toEqual(["Connected", "Active", true])
      })
    )
  )

  it.effect("ended after the link was judged: it is not linked, and its tokens are gone", () =>
    within(
      Effect.gen(function* () {
        const { disconnect, grant, kept, link, second } = yield* shared
        yield* working
        yield* settle
        yield* after("profiles", Effect.andThen(disconnect, settle))
        expect(yield* outcome(link)).toMatchObject({ failure: { _tag: "Refused", reason: "not-possible-now" } })
        yield* settle
        expect([yield* stateOf(second.ads.id), (yield* grant)._tag, yield* kept]).toEqual(["Proposed", "Ended", false])
        expect(yield* grant).toMatchObject({ revocation: { outcome: "revoked" } })
      })
    )
  )
})
