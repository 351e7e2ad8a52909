/**
 * The two channels of an account: each is authorized and chosen for itself, and what one consent froze, another one
 * frees (rules C1, C2, K-R11, K-R14, K-R16, P-R7, X-R9, X-R11).
 */
import { describe, expect, it } from "@effect/vitest"
import { Failure, type Id, type Profile } from "@portolan/domain"
import { NotifierMemory, ProviderScript } from "@portolan/memory"
import { Connections, DataSink, PendingAuthorizations, Scheduler } from "@portolan/ports"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { account, adsKey, caller, connected, consent, sees, settle, working, world } from "./support/world.ts"

const by = caller()
const adsProfile = adsKey("2973802954634317")
const partner: Profile.Key = { ...adsKey("A1SELLER"), channel: "amazon-sp" }
const statusOf = (id: Id.ConnectionId) =>
  Effect.flatMap(Connections.Connections, (all) => Effect.map(all.view(by, id), ({ evidence }) => evidence.status))

describe("each channel", () => {
  it.effect(
    "waits for its own choice: the Selling Partner API too is not connected by a consent alone (K-R11, K-R14)",
    () =>
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { ads, sp } = yield* account(by)
        yield* connected(by, ads.id, "ads", adsProfile)
        expect([yield* statusOf(ads.id), yield* statusOf(sp.id)]).toEqual(["connected", "not-connected"])
        const { authorizationRedirect } = yield* consent(
          by,
          sp.id,
          "sp",
          sees("ada", ProviderScript.candidate(partner))
        )
        expect([yield* statusOf(ads.id), yield* statusOf(sp.id)]).toEqual(["connected", "awaiting-selection"])
        expect(
          (yield* pending.list(by, { limit: 10 })).items.map(({ authorization }) => authorization.connectionId)
        ).toEqual([sp.id])
        yield* pending.select(by, authorizationRedirect.authorizationId, { key: partner, confirmed: false })
        expect([yield* statusOf(ads.id), yield* statusOf(sp.id)]).toEqual(["connected", "connected"])
      }).pipe(Effect.provide(world))
  )

  it.effect("may come first, and each shows for itself how it stands (X-R9)", () =>
    Effect.gen(function* () {
      const { ads, sp } = yield* account(by)
      yield* connected(by, sp.id, "sp", partner)
      expect([yield* statusOf(ads.id), yield* statusOf(sp.id)]).toEqual(["not-connected", "connected"])
      yield* connected(by, ads.id, "ads", adsProfile)
      expect([yield* statusOf(ads.id), yield* statusOf(sp.id)]).toEqual(["connected", "connected"])
    }).pipe(Effect.provide(world))
  )

  it.effect("ends for itself, and leaves the other one as it was (K-R11)", () =>
    Effect.gen(function* () {
      const { ads, sp } = yield* account(by)
      yield* connected(by, ads.id, "ads", adsProfile)
      yield* connected(by, sp.id, "sp", partner, "person-2")
      yield* (yield* Connections.Connections).disconnect(by, ads.id)
      expect([yield* statusOf(ads.id), yield* statusOf(sp.id)]).toEqual(["disconnected", "connected"])
    }).pipe(Effect.provide(world))
  )

  it.effect(
    "warns of another seller than the one behind the other channel, and binds it only when that is confirmed (K-R14)",
    () =>
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { ads, sp } = yield* account(by)
        yield* connected(by, ads.id, "ads", adsProfile)
        const other = { ...partner, externalId: "A2SOMEBODYELSE" as Profile.ExternalId }
        const { authorizationRedirect } = yield* consent(by, sp.id, "sp", sees("eve", ProviderScript.candidate(other)))
        expect((yield* pending.view(by, authorizationRedirect.authorizationId)).choices[0]?.obstacles).toEqual([
          { weight: "warns", detail: "It belongs to another seller than the account's other channel." }
        ])
        expect(
          yield* Effect.flip(
            pending.select(by, authorizationRedirect.authorizationId, { key: other, confirmed: false })
          )
        ).toMatchObject({ _tag: "Refused", reason: "needs-confirmation" })
        expect(yield* statusOf(sp.id)).toBe("awaiting-selection")
      }).pipe(Effect.provide(world))
  )

  it.effect(
    "refuses a profile of another kind than the account, which was chosen before anybody left for the provider (P-R7)",
    () =>
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { account: own, ads } = yield* account(by)
        expect(own.accountType).toBe("seller")
        const { authorizationRedirect } = yield* consent(
          by,
          ads.id,
          "ads",
          sees("vi", ProviderScript.candidate(adsProfile, { type: "vendor" }))
        )
        const refused = yield* Effect.flip(
          pending.select(by, authorizationRedirect.authorizationId, { key: adsProfile, confirmed: true })
        )
        expect(refused).toMatchObject({ _tag: "Refused", reason: "unfit-profile" })
        expect(refused.message).toContain("It is a vendor profile; the account is a seller account.")
      }).pipe(Effect.provide(world))
  )
})

describe("what a consent leaves out", () => {
  it.effect(
    "stays out until there is a new consent, which keeps the account, its profile and what was loaded (K-R16)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const connections = yield* Connections.Connections
          const pending = yield* PendingAuthorizations.PendingAuthorizations
          const sink = yield* DataSink.DataSink
          const { sp } = yield* account(by)
          const narrow = {
            ...ProviderScript.candidate(partner),
            missingScopes: ["Finance and Accounting"]
          } as Profile.Candidate
          const first = yield* consent(by, sp.id, "one", sees("ada", narrow))
          yield* pending.select(by, first.authorizationRedirect.authorizationId, { key: partner, confirmed: true })
          yield* working
          // Days of proofs change nothing: what the consent froze stays as it is.
          yield* TestClock.adjust("3 days")
          yield* settle
          const before = yield* connections.view(by, sp.id)
          expect(before.evidence.status).toBe("limited")
          expect(before.evidence.reason).toContain("Finance and Accounting")
          const loaded = (yield* sink.count(by.organizationId, sp.id)).get("sales") ?? 0
          expect(loaded).toBeGreaterThan(0)

          yield* connected(by, sp.id, "two", partner, "ada-again")
          yield* settle
          const after = yield* connections.view(by, sp.id)
          expect(after.evidence.status).toBe("connected")
          expect(after.account).toEqual(before.account)
          expect(after.connection).toMatchObject({
            id: sp.id,
            proposedAt: before.connection.proposedAt,
            link: { profile: { key: partner } }
          })
          expect((yield* sink.count(by.organizationId, sp.id)).get("sales") ?? 0).toBeGreaterThanOrEqual(loaded)
        })
      ).pipe(Effect.provide(world))
  )
})

describe("data that the provider withholds until its owner acts", () => {
  it.effect(
    "is told as something for the owner, not as a failure, and only what is missing is fetched afterwards (X-R11)",
    () =>
      Effect.scoped(
        Effect.gen(function* () {
          const connections = yield* Connections.Connections
          const script = yield* ProviderScript.ProviderScript
          const scheduler = yield* Scheduler.Scheduler
          const { ads } = yield* account(by)
          const withheld = new Failure.PermissionMissing({
            missing: "reports from before the change of plan",
            detail: "403"
          })
          yield* script.fail("load", withheld, 2)
          yield* connected(by, ads.id, "ads", adsProfile, "ada")
          yield* working
          expect((yield* connections.view(by, ads.id)).evidence.status).toBe("connected")
          // The same two are refused once more.
          yield* script.fail("load", withheld, 2)
          yield* TestClock.adjust("15 minutes")
          yield* settle
          const during = yield* connections.view(by, ads.id)
          expect(during.evidence).toMatchObject({ status: "limited", label: "Limited", mustAct: "account-owner" })
          expect(during.evidence.reason).toContain("reports from before the change of plan")
          const { windows: ledger } = yield* connections.ledger(by, ads.id)
          const windows = ledger.filter(({ _tag }) => _tag === "Blocked").map(({ from }) => from)
          expect(windows).toHaveLength(2)
          expect(yield* scheduler.deadLetters(by.organizationId)).toEqual([])
          expect((yield* NotifierMemory.notices).map(({ topic }) => topic)).toContain("limited")

          const before = (yield* script.calls).length
          yield* TestClock.adjust("26 hours")
          yield* settle
          const after = yield* connections.view(by, ads.id)
          expect([after.evidence.status, after.backfill?.overall]).toEqual(["connected", 1])
          const asked = (yield* script.calls)
            .slice(before)
            .flatMap(({ window }) => (window === undefined ? [] : [window.from]))
          const { windows: later } = yield* connections.ledger(by, ads.id)
          const loaded = new Set(later.filter(({ from }) => !windows.includes(from)).map(({ from }) => from))
          expect(asked.filter((from) => windows.includes(from)).toSorted()).toEqual(windows.toSorted())
          // What was loaded is left alone; the days of the round after it are days of their own.
          expect(asked.filter((from) => from < "1970-01-01" && loaded.has(from))).toEqual([])
        })
      ).pipe(Effect.provide(world))
  )
})
