/**
 * What a worker makes of windows of the first load, over memory: what comes back, what is lost, and consents that
 * change meanwhile.
 */
import { describe, expect, it } from "@effect/vitest"
import { Backoff, Failure, type Id } from "@portolan/domain"
import { Memory } from "@portolan/memory"
import {
  Connecting,
  Connections,
  Repository,
  DataSink,
  EventLog,
  ProviderApi,
  Scheduler,
  TokenVault
} from "@portolan/ports"
import { Context, Deferred, Effect, Fiber, HashMap, HashSet, Latch, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import {
  by,
  candidate,
  held,
  here,
  key,
  loads,
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
import { account, adsKey, connected, sees, settle, working } from "./support/world.ts"

describe("a window", () => {
  it.effect("beyond what the provider keeps is skipped, and the load completes", () =>
    here(
      Effect.gen(function* () {
        const { fail } = yield* script
        const { ads } = yield* account(by)
        yield* fail("load", new Failure.RequestRefused({ detail: "too old", beyondRetention: true }), 1)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* working
        expect((yield* progress(ads.id)).toSorted()).toEqual(["Loaded", "Loaded", "Loaded", "Skipped"])
        expect((yield* view(ads.id)).backfill?.state._tag).toBe("Complete")
      })
    )
  )

  it.effect(
    "whose report is lost is asked for anew after a while, and one that is never ready is given up after a day",
    () =>
      here(
        Effect.gen(function* () {
          const { windows } = yield* script
          const { ads } = yield* account(by)
          const tickets: Array<string | undefined> = []
          let asked = 0
          yield* windows(({ ticket, from }) => {
            tickets.push(ticket)
            if (ticket === `${from}/1`) return { _tag: "Lost", reason: "expired" }
            if (ticket !== undefined) return { _tag: "NotReady", ticket, retryAfterSeconds: 1_800 }
            asked += 1
            return { _tag: "NotReady", ticket: `${from}/${asked <= 4 ? 1 : asked}`, retryAfterSeconds: 60 }
          })
          yield* connected(by, ads.id, "one", key, "ada")
          yield* working
          yield* pass(2)
          expect(asked).toBe(8)
          yield* pass(25)
          expect(asked).toBe(12)
          yield* windows(() => ({ _tag: "Rows", rows: [] }))
          yield* pass(2)
          expect((yield* view(ads.id)).backfill?.overall).toBe(1)
        })
      )
  )

  it.effect("that is throttled waits exactly as long as it was told, and that is no failure (PROV-12)", () =>
    here(
      Effect.gen(function* () {
        const { fail } = yield* script
        const { ads } = yield* account(by)
        yield* fail("load", new Failure.Temporary({ detail: "429", throttled: true, retryAfterSeconds: 600 }), 4)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* working
        expect(yield* loads).toBe(4)
        yield* TestClock.adjust("580 seconds")
        yield* pass(0.001, 0.001)
        expect(yield* loads).toBe(4)
        expect((yield* waiting("LoadWindow")).map(({ failures }) => failures)).toEqual([0, 0, 0, 0])
        yield* pass(0.1, 0.01)
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
      })
    )
  )

  it.effect("that fails for ever is parked, can be seen, and goes on when it is put back", () =>
    here(
      Effect.gen(function* () {
        const { fail, heal } = yield* script
        const scheduler = yield* Scheduler.Scheduler
        const { ads } = yield* account(by)
        yield* fail("load", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* working
        yield* pass(24 * 7, 2)
        const all = yield* deadLetters
        // Those of the first load; the days that came meanwhile are younger.
        expect(all.length).toBeGreaterThanOrEqual(4)
        for (const { failures, task } of all) expect([task, failures]).toEqual(["LoadWindow", Backoff.attemptLimit])
        expect(all[0]?.reason).toContain("503")
        yield* heal("load")
        for (const { jobId } of all) expect(yield* scheduler.redeliver(by.organizationId, jobId as Id.JobId)).toBe(true)
        yield* settle
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
      })
    )
  )

  it.effect("that is handed out twice at once is on record once", () =>
    here(
      Effect.gen(function* () {
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        const { handle } = yield* worker
        yield* handle(one(yield* waiting("PlanBackfill")))
        const due = yield* waiting("LoadWindow")
        const fibers = yield* Effect.forEach([...due, ...due, ...due], (piece) => Effect.forkChild(handle(piece)))
        yield* pass(0.05, 0.0005)
        yield* Effect.forEach(fibers, Fiber.join)
        const log = yield* EventLog.EventLog
        yield* Effect.forEach(yield* waiting("SettleLoad"), handle)
        const { items } = yield* log.all(by.organizationId, { kinds: ["backfill", "window"] }, { limit: 100 })
        expect(items.filter(({ event }) => event._tag === "WindowLoaded")).toHaveLength(4)
        expect(items.filter(({ event }) => event._tag === "BackfillCompleted")).toHaveLength(1)
      })
    )
  )
})

describe("a consent that is renewed or ended while work is under way (F30)", () => {
  it.effect("blocked windows are taken up again by the new consent", () =>
    here(
      Effect.gen(function* () {
        const { withdraw } = yield* script
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* withdraw("ada")
        yield* working
        yield* settle
        expect((yield* view(ads.id)).evidence.status).toBe("reauthorization-needed")
        expect(new Set(yield* progress(ads.id))).toEqual(new Set(["Blocked"]))
        yield* connected(by, ads.id, "two", key, "ada-again")
        yield* settle
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
      })
    )
  )

  it.effect("a window refused with the old grant after the renewal comes back with the new one", () =>
    here(
      Effect.gen(function* () {
        const { withdraw } = yield* script
        const { asked, go, service } = yield* held
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        const { handle } = yield* Effect.provideService(worker, ProviderApi.ProviderApi, service)
        yield* handle(one(yield* waiting("PlanBackfill")))
        const [due] = yield* waiting("LoadWindow")
        const late = yield* Effect.forkChild(due === undefined ? Effect.die("nothing to load") : handle(due))
        yield* asked
        yield* connected(by, ads.id, "two", key, "ada-again")
        yield* withdraw("ada")
        yield* handle(one(yield* waiting("PlanBackfill")))
        yield* go
        yield* settle
        expect((yield* Fiber.join(late))._tag).toBe("RetryAt")
        yield* working
        expect((yield* view(ads.id)).evidence.status).toBe("connected")
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
      })
    )
  )

  it.effect("rows that arrive after the end are not landed, and the load stays ended", () =>
    here(
      Effect.gen(function* () {
        const { disconnect } = yield* Connections.Connections
        const { asked, go, service } = yield* held
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        const { handle } = yield* Effect.provideService(worker, ProviderApi.ProviderApi, service)
        yield* handle(one(yield* waiting("PlanBackfill")))
        const late = yield* Effect.forkChild(
          Effect.forEach(yield* waiting("LoadWindow"), handle, { concurrency: "unbounded" })
        )
        yield* asked
        yield* disconnect(by, ads.id)
        yield* go
        yield* Fiber.join(late)
        yield* working
        const sink = yield* DataSink.DataSink
        expect((yield* sink.count(by.organizationId, ads.id)).size).toBe(0)
        expect((yield* view(ads.id)).backfill?.state._tag).toBe("Cancelled")
        expect(yield* told("backfill-complete")).toBe(0)
      })
    )
  )

  it.effect("a load that was called off late goes on when the account is connected again meanwhile", () =>
    here(
      Effect.gen(function* () {
        const { disconnect } = yield* Connections.Connections
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        const { handle } = yield* worker
        yield* handle(one(yield* waiting("PlanBackfill")))
        yield* disconnect(by, ads.id)
        // The windows' work finds nothing to do, and is over.
        yield* Effect.forEach(yield* waiting("LoadWindow"), (due) =>
          Effect.gen(function* () {
            expect((yield* handle(due))._tag).toBe("Done")
            yield* settleTask(due.job.id)
          })
        )
        yield* connected(by, ads.id, "two", key, "ada")
        yield* handle(one(yield* waiting("PlanBackfill")))
        yield* working
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
        expect((yield* view(ads.id)).backfill?.state._tag).toBe("Complete")
      })
    )
  )

  it.effect("another profile after the end is loaded from its own beginning", () =>
    here(
      Effect.gen(function* () {
        const { disconnect } = yield* Connections.Connections
        const { ads } = yield* settled
        const before = yield* loads
        yield* disconnect(by, ads.id)
        const other = adsKey("999")
        yield* connected(by, ads.id, "two", other, "ada")
        yield* settle
        const asked = (yield* (yield* script).calls).filter(({ operation }) => operation === "load").slice(before)
        expect(asked.map(({ window }) => window?.profile.key.externalId)).toEqual(["999", "999", "999", "999"])
        expect((yield* view(ads.id)).backfill?.overall).toBe(1)
      })
    )
  )

  it.effect("two plans at one moment make one load", () =>
    here(
      Effect.gen(function* () {
        const { ads } = yield* account(by)
        yield* connected(by, ads.id, "one", key, "ada")
        yield* connected(by, ads.id, "two", key, "ada")
        const store = yield* Repository.Repository
        // Both have looked before either has planned.
        const looked = yield* Latch.make()
        let looks = 0
        const { handle } = yield* Effect.provideService(worker, Repository.Repository, {
          ...store,
          backfillOf: (...about) =>
            Effect.onExit(store.backfillOf(...about), () => {
              looks += 1
              return looks === 2 ? looked.open : looks < 2 ? looked.await : Effect.void
            })
        })
        const fibers = yield* Effect.forEach(yield* waiting("PlanBackfill"), (due) => Effect.forkChild(handle(due)))
        for (let turn = 0; turn < 50; turn++) {
          yield* TestClock.adjust("100 millis")
          yield* Effect.yieldNow
        }
        yield* Effect.forEach(fibers, Fiber.join)
        expect(yield* waiting("LoadWindow")).toHaveLength(4)
      })
    )
  )

  it.effect("tokens that are stored after their authorization expired are forgotten", () =>
    here(
      Effect.gen(function* () {
        const vault = yield* TokenVault.TokenVault
        const { consents } = yield* script
        const go = yield* Deferred.make<void>()
        const stored: Array<string> = []
        const connecting = Context.get(
          yield* Effect.provideService(Layer.build(Layer.fresh(Connecting.Connecting.layer)), TokenVault.TokenVault, {
            ...vault,
            put: (organizationId, reference, secret) =>
              Effect.andThen(
                Deferred.await(go),
                Effect.suspend(() => {
                  stored.push(reference)
                  return vault.put(organizationId, reference, secret)
                })
              )
          }),
          Connecting.Connecting
        )
        const { ads } = yield* account(by)
        yield* working
        yield* consents("code", sees("ada", candidate))
        const authorizationRedirect = yield* connecting.authenticateNow(by, ads.id)
        yield* TestClock.adjust("14 minutes")
        const query = new URLSearchParams({
          code: "code",
          state: authorizationRedirect.url.searchParams.get("state") ?? ""
        })
        const late = yield* Effect.forkChild(connecting.receive("amazon-ads", query, authorizationRedirect.browser))
        yield* pass(0.05, 0.01)
        yield* Deferred.succeed(go, undefined)
        yield* settle
        const arrival = yield* Fiber.join(late)
        expect(arrival._tag === "Handled" && arrival.authorization._tag).toBe("Expired")
        yield* pass(1, 0.2)
        expect(stored).toHaveLength(1)
        expect((yield* Effect.flip(vault.get(by.organizationId, stored[0] ?? "")))._tag).toBe("SecretNotFound")
      })
    )
  )
})

/** Marks work as done, as a scheduler does after a handler said so. */
const settleTask = Effect.fnUntraced(function* (id: Id.JobId) {
  const { contents } = yield* Memory.Memory
  yield* Ref.update(contents, (all) => ({
    ...all,
    waiting: HashSet.remove(all.waiting, id),
    tasks: HashMap.modify(all.tasks, id, (task) => ({ ...task, status: "done" as const }))
  }))
})
