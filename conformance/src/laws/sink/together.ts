/** SINK-03, 05 and 06: landings that overlap, an erasure beside one, and a sink that is away. */
import { Effect, Result } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { must, mustEqual } from "../../Violation.ts"
import { clientsOf, promised } from "../clients.ts"
import { outcome, tagOf } from "../vault/support.ts"
import type { SinkInstance } from "./SinkInstance.ts"
import { check, enter, land, type Land, landingOf, mustCount, placeOf, type Register, rowsOf } from "./support.ts"

const one: Land = { organization: 0, connection: 0, profile: 0, dataClass: 0, keys: ["a", "b", "c"], value: "1" }

/** No landing undoes another. */
export const sink03: Law<SinkInstance> = {
  id: "SINK-03",
  title: "Landings that overlap are all there afterwards, each row once",
  rationale:
    "Several windows of a connection are loaded at once. One that writes back all rows as it found them takes away " +
    "what the others landed.",
  checkFirst:
    "Look for rows that are read, changed in memory and written back; each has to be inserted or replaced by a " +
    "statement of its own, in one order, so that two landings do not wait for each other.",
  see: ["DataSink.land"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: [
        fc.constant<ReadonlyArray<Land>>([one, { ...one, keys: ["c", "d", "a"] }, { ...one, dataClass: 1 }]),
        fc.array(land, { minLength: 2, maxLength: 4 })
      ],
      check: (instance, list, testCase) =>
        Effect.gen(function* () {
          const register: Register = new Map()
          const client = yield* clientsOf(instance.probes.clients, instance.sink, list.length)
          const landings = list.map((command) => landingOf(instance, command))
          const finishes = yield* race(
            testCase,
            landings.map((landing, index) => client(index).land(landing))
          )
          yield* Effect.forEach(finishes, ({ exit }) => exit)
          for (const landing of landings) enter(register, landing)
          yield* mustCount(instance, client(0), register, "of landings that overlap, rows are lost or there twice")
        })
    })
  ]
}

/** All or nothing. */
export const sink05: Law<SinkInstance> = {
  id: "SINK-05",
  title: "A sink that is away says so; the rows of that landing are there as a whole or not at all",
  rationale:
    "A window that failed is loaded again and counts as loaded once it did not fail. Half of one that is " +
    "acknowledged " +
    "is missing for good, and a number that is 0 in an outage looks like a customer without sales.",
  checkFirst:
    "Look at the landing: one transaction, acknowledged after its commit; every error of the storage is " +
    "SinkUnavailable, also that of a count or an erasure.",
  see: ["DataSink.land", "SinkUnavailable"],
  level: core,
  parts: [
    check({
      name: "outage",
      kind: "property",
      needs: ["outage"],
      effort: 0.4,
      minimum: 6,
      input: turnOf([1, 2, 1_000], (calls) => fc.record({ calls: fc.constant(calls), before: fc.boolean() })),
      check: (instance, { before, calls }, testCase) =>
        Effect.gen(function* () {
          const { probes, sink } = instance
          const register: Register = new Map()
          const landing = landingOf(instance, one)
          const earlier = landingOf(instance, { ...one, keys: ["z"] })
          if (before) {
            yield* sink.land(earlier)
            enter(register, earlier)
          }
          const { connectionId, organizationId } = placeOf(instance, one)
          const outage = promised(probes.outage, "outage")
          yield* outage(calls)
          const landed = yield* outcome(sink.land(landing))
          const counted = yield* outcome(sink.count(organizationId, connectionId))
          const erased =
            calls === 1_000 ? tagOf(yield* outcome(sink.erase(organizationId, connectionId))) : "not called"
          yield* outage(0)
          testCase.note(`landing while the sink is away for ${calls} calls -> ${tagOf(landed)}`)
          if (calls === 1_000) {
            yield* mustEqual("a sink that is away answered", {
              expected: ["SinkUnavailable", "SinkUnavailable", "SinkUnavailable"],
              actual: [tagOf(landed), tagOf(counted), erased]
            })
          }
          const counts = yield* sink.count(organizationId, connectionId)
          const own = rowsOf(register, placeOf(instance, one)).length
          const there = (counts.get("advertising") ?? 0) - own
          const allowed = Result.isSuccess(landed) ? [3] : [0, 3]
          yield* must(allowed.includes(there), "a landing in an outage is there by half, or acknowledged and lost", {
            expected: allowed,
            actual: there
          })
          yield* sink.land(landing)
          enter(register, landing)
          yield* mustCount(instance, sink, register, "a landing that was repeated after an outage is not there once")
        })
    })
  ]
}

/** Erasing beside a landing. */
export const sink06: Law<SinkInstance> = {
  id: "SINK-06",
  title: "Of an erasure and a landing at once, one comes after the other: the rows are all there or all gone",
  rationale:
    "A disconnection erases while the last window still lands. Half a window that stays is data without a customer.",
  checkFirst:
    "Look at whether the landing is one statement or transaction: an erasure must not come between two of its rows, " +
    "and must count what it took.",
  see: ["DataSink.erase", "DataSink.land"],
  level: core,
  parts: [
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.record({ before: fc.integer({ min: 0, max: 3 }), rows: fc.integer({ min: 2, max: 5 }) }),
      check: (instance, { before, rows }, testCase) =>
        Effect.gen(function* () {
          const client = yield* clientsOf(instance.probes.clients, instance.sink, 2)
          const keys = (prefix: string, count: number) => Array.from({ length: count }, (_, n) => `${prefix}${n}`)
          yield* client(0).land(landingOf(instance, { ...one, keys: keys("before ", before) }))
          const { connectionId, organizationId } = placeOf(instance, one)
          const finishes = yield* race<number, unknown>(testCase, [
            client(0).erase(organizationId, connectionId),
            Effect.as(client(1).land(landingOf(instance, { ...one, keys: keys("new ", rows) })), 0)
          ])
          const [erased = 0] = yield* Effect.forEach(finishes, ({ exit }) => exit)
          const counts = yield* client(0).count(organizationId, connectionId)
          const there = counts.get("advertising") ?? 0
          yield* must(
            [`${before} ${rows}`, `${before + rows} 0`].includes(`${erased} ${there}`),
            "an erasure and a landing at once left what neither order leaves",
            {
              expected: [`${before} erased, ${rows} there`, `${before + rows} erased, none there`],
              actual: [erased, there]
            }
          )
        })
    })
  ]
}
