/** What judges the faults: it has to fail where something is wrong, and a few faults run with every test. */
import { describe, expect, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { freshDatabase } from "../../../adapters/postgres/test/support/databases.ts"
import { consentFaults } from "./matrix/consents.ts"
import { lifeWith, mortal } from "./matrix/Crash.ts"
import { driven } from "./matrix/Installation.ts"
import { leaseFaults } from "./matrix/leases.ts"
import { loadFaults } from "./matrix/loads.ts"
import { otherFaults } from "./matrix/others.ts"
import { all, judge } from "./matrix/Row.ts"
import { callbackFaults } from "./matrix/callbacks.ts"
import { refusalFaults } from "./matrix/refusals.ts"
import { stormFaults } from "./matrix/storms.ts"
import { startFaults } from "./matrix/starts.ts"
import { refreshFaults } from "./matrix/tokens.ts"

const faults = [
  ...refreshFaults,
  ...refusalFaults,
  ...leaseFaults,
  ...consentFaults,
  ...callbackFaults,
  ...loadFaults,
  ...stormFaults,
  ...startFaults,
  ...otherFaults
]
const about = { id: "F0", fault: "something", expected: "nothing" }

describe("a row", () => {
  it.effect("passes only when everything holds, and says what did not", () =>
    Effect.gen(function* () {
      const seen = (...things: ReadonlyArray<readonly [boolean, string]>) =>
        judge<never>({ ...about, run: Effect.succeed(all(...things)) })
      expect(yield* seen([true, "a"], [true, "b"])).toMatchObject({ verdict: "passed", observed: "a; b" })
      expect(yield* seen([true, "a"], [false, "b"])).toMatchObject({ verdict: "failed", observed: "a; NOT: b" })
    })
  )

  it.effect("fails when its scenario fails or dies, and is never passed when it was not run", () =>
    Effect.gen(function* () {
      expect((yield* judge<never>({ ...about, run: Effect.fail("no") })).verdict).toBe("failed")
      expect((yield* judge<never>({ ...about, run: Effect.die("broken") })).verdict).toBe("failed")
      expect(yield* judge<never>({ ...about, notRun: "because" })).toMatchObject({
        verdict: "not-run",
        observed: "because"
      })
    })
  )

  it("stands for each fault of the matrix, once", () => {
    expect(faults.map(({ id }) => id).toSorted()).toEqual(Array.from({ length: 30 }, (_, n) => `F${n + 1}`).toSorted())
    expect(faults.filter((fault) => "run" in fault).length).toBeGreaterThanOrEqual(27)
  })
})

describe("a process that is struck", () => {
  const port = (done: Array<string>) => ({
    write: (text: string): Effect.Effect<string, string> => Effect.sync(() => (done.push(text), text))
  })
  const struck = Effect.fnUntraced(function* (at: number, moment: Parameters<typeof lifeWith>[1]) {
    const done: Array<string> = []
    const life = lifeWith(at, moment)
    const { write } = mortal(port(done), life, { port: "port", lost: () => Effect.fail("lost") })
    const work = Effect.forEach(["a", "b", "c"], (text) => Effect.result(write(text)))
    const answers = yield* Effect.timeoutOption(work, "100 millis")
    return { done, dead: life.dead, struck: life.struck, answers: answers._tag }
  })

  it.live("does nothing after it died, and something happened or not as the moment says", () =>
    Effect.gen(function* () {
      expect(yield* struck(2, "before")).toEqual({ done: ["a"], dead: true, struck: "port.write", answers: "None" })
      expect(yield* struck(2, "after")).toEqual({ done: ["a", "b"], dead: true, struck: "port.write", answers: "None" })
      expect(yield* struck(2, "reply lost")).toMatchObject({ done: ["a", "b", "c"], dead: false, answers: "Some" })
      expect(yield* struck(9, "before")).toMatchObject({ done: ["a", "b", "c"], struck: undefined })
    })
  )
})

describe("on a real PostgreSQL", () => {
  for (const id of ["F1", "F4", "F14", "F15"]) {
    it.live(
      `${id} passes`,
      () =>
        Effect.scoped(
          Effect.gen(function* () {
            const { url } = yield* freshDatabase
            const services = yield* Layer.build(Layer.fresh(driven(url)))
            const fault = faults.find((one) => one.id === id) ?? faults[0]!
            expect(yield* Effect.provide(judge(fault), services)).toMatchObject({ id, verdict: "passed" })
          })
        ),
      120_000
    )
  }
})
