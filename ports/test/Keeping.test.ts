/**
 * Pausing, being late and erasing: what stays, what stops, and what comes back by itself (rules P-R13, P-R18, P-R19,
 * C14).
 */
import { describe, expect, it } from "@effect/vitest"
import { Account, type Id } from "@portolan/domain"
import { Memory, NotifierMemory, ProviderScript } from "@portolan/memory"
import { Accounts, Connections, Repository, DataSink, Scheduler, JobHandlers } from "@portolan/ports"
import { Context, Effect, HashMap, Layer, Ref, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { account, adsKey, caller, connected, settle, working, world } from "./support/world.ts"

const by = caller()
const key = adsKey("2973802954634317")
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(effect).pipe(Effect.provide(world))
const view = (id: Id.ConnectionId) => Effect.flatMap(Connections.Connections, (all) => all.view(by, id))
const rows = (id: Id.ConnectionId) =>
  Effect.flatMap(DataSink.DataSink, (sink) =>
    Effect.map(sink.count(by.organizationId, id), (counts) => counts.get("advertising") ?? 0)
  )
const told = (topic: string) => Effect.map(NotifierMemory.notices, (all) => all.filter((one) => one.topic === topic))
const pass = Effect.fnUntraced(function* (hours: number) {
  for (let hour = 0; hour < hours; hour++) {
    yield* TestClock.adjust("1 hour")
    for (let turn = 0; turn < 200; turn++) yield* Effect.yieldNow
  }
})
const loads = Effect.flatMap(ProviderScript.ProviderScript, (script) =>
  Effect.map(script.calls, (calls) => calls.filter(({ operation }) => operation === "load").length)
)

/** A connection whose provider never finishes its reports, until it does. */
const slow = Effect.gen(function* () {
  const script = yield* ProviderScript.ProviderScript
  const ready = yield* Ref.make(false)
  yield* script.windows(() =>
    Effect.runSync(Ref.get(ready))
      ? ({ _tag: "Rows", rows: [{ key: "one", data: {} }] } as never)
      : { _tag: "NotReady", ticket: "t", retryAfterSeconds: 1_800 }
  )
  const made = yield* account(by)
  yield* connected(by, made.ads.id, "one", key)
  yield* working
  return { ...made, ready: Ref.set(ready, true) }
})

describe("pausing (rule P-R19)", () => {
  it.effect("stops a load under way without losing anything, and resuming takes it up where it was", () =>
    here(
      Effect.gen(function* () {
        const connections = yield* Connections.Connections
        const { ads, ready } = yield* slow
        yield* connections.pause(by, ads.id)
        expect((yield* view(ads.id)).evidence).toMatchObject({ status: "paused", mustAct: "member" })
        yield* pass(2)
        const before = yield* loads
        yield* ready
        yield* pass(3)
        expect(yield* loads).toBe(before)
        expect((yield* view(ads.id)).backfill?.classes[0]?.status).toBe("action-needed")
        yield* connections.resume(by, ads.id)
        yield* pass(2)
        const after = yield* view(ads.id)
        expect(after.evidence.status).toBe("connected")
        expect(after.backfill?.overall).toBe(1)
      })
    )
  )

  it.effect(
    "alarms nobody when the load is late for it, and whoever resumed is told if it is late then",
    () =>
      here(
        Effect.gen(function* () {
          const connections = yield* Connections.Connections
          const { ads } = yield* slow
          yield* connections.pause(by, ads.id)
          yield* pass(60)
          expect(yield* told("overdue")).toEqual([])
          yield* connections.resume(by, ads.id)
          yield* pass(50)
          expect(yield* told("overdue")).toHaveLength(1)
        })
      ),
    20_000
  )

  it.effect(
    "fetches nothing; only the token endpoint shows whether the consent lives, and a withdrawal is noticed",
    () =>
      here(
        Effect.gen(function* () {
          const script = yield* ProviderScript.ProviderScript
          const connections = yield* Connections.Connections
          const { ads } = yield* account(by)
          yield* connected(by, ads.id, "one", key, "ada")
          yield* working
          yield* connections.pause(by, ads.id)
          yield* settle
          const before = (yield* script.calls).length
          yield* pass(24)
          const later = (yield* script.calls).slice(before)
          expect(new Set(later.map(({ operation }) => operation))).toEqual(new Set(["refresh"]))
          expect(later.length).toBeLessThanOrEqual(6)
          yield* script.withdraw("ada")
          yield* pass(2)
          expect((yield* connections.view(by, ads.id)).evidence.status).toBe("reauthorization-needed")
        })
      ),
    20_000
  )
})

describe("not in sync after 48 hours (rule P-R13)", () => {
  it.effect(
    "members and support are told once, and again when it has caught up by itself",
    () =>
      here(
        Effect.gen(function* () {
          const { ads, ready } = yield* slow
          yield* pass(47)
          expect(yield* told("overdue")).toEqual([])
          yield* pass(30)
          const [late, ...more] = yield* told("overdue")
          expect(more).toEqual([])
          expect(late).toMatchObject({ audience: "members-and-support", connectionId: ads.id })
          expect(late?.text).toContain("goes on by itself")
          yield* ready
          yield* pass(8)
          expect((yield* told("caught-up")).map(({ audience }) => audience)).toEqual(["members-and-support"])
          expect((yield* view(ads.id)).evidence.status).toBe("connected")
        })
      ),
    20_000
  )
})

describe("erasing (rule C14)", () => {
  const grace = 24 * Account.graceDays
  /** An account whose history is loaded, disconnected again. */
  const loaded = Effect.gen(function* () {
    const made = yield* account(by)
    yield* connected(by, made.ads.id, "one", key)
    yield* working
    expect(yield* rows(made.ads.id)).toBe(95)
    yield* (yield* Connections.Connections).disconnect(by, made.ads.id)
    yield* settle
    return made
  })

  it.effect("is refused while something is connected", () =>
    here(
      Effect.gen(function* () {
        const {
          account: { id },
          ads
        } = yield* account(by)
        yield* connected(by, ads.id, "one", key)
        const accounts = yield* Accounts.Accounts
        for (const ask of [accounts.deleteData(by, id), accounts.remove(by, id)]) {
          expect(yield* Effect.flip(ask)).toMatchObject({ _tag: "Refused", reason: "not-possible-now" })
        }
      })
    )
  )

  it.effect(
    "comes after seven days, is on record, and what is connected again is loaded anew",
    () =>
      here(
        Effect.gen(function* () {
          const accounts = yield* Accounts.Accounts
          const {
            account: { id },
            ads
          } = yield* loaded
          yield* accounts.deleteData(by, id)
          yield* pass(grace - 1)
          expect(yield* rows(ads.id)).toBe(95)
          yield* pass(2)
          expect(yield* rows(ads.id)).toBe(0)
          const erased = yield* accounts.view(by, id)
          expect(erased.erasedAt).toBeDefined()
          expect(erased.deletion).toBeUndefined()
          yield* connected(by, ads.id, "two", key)
          yield* pass(2)
          expect(yield* rows(ads.id)).toBe(95)
          expect((yield* view(ads.id)).backfill?.overall).toBe(1)
        })
      ),
    20_000
  )

  it.effect(
    "called off in time keeps everything, and a later request has days of its own",
    () =>
      here(
        Effect.gen(function* () {
          const accounts = yield* Accounts.Accounts
          const {
            account: { id },
            ads
          } = yield* loaded
          yield* accounts.deleteData(by, id)
          yield* pass(grace - 2)
          yield* accounts.keepData(by, id)
          yield* accounts.deleteData(by, id)
          yield* pass(5)
          expect(yield* rows(ads.id)).toBe(95)
          yield* pass(grace)
          expect(yield* rows(ads.id)).toBe(0)
        })
      ),
    20_000
  )

  it.effect(
    "spares what was connected again meanwhile, and says that it was called off",
    () =>
      here(
        Effect.gen(function* () {
          const accounts = yield* Accounts.Accounts
          const {
            account: { id },
            ads
          } = yield* loaded
          yield* accounts.deleteData(by, id)
          yield* pass(24)
          yield* connected(by, ads.id, "two", key)
          yield* pass(grace)
          expect(yield* rows(ads.id)).toBeGreaterThanOrEqual(95)
          const kept = yield* accounts.view(by, id)
          expect(kept.deletion).toBeUndefined()
          expect(kept.erasedAt).toBeUndefined()
        })
      ),
    20_000
  )

  it.effect("killed half-way it is begun again and ends as one erasure", () =>
    here(
      Effect.gen(function* () {
        const accounts = yield* Accounts.Accounts
        // The worker that loaded it is gone.
        const {
          account: { id },
          ads
        } = yield* Effect.scoped(loaded)
        yield* accounts.deleteData(by, id)
        const { tasks } = yield* Ref.get((yield* Memory.Memory).contents)
        const task = HashMap.toValues(tasks).find(({ job }) => job.task._tag === "EraseData")
        if (task === undefined) return yield* Effect.die("work was expected")
        const due: Scheduler.Due = { failures: 0, job: task.job }
        const sink = yield* DataSink.DataSink
        const dies = DataSink.DataSink.of({
          ...sink,
          erase: (organizationId, connectionId) =>
            Effect.tap(sink.erase(organizationId, connectionId), () =>
              connectionId === ads.id ? Effect.fail(new DataSink.SinkUnavailable({ cause: "killed" })) : Effect.void
            )
        })
        const worker = (use: DataSink.DataSink["Service"]) =>
          Effect.map(
            Layer.build(Layer.fresh(JobHandlers.JobHandlers.layer)).pipe(Effect.provideService(DataSink.DataSink, use)),
            (context) => Context.get(context, JobHandlers.JobHandlers)
          )
        yield* TestClock.setTime(Number(task.job.dueAt.epochMilliseconds))
        expect(yield* (yield* worker(dies)).handle(due)).toMatchObject({
          _tag: "Failed",
          reason: "The data sink is not available."
        })
        expect(yield* rows(ads.id)).toBe(0)
        expect((yield* accounts.view(by, id)).erasedAt).toBeUndefined()
        expect((yield* (yield* worker(sink)).handle(due))._tag).toBe("Done")
        expect((yield* (yield* worker(sink)).handle(due))._tag).toBe("Done")
        expect((yield* accounts.view(by, id)).erasedAt).toBeDefined()
        expect((yield* (yield* Repository.Repository).find("account", by.organizationId, id)).state).not.toHaveProperty(
          "deletion"
        )
      })
    )
  )
})
