import { describe, expect, it } from "@effect/vitest"
import { type Actor, Company, Failure, type Id, type Job, Marketplace, type Profile } from "@portolan/domain"
import { Repository, EventLog, ProviderApi, Scheduler, Secrets, UnitOfWork } from "@portolan/ports"
import { DateTime, Effect, Fiber, Redacted, Ref, Stream } from "effect"
import { TestClock } from "effect/testing"
import { MemoryAdapters, ProviderScript } from "../src/index.ts"

const actor: Actor.Actor = { _tag: "System", part: "test" }

const makeCompany = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, name: string) {
  const secrets = yield* Secrets.Secrets
  const now = yield* DateTime.now
  const company: Company.Open = {
    _tag: "Open",
    id: yield* secrets.id("company"),
    organizationId,
    name,
    brands: [{ id: yield* secrets.id("brand"), name: `${name} brand` }],
    createdAt: now
  }
  const write: UnitOfWork.Write = {
    kind: "company",
    id: company.id,
    expected: 0,
    next: company,
    events: [{ id: yield* secrets.id("event"), event: { _tag: "CompanyAdded", company } }]
  }
  return { company, write }
})

const change = (
  organizationId: Id.OrganizationId,
  at: DateTime.Utc,
  more: Partial<UnitOfWork.Change> = {}
): UnitOfWork.Change => ({ organizationId, actor, at, writes: [], claims: [], jobs: [], ...more })

const jobAt = Effect.fnUntraced(function* (organizationId: Id.OrganizationId, dueAt: DateTime.Utc) {
  const secrets = yield* Secrets.Secrets
  const job: Job.Job = {
    id: yield* secrets.id("job"),
    organizationId,
    dueAt,
    task: { _tag: "ExpireInvitation", invitationId: yield* secrets.id("invitation") }
  }
  return job
})

describe("memory", () => {
  it.effect("commits a company, lists it by folded name and tells its history", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets.Secrets
      const unit = yield* UnitOfWork.UnitOfWork
      const store = yield* Repository.Repository
      const log = yield* EventLog.EventLog
      const organizationId = yield* secrets.id("organization")
      const now = yield* DateTime.now
      for (const name of ["zebra", "Apfel", "apfel"]) {
        const { write } = yield* makeCompany(organizationId, name)
        const committed = yield* unit.commit(change(organizationId, now, { writes: [write] }))
        expect(committed.versions.get(write.id)).toBe(1)
      }
      const first = yield* store.companies(organizationId, {}, { limit: 2 })
      const second = yield* store.companies(organizationId, {}, { limit: 2, cursor: first.next ?? "" })
      expect([...first.items, ...second.items].map(({ name }) => name.toLowerCase())).toEqual([
        "apfel",
        "apfel",
        "zebra"
      ])
      expect(second.next).toBeUndefined()
      expect((yield* store.companies(organizationId, { search: "ZEB" }, { limit: 5 })).items).toHaveLength(1)
      expect((yield* log.after(organizationId, 0, 10)).map(({ position }) => position)).toEqual([1, 2, 3])
      const other = yield* secrets.id("organization")
      expect((yield* store.companies(other, {}, { limit: 5 })).items).toEqual([])
      const foreign = yield* Effect.flip(store.companies(other, {}, { limit: 2, cursor: first.next ?? "" }))
      expect(foreign._tag).toBe("InvalidCursor")
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("refuses a taken profile and names the holder only at home", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets.Secrets
      const unit = yield* UnitOfWork.UnitOfWork
      const now = yield* DateTime.now
      const [home, away] = [yield* secrets.id("organization"), yield* secrets.id("organization")]
      const key = {
        channel: "amazon-ads",
        region: "NA",
        marketplaceId: "ATVPDKIKX0DER",
        externalId: "00012345678901234567"
      } as Profile.Key
      const hold = Effect.gen(function* () {
        return {
          _tag: "Hold" as const,
          key,
          connectionId: yield* secrets.id("connection"),
          accountId: yield* secrets.id("account")
        }
      })
      const first = yield* hold
      yield* unit.commit(change(home, now, { claims: [first] }))
      const atHome = yield* Effect.flip(unit.commit(change(home, now, { claims: [yield* hold] })))
      expect(atHome).toMatchObject({ _tag: "ProfileTaken", holder: { accountId: first.accountId } })
      const abroad = yield* Effect.flip(unit.commit(change(away, now, { claims: [yield* hold] })))
      expect(abroad).not.toHaveProperty("holder")
      yield* unit.commit(change(home, now, { claims: [{ _tag: "Release", key, connectionId: first.connectionId }] }))
      yield* unit.commit(change(away, now, { claims: [yield* hold] }))
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("hands out work when it is due, never early, and serves organizations in turn", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets.Secrets
      const unit = yield* UnitOfWork.UnitOfWork
      const scheduler = yield* Scheduler.Scheduler
      const now = yield* DateTime.now
      const [big, small] = [yield* secrets.id("organization"), yield* secrets.id("organization")]
      const seen = yield* Ref.make<ReadonlyArray<string>>([])
      const later = yield* jobAt(small, DateTime.add(now, { hours: 1 }))
      for (let index = 0; index < 5; index++) {
        yield* unit.commit(change(big, now, { jobs: [yield* jobAt(big, now)] }))
      }
      yield* unit.commit(change(small, now, { jobs: [yield* jobAt(small, now), later] }))
      yield* scheduler.consume(
        ({ job }) =>
          Effect.as(
            Ref.update(seen, (all) => [...all, job.organizationId]),
            { _tag: "Done" as const }
          ),
        { concurrency: 1 }
      )
      for (let turn = 0; turn < 10; turn++) yield* TestClock.adjust("1 second")
      expect((yield* Ref.get(seen)).slice(0, 2).toSorted()).toEqual([big, small].toSorted())
      expect(yield* Ref.get(seen)).toHaveLength(6)
      yield* TestClock.adjust("59 minutes")
      expect(yield* Ref.get(seen)).toHaveLength(6)
      yield* TestClock.adjust("1 minute")
      expect(yield* Ref.get(seen)).toHaveLength(7)
    }).pipe(Effect.scoped, Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("counts a handler that dies as a failure, parks after the limit, and takes work back on request", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets.Secrets
      const unit = yield* UnitOfWork.UnitOfWork
      const scheduler = yield* Scheduler.Scheduler
      const now = yield* DateTime.now
      const organizationId = yield* secrets.id("organization")
      const job = yield* jobAt(organizationId, now)
      yield* unit.commit(change(organizationId, now, { jobs: [job] }))
      yield* scheduler.consume(() => Effect.die("broken"), { concurrency: 2 })
      yield* TestClock.adjust("30 days")
      const [deadLetters] = yield* scheduler.deadLetters(organizationId)
      expect(deadLetters).toMatchObject({ jobId: job.id, failures: 22 })
      expect(yield* scheduler.redeliver(yield* secrets.id("organization"), job.id)).toBe(false)
      expect(yield* scheduler.redeliver(organizationId, job.id)).toBe(true)
      expect(yield* scheduler.deadLetters(organizationId)).toEqual([])
    }).pipe(Effect.scoped, Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("carries work out once: the second change that completes it is refused", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets.Secrets
      const unit = yield* UnitOfWork.UnitOfWork
      const now = yield* DateTime.now
      const organizationId = yield* secrets.id("organization")
      const job = yield* jobAt(organizationId, now)
      yield* unit.commit(change(organizationId, now, { jobs: [job] }))
      yield* unit.commit(change(organizationId, now, { completes: job.id }))
      const again = yield* Effect.flip(unit.commit(change(organizationId, now, { completes: job.id })))
      expect(again._tag).toBe("JobGone")
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )

  it.effect("follows the history as it comes", () =>
    Effect.gen(function* () {
      const secrets = yield* Secrets.Secrets
      const unit = yield* UnitOfWork.UnitOfWork
      const log = yield* EventLog.EventLog
      const now = yield* DateTime.now
      const organizationId = yield* secrets.id("organization")
      const follower = yield* Effect.forkChild(log.follow(organizationId, 0).pipe(Stream.take(2), Stream.runCollect))
      for (const name of ["one", "two"]) {
        const { write } = yield* makeCompany(organizationId, name)
        yield* unit.commit(change(organizationId, now, { writes: [write] }))
      }
      expect((yield* Fiber.join(follower)).map(({ position }) => position)).toEqual([1, 2])
    }).pipe(Effect.provide(MemoryAdapters.layer()))
  )

  it.effect(
    "plays a provider: a code works once, failures happen as often as told, a withdrawn consent is refused",
    () =>
      Effect.gen(function* () {
        const script = yield* ProviderScript.ProviderScript
        const api = yield* ProviderApi.ProviderApi
        yield* script.consents("code", { channel: "amazon-ads", region: "NA", grantor: "A1", candidates: [] })
        const request = {
          channel: "amazon-ads",
          region: "NA",
          code: Redacted.make("code"),
          redirectUri: "https://here",
          codeVerifier: Redacted.make("verifier")
        } as const
        const consent = yield* api.exchange(request)
        expect((yield* Effect.flip(api.exchange(request)))._tag).toBe("CodeRefused")
        const access = {
          channel: "amazon-ads",
          region: "NA",
          accountType: "seller",
          accessToken: consent.accessToken,
          marketplaceId: Marketplace.MarketplaceId.make("ATVPDKIKX0DER")
        } as const
        yield* script.fail("discover", new Failure.Temporary({ detail: "503", throttled: false }), 2)
        expect((yield* Effect.flip(api.discover(access)))._tag).toBe("Temporary")
        expect((yield* Effect.flip(api.discover(access)))._tag).toBe("Temporary")
        expect(yield* api.discover(access)).toEqual([])
        yield* TestClock.adjust("1 hour")
        expect((yield* Effect.flip(api.discover(access)))._tag).toBe("AccessTokenRefused")
        const fresh = yield* api.refresh({ channel: "amazon-ads", region: "NA", refreshToken: consent.refreshToken })
        expect(yield* api.discover({ ...access, accessToken: fresh.accessToken })).toEqual([])
        yield* script.withdraw("A1")
        const refused = yield* Effect.flip(
          api.refresh({ channel: "amazon-ads", region: "NA", refreshToken: consent.refreshToken })
        )
        expect(refused._tag).toBe("GrantRefused")
      }).pipe(Effect.provide(MemoryAdapters.layer()))
  )
})
