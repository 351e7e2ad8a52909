/** SINK-01, 02 and 04: what lands, and what is there after it. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { opening } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { mustEqual } from "../../Violation.ts"
import { clientsOf, promised } from "../clients.ts"
import type { SinkInstance } from "./SinkInstance.ts"
import {
  check,
  enter,
  forget,
  land,
  type Land,
  landingOf,
  linesOf,
  mustCount,
  placeOf,
  places,
  type Register,
  rowsOf
} from "./support.ts"

const first: Land = { organization: 0, connection: 0, profile: 0, dataClass: 0, keys: ["a", "b", "a"], value: "1" }

/** The same keys of another profile, another class, another connection and another organization; then once more. */
const apart: ReadonlyArray<Land> = [
  first,
  { ...first, profile: 1 },
  { ...first, dataClass: 1 },
  { ...first, connection: 1 },
  { ...first, organization: 1 },
  { ...first, value: "2" }
]

const lists = opening(apart, fc.array(land, { maxLength: 6 }))

/** Rows are there once. */
export const sink01: Law<SinkInstance> = {
  id: "SINK-01",
  title: "A row is there once by organization, connection, profile, data class and key, however often it lands",
  rationale:
    "A window is loaded again after every failure. If its rows counted twice, a customer's sales would double; " +
    "if two " +
    "profiles shared rows, one would lose them.",
  checkFirst:
    "Look at the unique key of the rows: all five parts, kept apart, compared byte for byte. Two rows with one " +
    "key in " +
    "one landing are one row.",
  see: ["DataSink.land", "DataSink.count", "Landing"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      input: [lists, fc.array(land, { minLength: 1, maxLength: 10 })],
      check: (instance, list) =>
        Effect.gen(function* () {
          const register: Register = new Map()
          const client = yield* clientsOf(instance.probes.clients, instance.sink, 2)
          for (const [index, command] of list.entries()) {
            const landing = landingOf(instance, command)
            yield* client(index % 2).land(landing)
            enter(register, landing)
            yield* mustCount(instance, client(0), register, "another number of rows is counted than landed")
          }
        })
    })
  ]
}

/** What landed last counts, unchanged. */
export const sink02: Law<SinkInstance> = {
  id: "SINK-02",
  title: "A row reads as it landed last, each digit and character of it, and lands beside no trace of the one before",
  rationale:
    "Providers correct figures for weeks. A row that keeps yesterday's value, or an id that loses its last " +
    "digits, is " +
    "wrong in every report that is made of it.",
  checkFirst:
    "Look at the conflict clause: it replaces the day and all data, and is no merge; values are kept as text or JSON " +
    "and never pass through a floating-point number.",
  see: ["DataSink.land", "Row"],
  level: core,
  parts: [
    check({
      name: "rows",
      kind: "model",
      needs: ["rows"],
      input: [lists, fc.array(land, { minLength: 1, maxLength: 10 })],
      check: (instance, list) =>
        Effect.gen(function* () {
          const register: Register = new Map()
          for (const command of list) {
            const landing = landingOf(instance, command)
            yield* instance.sink.land(landing)
            enter(register, landing)
          }
          for (const place of places) {
            const found = placeOf(instance, place)
            const rows = yield* promised(instance.probes.rows, "rows")(found.organizationId, found.connectionId)
            yield* mustEqual("rows do not read as they landed last", {
              expected: linesOf(rowsOf(register, found)),
              actual: linesOf(rows)
            })
          }
        })
    })
  ]
}

/** Landings and erasures, as data. */
const steps = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: land.map((command) => ({ does: "land" as const, command })) },
    {
      weight: 2,
      arbitrary: fc
        .record({ organization: fc.constantFrom<0 | 1>(0, 0, 1), connection: fc.constantFrom<0 | 1>(0, 0, 1) })
        .map((place) => ({ does: "erase" as const, command: { ...first, ...place, keys: [] } }))
    }
  ),
  { maxLength: 8 }
)

const erasing = opening(
  [...apart.map((command) => ({ does: "land" as const, command })), { does: "erase" as const, command: first }],
  steps
)

/** Erasing is of one connection, whole. */
export const sink04: Law<SinkInstance> = {
  id: "SINK-04",
  title: "Erasing takes every row of one connection, of all its profiles and classes, says how many, and no other row",
  rationale:
    "Whoever disconnects may ask for their data to be erased, and has to be told the truth; a customer who did not " +
    "ask must lose nothing.",
  checkFirst:
    "Look at the condition: organization and connection, and no more; the number is that of the rows that this call " +
    "took, so repeating it says 0.",
  see: ["DataSink.erase"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      input: [erasing, steps],
      check: (instance, list) =>
        Effect.gen(function* () {
          const register: Register = new Map()
          for (const { command, does } of list) {
            if (does === "land") {
              const landing = landingOf(instance, command)
              yield* instance.sink.land(landing)
              enter(register, landing)
              continue
            }
            const place = placeOf(instance, command)
            const erase = instance.sink.erase(place.organizationId, place.connectionId)
            yield* mustEqual("erasing says another number of rows than there were, or says one again", {
              expected: [forget(register, place), 0],
              actual: [yield* erase, yield* erase]
            })
            yield* mustCount(instance, instance.sink, register, "after an erasure other rows are there than must be")
          }
        })
    })
  ]
}
