/**
 * `npm run demo`: starts a fresh server on free ports, drives the flows over HTTP and prints each step with its rules.
 * `--json` prints one object per flow. Ends with 0 only if every flow is ok.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Server, Settings, teardown, told } from "@portolan/app-server"
import { NodeRuntime } from "@effect/platform-node"
import { Effect, Logger, References } from "effect"
import { f1 } from "./F1.ts"
import type { Step } from "./Flow.ts"

const json = process.argv.includes("--json")

const print = (line: string) => process.stdout.write(`${line}\n`)

const tell = ({ milliseconds, ok, rules, saw, step }: Step) => {
  if (json) return
  print(`  ${ok ? "ok  " : "FAIL"} ${step}  [${rules.join(" ")}]  ${milliseconds} ms`)
  print(`       ${saw}`)
}

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-demo-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

const demo = Effect.gen(function*() {
  yield* Effect.fromResult(Settings.checkArguments(process.argv.slice(2), "--json", "--help"))
  const DATA_DIR = yield* folder
  const settings = yield* Effect.fromResult(Settings.decode({
    DATABASE_URL: process.env.DATABASE_URL, DATABASE_POOL: process.env.DATABASE_POOL, DATA_DIR, PORT: "0", SIMULATOR_PORT: "0",
    SIMULATOR_REPORT_SECONDS: "1", DEMO: "yes"
  }))
  const { database, origin, signIn, simulator } = yield* Server.start(settings)
  if (!json) print(`Portolan demo against ${origin} on ${database}, simulated Amazon at ${simulator ?? "none"}\n`)
  if (signIn === undefined || simulator === undefined) return yield* Effect.die("the demo world was not seeded")
  if (!json) print("F1  Company, accounts, direct or delegated authorization, pending authorization (Amazon)")
  const flow = yield* Effect.promise(() => f1({ origin, simulator, ...signIn }, tell))
  print(json ? JSON.stringify(flow) : `\n${flow.ok ? "F1 is ok." : "F1 FAILED."} ${flow.steps.length} steps, ${new Set(flow.steps.flatMap(({ rules }) => rules)).size} rules.`)
  return flow.ok
}).pipe(
  Effect.scoped,
  // The steps are what is to be read; only what goes wrong is told beside them.
  Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])),
  Effect.provideService(References.MinimumLogLevel, "Warn")
)

const help = `npm run demo            drives flow F1 over HTTP against a fresh server and prints each step with its rules
npm run demo -- --json  prints one object per flow

The server runs on the embedded database in a folder that goes away. DATABASE_URL names a PostgreSQL database instead; what
the demo connects stays in it, and a profile is connected once, so give it a database of its own.
`

if (process.argv.includes("--help")) process.stdout.write(help)
else NodeRuntime.runMain(told(Effect.andThen(demo, (ok) => Effect.sync(() => {
  process.exitCode = ok ? 0 : 1
}))), { disableErrorReporting: true, teardown })
