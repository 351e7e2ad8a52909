/** Eight workers on the windows of one load: each writes the row of its own, and none of them may fail over another. */
import { describe, expect, it } from "@effect/vitest"
import { DataSink, Scheduler } from "@portolan/ports"
import { Effect, Layer, Redacted, Ref } from "effect"
import { Database } from "../src/index.ts"
import { freshDatabase } from "./support/databases.ts"
import { admin, carryOut, connectSeller, isLoaded, windowsOfSeller, world } from "./support/loading.ts"

/** Connects a seller and carries the first load out; gives the outcomes of jobs, and rows by class. */
const load = Effect.gen(function* () {
  const by = yield* admin
  const connectionId = yield* connectSeller(by, 1)
  const outcomes: Array<string> = []
  const work = yield* carryOut((_, outcome) => outcomes.push(outcome))
  yield* (yield* Scheduler.Scheduler).consume(work, { concurrency: 8 })
  const done = isLoaded(by, connectionId)
  yield* Effect.repeat(Effect.andThen(Effect.sleep("50 millis"), done), { until: (is) => is })
  const rows = yield* (yield* DataSink.DataSink).count(by.organizationId, connectionId)
  return { outcomes, rows }
})

const check = Effect.fnUntraced(function* <E>(database: Layer.Layer<Database.Database, E>) {
  const conflicts = yield* Ref.make(0)
  const { outcomes, rows } = yield* Effect.provide(Effect.scoped(load), world(database, { conflicts }))
  expect(rows.get("sales")).toBe(730)
  expect(outcomes.filter((outcome) => outcome === "Failed" || outcome === "DeadLettered")).toEqual([])
  // What is left: two classes that end in the same moment settle the same load.
  expect(yield* Ref.get(conflicts)).toBeLessThan(windowsOfSeller / 4)
})

describe("eight workers on one load", () => {
  it.live("never fail over each other on a server, with two connections between them", () =>
    Effect.scoped(
      Effect.gen(function* () {
        const { url } = yield* freshDatabase
        yield* check(Database.layerPostgres({ url: Redacted.make(Redacted.value(url)), poolSize: 2 }))
      })
    )
  )

  it.live("never fail over each other on the embedded database", () => Effect.scoped(check(Database.layerPGlite())))
})
