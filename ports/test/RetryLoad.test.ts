/** Asking again for what waits for a person: by whom, when, and what it changes. */
import { describe, expect, it } from "@effect/vitest"
import { Failure, type Id } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Connections, DataSink } from "@portolan/ports"
import { Effect, type Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { account, adsKey, caller, connected, settle, working, world } from "./support/world.ts"

const by = caller()
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(effect).pipe(Effect.provide(world))
const view = (id: Id.ConnectionId) => Effect.flatMap(Connections.Connections, (all) => all.view(by, id))
const retry = (id: Id.ConnectionId, who = by) =>
  Effect.flatMap(Connections.Connections, (all) => all.retry(who, id, "advertising"))
const pass = Effect.fnUntraced(function* (hours: number) {
  for (let hour = 0; hour < hours; hour++) {
    yield* TestClock.adjust("1 hour")
    yield* settle
  }
})
const history = (id: Id.ConnectionId, tag: string) =>
  Effect.flatMap(Connections.Connections, (all) =>
    Effect.map(all.history(by, id, { limit: 50 }), ({ items }) => items.filter(({ event }) => event._tag === tag))
  )

/** How often windows of the first load were asked for. */
const attempts = Effect.fnUntraced(function* (id: Id.ConnectionId) {
  const { windows } = yield* (yield* Connections.Connections).ledger(by, id)
  const calls = yield* (yield* ProviderScript.ProviderScript).calls
  return calls.filter(({ window: of }) => windows.some(({ from, until }) => of?.from === from && of.until === until))
    .length
})

/** A connection whose provider refuses every window until it is healed, for so long that a person must act. */
const blocked = Effect.gen(function* () {
  const script = yield* ProviderScript.ProviderScript
  yield* script.fail(
    "load",
    new Failure.RequestRefused({ detail: "Bad page token.", beyondRetention: false }),
    Infinity
  )
  const { ads } = yield* account(by)
  yield* connected(by, ads.id, "one", adsKey("2973802954634317"))
  yield* working
  yield* pass(60)
  expect((yield* view(ads.id)).backfill?.classes[0]?.status).toBe("action-needed")
  return { id: ads.id, heal: script.heal("load"), calls: attempts(ads.id) }
})

describe("trying again", () => {
  it.effect(
    "asks at once for what waits, loads it when the cause is gone, and is on record with who did it",
    () =>
      here(
        Effect.gen(function* () {
          const { heal, id } = yield* blocked
          yield* heal
          yield* pass(30)
          expect((yield* view(id)).backfill?.overall).toBe(0)
          yield* retry(id)
          yield* settle
          yield* pass(1)
          expect((yield* view(id)).backfill).toMatchObject({ overall: 1, state: { _tag: "Complete" } })
          const counted = yield* (yield* DataSink.DataSink).count(by.organizationId, id)
          // With the days that came meanwhile.
          expect(counted.get("advertising")).toBeGreaterThanOrEqual(95)
          const [tried, ...more] = yield* history(id, "LoadRetried")
          expect(more).toEqual([])
          expect(tried).toMatchObject({
            actor: by.actor,
            event: { retried: expect.arrayContaining([expect.any(String)]) }
          })
          // Nothing waits any more.
          yield* retry(id)
          expect(yield* history(id, "LoadRetried")).toHaveLength(1)
        })
      ),
    20_000
  )

  it.effect(
    "waits for a person again after another day of refusals, and asks no sooner than the gaps allow",
    () =>
      here(
        Effect.gen(function* () {
          const { calls, id } = yield* blocked
          yield* retry(id)
          yield* settle
          expect((yield* view(id)).backfill?.classes[0]?.status).not.toBe("action-needed")
          const before = yield* calls
          yield* pass(60)
          expect((yield* view(id)).backfill?.classes[0]?.status).toBe("action-needed")
          // Four windows, and at most ten attempts of each: what one day's gaps have room for.
          expect((yield* calls) - before).toBeLessThanOrEqual(40)
        })
      ),
    20_000
  )

  it.effect(
    "is refused with the next step while nothing can be fetched, and to those who may only look",
    () =>
      here(
        Effect.gen(function* () {
          const connections = yield* Connections.Connections
          const { id } = yield* blocked
          const viewer = yield* Effect.flip(retry(id, caller("viewer")))
          expect(viewer).toMatchObject({ _tag: "Refused", reason: "not-permitted" })
          yield* connections.pause(by, id)
          const paused = yield* Effect.flip(retry(id))
          expect(paused).toMatchObject({ _tag: "Refused", reason: "not-possible-now" })
          expect("nextStep" in paused && paused.nextStep).toContain("Resume")
          yield* connections.disconnect(by, id)
          expect(yield* Effect.flip(retry(id))).toMatchObject({ _tag: "Refused", reason: "not-possible-now" })
          const { sp } = yield* account(by)
          expect(yield* Effect.flip(retry(sp.id))).toMatchObject({ reason: "not-possible-now" })
        })
      ),
    20_000
  )
})
