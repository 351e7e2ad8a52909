/**
 * `npm run demo`: starts a fresh server on free ports, drives the flows over HTTP, prints each step with its rules and
 * a table at the end. `--json` prints one object per flow. Ends with 0 only if every flow is ok.
 */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Server, Settings, teardown, explainFailure } from "@portolan/server"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect, Logger, References } from "effect"
import { type Flow, run, type Step } from "./Flow.ts"
import { missions } from "./missions.ts"
import { table } from "./table.ts"

const given = process.argv.slice(2)
const json = given.includes("--json")
const names = missions.map(({ flow }) => flow)
const flowNames = given.filter((argument) => names.includes(argument))
const selected = missions.filter(({ flow }) => flowNames.length === 0 || flowNames.includes(flow))

const print = (line: string) => process.stdout.write(`${line}\n`)

const report = ({ milliseconds, ok, rules, saw, step }: Step) => {
  if (json) return
  print(`  ${ok ? "ok  " : "FAIL"} ${step}  [${rules.join(" ")}]  ${milliseconds} ms`)
  print(`       ${saw}`)
}

const folder = Effect.acquireRelease(
  Effect.promise(() => mkdtemp(join(tmpdir(), "portolan-demo-"))),
  (path) => Effect.promise(() => rm(path, { recursive: true, force: true }))
)

const demo = Effect.gen(function* () {
  yield* Effect.fromResult(Settings.checkArguments(given, ...names, "--json", "--help"))
  const DATA_DIR = yield* folder
  const settings = yield* Effect.fromResult(
    Settings.decode({
      DATABASE_URL: process.env.DATABASE_URL,
      DATABASE_POOL: process.env.DATABASE_POOL,
      DATA_DIR,
      PORT: "0",
      SIMULATOR_PORT: "0",
      SIMULATOR_REPORT_SECONDS: "1",
      DEMO: "yes",
      SUPPORT_EMAIL: "support@demo.example.com"
    })
  )
  const { database, origin, signIn, simulator } = yield* Server.start(settings)
  if (!json) print(`Portolan demo against ${origin} on ${database}, simulated providers at ${simulator ?? "none"}`)
  if (signIn === undefined || simulator === undefined) return yield* Effect.die("the demo world was not seeded")
  const flows: Array<Flow> = []
  for (const mission of selected) {
    if (!json) print(`\n${mission.flow}  ${mission.title}`)
    const flow = yield* Effect.promise(() => run(mission, { origin, simulator }, signIn, report))
    if (json) print(JSON.stringify(flow))
    flows.push(flow)
  }
  if (!json) print(`\n${table(flows)}`)
  return flows.every(({ ok }) => ok)
}).pipe(
  Effect.scoped,
  // The steps are what is to be read; only what goes wrong is told beside them.
  Effect.provide(Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)])),
  Effect.provideService(References.MinimumLogLevel, "Warn")
)

const help = `npm run demo            drives flows ${names.join(", ")} over HTTP against one fresh server
                        and prints a table at the end
npm run demo -- F1 F3   drives these flows only
npm run demo -- --json  prints one object per flow, one a line

The exit code is 0 only if every flow is ok. The server runs on the embedded database in a folder that goes away.
DATABASE_URL names a PostgreSQL database instead; what the demo connects stays in it, and a profile is connected once,
so give it a database of its own.
`

if (given.includes("--help")) process.stdout.write(help)
else
  NodeRuntime.runMain(
    explainFailure(
      Effect.andThen(demo, (ok) =>
        Effect.sync(() => {
          process.exitCode = ok ? 0 : 1
        })
      )
    ),
    { disableErrorReporting: true, teardown }
  )
