/**
 * Consents themselves: one that serves many accounts, one that takes over, one that is handed on (rules C1, S-R4, S-R7,
 * X-R7, P-R9).
 */
import { describe, expect, it } from "@effect/vitest"
import { Failure, type Id, type Profile } from "@portolan/domain"
import { NotifierMemory, ProviderScript } from "@portolan/memory"
import { Accounts, Connections, Repository, Grants, PendingAuthorizations, TokenVault } from "@portolan/ports"
import { Effect, Result, type Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import {
  account,
  adsKey,
  caller,
  connected,
  consent,
  marketplaces,
  sees,
  settle,
  working,
  world
} from "./support/world.ts"

const by = caller()
const us = adsKey("2973802954634317")
const ca = adsKey("1350266456614264", "CA")
const candidate = (key: Profile.Key) => ProviderScript.candidate(key)
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(effect).pipe(Effect.provide(world))
const view = (id: Id.ConnectionId) => Effect.flatMap(Connections.Connections, (all) => all.view(by, id))
const connectionsOf = Effect.fnUntraced(function* (accountId: Id.AccountId) {
  const { items } = yield* (yield* Connections.Connections).list(by, { accountId }, { limit: 50 })
  return items.map(({ connection }) => connection)
})
const grantOf = Effect.fnUntraced(function* (id: Id.ConnectionId) {
  const { connection } = yield* view(id)
  return "link" in connection ? connection.link.grantId : yield* Effect.die("it is not linked")
})
const topics = Effect.map(NotifierMemory.notices, (all) => all.map(({ topic }) => topic))
const pass = Effect.fnUntraced(function* (minutes: number) {
  for (let minute = 0; minute < minutes; minute++) {
    yield* TestClock.adjust("1 minute")
    for (let turn = 0; turn < 150; turn++) yield* Effect.yieldNow
  }
})

describe("disconnecting what waits for a choice", () => {
  it.effect(
    "dismisses every consent that waits, also beside one in use, in the same change: all end, and no token is kept",
    () =>
      here(
        Effect.gen(function* () {
          const pending = yield* PendingAuthorizations.PendingAuthorizations
          const connections = yield* Connections.Connections
          const grants = yield* Grants.Grants
          const vault = yield* TokenVault.TokenVault
          yield* working
          const made = yield* account(by)
          const waits = (code: string) =>
            Effect.map(
              consent(by, made.ads.id, code, sees("ada", candidate(us), candidate(ca))),
              ({ authorizationRedirect }) => authorizationRedirect.authorizationId
            )
          const grantOfAuthorization = (id: Id.AuthorizationId) =>
            Effect.map(pending.view(by, id), ({ authorization }) =>
              "grantId" in authorization ? authorization.grantId : undefined
            )
          const over = Effect.fnUntraced(function* (ids: ReadonlyArray<Id.AuthorizationId>) {
            yield* settle
            for (const id of ids) {
              expect((yield* pending.view(by, id)).authorization).toMatchObject({
                _tag: "Dismissed",
                dismissedBy: by.actor
              })
              const grantId =
                (yield* grantOfAuthorization(id)) ??
                (yield* Effect.die("an authorization that was dismissed has a grant"))
              expect((yield* grants.view(by, grantId)).grant).toMatchObject({ _tag: "Ended", end: "discarded" })
              expect(Result.isFailure(yield* Effect.result(vault.get(by.organizationId, grantId)))).toBe(true)
            }
            expect((yield* pending.list(by, { limit: 10 })).items).toHaveLength(0)
          })
          // One that a later one has taken the place of waits as well.
          const first = [yield* waits("one"), yield* waits("two")]
          expect(
            (yield* connections.effects(by, made.ads.id, "disconnect")).map(({ text }) => text).join(" ")
          ).toContain("waits for a choice")
          expect((yield* connections.disconnect(by, made.ads.id)).connection._tag).toBe("Disconnected")
          yield* over(first)

          // Disconnected already, and somebody consented since.
          const again = [yield* waits("three")]
          expect((yield* connections.disconnect(by, made.ads.id)).connection).toMatchObject({ _tag: "Disconnected" })
          yield* over(again)

          yield* connected(by, made.ads.id, "four", us)
          const inUse = yield* grantOf(made.ads.id)
          const renewal = [yield* waits("five")]
          yield* connections.disconnect(by, made.ads.id)
          yield* over(renewal)
          expect((yield* grants.view(by, inUse)).grant).toMatchObject({ _tag: "Ended", end: "disconnected" })
        })
      )
  )
})

describe("choosing a profile of another country (rule P-R9)", () => {
  it.effect("moves the account and its tiles there after a warning, while nothing is connected", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const accounts = yield* Accounts.Accounts
        const made = yield* account(by)
        const { authorizationRedirect } = yield* consent(by, made.ads.id, "one", sees("ada", candidate(ca)))
        const [choice] = (yield* pending.view(by, authorizationRedirect.authorizationId)).choices
        expect(choice?.obstacles).toEqual([
          { weight: "warns", detail: "It belongs to Canada; the account would be moved there." }
        ])
        const unsure = yield* Effect.flip(
          pending.select(by, authorizationRedirect.authorizationId, { key: ca, confirmed: false })
        )
        expect(unsure).toMatchObject({ _tag: "Refused", reason: "needs-confirmation" })
        expect((yield* accounts.view(by, made.account.id)).marketplaces).toEqual([marketplaces.US])

        yield* pending.select(by, authorizationRedirect.authorizationId, { key: ca, confirmed: true })
        expect((yield* accounts.view(by, made.account.id)).marketplaces).toEqual([marketplaces.CA])
        expect(
          (yield* connectionsOf(made.account.id))
            .map(({ channel, marketplaceId, _tag }) => [channel, marketplaceId, _tag])
            .toSorted()
        ).toEqual([
          ["amazon-ads", marketplaces.CA, "Connected"],
          ["amazon-sp", marketplaces.CA, "Proposed"]
        ])
      })
    )
  )

  it.effect("is refused once something is connected, and changes nothing", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const made = yield* account(by)
        yield* connected(by, made.ads.id, "one", us)
        const sp: Profile.Key = { ...ca, channel: "amazon-sp", externalId: "A1SELLER" as Profile.ExternalId }
        const { authorizationRedirect } = yield* consent(by, made.sp.id, "two", sees("ada", candidate(sp)))
        const refused = yield* Effect.flip(
          pending.select(by, authorizationRedirect.authorizationId, { key: sp, confirmed: true })
        )
        expect(refused).toMatchObject({ _tag: "Refused", reason: "unfit-profile" })
        expect((yield* connectionsOf(made.account.id)).map(({ marketplaceId }) => marketplaceId)).toEqual([
          marketplaces.US,
          marketplaces.US
        ])
      })
    )
  )

  it.effect("of another region, or of a country that the account has already, does not move it", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const accounts = yield* Accounts.Accounts
        const made = yield* account(by)
        yield* accounts.addMarketplace(by, made.account.id, marketplaces.CA)
        const { authorizationRedirect } = yield* consent(by, made.ads.id, "one", sees("ada", candidate(ca)))
        expect(
          yield* Effect.flip(pending.select(by, authorizationRedirect.authorizationId, { key: ca, confirmed: true }))
        ).toMatchObject({ reason: "unfit-profile" })
        const canada = (yield* connectionsOf(made.account.id)).find(
          (one) => one.channel === "amazon-ads" && one.marketplaceId === marketplaces.CA
        )
        expect(canada?._tag).toBe("Proposed")
      })
    )
  )

  it.effect("is not possible for an account that was removed meanwhile", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const accounts = yield* Accounts.Accounts
        const made = yield* account(by)
        const { authorizationRedirect } = yield* consent(by, made.ads.id, "one", sees("ada", candidate(us)))
        yield* accounts.remove(by, made.account.id)
        const refused = yield* Effect.flip(
          pending.select(by, authorizationRedirect.authorizationId, { key: us, confirmed: false })
        )
        expect(refused).toMatchObject({ _tag: "Refused", reason: "not-possible-now", nextStep: "Restore it first." })
        yield* accounts.restore(by, made.account.id)
        yield* pending.select(by, authorizationRedirect.authorizationId, { key: us, confirmed: false })
        expect((yield* view(made.ads.id)).evidence.status).toBe("connected")
      })
    )
  )
})

describe("one consent for several accounts (rules S-R4, P-R6)", () => {
  it.effect("links a further country without another consent, and only what it sees now", () =>
    here(
      Effect.gen(function* () {
        const grants = yield* Grants.Grants
        const accounts = yield* Accounts.Accounts
        const script = yield* ProviderScript.ProviderScript
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const made = yield* account(by)
        const { authorizationRedirect } = yield* consent(
          by,
          made.ads.id,
          "one",
          sees("ada", candidate(us), candidate(ca))
        )
        yield* pending.select(by, authorizationRedirect.authorizationId, { key: us, confirmed: false })
        const wanted = { marketplaceId: marketplaces.CA, accountType: "seller" } as const
        expect(yield* accounts.expansion(by, made.account.id, wanted)).toMatchObject({
          decision: "add-marketplace",
          needsConsent: false
        })
        yield* accounts.addMarketplace(by, made.account.id, marketplaces.CA)
        const canada = (yield* connectionsOf(made.account.id)).find(
          (one) => one.channel === "amazon-ads" && one.marketplaceId === marketplaces.CA
        )
        if (canada === undefined) return yield* Effect.die("a tile was expected")
        const grantId = yield* grantOf(made.ads.id)
        const choices = yield* grants.choices(by, grantId, canada.id)
        expect(
          choices.map(({ candidate, heldBy, obstacles }) => [
            candidate.key.marketplaceId,
            heldBy?.accountName,
            obstacles.length
          ])
        ).toEqual([
          [marketplaces.US, "Harbour US", 1],
          [marketplaces.CA, undefined, 0]
        ])
        const calls = (yield* script.calls).filter(({ operation }) => operation === "exchange").length
        expect((yield* grants.link(by, grantId, { connectionId: canada.id, key: ca, confirmed: false }))._tag).toBe(
          "Connected"
        )
        expect((yield* script.calls).filter(({ operation }) => operation === "exchange").length).toBe(calls)
        expect((yield* grants.view(by, grantId)).connections.map(({ id }) => id).toSorted()).toEqual(
          [made.ads.id, canada.id].toSorted()
        )

        yield* script.shows("ada", [candidate(us)])
        const third = yield* account(by, "Third", "CA")
        expect(
          (yield* Effect.flip(grants.link(by, grantId, { connectionId: third.ads.id, key: ca, confirmed: true })))._tag
        ).toBe("NotFound")
      })
    )
  )

  it.effect("keeps its tokens until its last connection is gone (rule X-R12)", () =>
    here(
      Effect.gen(function* () {
        const grants = yield* Grants.Grants
        const connections = yield* Connections.Connections
        const vault = yield* TokenVault.TokenVault
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const first = yield* account(by)
        const second = yield* account(by, "Harbour CA", "CA")
        const { authorizationRedirect } = yield* consent(
          by,
          first.ads.id,
          "one",
          sees("ada", candidate(us), candidate(ca))
        )
        yield* pending.select(by, authorizationRedirect.authorizationId, { key: us, confirmed: false })
        const grantId = yield* grantOf(first.ads.id)
        yield* grants.link(by, grantId, { connectionId: second.ads.id, key: ca, confirmed: false })
        yield* working
        yield* connections.disconnect(by, first.ads.id)
        yield* settle
        expect((yield* vault.get(by.organizationId, grantId)).version).toBeGreaterThan(0)
        expect((yield* grants.view(by, grantId)).grant._tag).toBe("Active")
        yield* connections.disconnect(by, second.ads.id)
        yield* settle
        expect((yield* grants.view(by, grantId)).grant).toMatchObject({
          _tag: "Ended",
          end: "disconnected",
          revocation: { outcome: "revoked" }
        })
        expect(Result.isFailure(yield* Effect.result(vault.get(by.organizationId, grantId)))).toBe(true)
      })
    )
  )

  it.effect("of another channel, one that is over, and a profile that is held are refused in words", () =>
    here(
      Effect.gen(function* () {
        const grants = yield* Grants.Grants
        const connections = yield* Connections.Connections
        const made = yield* account(by)
        yield* connected(by, made.ads.id, "one", us)
        const other = yield* account(by, "Other")
        const grantId = yield* grantOf(made.ads.id)
        expect(
          yield* Effect.flip(grants.link(by, grantId, { connectionId: other.sp.id, key: us, confirmed: false }))
        ).toMatchObject({ _tag: "Refused", reason: "contradiction" })
        const held = yield* Effect.flip(
          grants.link(by, grantId, { connectionId: other.ads.id, key: us, confirmed: true })
        )
        expect(held).toMatchObject({ _tag: "ProfileHeld", holder: { accountName: "Harbour US" } })
        yield* working
        yield* connections.disconnect(by, made.ads.id)
        yield* settle
        expect(
          yield* Effect.flip(grants.link(by, grantId, { connectionId: other.ads.id, key: us, confirmed: false }))
        ).toMatchObject({ _tag: "Refused", reason: "not-possible-now" })
      })
    )
  )

  it.effect("whose provider cannot be asked now leaves open whether a country is covered", () =>
    here(
      Effect.gen(function* () {
        const accounts = yield* Accounts.Accounts
        const script = yield* ProviderScript.ProviderScript
        const made = yield* account(by)
        yield* connected(by, made.ads.id, "one", us)
        const wanted = { marketplaceId: marketplaces.CA, accountType: "seller" } as const
        expect(yield* accounts.expansion(by, made.account.id, wanted)).toMatchObject({ needsConsent: true })
        yield* script.fail("discover", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
        const unknown = yield* accounts.expansion(by, made.account.id, wanted)
        expect(unknown).toMatchObject({ decision: "add-marketplace", needsConsent: false })
        expect(unknown.explanation).toContain("shows when it is given")
      })
    )
  )
})

describe("losing one of several logins (rules S-R6, S-R7)", () => {
  /** An account that two people's consents see; the first one is in use. */
  const covered = Effect.gen(function* () {
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const made = yield* account(by)
    const other = yield* account(by, "Harbour CA", "CA")
    yield* connected(by, made.ads.id, "one", us, "ada")
    const { authorizationRedirect } = yield* consent(by, other.ads.id, "two", sees("bob", candidate(us), candidate(ca)))
    yield* pending.select(by, authorizationRedirect.authorizationId, { key: ca, confirmed: false })
    yield* working
    return { ...made, other, first: yield* grantOf(made.ads.id), second: yield* grantOf(other.ads.id) }
  })
  const day = Effect.gen(function* () {
    yield* TestClock.adjust("25 hours")
    for (let turn = 0; turn < 400; turn++) yield* Effect.yieldNow
    yield* pass(5)
  })

  it.effect("another consent that sees the profile takes over, and nobody is asked to authorize", () =>
    here(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const grants = yield* Grants.Grants
        const { ads, first, second } = yield* covered
        yield* script.withdraw("ada")
        yield* day
        expect((yield* view(ads.id)).evidence.status).toBe("connected")
        expect(yield* grantOf(ads.id)).toBe(second)
        expect((yield* grants.view(by, first)).grant).toMatchObject({ _tag: "Ended", end: "refused-by-provider" })
        expect((yield* grants.view(by, second)).connections).toHaveLength(2)
        expect(yield* topics).not.toContain("reauthorization-needed")
      })
    )
  )

  it.effect("when no other consent sees it, people are told two minutes later, once", () =>
    here(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const { ads } = yield* covered
        yield* script.shows("bob", [candidate(ca)])
        yield* script.withdraw("ada")
        yield* day
        expect((yield* view(ads.id)).evidence).toMatchObject({
          status: "reauthorization-needed",
          mustAct: "account-owner"
        })
        expect((yield* topics).filter((topic) => topic === "reauthorization-needed")).toHaveLength(1)
      })
    )
  )

  it.effect("the consent of another organization never takes over", () =>
    here(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const made = yield* account(by)
        const stranger = caller("admin", 2)
        const theirs = yield* account(stranger, "Theirs", "CA")
        yield* connected(by, made.ads.id, "one", us, "ada")
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { authorizationRedirect } = yield* consent(
          stranger,
          theirs.ads.id,
          "two",
          sees("bob", candidate(us), candidate(ca))
        )
        yield* pending.select(stranger, authorizationRedirect.authorizationId, { key: ca, confirmed: false })
        yield* working
        yield* script.withdraw("ada")
        yield* day
        expect((yield* view(made.ads.id)).evidence.status).toBe("reauthorization-needed")
      })
    )
  )

  it.effect("a login that is kept when another one renews is there to fall back to", () =>
    here(
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const store = yield* Repository.Repository
        const made = yield* account(by)
        yield* connected(by, made.ads.id, "one", us, "ada")
        const first = yield* grantOf(made.ads.id)
        const { authorizationRedirect } = yield* consent(by, made.ads.id, "two", sees("bob", candidate(us)))
        yield* pending.select(by, authorizationRedirect.authorizationId, {
          key: us,
          confirmed: false,
          keepsReplaced: true
        })
        yield* working
        expect((yield* store.find("grant", by.organizationId, first)).state._tag).toBe("Active")
        yield* script.withdraw("bob")
        yield* day
        expect(yield* grantOf(made.ads.id)).toBe(first)
        expect((yield* view(made.ads.id)).evidence.status).toBe("connected")
      })
    )
  )
})
