import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as fc from "fast-check"
import { forAll } from "../src/forAll.ts"
import { core, extended } from "../src/Law.ts"
import type { Port } from "../src/Port.ts"
import { race } from "../src/race.ts"
import type { Subject } from "../src/Subject.ts"
import { mustEqual } from "../src/Violation.ts"

/** A counter: the smallest port on which every kind of verdict can be had. */
export interface Counter {
  readonly add: (amount: number) => Effect.Effect<number, Error>
  readonly read: Effect.Effect<number>
}

export interface CounterInstance {
  readonly counter: Counter
  readonly probes: { readonly dump?: () => string; readonly clients?: () => void; readonly tamper?: () => void }
}

export const subject = (
  name: string,
  make: () => Counter,
  more: Partial<Subject<CounterInstance>> & { readonly probes?: CounterInstance["probes"] } = {}
): Subject<CounterInstance> => ({
  name,
  version: "1",
  place: "in-process",
  manifest: { features: [], clock: "effect" },
  open: Effect.succeed(Effect.sync(() => ({ counter: make(), probes: more.probes ?? {} }))),
  ...more
})

export const correct = (): Counter => {
  let value = 0
  return { add: (amount) => Effect.sync(() => (value += amount)), read: Effect.sync(() => value) }
}

/** Reads, then writes: another fiber may come in between. */
export const losesUpdates = (): Counter => {
  let value = 0
  return {
    read: Effect.sync(() => value),
    add: (amount) =>
      Effect.gen(function* () {
        const before = yield* Effect.sync(() => value)
        return yield* Effect.sync(() => (value = before + amount))
      })
  }
}

/** Loses what goes beyond ten. */
export const overflows = (): Counter => {
  let value = 0
  return { add: (amount) => Effect.sync(() => (value = Math.min(value + amount, 10))), read: Effect.sync(() => value) }
}

export const alone = forAll<CounterInstance, ReadonlyArray<number>>({
  name: "alone",
  kind: "model",
  labels: { several: 0.3 },
  input: fc.array(fc.integer({ min: 0, max: 6 }), { maxLength: 12 }),
  check: ({ counter }, amounts, testCase) =>
    Effect.gen(function* () {
      if (amounts.length > 1) testCase.label("several")
      let expected = 0
      for (const amount of amounts) {
        yield* counter.add(amount)
        expected += amount
        const actual = yield* counter.read
        testCase.note(`add ${amount}, read ${actual}`)
        yield* mustEqual("an addition was lost", { expected, actual })
      }
    })
})

const racing = forAll<CounterInstance, number>({
  name: "race",
  kind: "race",
  interleavings: 3,
  input: fc.integer({ min: 2, max: 5 }),
  check: ({ counter }, runners, testCase) =>
    Effect.gen(function* () {
      yield* race(
        testCase,
        Array.from({ length: runners }, () => counter.add(1))
      )
      yield* mustEqual("additions at once were lost", { expected: runners, actual: yield* counter.read })
    })
})

const patience = forAll<CounterInstance, number>({
  name: "alone",
  kind: "property",
  needs: ["time"],
  input: fc.integer({ min: 1, max: 1_000_000_000 }),
  check: (_instance, millis, testCase) =>
    Effect.gen(function* () {
      const before = yield* Clock.currentTimeMillis
      yield* testCase.advance(millis)
      yield* mustEqual("time did not pass", { expected: before + millis, actual: yield* Clock.currentTimeMillis })
    })
})

const nothing = forAll<CounterInstance, null>({
  name: "alone",
  kind: "property",
  needs: ["dump"],
  input: fc.constant(null),
  check: () => Effect.void
})

export const port: Port<CounterInstance> = {
  name: "counter",
  laws: [
    {
      id: "CNT-01",
      title: "Additions add up",
      rationale: "Else money is lost.",
      checkFirst: "Look at the addition.",
      see: ["Counter"],
      level: core,
      parts: [alone, racing]
    },
    {
      id: "CNT-02",
      title: "Time passes",
      rationale: "Else nothing expires.",
      checkFirst: "Look at the clock.",
      see: ["Counter"],
      level: core,
      parts: [patience]
    },
    {
      id: "CNT-03",
      title: "Dumps are dull",
      rationale: "Else secrets leak.",
      checkFirst: "Look at the dump.",
      see: ["Counter"],
      level: core,
      parts: [nothing]
    },
    {
      id: "CNT-04",
      title: "Resets work",
      rationale: "Else no fresh start.",
      checkFirst: "Look at the reset.",
      see: ["Counter"],
      level: extended("reset"),
      parts: [alone]
    }
  ],
  reference: subject("correct", correct, { probes: { dump: () => "" } }),
  mutants: [
    {
      id: "counter-overflow",
      law: "CNT-01",
      defect: "Stops at ten.",
      longest: 5,
      subject: subject("overflows", overflows)
    }
  ],
  degenerates: [],
  refusals: {}
}
