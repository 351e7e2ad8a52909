#!/usr/bin/env node
/** `npm run keys`. Ends with 0 when all is well. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import { explainFailure, teardown } from "./explainFailure.ts"
import * as Keys from "./keysCommand.ts"
import * as Settings from "./Settings.ts"

const output: Keys.Output = {
  line: (text) => void process.stdout.write(`${text}\n`),
  progress: (text) => void (process.stderr.isTTY ? process.stderr.write(`\r${text} `) : undefined)
}

const command = Effect.gen(function* () {
  const options = yield* Effect.fromResult(Keys.parse(process.argv.slice(2)))
  const settings = yield* Effect.fromResult(Settings.decode(process.env))
  const isWell = yield* Keys.run(settings, options, output)
  process.exitCode = isWell ? 0 : 1
}).pipe(Effect.scoped)

if (process.argv.includes("--help") || process.argv.includes("-h")) process.stdout.write(`${Keys.usage}\n`)
else NodeRuntime.runMain(explainFailure(command), { disableErrorReporting: true, teardown })
