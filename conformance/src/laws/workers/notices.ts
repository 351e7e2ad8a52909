/** WORKERS-03: one caller tells a turn, once. */
import { Effect } from "effect"
import * as fc from "fast-check"
import { turnOf } from "../../inTurn.ts"
import { core, type Law } from "../../Law.ts"
import { race } from "../../race.ts"
import { mustEqual } from "../../Violation.ts"
import { check, clientsOf, edge, millisLong, minute } from "./support.ts"
import type { WorkersInstance } from "./WorkersInstance.ts"

/** One caller at a time has the task of telling a turn, until it confirms. */
export const workers03: Law<WorkersInstance> = {
  id: "WORKERS-03",
  title: "One caller at a time may tell a turn; unconfirmed it goes to the next, confirmed it is told to nobody again",
  rationale:
    "Several servers see one standstill: support must hear of it once, also when the server that was to tell it died.",
  checkFirst:
    "Look at how a notice is taken: by one conditional statement that compares the last confirmed turn and the end " +
    "of the former claim; confirming ends the claim.",
  see: ["Workers.claimNotice", "Workers.confirmNotice"],
  level: core,
  parts: [
    check({
      name: "alone",
      kind: "model",
      needs: ["time"],
      input: turnOf(["confirmed", "died", "slow"] as const, (first) =>
        fc.record({ first: fc.constant(first), turns: fc.integer({ min: 1, max: 3 }) })
      ),
      check: (instance, { first, turns }, testCase) =>
        Effect.gen(function* () {
          const client = yield* clientsOf(instance, 2)
          const claim = (index: number, turn: "standstill" | "recovery") =>
            client(index).claimNotice(turn, millisLong(minute))
          const answers = [yield* claim(0, "recovery")]
          const expected = [false]
          for (let count = 0; count < turns; count++) {
            const turn = count % 2 === 0 ? "standstill" : "recovery"
            answers.push(yield* claim(0, turn))
            expected.push(true)
            if (first === "died") yield* testCase.advance(minute + edge(testCase))
            if (first === "slow") yield* testCase.advance(minute - edge(testCase))
            if (first === "confirmed") yield* client(0).confirmNotice(turn)
            answers.push(yield* claim(1, turn))
            expected.push(first === "died")
            if (first !== "confirmed") yield* client(1).confirmNotice(turn)
            answers.push(yield* claim(0, turn))
            expected.push(false)
          }
          yield* mustEqual(`where the first caller ${first}, the task went to the wrong callers`, {
            expected,
            actual: answers
          })
        })
    }),
    check({
      name: "race",
      kind: "race",
      interleavings: 4,
      input: fc.integer({ min: 2, max: 5 }),
      check: (instance, callers, testCase) =>
        Effect.gen(function* () {
          const client = yield* clientsOf(instance, callers)
          const finishes = yield* race(
            testCase,
            Array.from({ length: callers }, (_, index) => client(index).claimNotice("standstill", millisLong(minute)))
          )
          const answers = yield* Effect.forEach(finishes, ({ exit }) => exit)
          yield* mustEqual(`of ${callers} that asked at once, not exactly one may tell it`, {
            expected: 1,
            actual: answers.filter((answer) => answer).length
          })
        })
    })
  ]
}
