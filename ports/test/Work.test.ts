/** What a worker makes of each kind of work, over memory: what comes back, what is told, and what never happens twice. */
import { describe, expect, it } from "@effect/vitest"
import { Backoff, Evidence, Failure, Grant, type Id, type Intent } from "@portolan/domain"
import { Memory, NotifierMemory, ProviderScript } from "@portolan/memory"
import {
  AuthLinks, Connecting, Connections, ConnectionStore, DataSink, EventLog, PendingAuthorizations, ProviderApi, Scheduler,
  TokenVault, Work
} from "@portolan/ports"
import { Context, DateTime, Deferred, Effect, Fiber, HashMap, HashSet, Latch, Layer, Ref } from "effect"
import { TestClock } from "effect/testing"
import { account, adsKey, caller, connected, consent, sees, settle, working, world } from "./support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")
const candidate = ProviderScript.candidate(key)

/** Lets time pass in steps, so that work which calls for work is carried out as time goes by. */
const pass = Effect.fnUntraced(function*(hours: number, step = 1) {
  for (let hour = 0; hour < hours; hour += step) {
    yield* TestClock.adjust(`${Math.round(step * 3_600)} seconds`)
    for (let turn = 0; turn < 150; turn++) yield* Effect.yieldNow
  }
})

const script = ProviderScript.ProviderScript
const topics = Effect.map(NotifierMemory.notices, (all) => all.map(({ topic }) => topic))
const told = (topic: string) => Effect.map(topics, (all) => all.filter((one) => one === topic).length)
const view = (id: Id.ConnectionId) => Effect.flatMap(Connections.Connections, (all) => all.view(by, id))
const progress = (id: Id.ConnectionId) => Effect.map(view(id), ({ backfill }) =>
  (backfill?.state.windows ?? []).map((window) => window.progress._tag))
const parked = Effect.flatMap(Scheduler.Scheduler, (scheduler) => scheduler.parked(by.organizationId))
const loads = Effect.map(Effect.flatMap(script, ({ calls }) => calls), (calls) => calls.filter(({ operation }) => operation === "load").length)

/** An account that is connected, its load done. */
const settled = Effect.gen(function*() {
  const made = yield* account(by)
  yield* connected(by, made.ads.id, "one", key, "ada")
  yield* working
  return made
})

/** Every piece of work of one kind that waits, as a scheduler would hand it out. */
const waiting = Effect.fnUntraced(function*(kind: Intent.Work["_tag"]) {
  const { tasks } = yield* Ref.get((yield* Memory.Memory).contents)
  return HashMap.toValues(tasks).filter((task) => task.status === "waiting" && task.intent.work._tag === kind)
    .map(({ failures, intent }): Scheduler.Due => ({ failures, intent }))
})

const one = <A>(all: ReadonlyArray<A>): A => {
  const [first] = all
  if (first === undefined || all.length !== 1) throw new Error(`one was expected, there are ${all.length}`)
  return first
}

/** A worker of its own, over driven ports of which some are replaced. */
const worker = Effect.map(Layer.build(Layer.fresh(Work.Work.layer)), (context) => Context.get(context, Work.Work))

/** A provider whose loads wait for a signal, and a signal that one is waiting. */
const held = Effect.gen(function*() {
  const provider = yield* ProviderApi.ProviderApi
  const asked = yield* Deferred.make<void>()
  const go = yield* Deferred.make<void>()
  const service: ProviderApi.ProviderApi["Service"] = {
    ...provider,
    load: (access, request) => Deferred.succeed(asked, undefined).pipe(
      Effect.andThen(Deferred.await(go)), Effect.andThen(provider.load(access, request)))
  }
  return { service, asked: Deferred.await(asked), go: Deferred.succeed(go, undefined) }
})

const here = <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.provide(Effect.scoped(effect), world)

describe("reminders", () => {
  it.effect("of a consent's end come 90, 30, 14, 7, 3 and 1 days before, and none after", () => here(Effect.gen(function*() {
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const { ads } = yield* account(by)
    const expiresAt = DateTime.add(yield* DateTime.now, { days: 100 })
    const { departure } = yield* consent(by, ads.id, "one", { ...sees("ada", candidate), expiresAt })
    yield* pending.select(by, departure.authorizationId, key, false)
    yield* working
    const days: Array<number> = []
    for (let day = 0; day < 104; day++) {
      yield* pass(24, 24)
      for (let more = (yield* told("consent-ends")) - days.length; more > 0; more--) days.push(100 - day - 1)
    }
    expect(days).toEqual([...Grant.reminderDays])
  })))

  it.effect("of a choice come after 4, 24 and 72 hours, and stop when it is made or dropped", () => here(Effect.gen(function*() {
    const { dismiss } = yield* PendingAuthorizations.PendingAuthorizations
    const { ads } = yield* account(by)
    yield* consent(by, ads.id, "one", sees("ada", candidate))
    const other = yield* consent(by, ads.id, "two", sees("ada", candidate))
    yield* working
    const hours: Array<number> = []
    for (let hour = 1; hour <= 80; hour++) {
      yield* pass(1)
      for (let more = (yield* told("selection-waiting")) - hours.length; more > 0; more--) hours.push(hour)
      if (hour === 20) yield* dismiss(by, other.departure.authorizationId, "A mistake.")
    }
    expect(hours).toEqual([4, 4, 24, 72])
  })))
})

describe("a consent that sees nothing yet (P-R2)", () => {
  it.effect("is looked at every hour until a profile is there", () => here(Effect.gen(function*() {
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const { sees: shows, calls } = yield* script
    const { ads } = yield* account(by)
    const { departure } = yield* consent(by, ads.id, "one", sees("ada"))
    yield* working
    yield* pass(5)
    const looks = Effect.map(calls, (all) => all.filter(({ operation }) => operation === "discover").length)
    // The consent's own looks, and those of the diagnosis of what keeps the profile from appearing.
    expect(yield* looks).toBe(12)
    yield* shows("ada", [candidate])
    yield* pass(2)
    expect((yield* pending.view(by, departure.authorizationId)).choices).toHaveLength(1)
    const found = yield* looks
    yield* pass(5)
    expect(yield* looks).toBe(found)
  })))

  it.effect("is not said to see nothing while the provider cannot be asked, and is asked for again within minutes", () =>
    here(Effect.gen(function*() {
      const pending = yield* PendingAuthorizations.PendingAuthorizations
      const { fail, sees: shows } = yield* script
      const { ads } = yield* account(by)
      const outage = new Failure.Temporary({ detail: "503", throttled: false })
      yield* fail("discover", outage)
      const { departure } = yield* consent(by, ads.id, "one", sees("ada"))
      const told = Effect.map(pending.view(by, departure.authorizationId), ({ trip }) => Evidence.ofAuthorization(trip))
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
      expect((yield* pending.view(by, again.departure.authorizationId)).choices).toHaveLength(1)
    })))

  it.effect("is given up after two weeks, and dropped at once when it is withdrawn", () => here(Effect.gen(function*() {
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const { withdraw } = yield* script
    const made = yield* account(by)
    const { departure } = yield* consent(by, made.ads.id, "one", sees("ada"))
    const gone = yield* consent(by, made.ads.id, "two", sees("eve"))
    yield* withdraw("eve")
    yield* working
    yield* pass(3)
    expect((yield* pending.view(by, gone.departure.authorizationId)).trip._tag).toBe("Dismissed")
    yield* pass(24 * 15, 6)
    expect(yield* waiting("FindCandidates")).toEqual([])
    expect((yield* pending.view(by, departure.authorizationId)).trip._tag).toBe("AwaitingSelection")
    expect(yield* parked).toEqual([])
  })))
})

describe("proofs", () => {
  it.effect("come daily, limit a connection that lost a right, and lift the limit when it is back", () => here(Effect.gen(function*() {
    const { sees: shows } = yield* script
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
  })))

  it.effect("take up what was blocked for want of a right", () => here(Effect.gen(function*() {
    const { fail } = yield* script
    const { ads } = yield* account(by)
    yield* connected(by, ads.id, "one", key, "ada")
    yield* fail("load", new Failure.PermissionMissing({ missing: "reports", detail: "403" }), 20)
    yield* working
    expect((yield* view(ads.id)).evidence.status).toBe("limited")
    expect(yield* progress(ads.id)).toContain("Blocked")
    yield* (yield* script).heal("load")
    yield* pass(26)
    expect((yield* view(ads.id)).evidence.status).toBe("connected")
    expect((yield* view(ads.id)).backfill?.overall).toBe(1)
  })))
})

describe("deadlines (K-R15, DOM-29)", () => {
  it.effect("that are missed are reported once each, 24 and 72 hours after finalising", () => here(Effect.gen(function*() {
    const pending = yield* PendingAuthorizations.PendingAuthorizations
    const { fail, heal } = yield* script
    const { ads, sp } = yield* account(by)
    yield* fail("load", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
    yield* connected(by, ads.id, "one", key, "ada")
    const seller = { ...key, channel: "amazon-sp" as const }
    const { departure } = yield* consent(by, sp.id, "two", {
      channel: "amazon-sp", region: "NA", grantor: "ada", candidates: [ProviderScript.candidate(seller)]
    })
    yield* pending.select(by, departure.authorizationId, seller, true)
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
  })))

  it.effect("and ends of trips count although this process's clock is behind the one that hands work out", () => here(Effect.gen(function*() {
    const connecting = yield* Connecting.Connecting
    const links = yield* AuthLinks.AuthLinks
    const { ads } = yield* account(by)
    const { authorizationId } = yield* connecting.authenticateNow(by, ads.id, undefined)
    const made = yield* links.create(by, ads.id, {})
    const { carryOut } = yield* worker
    yield* carryOut(one(yield* waiting("ExpireAuthorization")))
    yield* carryOut(one(yield* waiting("ExpireInvitation")))
    const store = yield* ConnectionStore.ConnectionStore
    expect((yield* store.find("authorization", by.organizationId, authorizationId)).state._tag).toBe("Expired")
    expect((yield* store.find("invitation", by.organizationId, made.link.id)).state._tag).toBe("Expired")
  })))
})

describe("a window", () => {
  it.effect("beyond what the provider keeps is skipped, and the load completes", () => here(Effect.gen(function*() {
    const { fail } = yield* script
    const { ads } = yield* account(by)
    yield* fail("load", new Failure.RequestRefused({ detail: "too old", beyondRetention: true }), 1)
    yield* connected(by, ads.id, "one", key, "ada")
    yield* working
    expect((yield* progress(ads.id)).toSorted()).toEqual(["Loaded", "Loaded", "Loaded", "Skipped"])
    expect((yield* view(ads.id)).backfill?.state._tag).toBe("Complete")
  })))

  it.effect("whose report is lost is asked for anew after a while, and one that is never ready is given up after a day", () =>
    here(Effect.gen(function*() {
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
    })))

  it.effect("that is throttled waits exactly as long as it was told, and that is no failure (PROV-12)", () => here(Effect.gen(function*() {
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
  })))

  it.effect("that fails for ever is parked, can be seen, and goes on when it is put back", () => here(Effect.gen(function*() {
    const { fail, heal } = yield* script
    const scheduler = yield* Scheduler.Scheduler
    const { ads } = yield* account(by)
    yield* fail("load", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
    yield* connected(by, ads.id, "one", key, "ada")
    yield* working
    yield* pass(24 * 7, 2)
    const all = yield* parked
    expect(all.map(({ failures, work }) => [work, failures])).toEqual(Array.from({ length: 4 }, () => ["LoadWindow", Backoff.attemptLimit]))
    expect(all[0]?.reason).toContain("503")
    yield* heal("load")
    for (const { intentId } of all) expect(yield* scheduler.unpark(by.organizationId, intentId as Id.IntentId)).toBe(true)
    yield* settle
    expect((yield* view(ads.id)).backfill?.overall).toBe(1)
  })))

  it.effect("that is handed out twice at once is on record once", () => here(Effect.gen(function*() {
    const { ads } = yield* account(by)
    yield* connected(by, ads.id, "one", key, "ada")
    const { carryOut } = yield* worker
    yield* carryOut(one(yield* waiting("PlanBackfill")))
    const due = yield* waiting("LoadWindow")
    const fibers = yield* Effect.forEach([...due, ...due, ...due], (piece) => Effect.forkChild(carryOut(piece)))
    yield* pass(0.05, 0.0005)
    yield* Effect.forEach(fibers, Fiber.join)
    const log = yield* EventLog.EventLog
    const { state } = yield* (yield* ConnectionStore.ConnectionStore).backfillOf(by.organizationId, ads.id)
    const { items } = yield* log.of(by.organizationId, [state.id], { limit: 100 })
    expect(items.filter(({ event }) => event._tag === "WindowLoaded")).toHaveLength(4)
    expect(items.filter(({ event }) => event._tag === "BackfillCompleted")).toHaveLength(1)
  })))
})

describe("a consent that is renewed or ended while work is under way (F30)", () => {
  it.effect("blocked windows are taken up again by the new consent", () => here(Effect.gen(function*() {
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
  })))

  it.effect("a window refused with the old grant after the renewal comes back with the new one", () => here(Effect.gen(function*() {
    const { withdraw } = yield* script
    const { asked, go, service } = yield* held
    const { ads } = yield* account(by)
    yield* connected(by, ads.id, "one", key, "ada")
    const { carryOut } = yield* Effect.provideService(worker, ProviderApi.ProviderApi, service)
    yield* carryOut(one(yield* waiting("PlanBackfill")))
    const [due] = yield* waiting("LoadWindow")
    const late = yield* Effect.forkChild(due === undefined ? Effect.die("nothing to load") : carryOut(due))
    yield* asked
    yield* connected(by, ads.id, "two", key, "ada-again")
    yield* withdraw("ada")
    yield* carryOut(one((yield* waiting("PlanBackfill"))))
    yield* go
    yield* settle
    expect((yield* Fiber.join(late))._tag).toBe("Later")
    yield* working
    expect((yield* view(ads.id)).evidence.status).toBe("connected")
    expect((yield* view(ads.id)).backfill?.overall).toBe(1)
  })))

  it.effect("rows that arrive after the end are not landed, and the load stays ended", () => here(Effect.gen(function*() {
    const { disconnect } = yield* Connections.Connections
    const { asked, go, service } = yield* held
    const { ads } = yield* account(by)
    yield* connected(by, ads.id, "one", key, "ada")
    const { carryOut } = yield* Effect.provideService(worker, ProviderApi.ProviderApi, service)
    yield* carryOut(one(yield* waiting("PlanBackfill")))
    const late = yield* Effect.forkChild(Effect.forEach(yield* waiting("LoadWindow"), carryOut, { concurrency: "unbounded" }))
    yield* asked
    yield* disconnect(by, ads.id)
    yield* go
    yield* Fiber.join(late)
    yield* working
    const sink = yield* DataSink.DataSink
    expect((yield* sink.count(by.organizationId, ads.id)).size).toBe(0)
    expect((yield* view(ads.id)).backfill?.state._tag).toBe("Cancelled")
    expect(yield* told("backfill-complete")).toBe(0)
  })))

  it.effect("a load that was called off late goes on when the account is connected again meanwhile", () => here(Effect.gen(function*() {
    const { disconnect } = yield* Connections.Connections
    const { ads } = yield* account(by)
    yield* connected(by, ads.id, "one", key, "ada")
    const { carryOut } = yield* worker
    yield* carryOut(one(yield* waiting("PlanBackfill")))
    yield* disconnect(by, ads.id)
    // The windows' work finds nothing to do, and is over.
    yield* Effect.forEach(yield* waiting("LoadWindow"), (due) => Effect.gen(function*() {
      expect((yield* carryOut(due))._tag).toBe("Done")
      yield* settleTask(due.intent.id)
    }))
    yield* connected(by, ads.id, "two", key, "ada")
    yield* carryOut(one(yield* waiting("PlanBackfill")))
    yield* working
    expect((yield* view(ads.id)).backfill?.overall).toBe(1)
    expect((yield* view(ads.id)).backfill?.state._tag).toBe("Complete")
  })))

  it.effect("another profile after the end is loaded from its own beginning", () => here(Effect.gen(function*() {
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
  })))

  it.effect("two plans at one moment make one load", () => here(Effect.gen(function*() {
    const { ads } = yield* account(by)
    yield* connected(by, ads.id, "one", key, "ada")
    yield* connected(by, ads.id, "two", key, "ada")
    const store = yield* ConnectionStore.ConnectionStore
    // Both have looked before either has planned.
    const looked = yield* Latch.make()
    let looks = 0
    const { carryOut } = yield* Effect.provideService(worker, ConnectionStore.ConnectionStore, {
      ...store,
      backfillOf: (...about) => Effect.onExit(store.backfillOf(...about), () => {
        looks += 1
        return looks === 2 ? looked.open : looks < 2 ? looked.await : Effect.void
      })
    })
    const fibers = yield* Effect.forEach(yield* waiting("PlanBackfill"), (due) => Effect.forkChild(carryOut(due)))
    for (let turn = 0; turn < 50; turn++) {
      yield* TestClock.adjust("100 millis")
      yield* Effect.yieldNow
    }
    yield* Effect.forEach(fibers, Fiber.join)
    expect(yield* waiting("LoadWindow")).toHaveLength(4)
  })))

  it.effect("tokens that are stored after their trip expired are forgotten", () => here(Effect.gen(function*() {
    const vault = yield* TokenVault.TokenVault
    const { consents } = yield* script
    const go = yield* Deferred.make<void>()
    const stored: Array<string> = []
    const connecting = Context.get(yield* Effect.provideService(
      Layer.build(Layer.fresh(Connecting.Connecting.layer)), TokenVault.TokenVault, {
        ...vault,
        put: (organizationId, reference, secret) => Effect.andThen(Deferred.await(go), Effect.suspend(() => {
          stored.push(reference)
          return vault.put(organizationId, reference, secret)
        }))
      }), Connecting.Connecting)
    const { ads } = yield* account(by)
    yield* working
    yield* consents("code", sees("ada", candidate))
    const departure = yield* connecting.authenticateNow(by, ads.id, undefined)
    yield* TestClock.adjust("14 minutes")
    const query = new URLSearchParams({ code: "code", state: departure.url.searchParams.get("state") ?? "" })
    const late = yield* Effect.forkChild(connecting.receive("amazon-ads", query, departure.browser))
    yield* pass(0.05, 0.01)
    yield* Deferred.succeed(go, undefined)
    yield* settle
    const arrival = yield* Fiber.join(late)
    expect(arrival._tag === "Handled" && arrival.trip._tag).toBe("Expired")
    yield* pass(1, 0.2)
    expect(stored).toHaveLength(1)
    expect((yield* Effect.flip(vault.get(by.organizationId, stored[0] ?? "")))._tag).toBe("SecretNotFound")
  })))
})

/** Marks work as done, as a scheduler does after a handler said so. */
const settleTask = Effect.fnUntraced(function*(id: Id.IntentId) {
  const { contents } = yield* Memory.Memory
  yield* Ref.update(contents, (all) => ({
    ...all, waiting: HashSet.remove(all.waiting, id),
    tasks: HashMap.modify(all.tasks, id, (task) => ({ ...task, status: "done" as const }))
  }))
})
