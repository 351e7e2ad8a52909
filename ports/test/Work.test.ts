/** What must happen by itself, over memory: reminders, looks, proofs and deadlines, and what never happens twice. */
import { describe, expect, it } from "@effect/vitest"
import { Evidence, Failure, Grant } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { AuthLinks, Connecting, Repository, PendingAuthorizations } from "@portolan/ports"
import { DateTime, Effect } from "effect"
import { TestClock } from "effect/testing"
import {
  by,
  candidate,
  here,
  key,
  one,
  deadLetters,
  pass,
  progress,
  script,
  settled,
  told,
  view,
  waiting,
  worker
} from "./support/work.ts"
import { account, connected, consent, sees, settle, working } from "./support/world.ts"

describe("reminders", () => {
  it.effect("of a consent's end come 90, 30, 14, 7, 3 and 1 days before, and none after", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { ads } = yield* account(by)
        const expiresAt = DateTime.add(yield* DateTime.now, { days: 100 })
        const { authorizationRedirect } = yield* consent(by, ads.id, "one", { ...sees("ada", candidate), expiresAt })
        yield* pending.select(by, authorizationRedirect.authorizationId, { key, confirmed: false })
        yield* working
        const days: Array<number> = []
        for (let day = 0; day < 104; day++) {
          yield* pass(24, 24)
          for (let more = (yield* told("consent-ends")) - days.length; more > 0; more--) days.push(100 - day - 1)
        }
        // Called for a day ahead, because people read it in their daily mail.
        expect(days.map((left) => left - 1)).toEqual([...Grant.reminderDays])
      })
    )
  )

  it.effect("of a choice come after 4, 24 and 72 hours, and stop when it is made or dropped", () =>
    here(
      Effect.gen(function* () {
        const { dismiss } = yield* PendingAuthorizations.PendingAuthorizations
        const { ads } = yield* account(by)
        yield* consent(by, ads.id, "one", sees("ada", candidate))
        const other = yield* consent(by, ads.id, "two", sees("ada", candidate))
        yield* working
        const hours: Array<number> = []
        for (let hour = 1; hour <= 80; hour++) {
          yield* pass(1)
          for (let more = (yield* told("selection-waiting")) - hours.length; more > 0; more--) hours.push(hour)
          if (hour === 20) yield* dismiss(by, other.authorizationRedirect.authorizationId, "A mistake.")
        }
        expect(hours).toEqual([4, 4, 24, 72])
      })
    )
  )
})

describe("a consent that sees nothing yet (P-R2)", () => {
  it.effect("is looked at every hour until a profile is there", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { shows, calls } = yield* script
        const { ads } = yield* account(by)
        const { authorizationRedirect } = yield* consent(by, ads.id, "one", sees("ada"))
        yield* working
        yield* pass(5)
        const looks = Effect.map(calls, (all) => all.filter(({ operation }) => operation === "discover").length)
        // The consent's own looks, and those of the diagnosis of what keeps the profile from appearing.
        expect(yield* looks).toBe(12)
        yield* shows("ada", [candidate])
        yield* pass(2)
        expect((yield* pending.view(by, authorizationRedirect.authorizationId)).choices).toHaveLength(1)
        const found = yield* looks
        yield* pass(5)
        expect(yield* looks).toBe(found)
      })
    )
  )

  it.effect(
    "is not said to see nothing while the provider cannot be asked, and is asked for again within minutes",
    () =>
      here(
        Effect.gen(function* () {
          const pending = yield* PendingAuthorizations.PendingAuthorizations
          const { fail, shows } = yield* script
          const { ads } = yield* account(by)
          const outage = new Failure.Temporary({ detail: "503", throttled: false })
          yield* fail("discover", outage)
          const { authorizationRedirect } = yield* consent(by, ads.id, "one", sees("ada"))
          const told = Effect.map(pending.view(by, authorizationRedirect.authorizationId), ({ authorization }) =>
            Evidence.ofAuthorization(authorization, authorization.startedAt)
          )
          expect(yield* told).toMatchObject({ label: "Profiles not listed yet", mustAct: "nobody" })
          expect((yield* told).reason).not.toMatch(/campaign|permission/)
          yield* working
          yield* TestClock.adjust("2 minutes")
          yield* settle
          expect(yield* told).toMatchObject({ label: "No profile visible yet", mustAct: "account-owner" })

          yield* shows("ada", [candidate])
          yield* fail("discover", outage)
          const again = yield* consent(by, ads.id, "two", sees("ada", candidate))
          yield* TestClock.adjust("2 minutes")
          yield* settle
          expect((yield* pending.view(by, again.authorizationRedirect.authorizationId)).choices).toHaveLength(1)
        })
      )
  )

  it.effect("is given up after two weeks, and dropped at once when it is withdrawn", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { withdraw } = yield* script
        const made = yield* account(by)
        const { authorizationRedirect } = yield* consent(by, made.ads.id, "one", sees("ada"))
        const gone = yield* consent(by, made.ads.id, "two", sees("eve"))
        yield* withdraw("eve")
        yield* working
        yield* pass(3)
        expect((yield* pending.view(by, gone.authorizationRedirect.authorizationId)).authorization._tag).toBe(
          "Dismissed"
        )
        yield* pass(24 * 15, 6)
        expect(yield* waiting("FindCandidates")).toEqual([])
        expect((yield* pending.view(by, authorizationRedirect.authorizationId)).authorization._tag).toBe(
          "AwaitingSelection"
        )
        expect(yield* deadLetters).toEqual([])
      })
    )
  )
})

describe("proofs", () => {
  it.effect("come within six hours, and sooner where the installation says so; not all at once", () =>
    here(
      Effect.gen(function* () {
        const { calls, withdraw } = yield* script
        const looks = Effect.map(calls, (all) => all.filter(({ operation }) => operation === "discover").length)
        const { ads } = yield* settled
        yield* pass(2)
        const early = yield* looks
        yield* pass(24)
        expect((yield* looks) - early).toBeGreaterThanOrEqual(4)
        expect((yield* looks) - early).toBeLessThanOrEqual(6)
        yield* withdraw("ada")
        yield* pass(6.5, 0.5)
        expect((yield* view(ads.id)).evidence.status).toBe("reauthorization-needed")
        expect(yield* told("reauthorization-needed")).toBe(1)
      })
    )
  )

  it.effect("limit a connection that lost a right, and lift the limit when it is back", () =>
    here(
      Effect.gen(function* () {
        const { shows } = yield* script
        const { ads } = yield* settled
        const first = (yield* view(ads.id)).evidence.provenAt
        yield* pass(25)
        const second = (yield* view(ads.id)).evidence.provenAt
        expect(second !== undefined && first !== undefined && DateTime.isGreaterThan(second, first)).toBe(true)
        yield* shows("ada", [])
        yield* pass(48)
        expect((yield* view(ads.id)).evidence.status).toBe("limited")
        expect(yield* told("limited")).toBe(1)
        yield* shows("ada", [candidate])
        yield* pass(25)
        expect((yield* view(ads.id)).evidence.status).toBe("connected")
        expect(yield* told("limit-lifted")).toBe(1)
      })
    )
  )

  it.effect("take up what was blocked for want of a right", () =>
    here(
      Effect.gen(function* () {
        const { fail } = yield* script
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* fail("load", new Failure.PermissionMissing({ missing: "reports", detail: "403" }), Infinity)
        yield* working
        expect((yield* view(ads.id)).evidence.status).toBe("connected")
        yield* pass(0.4, 0.1)
        expect((yield* view(ads.id)).evidence.status).toBe("limited")
        expect(yield* progress(ads.id)).toContain("Blocked")
        yield* (yield* script).heal("load")
        yield* pass(26)
        expect((yield* view(ads.id)).evidence.status).toBe("connected")
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
      })
    )
  )
})

describe("deadlines (K-R15, DOM-29)", () => {
  it.effect("that are missed are reported once each, 24 and 72 hours after finalising", () =>
    here(
      Effect.gen(function* () {
        const pending = yield* PendingAuthorizations.PendingAuthorizations
        const { fail, heal } = yield* script
        const { ads, sp } = yield* account(by)
        yield* fail("load", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
        yield* connected(by, ads.id, "one", key, "ada")
        const seller = { ...key, channel: "amazon-sp" as const }
        const { authorizationRedirect } = yield* consent(by, sp.id, "two", {
          channel: "amazon-sp",
          region: "NA",
          grantor: "ada",
          candidates: [ProviderScript.candidate(seller)]
        })
        yield* pending.select(by, authorizationRedirect.authorizationId, { key: seller, confirmed: true })
        yield* working
        yield* pass(23)
        expect(yield* told("deadline-missed")).toBe(0)
        yield* pass(3)
        expect(yield* told("deadline-missed")).toBe(3)
        yield* pass(50)
        expect(yield* told("deadline-missed")).toBe(4)
        yield* heal("load")
        yield* pass(30)
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
        expect((yield* view(sp.id)).backfill?.overall).toBe(1)
        expect(yield* told("deadline-missed")).toBe(4)
        expect(yield* told("backfill-complete")).toBe(2)
      })
    )
  )

  it.effect(
    "and ends of authorizations count although this process's clock is behind the one that hands work out",
    () =>
      here(
        Effect.gen(function* () {
          const connecting = yield* Connecting.Connecting
          const links = yield* AuthLinks.AuthLinks
          const { ads } = yield* account(by)
          const { authorizationId } = yield* connecting.authenticateNow(by, ads.id)
          const made = yield* links.create(by, ads.id, {})
          const { handle } = yield* worker
          yield* handle(one(yield* waiting("ExpireAuthorization")))
          yield* handle(one(yield* waiting("ExpireInvitation")))
          const store = yield* Repository.Repository
          expect((yield* store.find("authorization", by.organizationId, authorizationId)).state._tag).toBe("Expired")
          expect((yield* store.find("invitation", by.organizationId, made.link.id)).state._tag).toBe("Expired")
        })
      )
  )
})
