/** The worker as its own process: the same layers without the web front ends. */
import { Database } from "@portolan/postgres"
import { Effect, Layer } from "effect"
import { installation } from "./installation.ts"
import * as Metrics from "./metrics/metrics.ts"
import { work } from "./server.ts"
import type { Settings } from "./Settings.ts"
import { BadSetting } from "./Settings.ts"
import * as Telemetry from "./telemetry/telemetry.ts"

/**
 * Carries out due work until the scope closes. It needs a PostgreSQL server: the embedded database has one process
 * only.
 */
export const start = Effect.fnUntraced(function* (settings: Settings) {
  if (settings.DATABASE_URL === undefined) {
    return yield* new BadSetting({
      name: "DATABASE_URL",
      expected: "a PostgreSQL server, because a worker of its own shares the database"
    })
  }
  if (settings.PROVIDER === "simulator" && settings.SIMULATOR_URL === undefined) {
    return yield* new BadSetting({
      name: "SIMULATOR_URL",
      expected: "the address of the simulated providers that the server started"
    })
  }
  const telemetry = yield* Layer.build(Telemetry.layer(settings, "portolan-worker"))
  return yield* Effect.provide(startWithin(settings), telemetry)
})

const startWithin = Effect.fnUntraced(function* (settings: Settings) {
  const context = yield* installation(settings, false)
  return yield* Effect.gen(function* () {
    yield* work(settings)
    const metrics = yield* Metrics.make(settings, (yield* Database.Database).pool)
    if (Telemetry.exportsSignal(settings, "METRICS")) yield* Metrics.keepFresh(metrics)
    return { metrics: yield* Metrics.listenOwn(settings, metrics.answer) }
  }).pipe(Effect.provide(context))
})
