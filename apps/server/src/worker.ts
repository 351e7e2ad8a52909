/** The worker as its own process: the same layers without the web front ends. */
import { Effect } from "effect"
import { installation } from "./installation.ts"
import { work } from "./server.ts"
import type { Settings } from "./Settings.ts"
import { BadSetting } from "./Settings.ts"

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
  const context = yield* installation(settings, false)
  yield* Effect.provide(work(settings), context)
})
