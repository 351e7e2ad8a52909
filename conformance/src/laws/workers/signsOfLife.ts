/** WORKERS-01, 02: which workers live, and when one was last seen. */
import { DateTime, Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { must, mustEqual } from "../../Violation.ts"
import { check, clientsOf, edge, millisLong, minute } from "./support.ts"
import type { WorkersInstance } from "./WorkersInstance.ts"

/** A worker lives until the end of its last sign of life. */
export const workers01: Law<WorkersInstance> = {
  id: "WORKERS-01",
  title: "A worker lives from a sign of life until the end of that life, and not after, unless it leaves before",
  rationale:
    "Counted for too long, a dead worker hides that nobody works; for too short a time, support is woken for a " +
    "worker that lives.",
  checkFirst:
    "Look at the end of a life: it is written and compared by the store's clock, a later sign replaces it, and each " +
    "worker has a row of its own.",
  see: ["Workers.beat", "Workers.leave"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: turnOf(["before", "after", "leaves"] as const, (end) =>
        fc.record({
          end: fc.constant(end),
          life: fc.constantFrom(30_000, minute, 10 * minute),
          beats: fc.integer({ min: 1, max: 3 }),
          others: fc.integer({ min: 0, max: 3 })
        })
      ),
      check: (instance, { beats, end, life, others }, testCase) =>
        Effect.gen(function* () {
          const client = yield* clientsOf(instance, 2)
          for (let other = 0; other < others; other++) {
            yield* client(1).beat(`other ${other}`, millisLong(1_000 * minute))
          }
          for (let beat = 0; beat < beats; beat++) {
            if (beat > 0) yield* testCase.advance(Math.floor(life / 2))
            yield* client(0).beat("worker", millisLong(life))
          }
          if (end === "leaves") yield* client(0).leave("worker")
          else yield* testCase.advance(life + (end === "before" ? -edge(testCase) : edge(testCase)))
          const { living } = yield* client(1).status
          yield* mustEqual(`a worker whose life ended like this: ${end}, was counted wrongly`, {
            expected: others + (end === "before" ? 1 : 0),
            actual: living
          })
        })
    })
  ]
}

/** The last sign of life is known for good. */
export const workers02: Law<WorkersInstance> = {
  id: "WORKERS-02",
  title: "When a worker was last seen is known also after all died or left, and is nothing before the first one",
  rationale: "An operator has to be told since when nobody works, and that is known only from the workers that died.",
  checkFirst:
    "Look at what is forgotten: the latest sign of life stays, whoever gave it; leaving ends a life and is no sign.",
  see: ["Workers.status", "Workers.leave"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: fc.record({
        pauses: fc.array(fc.constantFrom(minute, 10 * minute, 3_000 * minute), { minLength: 1, maxLength: 4 }),
        leaves: fc.boolean()
      }),
      check: (instance, { leaves, pauses }, testCase) =>
        Effect.gen(function* () {
          const client = yield* clientsOf(instance, 2)
          const before = yield* client(0).status
          yield* must(before.lastSeenAt === undefined, "a worker was seen before there was one", {
            expected: "never",
            actual: String(before.lastSeenAt)
          })
          for (const [index, pause] of pauses.entries()) {
            yield* client(0).beat(`worker ${index}`, millisLong(minute))
            yield* testCase.advance(pause)
            if (leaves) yield* client(0).leave(`worker ${index}`)
          }
          const { at, lastSeenAt } = yield* client(1).status
          const ago =
            lastSeenAt === undefined ? undefined : DateTime.toEpochMillis(at) - DateTime.toEpochMillis(lastSeenAt)
          const expected = pauses.at(-1) ?? 0
          yield* must(
            ago !== undefined && ago >= expected && ago < expected + edge(testCase),
            "the last sign of life is not known",
            { expected: `${expected} ms ago`, actual: `${ago} ms ago` }
          )
        })
    })
  ]
}
