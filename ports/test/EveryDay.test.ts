/** Every day after the first load (flow F6): it goes on by itself, across outages, pauses, losses and restarts. */
import { describe, expect, it } from "@effect/vitest"
import { Day, Failure, type Id, Window } from "@portolan/domain"
import { ProviderScript } from "@portolan/memory"
import { Connections, Repository } from "@portolan/ports"
import { DateTime, Effect, type Layer, type Scope } from "effect"
import { TestClock } from "effect/testing"
import { account, adsKey, caller, connected, settle, working, world } from "./support/world.ts"

const by = caller()
const { organizationId } = by
const key = adsKey("2973802954634317")
const timeZone = "America/Los_Angeles"
const here = <A, E>(effect: Effect.Effect<A, E, Layer.Success<typeof world> | Scope.Scope>) =>
  Effect.scoped(effect).pipe(Effect.provide(world))
const pass = Effect.fnUntraced(function* (days: number) {
  for (let hours = 0; hours < days * 24; hours += 4) {
    yield* TestClock.adjust("4 hours")
    yield* settle
  }
})
const windowsOf = Effect.fnUntraced(function* (id: Id.ConnectionId) {
  const repository = yield* Repository.Repository
  const { state } = yield* repository.backfillOf(organizationId, id)
  return (yield* repository.windows(organizationId, state.id)).map((window) => window.state)
})
const script = ProviderScript.ProviderScript.use(Effect.succeed)
const today = Effect.map(DateTime.now, (now) => Day.at(now, timeZone))

/** The days that are loaded and covered once, without what was asked for again; sorted. */
const covered = Effect.fnUntraced(function* (id: Id.ConnectionId) {
  return (yield* windowsOf(id))
    .filter((window) => window.round !== "again" && window._tag === "Loaded")
    .flatMap(({ from, until }) =>
      Array.from({ length: Day.between(from, until) }, (_, offset) => Day.toNumber(from) + offset)
    )
    .toSorted((one, other) => one - other)
})

/** No day is left out or loaded twice as new, and the newest one is at most so many days old. */
const isWhole = Effect.fnUntraced(function* (id: Id.ConnectionId, oldestNewest = 2) {
  const days = yield* covered(id)
  const [first = 0] = days
  expect(days).toEqual(Array.from({ length: days.length }, (_, offset) => first + offset))
  expect(Day.toNumber(yield* today) - (days.at(-1) ?? 0)).toBeLessThanOrEqual(oldestNewest)
  return days.length
})

const loaded = Effect.gen(function* () {
  const { ads } = yield* account(by)
  yield* connected(by, ads.id, "one", key, "ada")
  yield* working
  return ads.id
})

describe("every day after the first load", () => {
  it.effect(
    "the new days are loaded and restated ones asked for again, with at most two requests a day",
    () =>
      here(
        Effect.gen(function* () {
          const id = yield* loaded
          const asked: Array<number> = []
          const before = yield* covered(id)
          for (let day = 0; day < 30; day++) {
            const from = (yield* (yield* script).calls).length
            yield* pass(1)
            const calls = (yield* (yield* script).calls).slice(from)
            asked.push(calls.filter(({ operation }) => operation === "load").length)
          }
          expect(yield* isWhole(id)).toBeGreaterThanOrEqual(before.length + 28)
          expect(Math.max(...asked)).toBeLessThanOrEqual(2)
          const again = (yield* windowsOf(id)).filter(({ round }) => round === "again")
          expect(again.length).toBeGreaterThanOrEqual(28)
          // The first load is over, and stays so.
          const { backfill } = yield* (yield* Connections.Connections).view(by, id)
          expect(backfill).toMatchObject({ overall: 1, state: { _tag: "Complete" } })
        })
      ),
    30_000
  )

  it.effect(
    "a provider that is down for five days leaves no gap, and nobody has to do anything",
    () =>
      here(
        Effect.gen(function* () {
          const id = yield* loaded
          yield* pass(3)
          const { fail, heal } = yield* script
          yield* fail("load", new Failure.Temporary({ detail: "503", throttled: false }), Infinity)
          yield* pass(5)
          yield* heal("load")
          yield* pass(4)
          yield* isWhole(id)
        })
      ),
    30_000
  )

  it.effect(
    "nothing is asked for while it is paused, and resuming loads what was missed",
    () =>
      here(
        Effect.gen(function* () {
          const connections = yield* Connections.Connections
          const id = yield* loaded
          yield* pass(2)
          yield* connections.pause(by, id)
          yield* settle
          const from = (yield* (yield* script).calls).length
          yield* pass(10)
          const calls = (yield* (yield* script).calls).slice(from)
          expect(calls.filter(({ operation }) => operation === "load")).toEqual([])
          yield* connections.resume(by, id)
          yield* pass(3)
          yield* isWhole(id)
        })
      ),
    30_000
  )

  it.effect(
    "a consent that was gone for a year leaves no day out once it is renewed, and the rounds go on",
    () =>
      here(
        Effect.gen(function* () {
          const id = yield* loaded
          yield* pass(2)
          yield* (yield* Connections.Connections).disconnect(by, id)
          yield* pass(3)
          yield* TestClock.adjust("360 days")
          yield* settle
          yield* connected(by, id, "two", key, "ada")
          yield* pass(4)
          // The days of the first load and of the year: none is claimed that is not there.
          expect(yield* isWhole(id)).toBeGreaterThan(450)
          const { backfill } = yield* (yield* Connections.Connections).view(by, id)
          expect(backfill?.overall).toBe(1)
          expect((yield* windowsOf(id)).filter(Window.isOpen)).toEqual([])
        })
      ),
    30_000
  )

  it.effect(
    "days that a provider refuses are asked for again by themselves, however long nobody acts",
    () =>
      here(
        Effect.gen(function* () {
          const id = yield* loaded
          const { fail, heal } = yield* script
          yield* fail("load", new Failure.RequestRefused({ detail: "No.", beyondRetention: false }), Infinity)
          yield* pass(6)
          expect((yield* windowsOf(id)).some(({ _tag }) => _tag === "Blocked")).toBe(true)
          yield* heal("load")
          yield* pass(5)
          yield* isWhole(id)
          expect((yield* windowsOf(id)).some(({ _tag }) => _tag === "Blocked")).toBe(false)
        })
      ),
    30_000
  )
})
