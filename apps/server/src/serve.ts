/** Decodes the settings, starts the server, prints where it is, and stops cleanly on a signal. */
import { flushCompileCache } from "node:module"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import { start } from "./server.ts"
import * as Settings from "./Settings.ts"
import { teardown, explainFailure } from "./explainFailure.ts"

const banner = (running: Effect.Success<ReturnType<typeof start>>) =>
  [
    "",
    `  Portolan is running.            ${running.database}`,
    "",
    `  Console     ${running.origin}`,
    ...(running.signIn === undefined ? [] : [`  Sign in     ${running.signIn.email}  /  ${running.signIn.password}`]),
    `  API         ${running.origin}/docs`,
    ...(running.simulator === undefined ? [] : [`  Simulator   ${running.simulator}`]),
    "",
    "  Ctrl+C stops it; nothing is lost.",
    ""
  ].join("\n")

const serve = Effect.gen(function* () {
  yield* Effect.fromResult(Settings.checkArguments(process.argv.slice(2), "--help"))
  const settings = yield* Effect.fromResult(Settings.decode(process.env))
  const running = yield* start(settings)
  yield* Effect.sync(() => process.stdout.write(`${banner(running)}\n`))
  // Now, and not only at the end, which a killed process does not reach.
  yield* Effect.sync(flushCompileCache)
  return yield* Effect.never
}).pipe(Effect.scoped)

/** Runs the program: prints what `--help` says, or serves until a signal. */
export const run = (): void => {
  if (process.argv.includes("--help") || process.argv.includes("-h")) {
    process.stdout.write(Settings.help(Settings.usage(process.env)))
  } else {
    NodeRuntime.runMain(explainFailure(serve), { disableErrorReporting: true, teardown })
  }
}
