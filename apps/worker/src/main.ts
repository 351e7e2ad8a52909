/** `npm run worker`: background work in a process of its own, as many as you like beside one database. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Settings, teardown, explainFailure, Worker } from "@portolan/server"
import { Effect } from "effect"

const run = Effect.gen(function* () {
  yield* Effect.fromResult(Settings.checkArguments(process.argv.slice(2), "--help"))
  const settings = yield* Effect.fromResult(Settings.decode(process.env))
  yield* Worker.start(settings)
  yield* Effect.sync(() =>
    process.stdout.write("Portolan worker is running. Ctrl+C stops it; work under way is finished first.\n")
  )
  return yield* Effect.never
}).pipe(Effect.scoped)

if (process.argv.includes("--help") || process.argv.includes("-h")) {
  process.stdout.write(Settings.help("npm run worker     carries out background work; needs DATABASE_URL"))
} else {
  NodeRuntime.runMain(explainFailure(run), { disableErrorReporting: true, teardown })
}
