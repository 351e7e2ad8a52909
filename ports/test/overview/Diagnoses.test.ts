/** Why an account is missing or limited, and how it heals (flow F2, step 4; rules P-R2, P-R3, S-R5, C9). */
import { describe, expect, it } from "@effect/vitest"
import { type Check, Onboarding, type Profile } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Accounts, Companies, Connections, Diagnoses, PendingAuthorizations } from "@portolan/ports"
import { DateTime, Effect } from "effect"
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
  world,
  worldOffering
} from "../support/world.ts"

const by = caller()
const key = adsKey("7")
const profile = ProviderScript.candidate(key)
const viewOnly = { ...profile, permission: "view" } as Profile.Candidate
const states = ({ diagnosis }: Diagnoses.DiagnosisView) => diagnosis?.checks.map(({ id, state }) => `${id} ${state}`)

describe("The six checks (S-R5)", () => {
  it.effect(
    "before anything was connected they say what this installation knows itself, and reading writes nothing",
    () =>
      Effect.gen(function* () {
        const diagnoses = yield* Diagnoses.Diagnoses
        const { ads } = yield* account(by)
        const view = yield* diagnoses.view(by, ads.id)
        expect(states(view)).toEqual([
          "campaign-exists unanswered",
          "payment-valid unanswered",
          "campaign-editable unanswered",
          "ad-group-editable unanswered",
          "marketplace-enabled passed",
          "login-used failed"
        ])
        expect(view.diagnosis?.headline?.id).toBe("login-used")
        expect(view.checkedAt).toBeUndefined()
      }).pipe(Effect.provide(world))
  )

  it.effect("a channel that this installation does not offer fails the fifth check", () =>
    Effect.gen(function* () {
      const diagnoses = yield* Diagnoses.Diagnoses
      const { ads } = yield* account(by)
      expect(states(yield* diagnoses.view(by, ads.id))).toContain("marketplace-enabled failed")
    }).pipe(Effect.provide(worldOffering("amazon-sp")))
  )

  it.effect("the provider answers what it tells, a person the rest, and a later fact beats the person", () =>
    Effect.gen(function* () {
      const diagnoses = yield* Diagnoses.Diagnoses
      const script = yield* ProviderScript.ProviderScript
      const { ads } = yield* account(by)
      yield* connected(by, ads.id, "code", key)
      yield* script.facts(() => ({
        campaigns: true,
        permission: "edit",
        profileVisible: true,
        notReported: ["payment-valid"]
      }))
      const looked = yield* diagnoses.observe(by, ads.id)
      expect(states(looked)).toEqual([
        "campaign-exists passed",
        "payment-valid unanswered",
        "campaign-editable passed",
        "ad-group-editable passed",
        "marketplace-enabled passed",
        "login-used passed"
      ])
      const answered = yield* diagnoses.answer(by, ads.id, { check: "payment-valid", holds: true })
      expect(answered.diagnosis?.verdict).toBe("well")
      expect(answered.diagnosis?.checks[1]?.answer?.by).toEqual(by.actor)
      yield* script.facts(() => ({ campaigns: true, permission: "edit", profileVisible: true, paymentValid: false }))
      yield* TestClock.adjust("1 minute")
      expect((yield* diagnoses.observe(by, ads.id)).diagnosis?.headline?.id).toBe("payment-valid")
    }).pipe(Effect.provide(world))
  )

  it.effect("a viewer reads and neither answers nor looks; another organization finds nothing", () =>
    Effect.gen(function* () {
      const diagnoses = yield* Diagnoses.Diagnoses
      const { ads } = yield* account(by)
      yield* diagnoses.view(caller("viewer"), ads.id)
      expect(
        yield* Effect.flip(diagnoses.answer(caller("viewer"), ads.id, { check: "payment-valid", holds: true }))
      ).toMatchObject({ reason: "not-permitted" })
      expect(yield* Effect.flip(diagnoses.observe(caller("viewer"), ads.id))).toMatchObject({ reason: "not-permitted" })
      expect((yield* Effect.flip(diagnoses.view(caller("admin", 2), ads.id)))._tag).toBe("NotFound")
    }).pipe(Effect.provide(world))
  )

  it.effect("the other channel's word counts too: not taking part in the country is remarked", () =>
    Effect.gen(function* () {
      const diagnoses = yield* Diagnoses.Diagnoses
      const script = yield* ProviderScript.ProviderScript
      const { ads, sp } = yield* account(by)
      yield* connected(by, ads.id, "code", key)
      const partner: Profile.Key = {
        channel: "amazon-sp",
        region: "NA",
        marketplaceId: marketplaces.US,
        externalId: "A1SELLER" as Profile.ExternalId
      }
      yield* consent(by, sp.id, "sp", {
        channel: "amazon-sp",
        region: "NA",
        grantor: "A1SELLER",
        candidates: [ProviderScript.candidate(partner)]
      })
      yield* script.facts((about): Check.Facts =>
        about.profile === undefined
          ? { participating: false }
          : { campaigns: true, permission: "edit", profileVisible: true, paymentValid: true }
      )
      const { diagnosis } = yield* diagnoses.observe(by, ads.id)
      expect(diagnosis?.remarks.map(({ id }) => id)).toEqual(["not-participating"])
      expect((yield* diagnoses.observe(by, sp.id)).requirements.find(({ id }) => id === "participates")?.state).toBe(
        "failed"
      )
    }).pipe(Effect.provide(world))
  )
})

describe("Healing by itself (P-R2, P-R3)", () => {
  it.effect("no campaign: it says why and when it is looked at again, and heals when the profile appears", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const diagnoses = yield* Diagnoses.Diagnoses
        const connections = yield* Connections.Connections
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const script = yield* ProviderScript.ProviderScript
        const { ads } = yield* account(by)
        yield* script.facts(() => ({ profileVisible: false }))
        const { authorizationRedirect } = yield* consent(by, ads.id, "code", sees("ada"))
        yield* working
        const view = yield* diagnoses.view(by, ads.id)
        expect(view.diagnosis?.summary).toBe("The login does not see the advertising profile of this account.")
        expect(view.lookAgainAt).toBeDefined()
        expect((yield* connections.view(by, ads.id)).evidence.label).toBe("No profile visible yet")
        // A person says that there is no campaign; the check fails with the time until it is worth looking again.
        const told = yield* diagnoses.answer(by, ads.id, { check: "campaign-exists", holds: false })
        expect(told.diagnosis?.headline).toMatchObject({ id: "campaign-exists", mustAct: "account-owner" })
        expect(told.diagnosis?.headline?.nextStep).toMatch(/up to 24 hours/)

        yield* script.shows("ada", [profile])
        yield* script.facts(() => ({ profileVisible: true, permission: "edit", campaigns: true, paymentValid: true }))
        yield* TestClock.adjust("61 minutes")
        yield* settle
        expect((yield* pending.view(by, authorizationRedirect.authorizationId)).choices).toHaveLength(1)
        expect((yield* diagnoses.view(by, ads.id)).diagnosis?.verdict).toBe("well")
        expect((yield* diagnoses.view(by, ads.id)).lookAgainAt).toBeUndefined()
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("whoever cannot wait looks now, and what appeared can be chosen at once", () =>
    Effect.gen(function* () {
      const diagnoses = yield* Diagnoses.Diagnoses
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const script = yield* ProviderScript.ProviderScript
      const { ads } = yield* account(by)
      const { authorizationRedirect } = yield* consent(by, ads.id, "code", sees("ada"))
      yield* script.shows("ada", [profile])
      yield* diagnoses.observe(by, ads.id)
      expect((yield* pending.view(by, authorizationRedirect.authorizationId)).choices).toHaveLength(1)
    }).pipe(Effect.provide(world))
  )

  it.effect("a login that may only view is told so, and the limit is lifted within the hour once it may edit", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const diagnoses = yield* Diagnoses.Diagnoses
        const connections = yield* Connections.Connections
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const script = yield* ProviderScript.ProviderScript
        const { ads } = yield* account(by)
        yield* script.facts(() => ({ profileVisible: true, permission: "view", campaigns: true, paymentValid: true }))
        const { authorizationRedirect } = yield* consent(by, ads.id, "code", sees("ada", viewOnly))
        yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: true })
        yield* working
        expect((yield* diagnoses.view(by, ads.id)).diagnosis?.headline?.id).toBe("campaign-editable")
        expect((yield* connections.view(by, ads.id)).evidence.status).toBe("limited")
        yield* script.facts(() => ({ profileVisible: true, permission: "edit", campaigns: true, paymentValid: true }))
        yield* TestClock.adjust("61 minutes")
        yield* settle
        expect((yield* connections.view(by, ads.id)).evidence.status).toBe("connected")
      })
    ).pipe(Effect.provide(world))
  )

  it.effect(
    "it stops looking 14 days after the last change",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const diagnoses = yield* Diagnoses.Diagnoses
          const script = yield* ProviderScript.ProviderScript
          const { ads } = yield* account(by)
          yield* script.facts(() => ({ profileVisible: false }))
          yield* consent(by, ads.id, "code", sees("ada"))
          yield* working
          yield* TestClock.adjust("14 days")
          yield* settle
          const { checkedAt, lookAgainAt } = yield* diagnoses.view(by, ads.id)
          expect(lookAgainAt).toBeUndefined()
          const looks = (yield* script.calls).filter(({ operation }) => operation === "inspect").length
          yield* TestClock.adjust("2 days")
          yield* settle
          expect((yield* script.calls).filter(({ operation }) => operation === "inspect")).toHaveLength(looks)
          expect((yield* diagnoses.view(by, ads.id)).checkedAt).toEqual(checkedAt)
        })
      ).pipe(Effect.provide(world)),
    30_000
  )

  it.live("a consent that was withdrawn is told as what it is, until somebody consents again", () =>
    Effect.gen(function* () {
      const diagnoses = yield* Diagnoses.Diagnoses
      const script = yield* ProviderScript.ProviderScript
      // A token that is about to end is refreshed before it is used.
      yield* script.tokens({ accessLife: "1 minute" })
      const { ads } = yield* account(by)
      yield* connected(by, ads.id, "code", key, "ada")
      yield* script.withdraw("ada")
      const { diagnosis } = yield* diagnoses.observe(by, ads.id)
      expect(diagnosis?.headline?.id).toBe("login-used")
      // The proof counts at once: the connection asks for another consent, or another one takes over (S-R7).
      expect((yield* (yield* Connections.Connections).view(by, ads.id)).evidence.status).toBe("reauthorization-needed")
    }).pipe(Effect.provide(world))
  )
})

describe("The way of a new account (P-R7 to P-R13)", () => {
  const way = Effect.fnUntraced(function* (accountId: Parameters<Accounts.Accounts["Service"]["view"]>[1]) {
    const connections = yield* Connections.Connections
    const own = yield* (yield* Accounts.Accounts).view(by, accountId)
    const { items } = yield* connections.list(by, { accountId }, { limit: 25 })
    return Onboarding.of(
      own,
      items.map(({ connection }) => connection),
      items.flatMap(({ backfill }) => backfill ?? []),
      { now: yield* DateTime.now }
    )
  })
  const told = ({ current, steps }: Onboarding.Onboarding) => [
    current,
    ...steps.map(({ id, state }) => `${id} ${state}`)
  ]

  it.effect("a seller goes through both channels, is synced within 48 hours, and can leave and resume anywhere", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { account: own, ads, sp } = yield* account(by)
        expect(told(yield* way(own.id))).toEqual([
          "access",
          "account done",
          "access now",
          "choose todo",
          "second-channel todo",
          "sync todo"
        ])
        const first = yield* consent(by, ads.id, "ads", sees("ada", profile))
        expect(told(yield* way(own.id))).toEqual([
          "choose",
          "account done",
          "access done",
          "choose now",
          "second-channel todo",
          "sync todo"
        ])
        yield* pending.select(by, first.authorizationRedirect.authorizationId, { key, confirmed: false })
        expect((yield* way(own.id)).current).toBe("second-channel")
        const seller: Profile.Key = {
          channel: "amazon-sp",
          region: "NA",
          marketplaceId: marketplaces.US,
          externalId: "A1SELLER" as Profile.ExternalId
        }
        const second = yield* consent(by, sp.id, "sp", {
          channel: "amazon-sp",
          region: "NA",
          grantor: "A1SELLER",
          candidates: [ProviderScript.candidate(seller)]
        })
        yield* pending.select(by, second.authorizationRedirect.authorizationId, { key: seller, confirmed: false })
        const before = yield* way(own.id)
        expect([before.connected, before.complete, before.current]).toEqual([true, false, "sync"])
        yield* working
        const after = yield* way(own.id)
        expect([after.complete, after.sync?.state, after.current]).toEqual([true, "in-sync", undefined])
      })
    ).pipe(Effect.provide(world))
  )

  it.effect("a vendor without the Selling Partner API is complete (P-R12)", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const accounts = yield* Accounts.Accounts
        const connections = yield* Connections.Connections
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { company } = yield* (yield* Companies.Companies).add(by, { name: "Mill", brand: "Mill" })
        const own = yield* accounts.create(by, {
          companyId: company.id,
          name: "Mill",
          accountType: "vendor",
          marketplaces: [marketplaces.US]
        })
        const { items } = yield* connections.list(by, { accountId: own.id }, { limit: 10 })
        const ads = items.find(({ connection: { channel } }) => channel === "amazon-ads")?.connection
        if (ads === undefined) return yield* Effect.die("a tile was expected")
        const { authorizationRedirect } = yield* consent(
          by,
          ads.id,
          "ads",
          sees("vi", ProviderScript.candidate(key, { type: "vendor" }))
        )
        yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
        yield* working
        const done = yield* way(own.id)
        expect(done.complete).toBe(true)
        expect(told(done)).toEqual([
          undefined,
          "account done",
          "access done",
          "choose done",
          "second-channel optional",
          "sync done"
        ])
      })
    ).pipe(Effect.provide(world))
  )

  it.effect(
    "past 48 hours the way says overdue, that support knows, and goes on by itself (P-R13)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const script = yield* ProviderScript.ProviderScript
          const { account: own, ads } = yield* account(by)
          yield* script.windows(() => ({ _tag: "NotReady", ticket: "t", retryAfterSeconds: 3600 }))
          yield* connected(by, ads.id, "ads", key)
          yield* working
          const during = yield* way(own.id)
          expect(during.sync?.state).toBe("syncing")
          const now = yield* DateTime.now
          expect(during.sync?.dueAt).toEqual(DateTime.add(now, { hours: 48, seconds: -10 }))
          // A kind of data that misses its own promise after 24 hours makes nothing overdue yet.
          yield* TestClock.adjust("25 hours")
          yield* settle
          expect((yield* way(own.id)).sync?.state).toBe("syncing")
          yield* TestClock.adjust("24 hours")
          yield* settle
          const late = yield* way(own.id)
          expect(late.sync?.state).toBe("overdue")
          expect(late.steps.at(-1)?.detail).toMatch(/Support has been told/)
        })
      ).pipe(Effect.provide(world)),
    30_000
  )
})
